//! The samples of `docs/webhooks.md` check signatures as they say.

use std::path::Path;

use diario_tests::{Received, Receiver, both_engines, samples};
use serde_json::{Value, json};

use crate::{Hook, customer};

/// What the page shows in a language.
fn printed(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/webhooks.md");
    let page = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let begin = page.find(&fence).unwrap_or_else(|| panic!("no sample in {language}")) + fence.len();
    let length = page[begin..].find("```").unwrap();
    page[begin..begin + length].to_owned()
}

/// A message as it came and altered in each way that counts: what is said of it, its secret, headers and body, and
/// whether it is to be taken.
fn cases(secrets: &[&str], told: &Received) -> Vec<(Value, bool)> {
    let headers = json!({
        "webhook-id": told.header("webhook-id"),
        "webhook-timestamp": told.header("webhook-timestamp"),
        "webhook-signature": told.header("webhook-signature"),
    });
    let case = |what: &str, secret: &str, headers: &Value, body: &str| json!({"what": what, "secret": secret, "headers": headers, "body": body});
    let with = |name: &str, value: &str| {
        let mut headers = headers.clone();
        headers[name] = json!(value);
        headers
    };
    let secret = secrets[0];
    let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
    let old = (told.header("webhook-timestamp").parse::<i64>().unwrap() - 301).to_string();
    let mut cases: Vec<_> =
        secrets.iter().map(|secret| (case("as it came", secret, &headers, &told.body), true)).collect();
    for (what, secret, headers, body) in [
        ("another body", secret, headers.clone(), told.body.replacen("María", "Maria", 1)),
        ("a longer body", secret, headers.clone(), format!("{} ", told.body)),
        ("another id", secret, with("webhook-id", "msg_1"), told.body.clone()),
        ("another time", secret, with("webhook-timestamp", &old), told.body.clone()),
        ("no signature", secret, with("webhook-signature", ""), told.body.clone()),
        ("a short signature", secret, with("webhook-signature", "v1,AAAA"), told.body.clone()),
        ("another secret", other, headers.clone(), told.body.clone()),
    ] {
        cases.push((case(what, secret, &headers, &body), false));
    }
    cases
}

const PYTHON: &str = "
import json, types

def verify(secret, headers, body):
    request = types.SimpleNamespace(get_data=lambda: body.encode(), headers=headers)
    SAMPLE
    return event

for case in json.load(open('cases.json', encoding='utf-8')):
    try:
        event = verify(case['secret'], case['headers'], case['body'])
        print('true' if event['evento'] == 'cliente.creado' else 'unread')
    except Exception as error:
        print('false' if 'Webhook' in type(error).__name__ else repr(error))
";

const JS: &str = "
import { readFileSync } from 'node:fs';
for (const { secret, headers, body } of JSON.parse(readFileSync('cases.json', 'utf8'))) {
  console.log(verify(secret, headers, Buffer.from(body)));
}
";

const PHP: &str = "
foreach (json_decode(file_get_contents('cases.json'), true) as $case) {
    echo verify($case['secret'], $case['headers'], $case['body']) ? 'true' : 'false', PHP_EOL;
}
";

both_engines! {
    async fn printed_samples_take_a_message_as_it_came_and_no_other(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        customer(&shop, "María").await;
        let alone = receiver.wait("/hook", 1).await.remove(0);
        // Another one during a rotation, which both secrets sign.
        let rotated = shop.post(&hook.path("/rotate-secret"), json!({})).await.expect(200);
        let new = rotated["secret"].as_str().unwrap();
        customer(&shop, "María").await;
        let both = receiver.wait("/hook", 2).await.remove(1);

        let mut all = cases(&[&hook.secret], &alone);
        all.extend(cases(&[&hook.secret, new], &both));
        let (cases, wanted): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let file = json!(cases).to_string();
        let python = printed("python").replace("\"whsec_…\"", "secret").replace('\n', "\n    ");
        let runs = [
            ("python", samples::python_with_webhooks(&PYTHON.replace("SAMPLE", python.trim_end()), &file)),
            ("js", samples::node_with(&(printed("js") + JS), &file)),
            ("php", samples::php_with(&(printed("php") + PHP), &file)),
        ];
        for (language, said) in runs {
            let Some(said) = said else { continue };
            let said: Vec<_> = said.lines().collect();
            assert_eq!(said.len(), cases.len(), "{language}: {said:?}");
            for ((said, wanted), case) in said.into_iter().zip(&wanted).zip(&cases) {
                assert_eq!(said, wanted.to_string(), "{language}, {}", case["what"]);
            }
        }
    }
}
