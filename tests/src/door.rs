//! The doors that are no tills: keys for them, and requests that carry them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Shop, diario};

impl Shop {
    /// A key of a surface, with its scopes separated by commas.
    pub async fn key(&self, surface: &str, scopes: &str) -> String {
        let scopes: Vec<&str> = scopes.split(',').filter(|scope| !scope.is_empty()).collect();
        let body = json!({"surface": surface, "name": "Pruebas", "scopes": scopes});
        let answer = self.post("/admin/v1/keys", body).await.expect(201);
        answer["key"].as_str().unwrap().to_owned()
    }

    /// Credentials that open no other surface than their own: each with the name of that surface.
    pub async fn credentials(&self) -> Vec<(&'static str, String)> {
        let mut found = vec![
            ("nexus", self.token.clone()),
            ("gestion_nube", "1|0123456789012345678901234567890123456789".to_owned()),
        ];
        for (surface, scopes) in [("lunara", "*"), ("lummy", ""), ("lunatel", "")] {
            found.push((surface, self.key(surface, scopes).await));
        }
        found
    }

    /// A request with a bearer token, some headers, and perhaps a body.
    pub async fn bearing(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        self.send(&method, path, &all, body.map(Value::to_string)).await
    }

    /// Founds the shop's sandbox twin; what the program printed.
    pub async fn sandbox(&self) -> Value {
        let arguments =
            ["tenant", "sandbox", "--pin", "8765", "--tenant", &self.slug, "--database", &self.database];
        let output = diario(&arguments).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}
