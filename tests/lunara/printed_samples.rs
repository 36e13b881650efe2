use diario_tests::{Shop, both_engines, samples};
use serde_json::{Value, json};

const HOST: &str = "https://lunara-publico.vercel.app";

async fn key(shop: &Shop) -> String {
    let body = json!({"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"});
    shop.post("/admin/v1/patients", body).await.expect(201);
    shop.key("lunara", "read:clientes").await
}

both_engines! {
    async fn curl(shop: Shop) {
        let key = key(&shop).await;
        let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxxxxxxxxxxxxxxxxxxxxxxx", &key)];
        if let Some(printed) = samples::shell(&samples::sample("lunara/clientes.sh", &replaced), &[]) {
            let answer: Value = serde_json::from_str(&printed).unwrap();
            assert_eq!(answer["items"][0]["apellidos"], "Quispe Mamani");
        }
    }

    async fn javascript(shop: Shop) {
        let key = key(&shop).await;
        let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxx", &key)];
        let text = samples::sample("lunara/clientes.mjs", &replaced) + "console.log(items[0].apellidos);\n";
        if let Some(printed) = samples::node(&text, &[]) {
            assert_eq!(printed.trim(), "Quispe Mamani");
        }
    }

    async fn python(shop: Shop) {
        let key = key(&shop).await;
        let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxx", &key)];
        if let Some(printed) = samples::python(&samples::sample("lunara/clientes.py", &replaced), &[]) {
            assert!(printed.contains("'apellidos': 'Quispe Mamani'"), "{printed}");
        }
    }

    async fn php(shop: Shop) {
        let key = key(&shop).await;
        let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxx", &key)];
        let text = samples::sample("lunara/clientes.php", &replaced) + "echo $data['items'][0]['apellidos'];\n";
        if let Some(printed) = samples::php(&text, &[]) {
            assert_eq!(printed.trim(), "Quispe Mamani");
        }
    }
}
