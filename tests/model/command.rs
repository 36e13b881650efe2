use std::fmt::Write as _;

use diario_tests::num;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::model::{Model, TIERS, Tender};

/// What is done, with everything decided. Items, customers, sessions and sales are named by their place in
/// the model's lists.
#[derive(Debug, Clone)]
pub enum Command {
    CreateItem {
        part: String,
        prices: [Decimal; 3],
        rate: Decimal,
        cost: Decimal,
        stock: Decimal,
    },
    Reprice {
        item: usize,
        prices: [Option<Decimal>; 3],
    },
    Purchase {
        lines: Vec<(usize, Decimal, Decimal)>,
    },
    Adjust {
        item: usize,
        quantity: Decimal,
    },
    Sell(Order),
    Cancel {
        sale: usize,
    },
    /// Lines of the sale, and how much of each comes back.
    Return {
        sale: usize,
        items: Vec<(usize, Decimal)>,
    },
    CreateCustomer {
        tier: usize,
        limit: Decimal,
    },
    Pay {
        customer: usize,
        amount: Decimal,
        tender: Tender,
        session: Option<usize>,
    },
    Open {
        number: i64,
        opening: Decimal,
    },
    Move {
        session: usize,
        inward: bool,
        amount: Decimal,
    },
    Cut {
        session: usize,
        counted: Decimal,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaleType {
    Cash,
    Credit,
    Mixed,
}

impl SaleType {
    fn word(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credit => "credit",
            Self::Mixed => "mixed",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct OrderLine {
    pub item: usize,
    pub quantity: Decimal,
    /// The tier's price where none is sent.
    pub price: Option<Decimal>,
    pub discount: Decimal,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub lines: Vec<OrderLine>,
    pub customer: Option<usize>,
    pub sale_type: SaleType,
    /// What is handed over; of one cash tender the change has not been taken off.
    pub tenders: Vec<(Tender, Decimal)>,
    pub session: Option<usize>,
}

fn amount(amount: Decimal) -> Value {
    num(&amount.normalize().to_string())
}

impl Order {
    fn body(&self, model: &Model) -> Value {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| {
                let mut body = json!({
                    "inventory_id": model.items[line.item].id, "quantity": amount(line.quantity)
                });
                if let Some(price) = line.price {
                    body["unit_price"] = amount(price);
                    body["tax_rate"] = amount(model.items[line.item].rate);
                }
                if !line.discount.is_zero() {
                    body["discount_pct"] = amount(line.discount);
                }
                body
            })
            .collect();
        let mut body = json!({"items": lines});
        self.add_payment(model, &mut body);
        body
    }

    fn add_payment(&self, model: &Model, body: &mut Value) {
        body["sale_type"] = json!(self.sale_type.word());
        body["customer_id"] = json!(self.customer.map(|customer| model.customers[customer].id));
        if let Some(session) = self.session {
            body["register_id"] = json!(model.sessions[session].id);
        }
        let given: Decimal = self.tenders.iter().map(|(_, amount)| amount).sum();
        body["payment_method"] = json!(match self.tenders[..] {
            [] => "efectivo",
            [(tender, _)] => tender.word(),
            _ => "mixto",
        });
        if self.tenders.len() > 1 {
            let details = self.tenders.iter();
            let details =
                details.map(|(tender, part)| json!({"method": tender.word(), "amount": amount(*part)}));
            body["payment_details"] = details.collect();
        }
        body["amount_paid"] = amount(given);
    }
}

impl Command {
    /// The request that asks for it.
    pub fn request(&self, model: &Model) -> (Method, String, Value) {
        let api = |path: &str| format!("/pos/api/{path}");
        match self {
            Self::CreateItem { part, prices, rate, cost, stock } => {
                let body = json!({
                    "part_number": part, "name": format!("Pieza {part}"), "price_1": amount(prices[0]),
                    "price_2": amount(prices[1]), "price_3": amount(prices[2]), "tax_rate": amount(*rate),
                    "cost": amount(*cost), "initial_stock": amount(*stock)
                });
                (Method::POST, api("inventory/items"), body)
            }
            Self::Reprice { item, prices } => {
                let mut body = json!({});
                for (field, price) in ["price_1", "price_2", "price_3"].into_iter().zip(prices) {
                    if let Some(price) = price {
                        body[field] = amount(*price);
                    }
                }
                (Method::PUT, format!("/pos/api/inventory/items/{}", model.items[*item].id), body)
            }
            Self::Purchase { lines } => {
                let lines: Vec<Value> = lines
                    .iter()
                    .map(|(item, quantity, cost)| {
                        json!({
                            "inventory_id": model.items[*item].id, "quantity": amount(*quantity),
                            "unit_cost": amount(*cost)
                        })
                    })
                    .collect();
                let body = json!({"supplier": "Distribuidora", "invoice_number": "F-1", "items": lines});
                (Method::POST, api("inventory/purchase"), body)
            }
            Self::Adjust { item, quantity } => {
                let body = json!({
                    "inventory_id": model.items[*item].id, "quantity": amount(*quantity), "reason": "Conteo"
                });
                (Method::POST, api("inventory/adjustment"), body)
            }
            Self::Sell(order) => (Method::POST, api("sales"), order.body(model)),
            Self::Cancel { sale } => {
                let path = format!("/pos/api/sales/{}/cancel", model.sales[*sale].id);
                (Method::PUT, path, json!({"reason": "Error"}))
            }
            Self::Return { sale, items } => {
                let sale = &model.sales[*sale];
                let items: Vec<Value> = items
                    .iter()
                    .map(|(line, quantity)| {
                        let item = model.items[sale.lines[*line].item].id;
                        json!({"inventory_id": item, "quantity": amount(*quantity)})
                    })
                    .collect();
                let body = json!({"sale_id": sale.id, "items": items, "reason": "Equivocada"});
                (Method::POST, api("inventory/return"), body)
            }
            Self::CreateCustomer { tier, limit } => {
                let body =
                    json!({"name": "Taller", "price_tier": TIERS[*tier], "credit_limit": amount(*limit)});
                (Method::POST, api("customers"), body)
            }
            Self::Pay { customer, amount: paid, tender, session } => {
                let mut body = json!({"amount": amount(*paid), "payment_method": tender.word()});
                if let Some(session) = session {
                    body["register_id"] = json!(model.sessions[*session].id);
                }
                (Method::POST, format!("/pos/api/customers/{}/payment", model.customers[*customer].id), body)
            }
            Self::Open { number, opening } => {
                let body = json!({"register_number": number, "opening_amount": amount(*opening)});
                (Method::POST, api("register/open"), body)
            }
            Self::Move { session, inward, amount: moved } => {
                let body = json!({
                    "register_id": model.sessions[*session].id, "type": if *inward { "in" } else { "out" },
                    "amount": amount(*moved), "reason": "Caja fuerte"
                });
                (Method::POST, api("register/movement"), body)
            }
            Self::Cut { session, counted } => {
                let body = json!({
                    "register_id": model.sessions[*session].id, "counted_amount": amount(*counted)
                });
                (Method::POST, api("register/cut-z"), body)
            }
        }
    }

    /// The part of the model that it may have changed; the newest of each list is always looked at.
    pub fn touches(&self, model: &Model) -> Touched {
        let mut touched = Touched::default();
        match self {
            Self::CreateItem { .. } => touched.items.extend(model.items.len().checked_sub(1)),
            Self::Reprice { item, .. } | Self::Adjust { item, .. } => touched.items.push(*item),
            Self::Purchase { lines } => touched.items.extend(lines.iter().map(|(item, ..)| *item)),
            Self::Sell(order) => {
                touched.items.extend(order.lines.iter().map(|line| line.item));
                touched.customers.extend(order.customer);
                touched.sales.extend(model.sales.len().checked_sub(1));
                touched.drawer = true;
            }
            Self::Cancel { sale } | Self::Return { sale, .. } => {
                let held = &model.sales[*sale];
                touched.items.extend(held.lines.iter().map(|line| line.item));
                touched.customers.extend(held.customer);
                touched.sales.push(*sale);
                touched.drawer = true;
            }
            Self::CreateCustomer { .. } => touched.customers.extend(model.customers.len().checked_sub(1)),
            Self::Pay { customer, .. } => {
                touched.customers.push(*customer);
                touched.drawer = true;
            }
            Self::Open { .. } | Self::Move { .. } | Self::Cut { .. } => touched.drawer = true,
        }
        touched
    }

    /// A line for people.
    pub fn tell(&self, model: &Model) -> String {
        let lines = |lines: &[OrderLine]| {
            let lines = lines.iter().map(|line| {
                let mut text = format!("{} of {}", line.quantity.normalize(), model.items[line.item].part);
                if let Some(price) = line.price {
                    let _ = write!(text, " at {price}");
                }
                if !line.discount.is_zero() {
                    let _ = write!(text, " less {} %", line.discount);
                }
                text
            });
            lines.collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::CreateItem { part, prices, rate, cost, stock } => {
                let [one, two, three] = prices;
                format!("creates {part}: {one}/{two}/{three}, IVA {rate}, {stock} at a cost of {cost}")
            }
            Self::Reprice { item, prices } => format!("reprices {}: {prices:?}", model.items[*item].part),
            Self::Purchase { lines } => {
                let lines = lines.iter().map(|(item, quantity, cost)| {
                    format!("{quantity} of {} at {cost}", model.items[*item].part)
                });
                format!("buys {}", lines.collect::<Vec<_>>().join(", "))
            }
            Self::Adjust { item, quantity } => format!("adjusts {} by {quantity}", model.items[*item].part),
            Self::Sell(order) => format!("sells {}{}", lines(&order.lines), order.tell_payment()),
            Self::Cancel { sale } => format!("cancels sale {}", model.sales[*sale].id),
            Self::Return { sale, items } => {
                let sale = &model.sales[*sale];
                let items = items.iter().map(|(line, quantity)| {
                    format!("{quantity} of {}", model.items[sale.lines[*line].item].part)
                });
                format!("takes back of sale {}: {}", sale.id, items.collect::<Vec<_>>().join(", "))
            }
            Self::CreateCustomer { tier, limit } => {
                format!("creates a customer of tier {}, limit {limit}", TIERS[*tier])
            }
            Self::Pay { customer, amount, tender, .. } => {
                format!("customer {} pays {amount} by {}", model.customers[*customer].id, tender.word())
            }
            Self::Open { opening, .. } => format!("opens a register with {opening}"),
            Self::Move { inward, amount, .. } => {
                format!("moves {amount} {} the drawer", if *inward { "into" } else { "out of" })
            }
            Self::Cut { counted, .. } => format!("cuts Z, counting {counted}"),
        }
    }
}

impl Order {
    fn tell_payment(&self) -> String {
        let mut text = String::new();
        if let Some(customer) = self.customer {
            let _ = write!(text, " to customer {}", customer + 1);
        }
        let _ = write!(text, ", {}", self.sale_type.word());
        for (tender, amount) in &self.tenders {
            let _ = write!(text, ", {amount} {}", tender.word());
        }
        text += if self.session.is_some() { ", register" } else { ", no register" };
        text
    }
}

/// What to look at after a step.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    pub items: Vec<usize>,
    pub customers: Vec<usize>,
    pub sales: Vec<usize>,
    pub drawer: bool,
}
