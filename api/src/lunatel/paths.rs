//! The surface's paths (contract 7.1): found in any case (T-3), and what each answers with.

use serde_json::{Map, Value, json};

/// An operation: its path in the contract's case, and its answer's own fields, empty.
pub struct Operation {
    /// In the contract's case; this is how it is routed.
    pub path: &'static str,
    empty: fn() -> Value,
}

const OPERATIONS: [Operation; 17] = [
    Operation {
        path: "/v1/Auth/Login",
        empty: || json!({"authenticateResult": false, "authToken": "", "accessTokenExpireDate": ""}),
    },
    Operation { path: "/v1/Auth/SignUp", empty: message },
    Operation { path: "/v1/Address/Create", empty: written },
    Operation { path: "/v1/Address/Edit", empty: written },
    Operation { path: "/v1/Address/Delete", empty: written },
    Operation { path: "/v1/Address/GetAddress", empty: || json!({"addressList": []}) },
    Operation { path: "/v1/Address/GetCitys", empty: list },
    Operation { path: "/v1/Address/GetTowns", empty: list },
    Operation { path: "/v1/Address/GetNeighborhood", empty: list },
    Operation { path: "/v1/Category/getSubCategories", empty: || json!({"categoryList": []}) },
    Operation { path: "/v1/ProductMaster/getProductMasters", empty: || json!({"productMasterList": []}) },
    Operation { path: "/v1/Product/getProduct", empty: products },
    Operation { path: "/v1/Product/getProductWithProductMaster", empty: products },
    Operation { path: "/v1/Product/getProductWithSubCategory", empty: products },
    Operation { path: "/v1/Product/favoriteToggle", empty: message },
    Operation { path: "/v1/Order/postOrder", empty: message },
    Operation { path: "/v1/OrderHistory/getOrderHistory", empty: || json!({"totalCount": 0, "orders": []}) },
];

fn message() -> Value {
    json!({"message": ""})
}

fn written() -> Value {
    json!({"id": 0, "response": ""})
}

fn list() -> Value {
    json!({"list": []})
}

fn products() -> Value {
    json!({"totalCount": 0, "productModel": []})
}

/// The operation of a path in whatever case.
fn find(path: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.path.eq_ignore_ascii_case(path))
}

/// A path of this surface as it is routed; nothing for every other path. `/v1/auth/login`, all in small letters, stays
/// what it is: another surface knows it too, and the body tells whose the request is (C-4).
pub fn in_its_case(path: &str) -> Option<&'static str> {
    if path == SHARED_LOGIN {
        return None;
    }
    find(path).map(|operation| operation.path)
}

/// The path that two surfaces know.
pub const SHARED_LOGIN: &str = "/v1/auth/login";

/// What an operation's answer has besides its envelope, empty: typed clients read a failure too.
pub fn empty(path: &str) -> Map<String, Value> {
    let empty = find(path).map(|operation| (operation.empty)());
    match empty {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_any_case_and_no_others_are_touched() {
        assert_eq!(in_its_case("/v1/order/POSTORDER"), Some("/v1/Order/postOrder"));
        assert_eq!(in_its_case("/V1/Auth/login"), Some("/v1/Auth/Login"));
        assert_eq!(in_its_case("/v1/Auth/Login"), Some("/v1/Auth/Login"));
        for other in
            ["/v1/auth/login", "/v1/customers", "/v1/Customers", "/v1/Order", "/v1/Order/postOrder/1"]
        {
            assert_eq!(in_its_case(other), None, "{other}");
        }
    }
}
