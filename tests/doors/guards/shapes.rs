//! How each surface words a refusal: from the contract (2.4, 3 to 7) and the five documents, not from the program.

use diario_tests::Answer;
use serde_json::{Map, Value, json};

use super::routes::Surface;

/// A refusal as a surface words it at a status.
pub struct Shape {
    surface: Surface,
    status: u16,
}

/// The shape of a surface's refusals at a status.
pub fn shape_of(surface: Surface, status: u16) -> Shape {
    Shape { surface, status }
}

impl Shape {
    /// What is wrong with an answer to a request that should be refused so, if anything is.
    pub fn fault(&self, answer: &Answer) -> Option<String> {
        let found = self.check(answer).err()?;
        let mut text = answer.text();
        if let Some((end, _)) = text.char_indices().nth(200) {
            text.truncate(end);
        }
        Some(format!("{found}: {} {text}", answer.status))
    }

    fn check(&self, answer: &Answer) -> Result<(), String> {
        if answer.status != self.status {
            return Err(format!("not {}", self.status));
        }
        let media =
            if self.surface == Surface::Admin { "application/problem+json" } else { "application/json" };
        if answer.header("content-type") != Some(media) {
            return Err(format!("the media type is {:?}", answer.header("content-type")));
        }
        // Contract 2.5.
        if answer.header("x-request-id").is_none_or(str::is_empty) {
            return Err("no X-Request-Id".to_owned());
        }
        if self.status == 405 && answer.header("allow").is_none() {
            return Err("no Allow".to_owned());
        }
        if self.status == 429 && answer.header("retry-after").is_none() {
            return Err("no Retry-After".to_owned());
        }
        let Value::Object(body) = &answer.body else { return Err("no JSON object".to_owned()) };
        let mut words = answer.request.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let path = path.split('?').next().unwrap();
        let found = self.of_surface(body, method, path, answer);
        found.map_err(|what| format!("not the shape of {}, {what}", self.surface.name()))
    }

    fn of_surface(
        &self,
        body: &Map<String, Value>,
        method: &str,
        path: &str,
        answer: &Answer,
    ) -> Result<(), String> {
        let status = json!(self.status);
        match self.surface {
            // 5.0: `error` always, and nothing else.
            Surface::Nexus => {
                keys(body, &["error"])?;
                text(&body["error"])
            }
            // L-5
            Surface::Lunara => {
                keys(body, &["code", "error", "ok"])?;
                same(&body["ok"], &json!(false))?;
                text(&body["error"])?;
                text(&body["code"])
            }
            // 2.4, 4.9: fields are named with a 422, the wait with a 429.
            Surface::GestionNube => {
                keys(
                    body,
                    match self.status {
                        422 if body.contains_key("errors") => &["errors", "message"],
                        429 => &["message", "retry_after"],
                        _ => &["message"],
                    },
                )?;
                text(&body["message"])
            }
            // Y-3, Y-4, Y-8
            Surface::Lummy => {
                keys(body, &["error", "method", "path", "requestId", "timestamp"])?;
                let error = body["error"].as_object().ok_or("error is no object")?;
                keys(error, &["code", "message", "status"])?;
                text(&error["message"])?;
                same(&error["status"], &status)?;
                same(&error["code"], &json!(lummy_code(self.status)))?;
                same(&body["method"], &json!(method))?;
                let named = path.strip_prefix("/v1").unwrap_or(path);
                same(&body["path"], &json!(named))?;
                let id = answer.header("x-request-id").unwrap_or_default();
                same(&body["requestId"], &json!(format!("req_{id}")))?;
                let at = body["timestamp"].as_str().unwrap_or_default();
                let millis = at.len() == 24 && at.ends_with('Z') && &at[19..20] == ".";
                if millis { Ok(()) } else { Err(format!("timestamp is {at:?}")) }
            }
            // 7.0: the operation's own fields are there, and empty.
            Surface::Lunatel => {
                let empty = lunatel_fields(path);
                let mut all: Vec<&str> = empty.keys().map(String::as_str).collect();
                all.extend(["errorResponse", "status"]);
                all.sort_unstable();
                keys(body, &all)?;
                for (name, value) in &empty {
                    same(&body[name], value)?;
                }
                same(&body["status"], &status)?;
                let response = body["errorResponse"].as_object().ok_or("errorResponse is no object")?;
                keys(response, &["message", "status"])?;
                same(&response["status"], &status)?;
                text(&response["message"])
            }
            // RFC 9457
            Surface::Admin => {
                keys(body, &["detail", "status", "title", "type"])?;
                same(&body["type"], &json!("about:blank"))?;
                same(&body["status"], &status)?;
                text(&body["title"])?;
                text(&body["detail"])
            }
        }
    }
}

fn keys(body: &Map<String, Value>, wanted: &[&str]) -> Result<(), String> {
    let mut found: Vec<&str> = body.keys().map(String::as_str).collect();
    found.sort_unstable();
    if found == wanted { Ok(()) } else { Err(format!("it has {found:?}")) }
}

fn text(value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    let lower = text.to_lowercase();
    // Nothing of what is behind the door.
    let inner = ["panicked", "sqlx", "sqlite", "postgres", "select ", ".rs:", "<html"];
    if text.is_empty() || inner.iter().any(|word| lower.contains(word)) {
        return Err(format!("{value} says nothing that a caller can use"));
    }
    Ok(())
}

fn same(value: &Value, wanted: &Value) -> Result<(), String> {
    if value == wanted { Ok(()) } else { Err(format!("{value} is not {wanted}")) }
}

/// Y-8; the framework's own names where the vendor's pages show none.
fn lummy_code(status: u16) -> &'static str {
    match status {
        400 => "ValidationError",
        401 => "UnauthorizedException",
        403 => "ForbiddenException",
        404 => "NotFoundException",
        405 => "MethodNotAllowedException",
        409 => "ConflictException",
        429 => "TooManyRequestsException",
        _ => panic!("Lummy has no {status}"),
    }
}

/// What an operation's answer has besides the envelope (contract 7.1), empty.
fn lunatel_fields(path: &str) -> Map<String, Value> {
    let fields = match path.to_ascii_lowercase().strip_prefix("/v1/").unwrap_or_default() {
        "auth/login" => json!({"authenticateResult": false, "authToken": "", "accessTokenExpireDate": ""}),
        "auth/signup" | "product/favoritetoggle" | "order/postorder" => json!({"message": ""}),
        "address/create" | "address/edit" | "address/delete" => json!({"id": 0, "response": ""}),
        "address/getaddress" => json!({"addressList": []}),
        "address/getcitys" | "address/gettowns" | "address/getneighborhood" => json!({"list": []}),
        "category/getsubcategories" => json!({"categoryList": []}),
        "productmaster/getproductmasters" => json!({"productMasterList": []}),
        "product/getproduct"
        | "product/getproductwithproductmaster"
        | "product/getproductwithsubcategory" => json!({"totalCount": 0, "productModel": []}),
        "orderhistory/getorderhistory" => json!({"totalCount": 0, "orders": []}),
        _ => json!({}),
    };
    if let Value::Object(map) = fields { map } else { Map::new() }
}
