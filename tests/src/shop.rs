use std::ops::Deref;
use std::path::Path;
use std::process::Output;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use reqwest::Method;
use reqwest::header::HeaderMap;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use crate::database::{Glance, Sql};
use crate::{Database, Engine, Server, program};

/// A number with exactly these digits: `num("812.00")`.
pub fn num(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn dec(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

/// An amount in an answer, which must be a JSON number.
#[track_caller]
pub fn money(value: &Value) -> Decimal {
    let Value::Number(number) = value else { panic!("not a number: {value}") };
    let text = number.to_string();
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).unwrap()
}

#[track_caller]
pub fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("not an integer: {value}"))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Net and tax of one line by the contract: each is rounded to the centavo, half away from zero.
pub fn tax_of(quantity: &str, price: &str, discount: &str, rate: &str) -> (Decimal, Decimal) {
    let kept = (dec("100") - dec(discount)) / dec("100");
    let net = cents(dec(quantity) * dec(price) * kept);
    (net, cents(net * dec(rate)))
}

/// The tax inside what has been paid of a layaway so far: its share of the whole tax, to the centavo.
pub fn share_of_tax(tax: Decimal, paid: Decimal, total: Decimal) -> Decimal {
    if total.is_zero() { Decimal::ZERO } else { cents(tax * paid / total) }
}

/// A day so many days after another: `plus_days("2026-02-27", 2)` is `2026-03-01`.
pub fn plus_days(day: &str, days: i64) -> String {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().unwrap());
    let (year, month, date) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    // Days are counted in years that begin in March, so that the leap day is a year's last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let count = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date - 1 + days;
    let mut year = count / 365;
    let before = |year: i64| 365 * year + year / 4 - year / 100 + year / 400;
    while before(year) > count {
        year -= 1;
    }
    let rest = count - before(year);
    let month = (5 * rest + 2) / 153;
    let date = rest - (153 * month + 2) / 5 + 1;
    let (year, month) = if month > 9 { (year + 1, month - 9) } else { (year, month + 3) };
    format!("{year:04}-{month:02}-{date:02}")
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub request: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    async fn read(request: String, response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("{request}: {error:?}")).to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { request, status, headers, bytes, body }
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.request, self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The message of an error in the contract's only shape.
    #[track_caller]
    pub fn error(&self) -> &str {
        let message = self.body.get("error").and_then(Value::as_str).unwrap_or_default();
        assert!(!message.is_empty(), "{} answered {} {}", self.request, self.status, self.text());
        message
    }

    #[track_caller]
    pub fn int(&self, field: &str) -> i64 {
        self.body[field].as_i64().unwrap_or_else(|| {
            panic!("{}: no integer {field} in {} {}", self.request, self.status, self.text())
        })
    }

    #[track_caller]
    pub fn money(&self, field: &str) -> Decimal {
        assert!(self.body[field].is_number(), "{}: no number {field} in {}", self.request, self.text());
        money(&self.body[field])
    }
}

impl Deref for Answer {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.body
    }
}

/// One tenant of a running server, and its owner's token.
#[derive(Debug, Clone)]
pub struct Shop(Arc<Inner>);

#[derive(Debug)]
pub struct Inner {
    pub engine: Engine,
    pub base: String,
    pub database: String,
    pub slug: String,
    pub tenant_id: i64,
    pub branch_id: i64,
    pub owner_employee_id: i64,
    /// Whose token it is.
    pub employee_id: i64,
    pub token: String,
    /// What `diario tenant create` printed.
    pub created: Value,
    /// The owner's PIN.
    pin: String,
    http: reqwest::Client,
    wrote: AtomicBool,
    glance: Mutex<Option<Glance>>,
}

impl Deref for Shop {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

struct Shared {
    server: Server,
    database: Database,
}

async fn shared(engine: Engine) -> &'static Shared {
    static SQLITE: OnceCell<Shared> = OnceCell::const_new();
    static POSTGRES: OnceCell<Shared> = OnceCell::const_new();
    let cell = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    cell.get_or_init(|| async {
        let database = Database::fresh(engine).await;
        // The migrations are the server's first act; tenants are created while it runs.
        let server = Server::start_shared(&database);
        Shared { server, database }
    })
    .await
}

/// Runs one test with a tenant of its own on the shared server, and lets its books tie afterwards.
pub fn run<F, Fut>(engine: Engine, check: F)
where
    F: FnOnce(Shop) -> Fut,
    Fut: Future<Output = ()>,
{
    crate::alone(engine, |engine| async move {
        let shared = shared(engine).await;
        let shop = Shop::create(engine, &shared.server.base, &shared.database.url, &[]).await;
        check(shop.clone()).await;
        if shop.wrote.load(Ordering::Relaxed) {
            shop.assert_books_tie().await;
        }
    });
}

pub const PIN: &str = "4321";

/// A PIN that no other employee has: five digits, where the owner's has four.
pub fn fresh_pin() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(10_000);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

impl Shop {
    /// A new tenant in the database, with the owner logged in at the server.
    pub async fn create(engine: Engine, base: &str, database: &str, options: &[&str]) -> Self {
        Self::found(engine, base, database, ["Ana", PIN], options).await
    }

    /// The shop that the documents' samples speak of: its owner is Admin and logs in with 1234.
    pub async fn as_printed(engine: Engine, base: &str, database: &str, options: &[&str]) -> Self {
        Self::found(engine, base, database, ["Admin", "1234"], options).await
    }

    async fn found(engine: Engine, base: &str, database: &str, owner: [&str; 2], options: &[&str]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let slug = format!("tienda-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let [name, pin] = owner;
        let mut arguments =
            vec!["tenant", "create", "--slug", &slug, "--name", "Refaccionaria", "--owner", name];
        arguments.extend(["--pin", pin, "--json", "--database", database]);
        arguments.extend(options);
        let output = diario(&arguments).await;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "diario {arguments:?}: {printed}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let created: Value =
            serde_json::from_str(printed.trim()).unwrap_or_else(|error| panic!("{error} in {printed}"));
        Self::log_in(engine, base, database, [&slug, pin], created).await
    }

    /// The same shop at another server of the same database.
    pub async fn at(&self, base: &str) -> Self {
        let known = [self.slug.as_str(), self.pin.as_str()];
        Self::log_in(self.engine, base, &self.database, known, self.created.clone()).await
    }

    async fn log_in(engine: Engine, base: &str, database: &str, known: [&str; 2], created: Value) -> Self {
        let [slug, pin] = known;
        let http =
            reqwest::Client::builder().timeout(std::time::Duration::from_mins(1)).no_proxy().build().unwrap();
        let mut inner = Inner {
            engine,
            base: base.to_owned(),
            database: database.to_owned(),
            slug: slug.to_owned(),
            tenant_id: int(&created["tenant_id"]),
            branch_id: int(&created["branch_id"]),
            owner_employee_id: int(&created["owner_employee_id"]),
            employee_id: int(&created["owner_employee_id"]),
            token: String::new(),
            created,
            pin: pin.to_owned(),
            http,
            wrote: AtomicBool::new(false),
            glance: Mutex::new(None),
        };
        let body = json!({"tenant_id": inner.tenant_id, "pin": pin, "device_id": "caja-01"});
        let answer =
            inner.send(&Method::POST, "/pos/api/auth/login", &[], Some(body.to_string())).await.expect(200);
        inner.token = answer["token"].as_str().unwrap().into();
        Self(Arc::new(inner))
    }

    /// A new employee of the same tenant: the handle speaks with that employee's token.
    pub async fn hire(&self, role: &str) -> Self {
        self.hire_with(role, json!({})).await
    }

    /// The same, with some fields given.
    pub async fn hire_with(&self, role: &str, fields: Value) -> Self {
        let mut body = json!({"name": "Juan Lopez", "role": role, "pin": fresh_pin()});
        for (key, value) in fields.as_object().unwrap() {
            body[key] = value.clone();
        }
        let pin = body["pin"].as_str().unwrap().to_owned();
        self.post("/pos/api/config/employees", body).await.expect(201);
        self.log_in_with(&pin).await
    }

    /// The handle of the employee whose PIN it is.
    pub async fn log_in_with(&self, pin: &str) -> Self {
        let body = json!({"tenant_id": self.tenant_id, "pin": pin, "device_id": format!("caja-{pin}")});
        let answer =
            self.send(&Method::POST, "/pos/api/auth/login", &[], Some(body.to_string())).await.expect(200);
        Self(Arc::new(Inner {
            engine: self.engine,
            base: self.base.clone(),
            database: self.database.clone(),
            slug: self.slug.clone(),
            tenant_id: self.tenant_id,
            branch_id: int(&answer["employee"]["branch_id"]),
            owner_employee_id: self.owner_employee_id,
            employee_id: int(&answer["employee"]["id"]),
            token: answer["token"].as_str().unwrap().into(),
            created: self.created.clone(),
            pin: self.pin.clone(),
            http: self.http.clone(),
            wrote: AtomicBool::new(false),
            glance: Mutex::new(None),
        }))
    }

    /// A further branch of the tenant.
    pub async fn open_branch(&self, name: &str) -> i64 {
        self.post("/pos/api/config/branches", json!({"name": name})).await.expect(201).int("id")
    }

    /// Another tenant of the same server.
    pub async fn neighbour(&self) -> Self {
        Self::create(self.engine, &self.base, &self.database, &[]).await
    }

    pub fn sql(&self) -> Sql {
        Sql::of(self.engine, &self.database)
    }

    /// How many events the log of this tenant holds: a request that changed nothing leaves it alone.
    pub async fn events(&self) -> i64 {
        let query = format!("SELECT CAST(COUNT(*) AS TEXT) FROM events WHERE tenant_id = {}", self.tenant_id);
        if self.engine == Engine::Sqlite {
            return self.sql().integer(&query).await;
        }
        // Asked after every refusal, and a connection to Postgres costs more than the answer.
        let mut glance = self.glance.lock().await;
        if glance.is_none() {
            *glance = Some(self.sql().glance().await);
        }
        glance.as_mut().unwrap().integer(&query).await
    }

    pub async fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.keyed(method, path, body, &[]).await
    }

    /// A request with further headers.
    pub async fn keyed(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        let answer = self.send(&method, path, &all, body.map(Value::to_string)).await;
        if method != Method::GET && answer.status < 300 {
            self.wrote.store(true, Ordering::Relaxed);
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request(Method::POST, path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.request(Method::PUT, path, Some(&body)).await
    }

    /// A file as a request's body.
    pub async fn upload(&self, path: &str, file: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.header("content-type", "text/csv").body(file.into()).send().await.unwrap();
        let answer = Answer::read(format!("POST {path} (a file)"), response).await;
        if answer.status < 300 {
            self.wrote.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// All rows of a paged list.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut rows = Vec::new();
        for page in 1.. {
            let answer = self.get(&format!("{path}{joint}page={page}&per_page=200")).await.expect(200);
            rows.extend(answer["data"].as_array().unwrap().iter().cloned());
            if page >= int(&answer["pagination"]["total_pages"]) {
                assert_eq!(i64::try_from(rows.len()).unwrap(), int(&answer["pagination"]["total"]), "{path}");
                break;
            }
        }
        rows
    }

    /// Runs a subcommand of the program on this shop's tenant and database.
    pub async fn command(&self, arguments: &[&str]) -> Output {
        let mut all = arguments.to_vec();
        all.extend(["--tenant", &self.slug, "--database", &self.database]);
        diario(&all).await
    }

    /// A stocked item of cost 150.00 and 16 % tax, bought through the opening stock.
    pub async fn create_item(&self, price: &str, stock: i64) -> i64 {
        self.create_item_with(json!({"price_1": num(price), "initial_stock": stock})).await
    }

    /// The same, with some fields given.
    pub async fn create_item_with(&self, fields: Value) -> i64 {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let part = format!("P-{:05}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut body = json!({
            "part_number": part, "name": "Pastillas de freno", "cost": num("150.00"),
            "price_1": num("350.00"), "tax_rate": num("0.16"), "initial_stock": 10
        });
        for (key, value) in fields.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.post("/pos/api/inventory/items", body).await.expect(201).int("id")
    }

    pub async fn open_register(&self, opening: &str) -> i64 {
        self.open_register_number(1, opening).await
    }

    pub async fn open_register_number(&self, number: i64, opening: &str) -> i64 {
        let body = json!({"register_number": number, "opening_amount": num(opening)});
        self.post("/pos/api/register/open", body).await.expect(201).int("register_id")
    }

    /// A customer who may owe this much.
    pub async fn create_customer(&self, credit_limit: &str) -> i64 {
        let body = json!({"name": "Taller Perez", "credit_limit": num(credit_limit)});
        self.post("/pos/api/customers", body).await.expect(201).int("id")
    }

    /// A customer who has this much store credit: paid by card for something and brought it back.
    pub async fn create_customer_with_credit(&self, amount: &str) -> i64 {
        let customer = self.create_customer("0.00").await;
        let item =
            self.create_item_with(json!({"price_1": num(amount), "tax_rate": 0, "initial_stock": 1})).await;
        let sale = json!({
            "items": [{"inventory_id": item, "quantity": 1}], "customer_id": customer,
            "payment_method": "tarjeta", "sale_type": "cash", "amount_paid": num(amount)
        });
        let sale = self.sell(sale).await.int("sale_id");
        self.post(
            "/pos/api/inventory/return",
            json!({
                "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "No era la pieza"
            }),
        )
        .await
        .expect(201);
        assert_eq!(self.store_credit(customer).await, dec(amount));
        customer
    }

    /// What the customer may still spend.
    pub async fn store_credit(&self, customer: i64) -> Decimal {
        self.get(&format!("/pos/api/customers/{customer}")).await.expect(200).money("store_credit")
    }

    /// One line of one item at its net price, 16 % tax: what quotations, layaways and sales share.
    pub fn line(&self, item: i64, quantity: &str, price: &str) -> Value {
        json!({
            "inventory_id": item, "quantity": num(quantity), "unit_price": num(price), "discount_pct": 0,
            "tax_rate": num("0.16")
        })
    }

    /// A layaway of one line, its down payment by card: the body.
    pub fn layaway(&self, customer: i64, item: i64, quantity: &str, price: &str, down: &str) -> Value {
        json!({
            "items": [self.line(item, quantity, price)], "customer_id": customer, "down_payment": num(down),
            "payment_method": "tarjeta", "notes": "Apartado motor de arranque"
        })
    }

    /// Sets goods aside, and answers the layaway's id.
    pub async fn set_aside(&self, customer: i64, item: i64, quantity: &str, price: &str, down: &str) -> i64 {
        let body = self.layaway(customer, item, quantity, price, down);
        self.post("/pos/api/layaways", body).await.expect(201).int("layaway_id")
    }

    /// Quotes one line, and answers the quotation's id.
    pub async fn quote(&self, item: i64, quantity: &str, price: &str) -> i64 {
        let body = json!({"items": [self.line(item, quantity, price)]});
        self.post("/pos/api/quotations", body).await.expect(201).int("quotation_id")
    }

    /// Moves goods between two branches, at once or in transit, and answers the transfer's id.
    pub async fn transfer(&self, from: i64, to: i64, item: i64, quantity: &str, mode: &str) -> i64 {
        let body = json!({
            "from_branch_id": from, "to_branch_id": to, "mode": mode,
            "items": [{"inventory_id": item, "quantity": num(quantity)}]
        });
        self.post("/pos/api/inventory/transfer", body).await.expect(201).int("transfer_id")
    }

    /// The tenant's local day.
    pub async fn today(&self) -> String {
        let answer = self.get("/pos/api/register/daily-summary").await.expect(200);
        answer["date"].as_str().unwrap().to_owned()
    }

    /// Does one write at noon of a day so many days ago, the way an offline till brings it in later; today's is of its
    /// first second, for noon may not have come yet.
    pub async fn days_ago(&self, days: i64, operation: &str, params: Value, body: Value) -> Value {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let day = plus_days(&self.today().await, -days);
        let client = format!("atrasado-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let time = if days == 0 { "00:00:00" } else { "12:00:00" };
        let command = json!({
            "client_id": client, "client_time": format!("{day}T{time}"), "operation": operation,
            "params": params, "body": body
        });
        let answer = self.post("/pos/api/sync/batch", json!({"commands": [command]})).await.expect(200);
        let result = &answer["results"][0];
        assert!(int(&result["status"]) < 300, "{operation} {days} days ago: {result:#}");
        result["body"].clone()
    }

    /// A cash sale of one line, paid exactly: the body.
    pub fn sale(&self, register: i64, item: i64, quantity: &str, price: &str) -> Value {
        let (net, tax) = tax_of(quantity, price, "0", "0.16");
        json!({
            "items": [{
                "inventory_id": item, "quantity": num(quantity), "unit_price": num(price),
                "discount_pct": 0, "tax_rate": num("0.16")
            }],
            "customer_id": null, "payment_method": "efectivo", "sale_type": "cash", "register_id": register,
            "amount_paid": num(&(net + tax).to_string()), "payment_details": [], "notes": ""
        })
    }

    pub async fn sell(&self, body: Value) -> Answer {
        self.post("/pos/api/sales", body).await.expect(201)
    }

    /// Sells for cash, paid exactly, and answers the sale's id.
    pub async fn sell_cash(&self, register: i64, item: i64, quantity: &str, price: &str) -> i64 {
        self.sell(self.sale(register, item, quantity, price)).await.int("sale_id")
    }

    /// Sells all on credit, and answers the sale's id.
    pub async fn sell_on_credit(&self, customer: i64, item: i64, quantity: &str, price: &str) -> i64 {
        self.sell(self.credit_sale(customer, item, quantity, price)).await.int("sale_id")
    }

    pub fn credit_sale(&self, customer: i64, item: i64, quantity: &str, price: &str) -> Value {
        let mut body = self.sale(0, item, quantity, price);
        body["sale_type"] = json!("credit");
        body["customer_id"] = json!(customer);
        body["amount_paid"] = json!(0);
        body.as_object_mut().unwrap().remove("register_id");
        body
    }

    pub async fn stock(&self, item: i64) -> Decimal {
        let answer = self.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        answer.money("stock")
    }

    /// What the shop's own branch may still promise of an item: on hand less reserved.
    pub async fn available(&self, item: i64) -> Decimal {
        self.held(item, self.branch_id).await[2]
    }

    /// Stock, reserved, available and in transit of an item in a branch.
    pub async fn held(&self, item: i64, branch: i64) -> [Decimal; 4] {
        let answer = self.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        let rows = answer["stock_by_branch"].as_array().unwrap();
        let Some(row) = rows.iter().find(|row| row["branch_id"] == json!(branch)) else {
            return [Decimal::ZERO; 4];
        };
        ["stock", "reserved", "available", "in_transit"].map(|field| money(&row[field]))
    }

    /// Holds a branch to stock, reserved, available and in transit of an item.
    pub async fn assert_held(&self, item: i64, branch: i64, expected: [&str; 4]) {
        let held = self.held(item, branch).await.map(|quantity| quantity.normalize());
        assert_eq!(held, expected.map(dec), "stock, reserved, available, in transit in branch {branch}");
    }
}

impl Inner {
    /// A request with exactly these headers and these bytes; a body is sent as JSON.
    pub async fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let shown = body.clone().filter(|text| text.len() < 2_000).unwrap_or_default();
        let shown = format!("{method} {path} {shown}");
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{shown}: {error:?}"));
        Answer::read(shown, response).await
    }

    /// The same, where the connection may break under the request.
    pub async fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        self.try_send(path, &[("idempotency-key", key)], body).await
    }

    /// The same without a key, or with other headers.
    pub async fn try_send(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Option<(u16, Value)> {
        let mut request = self
            .http
            .post(format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(body.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.ok()?;
        Some((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }
}

/// Runs the program and waits for its end.
pub async fn diario(arguments: &[&str]) -> Output {
    tokio::process::Command::new(program())
        .args(arguments)
        .current_dir(Path::new("/"))
        .kill_on_drop(true)
        .stdin(std::process::Stdio::null())
        .output()
        .await
        .unwrap()
}
