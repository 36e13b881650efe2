//! Every route of every surface against everybody who should not come in, and against everything that is no request:
//! generated from the documents that the server publishes. Each test asks all of them, and shows all faults at once.

mod forge;
mod routes;
mod seeded;
mod shapes;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use diario_tests::{ABILITIES, Shop, both_engines};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use forge::{Forge, claims, unsigned};
use routes::{Route, Surface, methods, routed, table};
use seeded::{Caller, Headers, Seeded, bearer, body, header};
use shapes::shape_of;

/// What is open to everybody: logins, sign-up, the login screen's list (C-8: no more than it shows) and health.
const PUBLIC: [&str; 7] = [
    "gestion_nube.token_create",
    "lummy.auth_login",
    "lunatel.auth_login",
    "lunatel.auth_sign_up",
    "nexus.auth_employees",
    "nexus.auth_login",
    "nexus.health",
];

/// What any valid credential of the surface may do, and why no scope is asked for.
const ANY_CREDENTIAL: [(&str, &str); 11] = [
    ("nexus.auth_me", "who one is oneself (5.1)"),
    ("nexus.config_branches_list", "any employee (5.2)"),
    ("nexus.config_theme", "any employee (5.2)"),
    ("nexus.sync_batch", "each command in it needs the permission of its own operation"),
    ("gestion_nube.tokens_list", "one's own tokens (4.2)"),
    ("gestion_nube.tokens_revoke", "one's own tokens (4.2)"),
    ("gestion_nube.tokens_revoke_current", "one's own tokens (4.2)"),
    ("gestion_nube.user", "who one is oneself (4.3)"),
    ("gestion_nube.ping", "whether the token is valid (4.3)"),
    // These two surfaces document no scopes: Lummy's credentials are bound to organizations, Lunatel's to a company.
    ("lummy.", "no scopes (6.1); the organization is what a credential may lack"),
    ("lunatel.", "no scopes (7); the company is what a login may lack"),
];

/// Scopes that every credential of the surface has: the roles are fixed (5.0), and all three have this permission.
const NOBODY_LACKS: [&str; 1] = ["inventory.view"];

/// A credential of one surface that opens another on purpose: the shop's people come to our own surface with the
/// tokens of their tills.
const SHARED: [(Surface, Surface); 1] = [(Surface::Nexus, Surface::Admin)];

/// Ids that are no tenant's: the catalogue of vehicles and parts is one for all (5.4).
const NO_TENANTS: [&str; 1] = ["part_id"];

/// What was found wrong, each with the request.
#[derive(Default)]
struct Faults {
    text: String,
    count: usize,
    asked: usize,
}

impl Faults {
    fn note(&mut self, route: &str, what: &str, fault: Option<String>) {
        self.asked += 1;
        if let Some(fault) = fault {
            self.count += 1;
            let _ = writeln!(self.text, "  {route} {what}: {fault}");
        }
    }

    /// The logs stand where they stood.
    fn unmoved(&mut self, before: &[i64], after: &[i64], what: &str) {
        let fault = (before != after).then(|| format!("they held {before:?} events and hold {after:?}"));
        self.note("the logs", what, fault);
    }

    #[track_caller]
    fn none(self) {
        println!("{} requests, {} faults", self.asked, self.count);
        assert!(self.count == 0, "{} of {} are wrong:\n{}", self.count, self.asked, self.text);
    }
}

fn named(route: &Route) -> String {
    format!("{} ({} {})", route.operation(), route.method, route.path)
}

/// Every way in which a surface takes a token (Y-6, T-2).
fn ways(surface: Surface, token: &str, program: bool) -> Vec<Headers> {
    let mut ways = vec![bearer(token)];
    if surface == Surface::Lunatel || (surface == Surface::Lummy && program) {
        ways.push(header("authorization", token));
    }
    if surface == Surface::Lunatel {
        ways.extend(["authToken", "X-Auth-Token"].map(|name| header(name, token)));
    }
    ways
}

/// A valid token, and all that is nearly one.
fn garbage(token: &str) -> Vec<(String, Headers)> {
    let mut cases: Vec<(String, Headers)> = Vec::new();
    for (what, value) in [
        ("an empty header", String::new()),
        ("a scheme alone", "Bearer".to_owned()),
        ("an empty token", "Bearer ".to_owned()),
        ("no token at all", "Bearer abc".to_owned()),
        ("three words", "Bearer abc.def.ghi".to_owned()),
        ("another scheme", format!("Basic {token}")),
        ("a longer token", format!("Bearer {token}x")),
        ("a shorter token", format!("Bearer {}", &token[..token.len() - 1])),
        ("an altered token", format!("Bearer {}", altered(token))),
        ("a token twice", format!("Bearer {token} {token}")),
        ("a quoted token", format!("Bearer \"{token}\"")),
    ] {
        cases.push((what.to_owned(), header("authorization", &value)));
    }
    cases
}

/// One letter in the middle of its last part is another.
fn altered(token: &str) -> String {
    let at = token.len() - 10;
    let other = if token[at..].starts_with('A') { "B" } else { "A" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

/// Tokens that say what a valid one says, and are none: signed by somebody else or by nobody, over, or for another
/// door. `forge` has the server's own secret.
fn forgeries(forge: &Forge, token: &str) -> Vec<(String, String)> {
    let mut found = vec![
        ("signed with another secret".to_owned(), Forge::foreign().sign(&claims(token))),
        ("not signed".to_owned(), unsigned(token)),
        ("expired days ago".to_owned(), forge.altered(token, &json!({"exp": seconds() - 3 * 86_400}))),
        ("expired a second ago".to_owned(), forge.altered(token, &json!({"exp": seconds() - 1}))),
        ("without an end".to_owned(), forge.altered(token, &json!({"exp": null}))),
        ("for nobody".to_owned(), forge.altered(token, &json!({"aud": null}))),
        ("of a shop that is none".to_owned(), forge.altered(token, &json!({"tenant_id": 999_999_999}))),
    ];
    for aud in ["nexus", "lunara", "gestion_nube", "lummy", "lunatel", "admin", ""] {
        if claims(token)["aud"] != aud {
            found.push((format!("for {aud:?}"), forge.altered(token, &json!({"aud": aud}))));
        }
    }
    found
}

fn seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// Everything with which nobody comes in on a surface.
fn strangers(seeded: &Seeded, forge: &Forge, surface: Surface) -> Vec<(String, Headers)> {
    let mut cases = vec![("nothing".to_owned(), Headers::new())];
    for (of, what, token) in seeded.credentials() {
        let opens = of == surface || SHARED.contains(&(of, surface));
        if !opens {
            cases.extend(ways(surface, &token, true).into_iter().map(|way| (what.to_owned(), way)));
            continue;
        }
        cases.extend(garbage(&token));
        if token.split('.').count() == 3 {
            let mut forged = forgeries(forge, &token);
            match surface {
                Surface::Nexus | Surface::Admin => {
                    forged.push(("of no role".to_owned(), forge.altered(&token, &json!({"role": "dios"}))));
                }
                Surface::Lummy => {
                    forged
                        .push(("of nobody".to_owned(), forge.altered(&token, &json!({"user_id": 999_999}))));
                    let company = claims(&seeded.lunatel_token);
                    let company = json!({"user_id": company["user_id"], "mark": company["mark"]});
                    let company = forge.altered(&token, &company);
                    forged.push(("of who orders for a customer".to_owned(), company));
                }
                Surface::Lunatel => {
                    forged
                        .push(("of nobody".to_owned(), forge.altered(&token, &json!({"user_id": 999_999}))));
                    forged.push(("of no key".to_owned(), forge.altered(&token, &json!({"key_id": null}))));
                    forged.push((
                        "of another key".to_owned(),
                        forge.altered(&token, &json!({"key_id": 999_999})),
                    ));
                    let mark = json!({"mark": 1});
                    forged.push(("of another password".to_owned(), forge.altered(&token, &mark)));
                }
                Surface::Lunara | Surface::GestionNube => {}
            }
            for (what, token) in forged {
                cases.extend(
                    ways(surface, &token, false).into_iter().map(|way| (format!("a token {what}"), way)),
                );
            }
        }
    }
    // It opens Lunatel's logins, and nothing behind them or elsewhere.
    let key = "a key of Lunatel";
    cases.extend(ways(surface, &seeded.lunatel_key, true).into_iter().map(|way| (key.to_owned(), way)));
    cases.push((key.to_owned(), header("apiKey", &seeded.lunatel_key)));
    for (of, token) in &seeded.revoked {
        if *of == surface {
            let revoked =
                ways(surface, token, true).into_iter().map(|way| ("what was revoked".to_owned(), way));
            cases.extend(revoked);
        }
    }
    cases.into_iter().map(|(what, headers)| (what, seeded.with(surface, headers))).collect()
}

/// The employees of the three fixed roles, with what each may do.
async fn employees(shop: &Shop) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for role in ["cashier", "warehouse", "accountant"] {
        let employee = shop.hire(role).await;
        let me = employee.get("/pos/api/auth/me").await.expect(200);
        let permissions = me["permissions"].as_array().unwrap();
        let permissions = permissions.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        found.push((employee.token.clone(), permissions));
    }
    found
}

async fn heads(shops: &[&Seeded]) -> Vec<i64> {
    let mut heads = Vec::new();
    for seeded in shops {
        heads.push(seeded.shop.events().await);
    }
    heads
}

/// The query that a list cannot do without.
fn query(route: &Route, seeded: &Seeded, today: &str) -> String {
    match route.operation().as_str() {
        "nexus.electronic" => format!(
            "?year={}&month={}&document=polizas&rfc=XAXX010101000&tipo_solicitud=DE&num_tramite=AB123456789012",
            &today[..4],
            &today[5..7]
        ),
        "nexus.ledger_lines" => format!("?account_id={}", seeded.thing("account")),
        "lunatel.towns" => "?cityId=1".to_owned(),
        "lunatel.neighbourhoods" => "?townId=1".to_owned(),
        "lunatel.product_masters" => format!("?categorySubId={}", seeded.thing("category")),
        "lunatel.products_of_master" => format!("?productMasterId={}", seeded.thing("item_id")),
        "lunatel.products_of_category" => format!("?subCategoryId={}", seeded.thing("category")),
        _ => String::new(),
    }
}

/// Texts that are no JSON object.
const NO_OBJECTS: [&str; 11] =
    ["{\"a\":", "nada", "[]", "[{}]", "\"texto\"", "null", "7", "true", "{\"a\":1}{", "{'a':1}", "\u{feff}{"];

/// The largest body that is taken, and the largest file.
const BODY_MAX: usize = 4 * 1024 * 1024;
const FILE_MAX: usize = 16 * 1024 * 1024;

/// What an answer begins with.
async fn told(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 65_536];
    let read = stream.read(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

both_engines! {
    async fn what_is_open_to_everybody_is_this_and_no_more(shop: Shop) {
        let routes = table(&shop).await;
        let described: BTreeSet<_> = routes.iter().filter(|route| route.public).map(Route::operation).collect();
        assert_eq!(described, PUBLIC.map(ToOwned::to_owned).into());
        // And they are open indeed: none of them asks who comes.
        let caller = Caller::new(&shop);
        let mut faults = Faults::default();
        for route in routes.iter().filter(|route| route.public && route.method == Method::GET) {
            let path = route.path.replace("{tenant_id}", &shop.tenant_id.to_string());
            let answer = caller.ask(&route.method, &path, &Headers::new(), None).await;
            let fault = (answer.status != 200).then(|| answer.text());
            faults.note(&named(route), "with nothing", fault);
        }
        faults.none();
    }

    async fn what_is_routed_is_described(shop: Shop) {
        let routes = table(&shop).await;
        let described: BTreeSet<_> = routes.iter().map(|route| (route.surface, route.path.clone())).collect();
        let routed = routed();
        let hidden: Vec<_> = routed.difference(&described).collect();
        let missing: Vec<_> = described.difference(&routed).collect();
        assert!(hidden.is_empty() && missing.is_empty(), "routed only: {hidden:#?}\ndescribed only: {missing:#?}");
    }

    async fn nobody_comes_in_without_a_credential_of_the_surface(shop: Shop) {
        let routes = table(&shop).await;
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let forge = Forge::of(&shop).await;
        let caller = Caller::new(&shop);
        let before = heads(&[&seeded]).await;
        let mut faults = Faults::default();
        for surface in Surface::ALL {
            let cases = strangers(&seeded, &forge, surface);
            for route in routes.iter().filter(|route| route.surface == surface && !route.public) {
                for (what, headers) in &cases {
                    let answer = caller.ask(&route.method, &seeded.path(route), headers, body(route)).await;
                    faults.note(&named(route), &format!("with {what}"), shape_of(surface, 401).fault(&answer));
                }
            }
        }
        // What these cases are made of does open its door.
        for (surface, path) in [
            (Surface::Nexus, "/pos/api/auth/me"), (Surface::Admin, "/admin/v1/keys"), (Surface::Lunara, "/api/v1/clientes"),
            (Surface::GestionNube, "/api/v1/ping"), (Surface::Lummy, "/customers"), (Surface::Lunatel, "/v1/Address/GetAddress"),
        ] {
            for (_, _, token) in seeded.credentials().into_iter().filter(|(of, _, _)| *of == surface) {
                for way in ways(surface, &token, token == seeded.lummy_key) {
                    caller.ask(&Method::GET, path, &seeded.with(surface, way), None).await.expect(200);
                }
            }
            let answer = caller.ask(&Method::GET, path, &seeded.full(surface), None).await;
            faults.note(path, "with its own credential", (answer.status != 200).then(|| answer.text()));
        }
        faults.unmoved(&before, &heads(&[&seeded]).await, "what was refused changed something");
        faults.none();
    }

    async fn a_token_ends_while_it_is_in_use(shop: Shop) {
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let forge = Forge::of(&shop).await;
        let caller = Caller::new(&shop);
        let end = seconds() + 5;
        let cases = [
            (Surface::Nexus, &shop.token, "/pos/api/auth/me"), (Surface::Admin, &shop.token, "/admin/v1/keys"),
            (Surface::Lummy, &seeded.lummy_token, "/v1/customers"), (Surface::Lunatel, &seeded.lunatel_token, "/v1/Address/GetAddress"),
        ]
        .map(|(surface, token, path)| {
            (surface, path, seeded.with(surface, bearer(&forge.altered(token, &json!({"exp": end})))))
        });
        for (_, path, headers) in &cases {
            caller.ask(&Method::GET, path, headers, None).await.expect(200);
        }
        while seconds() < end {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let mut faults = Faults::default();
        for (surface, path, headers) in &cases {
            let answer = caller.ask(&Method::GET, path, headers, None).await;
            faults.note(path, "with a token that is over", shape_of(*surface, 401).fault(&answer));
        }
        faults.none();
    }

    async fn who_lacks_the_scope_is_refused(shop: Shop) {
        let routes = table(&shop).await;
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let forge = Forge::of(&shop).await;
        let caller = Caller::new(&shop);
        let employees = employees(&shop).await;
        let scopes = ["read:clientes", "read:recetas", "read:inventario"];
        let mut lunara = Vec::new();
        for scope in scopes {
            let others: Vec<_> = scopes.into_iter().filter(|other| *other != scope).collect();
            lunara.push((scope, [shop.key("lunara", &others.join(",")).await, shop.key("lunara", "").await], shop.key("lunara", scope).await));
        }
        let mut nubes = Vec::new();
        for ability in ABILITIES {
            let others: Vec<_> = ABILITIES.into_iter().filter(|other| *other != ability).collect();
            nubes.push((ability, [shop.nube(&others).await.token, shop.nube(&[]).await.token], shop.nube(&[ability]).await.token));
        }
        let neighbour = shop.neighbour().await;
        let elsewhere = neighbour.created["organization_id"].as_str().unwrap().to_owned();
        let before = heads(&[&seeded]).await;
        let mut faults = Faults::default();
        let (mut free, mut held_by_all) = (BTreeSet::new(), BTreeSet::new());
        for route in routes.iter().filter(|route| !route.public) {
            // Without a scope, and with nothing but it.
            let (without, with): (Vec<Headers>, Vec<Headers>) = match (route.surface, route.scopes.as_slice()) {
                (Surface::Lummy, []) => {
                    let mut headers = bearer(&seeded.lummy_key);
                    headers.extend(header("x-organization-id", &elsewhere));
                    headers.extend(header("x-idempotency", "7c2e51d0-3f9a-4b1c-9d3e-ffffffffffff"));
                    let mut person = headers.clone();
                    person[0] = bearer(&seeded.lummy_token).remove(0);
                    (vec![headers, person], Vec::new())
                }
                (Surface::Lunatel, []) => {
                    // The person's own mark, as a login of theirs would bear it.
                    let person = json!({"user_id": seeded.person, "mark": claims(&seeded.lummy_token)["mark"]});
                    (vec![bearer(&forge.altered(&seeded.lunatel_token, &person))], Vec::new())
                }
                (_, []) => (Vec::new(), Vec::new()),
                (Surface::Nexus | Surface::Admin, [scope]) => {
                    let split: (Vec<_>, Vec<_>) = employees.iter().partition(|(_, may)| !may.contains(scope));
                    if split.0.is_empty() {
                        held_by_all.insert(scope.as_str());
                    }
                    let headers = |list: Vec<&(String, _)>| list.into_iter().map(|(token, _)| bearer(token)).collect();
                    (headers(split.0), headers(split.1))
                }
                (Surface::Lunara, [scope]) => {
                    let (_, without, with) = lunara.iter().find(|(name, _, _)| name == scope).unwrap();
                    (without.iter().map(|key| bearer(key)).collect(), vec![bearer(with)])
                }
                (Surface::GestionNube, [scope]) => {
                    let (_, without, with) = nubes.iter().find(|(name, _, _)| name == scope).unwrap();
                    (without.iter().map(|key| bearer(key)).collect(), vec![bearer(with)])
                }
                (_, scopes) => panic!("{} is described with {scopes:?}", named(route)),
            };
            if route.scopes.is_empty() {
                free.insert(route.operation());
            }
            let path = seeded.path(route);
            for headers in &without {
                let answer = caller.ask(&route.method, &path, headers, body(route)).await;
                let mut fault = shape_of(route.surface, 403).fault(&answer);
                // It says what is missing.
                if fault.is_none() && route.scopes.iter().any(|scope| !answer.text().contains(scope.as_str())) {
                    fault = Some(format!("does not name {:?}: {}", route.scopes, answer.text()));
                }
                faults.note(&named(route), &format!("without {:?}", route.scopes), fault);
            }
            // What reads may be tried without a trace: the scope alone opens it.
            for headers in with.iter().filter(|_| route.method == Method::GET) {
                let answer = caller.ask(&route.method, &path, headers, body(route)).await;
                let shut = [401, 403].contains(&answer.status) || answer.status >= 500;
                faults.note(&named(route), &format!("with {:?}", route.scopes), shut.then(|| answer.text()));
            }
        }
        faults.unmoved(&before, &heads(&[&seeded]).await, "what was refused changed something");
        let expected: BTreeSet<_> = routes
            .iter()
            .filter(|route| !route.public)
            .map(Route::operation)
            .filter(|name| ANY_CREDENTIAL.iter().any(|(known, _)| name == known || (known.ends_with('.') && name.starts_with(known))))
            .collect();
        assert_eq!(free, expected, "what needs no scope");
        assert_eq!(held_by_all, NOBODY_LACKS.into());
        faults.none();
    }

    async fn another_shops_ids_are_not_there(shop: Shop) {
        let routes = table(&shop).await;
        let theirs = Seeded::new(&shop, "zorro", 3).await;
        let own = Seeded::new(&shop.neighbour().await, "tapir", 1).await;
        let caller = Caller::new(&shop);
        let before = heads(&[&own, &theirs]).await;
        let mut faults = Faults::default();
        let of_tenants = |route: &Route| {
            let ids = route.ids().into_iter().filter(|id| !NO_TENANTS.contains(&id.as_str()));
            ids.collect::<Vec<_>>()
        };
        for route in routes.iter().filter(|route| !route.public) {
            let ids = of_tenants(route);
            let mut foreign: Vec<Vec<String>> = ids.iter().map(|id| vec![id.clone()]).collect();
            if ids.len() > 1 {
                foreign.push(ids);
            }
            for foreign in foreign {
                let path = own.path_among(route, &theirs, &foreign);
                let answer = caller.ask(&route.method, &path, &own.full(route.surface), body(route)).await;
                let fault = shape_of(route.surface, 404).fault(&answer);
                faults.note(&named(route), &format!("at {path} with another shop's {foreign:?}"), fault);
            }
        }
        faults.unmoved(&before, &heads(&[&own, &theirs]).await, "another shop's id changed something");
        // The same ids are there for the shop that has them: what reads first, what takes away last.
        let mut mine: Vec<&Route> = routes.iter().filter(|route| !route.public && !of_tenants(route).is_empty()).collect();
        mine.sort_by_key(|route| (route.method == Method::DELETE, route.method != Method::GET));
        for route in mine {
            let path = theirs.path(route);
            let answer = caller.ask(&route.method, &path, &theirs.full(route.surface), body(route)).await;
            let shut = [401, 403, 404, 405].contains(&answer.status) || answer.status >= 500;
            faults.note(&named(route), "with the shop's own ids", shut.then(|| format!("{} {}", answer.status, answer.text())));
        }
        faults.none();
    }

    async fn no_list_shows_anything_of_another_shop(shop: Shop) {
        let routes = table(&shop).await;
        let theirs = Seeded::new(&shop, "zorro", 3).await;
        let own = Seeded::new(&shop.neighbour().await, "tapir", 1).await;
        let caller = Caller::new(&shop);
        let today = shop.today().await;
        let before = heads(&[&own, &theirs]).await;
        let mut faults = Faults::default();
        let mut showing = BTreeSet::new();
        let lists = routes.iter().filter(|route| {
            let catalogue = route.operation().starts_with("nexus.catalog_");
            !route.public && route.method == Method::GET && route.ids().is_empty() && !catalogue
        });
        for route in lists {
            for (seeded, other) in [(&own, &theirs), (&theirs, &own)] {
                let path = format!("{}{}", route.path, query(route, seeded, &today));
                let answer = caller.ask(&route.method, &path, &seeded.full(route.surface), None).await;
                let text = answer.text();
                let fault = if answer.status != 200 {
                    Some(format!("{} {text}", answer.status))
                } else if text.contains(other.mark) {
                    Some(format!("shows {} of another shop: {text}", other.mark))
                } else {
                    None
                };
                if text.contains(seeded.mark) {
                    showing.insert(route.operation());
                }
                faults.note(&named(route), "as a list", fault);
            }
        }
        faults.unmoved(&before, &heads(&[&own, &theirs]).await, "reading changed something");
        // The mark is in what they show of one's own, or not seeing it would say nothing.
        println!("{} lists show the mark: {showing:?}", showing.len());
        for surface in Surface::ALL {
            assert!(showing.iter().any(|name| name.starts_with(surface.name())), "no list of {}", surface.name());
        }
        assert!(showing.len() > 30, "the mark is in {showing:?} only");
        faults.none();
    }

    async fn unknown_paths_and_wrong_methods_are_worded_by_their_surface(shop: Shop) {
        let routes = table(&shop).await;
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let caller = Caller::new(&shop);
        let before = heads(&[&seeded]).await;
        let mut faults = Faults::default();
        for ((surface, path), allowed) in methods(&routes) {
            let route = routes.iter().find(|route| route.surface == surface && route.path == path).unwrap();
            let path = seeded.path(route);
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                if allowed.contains(method) {
                    continue;
                }
                let verb = Method::from_bytes(method.as_bytes()).unwrap();
                // One who may do everything, and one who may do nothing.
                for headers in [seeded.full(surface), Headers::new()] {
                    let answer = caller.ask(&verb, &path, &headers, Some(("application/json", b"{}".to_vec()))).await;
                    let mut fault = shape_of(surface, 405).fault(&answer);
                    let told = answer.header("allow").unwrap_or_default();
                    let told: BTreeSet<_> = told.split(',').map(|name| name.trim().to_owned()).collect();
                    if fault.is_none() && told != allowed {
                        fault = Some(format!("allows {told:?} instead of {allowed:?}"));
                    }
                    faults.note(&named(route), &format!("as {method}"), fault);
                }
            }
            let below = format!("{path}/no/existe");
            let surface = Surface::of_unknown(&below);
            let answer = caller.ask(&Method::GET, &below, &seeded.full(surface), None).await;
            faults.note(&below, "below a route", shape_of(surface, 404).fault(&answer));
        }
        for path in [
            "/pos", "/pos/api", "/pos/nada", "/pos/api/nada", "/pos/api/Sales", "/pos/api/inventory", "/v1", "/v1/nada",
            "/v1/Order", "/v1/Order/nada", "/v1/Customers", "/v1/customers/1/2", "/customers/1/2", "/api", "/api/nada",
            "/api/v1", "/api/v1/nada", "/api/v1/clientes/7", "/api/v1/recetas/7", "/api/v2/clientes", "/sanctum",
            "/sanctum/nada", "/admin", "/admin/v1", "/admin/v1/nada", "/admin/v2/keys", "/", "/nada", "/positive",
            "/apis", "/V2/Order/postOrder", "/openapi/nada.json", "/auth/login/nada", "/pos/api/%00", "/api/v1/%ff",
            "/v1/customers/1/%00/2",
        ] {
            let surface = Surface::of_unknown(path);
            for headers in [seeded.full(surface), Headers::new()] {
                for method in [Method::GET, Method::POST, Method::DELETE] {
                    let content = (method == Method::POST).then(|| ("application/json", b"{\"a\":".to_vec()));
                    let answer = caller.ask(&method, path, &headers, content).await;
                    faults.note(&format!("{method} {path}"), "", shape_of(surface, 404).fault(&answer));
                }
            }
        }
        faults.unmoved(&before, &heads(&[&seeded]).await, "what leads nowhere changed something");
        faults.none();
    }

    async fn what_is_no_json_object_is_refused(shop: Shop) {
        let routes = table(&shop).await;
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let caller = Caller::new(&shop);
        let before = heads(&[&seeded]).await;
        let mut bodies: Vec<(String, Vec<u8>)> =
            NO_OBJECTS.iter().map(|text| ((*text).to_owned(), text.as_bytes().to_vec())).collect();
        bodies.push(("bytes that are no text".to_owned(), b"{\"a\":\"\xff\xfe\"}".to_vec()));
        bodies.push(("a thousand lists".to_owned(), format!("{{\"a\":{}", "[".repeat(1_000)).into_bytes()));
        let mut faults = Faults::default();
        for route in routes.iter().filter(|route| route.json()) {
            for (what, bytes) in &bodies {
                // Logins are counted by where they come from, and this is no login.
                let stranger = route.public.then(|| Caller::stranger(&shop));
                let caller = stranger.as_ref().unwrap_or(&caller);
                let headers = if route.public { Headers::new() } else { seeded.full(route.surface) };
                let path = seeded.path(route);
                let content = Some(("application/json", bytes.clone()));
                let answer = caller.ask(&route.method, &path, &headers, content).await;
                let status = if route.surface == Surface::Lunara { 422 } else { 400 };
                faults.note(&named(route), &format!("with {what}"), shape_of(route.surface, status).fault(&answer));
            }
        }
        faults.unmoved(&before, &heads(&[&seeded]).await, "what is no JSON changed something");
        faults.none();
    }

    async fn too_large_a_body_is_refused(shop: Shop) {
        let routes = table(&shop).await;
        let seeded = Seeded::new(&shop, "zorro", 1).await;
        let before = heads(&[&seeded]).await;
        let mut faults = Faults::default();
        for route in routes.iter().filter(|route| route.body.is_some() && route.method != Method::GET) {
            // Whoever still sends when the server says no hears it all the same.
            let most = if route.file { FILE_MAX } else { BODY_MAX };
            let mut bytes = br#"{"notes":""#.to_vec();
            bytes.resize(most + 1_500_000, b'x');
            bytes.extend(br#""}"#);
            let caller = Caller::stranger(&shop);
            let headers = if route.public { Headers::new() } else { seeded.full(route.surface) };
            let kind = if route.file { "text/csv" } else { "application/json" };
            let answer = caller.ask(&route.method, &seeded.path(route), &headers, Some((kind, bytes))).await;
            // None of the five documents has a 413: it is a request of a wrong form there.
            let status = match route.surface {
                Surface::Admin => 413,
                Surface::Lunara => 422,
                Surface::Nexus | Surface::GestionNube | Surface::Lummy | Surface::Lunatel => 400,
            };
            faults.note(&named(route), "with too large a body", shape_of(route.surface, status).fault(&answer));
        }
        faults.unmoved(&before, &heads(&[&seeded]).await, "too large a body changed something");
        faults.none();
    }

    async fn the_connection_of_who_was_refused_goes_on(shop: Shop) {
        let mut stream = TcpStream::connect(shop.base.trim_start_matches("http://")).await.unwrap();
        let head = |length: usize, more: &str| {
            format!("POST /pos/api/sales HTTP/1.1\r\nhost: shop\r\ncontent-length: {length}\r\n{more}\r\n")
        };
        // Refused before the body has come, which comes all the same.
        stream.write_all(head(6_000_000, "").as_bytes()).await.unwrap();
        assert!(told(&mut stream).await.starts_with("HTTP/1.1 401"));
        for _ in 0..6 {
            stream.write_all(&vec![b' '; 1_000_000]).await.unwrap();
        }
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
        assert!(told(&mut stream).await.starts_with("HTTP/1.1 200"));
        // Who asks before sending is told not to.
        stream.write_all(head(6_000_000, "expect: 100-continue\r\n").as_bytes()).await.unwrap();
        assert!(told(&mut stream).await.starts_with("HTTP/1.1 401"));
    }
}

#[test]
fn forged_tokens_read_as_they_were_written() {
    let forge = Forge::foreign();
    let said = json!({"aud": "nexus", "exp": 7, "name": "Ñandú"});
    let token = forge.sign(&said);
    assert_eq!(claims(&token), said);
    assert_eq!(
        claims(&forge.altered(&token, &json!({"exp": Value::Null}))),
        json!({"aud": "nexus", "name": "Ñandú"})
    );
    assert_eq!(claims(&unsigned(&token)), said);
}
