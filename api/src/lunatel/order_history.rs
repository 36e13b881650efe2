//! `GET` or `POST /v1/OrderHistory/getOrderHistory`: a company's orders (contract 7.1, T-15, T-25, T-26).

use axum::{extract::State, response::Response};
use diario_projections::ordering::{self, OrderRow};
use serde_json::{Value, json};

use super::{args::Args, render, session::Buyer};
use crate::{
    error::Problem,
    http::{
        App,
        json::{money, price, quantity},
    },
};

/// The company's orders, newest first, each with the address that it went to.
#[utoipa::path(post, path = "/v1/OrderHistory/getOrderHistory", operation_id = "lunatel.order_history", tag = "Orders",
    request_body(content = serde_json::Value, example = json!({"count": 50, "page": 1})),
    responses((status = 200, example = json!({"status": 0, "totalCount": 1, "orders": [{"orderNo": 1,
        "orderDate": "2023-10-12T21:31:13.274Z", "address": {"title": "Depo", "address": "Atatürk Cad. 1", "invoiceAddress": "",
        "companyName": "Ege Telefon Ltd. Şti.", "phone": "+90 232 000 00 00"}, "billingInformation": {"title": "Depo",
        "address": "Atatürk Cad. 1", "companyName": "Ege Telefon Ltd. Şti.", "phone": "+90 232 000 00 00"},
        "paymentInformation": {"productsAmount": 171.00, "cargoAmount": 0, "totalAmount": 205.20, "paymentType": "Açık Hesap"},
        "orderItems": [{"productId": 1, "quantity": 2, "unitName": "ADET", "productName": "Kılıf", "unitPrice": 90.00,
        "totalPrice": 171.00}]}], "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let paging = buyer.page(&args.fields(&["count", "page"]))?;
    let found = ordering::orders(&app.db, buyer.tenant, Some(buyer.customer), None, paging.page).await?;
    let total = found.total.unwrap_or_default();
    Ok(render::respond(json!({
        "totalCount": total,
        "orders": found.rows.iter().map(view).collect::<Vec<_>>(),
        "page": paging.number,
        "pageCount": paging.pages(total),
    })))
}

fn view(order: &OrderRow) -> Value {
    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|line| {
            json!({
                "productId": line.item_id.0,
                "quantity": quantity(line.quantity),
                "unitName": line.unit,
                "productName": line.name,
                "unitPrice": price(line.unit_price),
                "totalPrice": money(line.net),
            })
        })
        .collect();
    json!({
        "orderNo": order.order_id.0,
        "orderDate": render::instant(order.occurred_at),
        "orderStatus": order.status,
        "note": order.note.clone().unwrap_or_default(),
        "address": {
            "title": order.address_title,
            "address": order.address_line,
            "invoiceAddress": order.invoice_address.clone().unwrap_or_default(),
            "companyName": order.company_title,
            "phone": order.phone,
        },
        "billingInformation": {
            "title": order.address_title,
            "address": order.billing_line,
            "companyName": order.company_title,
            "phone": order.phone,
        },
        "paymentInformation": {
            "productsAmount": money(order.net),
            "cargoAmount": 0,
            "totalAmount": money(order.total),
            "paymentType": "Açık Hesap",
        },
        "orderItems": lines,
    })
}
