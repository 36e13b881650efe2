//! The table of routes, as the server itself publishes it: a route that is added is held to its guards by that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diario_tests::Shop;
use reqwest::Method;
use serde_json::Value;

/// A surface, by the name of its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    Nexus,
    Lunara,
    GestionNube,
    Lummy,
    Lunatel,
    Admin,
}

use Surface::{Admin, GestionNube, Lummy, Lunara, Lunatel, Nexus};

impl Surface {
    pub const ALL: [Self; 6] = [Nexus, Lunara, GestionNube, Lummy, Lunatel, Admin];

    pub fn name(self) -> &'static str {
        match self {
            Nexus => "nexus",
            Lunara => "lunara",
            GestionNube => "gestion_nube",
            Lummy => "lummy",
            Lunatel => "lunatel",
            Admin => "admin",
        }
    }

    /// Whose words a path is answered in that nothing is routed to (contract 2.1).
    pub fn of_unknown(path: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        let under = |root: &str| path == root || path.starts_with(&format!("{root}/"));
        if under("/pos") {
            Nexus
        } else if ["/v1/customers", "/customers", "/auth/login"].into_iter().any(under) {
            // `/auth/login` is Y-7's, which the contract's list does not speak of.
            Lummy
        } else if lower == "/v1" || lower.starts_with("/v1/") {
            Lunatel
        } else if ["/api/v1/clientes", "/api/v1/recetas", "/api/v1/inventario"].contains(&path) {
            Lunara
        } else if under("/api") || under("/sanctum") {
            GestionNube
        } else {
            Admin
        }
    }
}

/// One method of one path.
#[derive(Debug, Clone)]
pub struct Route {
    pub surface: Surface,
    /// The operation's name, after that of the surface.
    pub name: String,
    pub method: Method,
    /// With its ids in braces.
    pub path: String,
    /// It is described as open to everybody.
    pub public: bool,
    /// The scope, ability or permission that it is described to need.
    pub scopes: Vec<String>,
    /// The body that it is described with, if it takes one; JSON but for files.
    pub body: Option<Value>,
    pub file: bool,
}

impl Route {
    /// `nexus.sales_create`
    pub fn operation(&self) -> String {
        format!("{}.{}", self.surface.name(), self.name)
    }

    pub fn json(&self) -> bool {
        self.body.is_some() && !self.file
    }

    /// The names of the ids in the path.
    pub fn ids(&self) -> Vec<String> {
        let named = self.path.split('/').filter_map(|part| part.strip_prefix('{'));
        named.map(|part| part.trim_end_matches('}').to_owned()).collect()
    }

    /// What the contract serves besides the path and the method of the document.
    fn also(&self) -> Vec<(Method, String)> {
        let here = |method: Method| (method, self.path.clone());
        match (self.surface, self.name.as_str()) {
            // N-2
            (Nexus, "health") => vec![(Method::GET, "/pos/api/health".to_owned())],
            // G-1
            (GestionNube, "token_create") => {
                ["/sanctum/token", "/api/v1/sanctum/token"].map(|path| (Method::POST, path.to_owned())).into()
            }
            // Y-2, Y-7
            (Lummy, _) => {
                vec![(self.method.clone(), self.path.strip_prefix("/v1").unwrap().to_owned())]
            }
            // T-1
            (Lunatel, "address_edit") => vec![here(Method::PUT)],
            (Lunatel, "address_delete") => vec![here(Method::DELETE)],
            (Lunatel, name) if LUNATEL_READS.contains(&name) => vec![here(Method::GET)],
            _ => Vec::new(),
        }
    }
}

/// Operations 6 to 14 and 17 of contract 7.1.
const LUNATEL_READS: [&str; 10] = [
    "address_list",
    "cities",
    "towns",
    "neighbourhoods",
    "sub_categories",
    "product_masters",
    "products",
    "products_of_master",
    "products_of_category",
    "order_history",
];

/// Every route of every surface.
pub async fn table(shop: &Shop) -> Vec<Route> {
    let mut routes = Vec::new();
    for surface in Surface::ALL {
        let path = format!("/openapi/{}.json", surface.name());
        let document = shop.send(&Method::GET, &path, &[], None).await.expect(200);
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let route = read(surface, method, path, operation, &document["security"]);
                for (method, path) in route.also() {
                    routes.push(Route { method, path, ..route.clone() });
                }
                routes.push(route);
            }
        }
    }
    assert!(routes.len() > 190, "only {} routes are described", routes.len());
    routes
}

fn read(surface: Surface, method: &str, path: &str, operation: &Value, everywhere: &Value) -> Route {
    let id = operation["operationId"].as_str().unwrap();
    let name = id.strip_prefix(surface.name()).and_then(|rest| rest.strip_prefix('.'));
    let name = name.unwrap_or_else(|| panic!("{id} is not of {}", surface.name()));
    let security = operation.get("security").unwrap_or(everywhere).as_array().unwrap();
    let public = security.is_empty() || security.iter().any(|one| one.as_object().unwrap().is_empty());
    let scopes = security.iter().filter_map(|one| one["token"].as_array()).flatten();
    let content = operation["requestBody"]["content"].as_object();
    let file = content.is_some_and(|content| !content.contains_key("application/json"));
    let example = content.map(|content| {
        let example = content.values().next().unwrap()["example"].clone();
        if example.is_null() { Value::Object(serde_json::Map::new()) } else { example }
    });
    // T-29: what reads takes an empty object as well.
    let body = example.or_else(|| (surface == Lunatel).then(|| serde_json::json!({})));
    Route {
        surface,
        name: name.to_owned(),
        method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
        path: path.to_owned(),
        public,
        scopes: scopes.map(|scope| scope.as_str().unwrap().to_owned()).collect(),
        body,
        file,
    }
}

/// The methods of each path, and the surface that it belongs to.
pub fn methods(routes: &[Route]) -> BTreeMap<(Surface, String), BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for route in routes {
        let of = found.entry((route.surface, route.path.clone())).or_default();
        of.insert(route.method.to_string());
        if route.method == Method::GET {
            of.insert("HEAD".to_owned());
        }
    }
    found
}

/// The paths that stand in the surfaces' route tables in the program's text.
pub fn routed() -> BTreeSet<(Surface, String)> {
    let mut found = BTreeSet::new();
    for surface in Surface::ALL {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../api/src/{}/mod.rs", surface.name()));
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: String = code.collect::<Vec<_>>().join("\n");
        let paths = code.split('"').skip(1).step_by(2).filter(|literal| literal.starts_with('/'));
        found.extend(paths.map(|path| (surface, path.to_owned())));
    }
    found
}
