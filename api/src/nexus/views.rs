//! Shapes that several answers share.

use diario_domain::{pricing::PricedLine, register::Totals, sale::Sale};
use diario_projections::{
    Paged, registers::Session as RegisterSession, sales::SaleRow, sold::SoldItem, stock::BranchStock,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::http::{
    json::{Num, money, price, quantity, rate},
    params::{Asked, write_cursor},
    state::Shop,
};

/// A list with its `pagination` (contract 5.0); `next_cursor` leads on without counting and without gaps.
pub fn list<T, R: Serialize>(asked: &Asked, found: &Paged<T>, row: impl Fn(&T) -> R) -> Value {
    let data: Vec<_> = found.rows.iter().map(row).collect();
    let mut pagination = Map::new();
    if let Some(number) = asked.number {
        pagination.insert("page".to_owned(), number.into());
    }
    pagination.insert("per_page".to_owned(), asked.page.limit.into());
    if let Some(total) = found.total {
        let pages = (total + asked.page.limit - 1) / asked.page.limit;
        pagination.insert("total".to_owned(), total.into());
        pagination.insert("total_pages".to_owned(), pages.into());
    }
    pagination.insert("next_cursor".to_owned(), found.next.map(write_cursor).into());
    json!({"data": data, "pagination": pagination})
}

/// A sale as lists show it.
pub fn sale(row: &SaleRow, shop: &Shop) -> Map<String, Value> {
    let value = json!({
        "id": row.sale_id.0,
        "sale_id": row.sale_id.0,
        "folio": row.folio,
        "created_at": shop.local(row.occurred_at),
        "date": row.date.to_string(),
        "branch_id": row.branch_id.0,
        "employee_id": row.employee_id.0,
        "employee_name": row.employee_name,
        "customer_id": row.customer_id.map(|id| id.0),
        "customer_name": row.customer_name,
        "register_id": row.register_id.map(|id| id.0),
        "sale_type": row.sale_type,
        "payment_method": row.payment_method,
        "items_count": row.items_count,
        "subtotal": money(row.net),
        "tax": money(row.tax),
        "total": money(row.total),
        "amount_paid": money(row.paid),
        "change": money(row.change),
        "credit_amount": money(row.on_credit),
        "status": row.status,
        "returned_total": money(row.returned_total),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}

/// A sale's lines and payments, from its own events.
pub fn sale_document(document: &Sale) -> (Vec<Value>, Vec<Value>) {
    let Some(sale) = &document.completed else { return (Vec::new(), Vec::new()) };
    let lines = sale
        .lines
        .iter()
        .zip(&document.returned)
        .map(|(line, returned)| {
            json!({
                "inventory_id": line.item_id.0,
                "part_number": line.sku,
                "name": line.name,
                "quantity": quantity(line.quantity),
                "unit_price": price(line.unit_price),
                "discount_pct": rate(line.discount_pct),
                "tax_rate": rate(line.tax_rate),
                "subtotal": money(line.net),
                "tax": money(line.tax),
                "total": money(line.net + line.tax),
                "returned_quantity": quantity(returned.quantity),
            })
        })
        .collect();
    let payments = sale
        .tenders
        .iter()
        .map(|tender| {
            json!({"method": tender.kind.name(), "amount": money(tender.amount), "reference": tender.reference, "brand": tender.brand})
        })
        .collect();
    (lines, payments)
}

/// A line with its price fixed, of a quotation or a layaway.
pub fn priced_line(line: &PricedLine) -> Value {
    json!({
        "inventory_id": line.item_id.0,
        "part_number": line.sku,
        "name": line.name,
        "quantity": quantity(line.quantity),
        "unit_price": price(line.unit_price),
        "discount_pct": rate(line.discount_pct),
        "tax_rate": rate(line.tax_rate),
        "subtotal": money(line.net),
        "tax": money(line.tax),
        "total": money(line.net + line.tax),
    })
}

/// What was sold of an item.
pub fn sold_item(item: &SoldItem) -> Map<String, Value> {
    let value = json!({
        "inventory_id": item.item_id.0,
        "part_number": item.sku,
        "name": item.name,
        "units": quantity(item.units),
        "revenue": money(item.revenue),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}

/// An item's stock in one branch.
pub fn branch_stock(row: &BranchStock) -> Value {
    json!({
        "branch_id": row.branch_id.0,
        "branch_name": row.branch_name,
        "stock": quantity(row.on_hand),
        "reserved": quantity(row.reserved),
        "available": quantity(row.available()),
        "in_transit": quantity(row.in_transit),
    })
}

/// The ten figures of a cut (contract 5.7, N-24), and what the contract leaves out.
#[derive(Serialize)]
pub struct CutFigures {
    register_id: i64,
    opening_amount: Num,
    sales_cash: Num,
    sales_card: Num,
    sales_transfer: Num,
    movements_in: Num,
    movements_out: Num,
    expected_cash: Num,
    sales_count: i64,
    total_sales: Num,
    sales_credit: Num,
    sales_store_credit: Num,
}

/// A session's figures as a cut shows them.
pub fn cut(register_id: i64, totals: &Totals) -> CutFigures {
    CutFigures {
        register_id,
        opening_amount: money(totals.opening),
        sales_cash: money(totals.sales_cash),
        sales_card: money(totals.sales_card),
        sales_transfer: money(totals.sales_transfer),
        movements_in: money(totals.movements_in),
        movements_out: money(totals.movements_out),
        expected_cash: money(totals.expected()),
        sales_count: totals.sales_count,
        total_sales: money(totals.total_sales()),
        sales_credit: money(totals.sales_credit),
        sales_store_credit: money(totals.sales_store_credit),
    }
}

/// A session with its cut, for history and the day's summary.
pub fn session(session: &RegisterSession, shop: &Shop) -> Value {
    let totals = &session.totals;
    json!({
        "register_id": session.register_id.0,
        "register_number": session.register_number,
        "branch_id": session.branch_id.0,
        "employee_id": session.employee_id.0,
        "employee_name": session.employee_name,
        "opened_at": shop.local(session.opened_at),
        "closed_at": session.cut.as_ref().map(|cut| shop.local(cut.closed_at)),
        "status": if session.cut.is_some() { "closed" } else { "open" },
        "opening_amount": money(totals.opening),
        "sales_cash": money(totals.sales_cash),
        "sales_card": money(totals.sales_card),
        "sales_transfer": money(totals.sales_transfer),
        "sales_credit": money(totals.sales_credit),
        "sales_store_credit": money(totals.sales_store_credit),
        "movements_in": money(totals.movements_in),
        "movements_out": money(totals.movements_out),
        "expected_cash": money(totals.expected()),
        "counted_amount": session.cut.as_ref().map(|cut| money(cut.counted)),
        "difference": session.cut.as_ref().map(|cut| money(cut.difference)),
        "sales_count": totals.sales_count,
        "total_sales": money(totals.total_sales()),
    })
}
