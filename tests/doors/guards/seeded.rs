//! A shop with something of everything that a path can name, and credentials for every door.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diario_tests::{ABILITIES, Answer, Nube, PASSWORD, Receiver, Shop, num};
use reqwest::Method;
use serde_json::{Value, json};

use super::routes::{Route, Surface};

/// The headers of a request.
pub type Headers = Vec<(String, String)>;

/// A token of Gestion Nube has 60 requests a minute: before it has none left, another one takes its place.
const USES: u32 = 50;

/// A UUID that no other request has.
fn fresh_uuid() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("7c2e51d0-3f9a-4b1c-9d3e-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn header(name: &str, value: &str) -> Headers {
    vec![(name.to_owned(), value.to_owned())]
}

pub fn bearer(token: &str) -> Headers {
    header("authorization", &format!("Bearer {token}"))
}

/// Something that sends requests.
pub struct Caller {
    http: reqwest::Client,
    base: String,
}

impl Caller {
    pub fn new(shop: &Shop) -> Self {
        Self { http: builder().build().unwrap(), base: shop.base.clone() }
    }

    /// From a network address that was never heard of: logins are counted by where they come from.
    pub fn stranger(shop: &Shop) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let [_, _, high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let address = Ipv4Addr::new(127, 77, high, low);
        Self { http: builder().local_address(Some(address.into())).build().unwrap(), base: shop.base.clone() }
    }

    pub async fn ask(
        &self,
        method: &Method,
        path: &str,
        headers: &Headers,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header("content-type", kind).body(bytes);
        }
        let shown = format!("{method} {path} ");
        let response = request.send().await.unwrap_or_else(|error| panic!("{shown}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("{shown}: {error:?}")).to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { request: shown, status, headers, bytes, body }
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().timeout(Duration::from_mins(1)).no_proxy()
}

/// What a route is sent besides its credential: the body of its own description.
pub fn body(route: &Route) -> Option<(&'static str, Vec<u8>)> {
    let example = route.body.as_ref()?;
    if route.file {
        let text = example.as_str().unwrap_or("name\nUno\n");
        return Some(("text/csv", text.as_bytes().to_vec()));
    }
    Some(("application/json", example.to_string().into_bytes()))
}

/// A shop, what is in it, and who may come in.
pub struct Seeded {
    pub shop: Shop,
    /// A word that stands in every name, note and address of this shop and in nothing else.
    pub mark: &'static str,
    pub organization: String,
    pub lunara: String,
    pub lummy_key: String,
    pub lummy_token: String,
    pub lunatel_key: String,
    pub lunatel_token: String,
    /// A person of the shop's own, who acts for no company.
    pub person: i64,
    /// Keys and tokens that opened a door until they were revoked.
    pub revoked: Vec<(Surface, String)>,
    ids: BTreeMap<&'static str, String>,
    nubes: Vec<Nube>,
    used: Mutex<u32>,
    _receiver: Receiver,
}

impl Seeded {
    /// Of everything there is one for each round: a shop of more rounds has ids that one of fewer has not.
    pub async fn new(shop: &Shop, mark: &'static str, rounds: usize) -> Self {
        let receiver = Receiver::start().await;
        shop.hire_with("cashier", json!({"name": mark})).await;
        shop.open_register("100.00").await;
        shop.put("/admin/v1/ordering", json!({"auto_confirm": false})).await.expect(200);
        let person = person(shop, mark, "duena").await;
        let login = json!({"email": address(shop, "duena"), "password": PASSWORD});
        let lummy = shop.send(&Method::POST, "/auth/login", &[], Some(login.to_string())).await.expect(200);
        let lunatel_key = shop.key("lunatel", "").await;
        let (lunatel_token, ship_to) = company(shop, mark, &lunatel_key).await;
        let mut nubes = Vec::new();
        for _ in 0..6 {
            nubes.push(shop.nube(&ABILITIES).await);
        }
        let mut seeded = Self {
            shop: shop.clone(),
            mark,
            organization: shop.created["organization_id"].as_str().unwrap().to_owned(),
            lunara: shop.key("lunara", "read:clientes,read:recetas,read:inventario").await,
            lummy_key: shop.key("lummy", "").await,
            lummy_token: lummy["accessToken"].as_str().unwrap().to_owned(),
            lunatel_key,
            lunatel_token,
            person,
            revoked: Vec::new(),
            ids: BTreeMap::new(),
            nubes,
            used: Mutex::new(0),
            _receiver: receiver.clone(),
        };
        for round in 1..=rounds {
            seeded.fill(round, &receiver, ship_to).await;
        }
        seeded.revoke(&mark.to_uppercase()).await;
        seeded
    }

    /// One of everything.
    async fn fill(&mut self, round: usize, receiver: &Receiver, ship_to: i64) {
        let (shop, mark) = (self.shop.clone(), self.mark);
        let name = format!("{mark} {round}");
        let made = async |path: &str, body: Value| shop.post(path, body).await.expect(201).int("id");

        let north = made("/pos/api/config/branches", json!({"name": name, "address": name})).await;
        let category = made("/pos/api/inventory/categories", json!({"name": name})).await;
        let item = json!({
            "part_number": format!("{mark}-{round}"), "name": name, "brand": name, "category_id": category,
            "initial_stock": 100
        });
        let item = shop.create_item_with(item).await;
        let hook = json!({
            "url": receiver.url(&format!("/{mark}{round}")), "events": ["cliente.creado"], "description": name
        });
        let hook = made("/admin/v1/webhooks", hook).await;
        let customer = json!({
            "name": name, "razon_social": name, "credit_limit": 50_000, "address": name,
            "email": format!("{mark}@correo.mx")
        });
        let customer = made("/pos/api/customers", customer).await;
        let vehicles = format!("/pos/api/customers/{customer}/vehicles");
        let vehicle = made(&vehicles, json!({"plate": format!("{mark}{round}")})).await;
        let count = json!({"items": [{"inventory_id": item, "counted_quantity": 100}]});
        let count = shop.post("/pos/api/inventory/physical-count/start", count).await.expect(201);
        let mut entry = shop.entry(&shop.today().await, &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        entry["description"] = json!(name);
        let purchase = json!({
            "supplier": name, "items": [{"inventory_id": item, "quantity": 5, "unit_cost": num("150.00")}]
        });
        shop.post("/pos/api/inventory/purchase", purchase).await.expect(201);

        let patient = json!({"nombre": name, "dni": format!("7012345{round}"), "telefono": "+51999123456"});
        let patient = made("/admin/v1/patients", patient).await;
        let eye = json!({"esfera": num("1.25")});
        made("/admin/v1/prescriptions", json!({"customer_id": patient, "od": eye, "oi": eye})).await;
        let workshop =
            made("/admin/v1/workshop-orders", json!({"customer_id": patient, "notes": name})).await;
        let list = json!({"descripcion": name, "variacion": -15});
        let list = made("/admin/v1/price-lists", list).await;
        let (group, _) = shop.product(&format!("{mark}-G{round}"), &name, "100.00", &[("M", 5)]).await;
        let price = format!("/admin/v1/customers/{customer}/prices/{item}");
        shop.put(&price, json!({"price": num("300.00")})).await.expect(200);
        let key = json!({"surface": "lunara", "name": name, "scopes": ["read:clientes"]});
        let key = made("/admin/v1/keys", key).await;
        let order = json!({
            "note": name, "deliveryAddressId": ship_to, "ipAddress": "192.0.2.1",
            "orderItems": [{"productId": item, "quantity": 1}]
        });
        let order = self.lunatel("/v1/Order/postOrder", order).await.int("orderNo");
        // Of the person whose token is first in use.
        let token = shop.nube_of(&self.nubes[0].email, &ABILITIES).await.token;

        let found = [
            ("tenant_id", shop.tenant_id),
            ("item_id", item),
            ("customer_id", customer),
            ("vehicle_id", vehicle),
            ("sale_id", shop.sell_on_credit(customer, item, "1", "350.00").await),
            ("quot_id", shop.quote(item, "1", "350.00").await),
            ("layaway_id", shop.set_aside(customer, item, "1", "350.00", "0.00").await),
            ("transfer_id", shop.transfer(shop.branch_id, north, item, "1", "in_transit").await),
            ("count_id", count.int("count_id")),
            ("entry_id", made("/pos/api/accounting/entries", entry).await),
            ("part_id", 1),
            ("key_id", key),
            ("employee_id", shop.hire_with("cashier", json!({"name": name})).await.employee_id),
            ("user_id", person(&shop, mark, &format!("persona-{round}")).await),
            ("patient_id", patient),
            ("workshop order_id", workshop),
            ("order_id", order),
            ("webhook_id", hook),
            ("group_id", group),
            ("list_id", list),
            ("lista_id", list),
            ("id", group),
            ("product_id", group),
            ("category", category),
            ("account", shop.account("102.01").await),
        ];
        self.ids.extend(found.map(|(name, id)| (name, id.to_string())));
        self.ids.insert("token_id", token.split('|').next().unwrap().to_owned());
        self.ids.insert("delivery_id", self.delivery(hook).await);
        self.ids.insert("Lummy id", self.lummy_id(&name).await);
    }

    /// The delivery that told of the round's customer.
    async fn delivery(&self, hook: i64) -> String {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let path = format!("/admin/v1/webhooks/{hook}/deliveries?per_page=200");
            let answer = self.shop.get(&path).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            if let Some(row) = rows.first()
                && rows.iter().all(|row| row["state"] != "pending")
            {
                return row["id"].as_str().unwrap().to_owned();
            }
            assert!(Instant::now() < until, "still waiting: {rows:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn lummy_id(&self, name: &str) -> String {
        let path = format!("/v1/customers?search={}", name.replace(' ', "%20"));
        let answer = Caller::new(&self.shop).ask(&Method::GET, &path, &self.full(Surface::Lummy), None).await;
        let answer = answer.expect(200);
        let rows = answer["data"].as_array().unwrap();
        let row = rows.iter().find(|row| row["legalName"] == name);
        row.unwrap_or_else(|| panic!("no {name} in {rows:?}"))["id"].as_str().unwrap().to_owned()
    }

    /// Of each door one that was taken away.
    async fn revoke(&mut self, name: &str) {
        let shop = self.shop.clone();
        let mut found = Vec::new();
        for (surface, scopes) in [("lunara", json!(["*"])), ("lummy", json!([])), ("lunatel", json!([]))] {
            let body = json!({"surface": surface, "name": name, "scopes": scopes});
            let key = shop.post("/admin/v1/keys", body).await.expect(201);
            found.push((key.int("id"), key["key"].as_str().unwrap().to_owned()));
        }
        let login = json!({"username": self.mark, "password": PASSWORD, "apiKey": found[2].1});
        let token = self.lunatel("/v1/Auth/Login", login).await["authToken"].as_str().unwrap().to_owned();
        let nube = shop.nube_of(&self.nubes[1].email, &ABILITIES).await;
        nube.ask(Method::DELETE, "/api/v1/tokens/current", None).await.expect(204);
        for (id, _) in &found {
            shop.request(Method::DELETE, &format!("/admin/v1/keys/{id}"), None).await.expect(200);
        }
        self.revoked = vec![
            (Surface::Lunara, found[0].1.clone()),
            (Surface::Lummy, found[1].1.clone()),
            (Surface::Lunatel, token),
            (Surface::GestionNube, nube.token),
        ];
    }

    async fn lunatel(&self, path: &str, body: Value) -> Answer {
        let headers = bearer(&self.lunatel_token);
        let body = ("application/json", body.to_string().into_bytes());
        Caller::new(&self.shop).ask(&Method::POST, path, &headers, Some(body)).await.expect(200)
    }

    /// Every credential with the surface that it opens, and what it is.
    pub fn credentials(&self) -> Vec<(Surface, &'static str, String)> {
        vec![
            (Surface::Nexus, "a session of Nexus", self.shop.token.clone()),
            (Surface::Lunara, "a key of LUNARA", self.lunara.clone()),
            (Surface::GestionNube, "a token of Gestion Nube", self.nubes[5].token.clone()),
            (Surface::Lummy, "a key of Lummy", self.lummy_key.clone()),
            (Surface::Lummy, "a token of Lummy", self.lummy_token.clone()),
            (Surface::Lunatel, "a token of Lunatel", self.lunatel_token.clone()),
        ]
    }

    /// The headers of a caller who may do everything on a surface.
    pub fn full(&self, surface: Surface) -> Headers {
        let token = match surface {
            Surface::Nexus | Surface::Admin => &self.shop.token,
            Surface::Lunara => &self.lunara,
            Surface::GestionNube => {
                let mut used = self.used.lock().unwrap();
                *used += 1;
                let at = usize::try_from(*used / USES).unwrap();
                &self.nubes.get(at).expect("another token of Gestion Nube").token
            }
            Surface::Lummy => &self.lummy_key,
            Surface::Lunatel => &self.lunatel_token,
        };
        self.with(surface, bearer(token))
    }

    /// What a surface wants besides the credential.
    pub fn with(&self, surface: Surface, mut headers: Headers) -> Headers {
        if surface == Surface::Lummy {
            headers.extend(header("x-organization-id", &self.organization));
            headers.extend(header("x-idempotency", &fresh_uuid()));
        }
        headers
    }

    fn id(&self, route: &Route, name: &str) -> String {
        let key = match (route.surface, name) {
            (Surface::Lummy, "id") => "Lummy id",
            (_, "order_id") if route.path.contains("/workshop-orders/") => "workshop order_id",
            (_, name) => name,
        };
        let id = self.ids.get(key);
        id.unwrap_or_else(|| panic!("{} names {name}, of which there is none", route.path)).clone()
    }

    /// The path of a route with this shop's ids.
    pub fn path(&self, route: &Route) -> String {
        self.path_among(route, self, &route.ids())
    }

    /// The same with those of `foreign` in another shop's place.
    pub fn path_among(&self, route: &Route, other: &Self, foreign: &[String]) -> String {
        let mut path = route.path.clone();
        for name in route.ids() {
            let shop = if foreign.contains(&name) { other } else { self };
            path = path.replace(&format!("{{{name}}}"), &shop.id(route, &name));
        }
        path
    }

    /// The id of something that is in a body or a query only.
    pub fn thing(&self, name: &str) -> &str {
        &self.ids[name]
    }
}

fn address(shop: &Shop, name: &str) -> String {
    format!("{name}@{}-{}.mx", shop.slug, shop.tenant_id)
}

async fn person(shop: &Shop, mark: &str, name: &str) -> i64 {
    let body = json!({"email": address(shop, name), "name": mark, "password": PASSWORD});
    shop.post("/admin/v1/users", body).await.expect(201).int("id")
}

/// A company that orders: its token, and its address.
async fn company(shop: &Shop, mark: &str, key: &str) -> (String, i64) {
    let send = async |path: &str, headers: Headers, body: Value| {
        let body = ("application/json", body.to_string().into_bytes());
        Caller::new(shop).ask(&Method::POST, path, &headers, Some(body)).await.expect(200)
    };
    let sign_up = json!({
        "companyName": mark, "companyTitle": mark, "name": mark, "surname": "Yılmaz", "userName": mark,
        "email": address(shop, "firma"), "phone": "+90 322 000 00 00", "taxNumber": "1234567890",
        "taxUnit": "Seyhan", "identificationNumber": "string", "deliveryAddress": mark, "invoiceAddress": mark,
        "password": PASSWORD, "passwordRetry": PASSWORD, "isPerson": false, "isDifferentInvoiceAddress": true,
        "cityId": 1, "districtId": 1, "neighborhoodId": 1, "userContract": true, "privacyPolicy": true,
        "kvkk": true, "cookiePolicy": true, "ipAdress": "192.0.2.1"
    });
    send("/v1/Auth/SignUp", header("apiKey", key), sign_up).await;
    let login = json!({"username": mark, "password": PASSWORD, "apiKey": key});
    let answer = send("/v1/Auth/Login", Headers::new(), login).await;
    let token = answer["authToken"].as_str().unwrap().to_owned();
    let list = send("/v1/Address/GetAddress", bearer(&token), json!({})).await;
    (token, diario_tests::int(&list["addressList"][0]["id"]))
}
