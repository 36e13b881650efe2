use std::fmt::Write as _;

use diario_tests::num;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::model::{Model, Noun, Role, TIERS, Tender};

/// What is done, with everything decided. Items, customers, sessions and documents are named by their place
/// in the model's lists.
#[derive(Debug, Clone)]
pub enum Command {
    OpenBranch {
        name: String,
    },
    Hire {
        name: String,
        role: Role,
        branch: usize,
        pin: String,
        most: Decimal,
    },
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
    Transfer {
        from: usize,
        to: usize,
        lines: Vec<(usize, Decimal)>,
        in_transit: bool,
    },
    /// Lines of the transfer, and how much of each has come; everything where none are given.
    Receive {
        transfer: usize,
        lines: Option<Vec<(usize, Decimal)>>,
        reason: bool,
    },
    StartCount {
        branch: usize,
        lines: Vec<(usize, Decimal)>,
    },
    ApproveCount {
        count: usize,
    },
    Sell {
        lines: Vec<OrderLine>,
        payment: Payment,
    },
    Cancel {
        sale: usize,
    },
    /// Lines of the sale, and how much of each comes back.
    Return {
        sale: usize,
        items: Vec<(usize, Decimal)>,
    },
    Quote {
        lines: Vec<OrderLine>,
        customer: Option<usize>,
    },
    /// Its items are sent along where quantities are given.
    Convert {
        quotation: usize,
        quantities: Option<Vec<Decimal>>,
        payment: Payment,
    },
    /// Cancels a quotation.
    Withdraw {
        quotation: usize,
    },
    SetAside {
        lines: Vec<OrderLine>,
        customer: Option<usize>,
        down: Decimal,
        tender: Option<Tender>,
        session: Option<usize>,
    },
    PayLayaway {
        layaway: usize,
        amount: Decimal,
        tender: Tender,
        session: Option<usize>,
    },
    Complete {
        layaway: usize,
    },
    /// Cancels a layaway.
    GiveUp {
        layaway: usize,
        refund: Option<Tender>,
        penalty: Option<Decimal>,
        session: Option<usize>,
    },
    CreateCustomer {
        tier: usize,
        limit: Decimal,
    },
    UpdateCustomer {
        customer: usize,
        tier: Option<usize>,
        limit: Option<Decimal>,
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
pub struct Payment {
    pub customer: Option<usize>,
    pub sale_type: SaleType,
    /// What is handed over; of one cash tender the change has not been taken off.
    pub tenders: Vec<(Tender, Decimal)>,
    pub session: Option<usize>,
}

fn amount(amount: Decimal) -> Value {
    num(&amount.normalize().to_string())
}

fn lines_of(model: &Model, lines: &[OrderLine]) -> Value {
    let line = |line: &OrderLine| {
        let mut body = json!({"inventory_id": model.items[line.item].id, "quantity": amount(line.quantity)});
        if let Some(price) = line.price {
            body["unit_price"] = amount(price);
            body["tax_rate"] = amount(model.items[line.item].rate);
        }
        if !line.discount.is_zero() {
            body["discount_pct"] = amount(line.discount);
        }
        body
    };
    lines.iter().map(line).collect()
}

fn quantities_of(model: &Model, lines: &[(usize, Decimal)], field: &str) -> Value {
    let line = |(item, quantity): &(usize, Decimal)| json!({"inventory_id": model.items[*item].id, field: amount(*quantity)});
    lines.iter().map(line).collect()
}

impl Payment {
    fn add_to(&self, model: &Model, body: &mut Value) {
        body["sale_type"] = json!(self.sale_type.word());
        body["customer_id"] = json!(self.customer.map(|customer| model.customers[customer].id));
        add_session(model, self.session, body);
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

fn add_session(model: &Model, session: Option<usize>, body: &mut Value) {
    if let Some(session) = session {
        body["register_id"] = json!(model.sessions[session].id);
    }
}

impl Command {
    /// What the employee must be allowed to do.
    pub fn permission(&self) -> &'static str {
        match self {
            Self::OpenBranch { .. } | Self::Hire { .. } => "config.edit",
            Self::CreateItem { .. } | Self::Purchase { .. } | Self::Return { .. } => "inventory.create",
            Self::Reprice { .. } => "inventory.edit",
            Self::Adjust { .. } | Self::StartCount { .. } | Self::ApproveCount { .. } => "inventory.adjust",
            Self::Transfer { .. } | Self::Receive { .. } => "inventory.transfer",
            Self::Cancel { .. } | Self::Withdraw { .. } | Self::GiveUp { .. } => "pos.cancel",
            Self::CreateCustomer { .. } => "customers.create",
            Self::UpdateCustomer { .. } | Self::Pay { .. } => "customers.edit",
            _ => "pos.sell",
        }
    }

    /// Shows every place of the model that the command names, so that they can be listed or changed.
    pub fn visit(&mut self, visit: &mut impl FnMut(Noun, &mut usize)) {
        let order = |lines: &mut Vec<OrderLine>, visit: &mut dyn FnMut(Noun, &mut usize)| {
            for line in lines {
                visit(Noun::Item, &mut line.item);
            }
        };
        match self {
            Self::OpenBranch { .. }
            | Self::CreateItem { .. }
            | Self::CreateCustomer { .. }
            | Self::Open { .. } => {}
            Self::Hire { branch, .. } => visit(Noun::Branch, branch),
            Self::Reprice { item, .. } | Self::Adjust { item, .. } => visit(Noun::Item, item),
            Self::Purchase { lines } => {
                for (item, ..) in lines {
                    visit(Noun::Item, item);
                }
            }
            Self::Transfer { from, to, lines, .. } => {
                visit(Noun::Branch, from);
                visit(Noun::Branch, to);
                for (item, _) in lines {
                    visit(Noun::Item, item);
                }
            }
            Self::Receive { transfer, .. } => visit(Noun::Transfer, transfer),
            Self::StartCount { branch, lines } => {
                visit(Noun::Branch, branch);
                for (item, _) in lines {
                    visit(Noun::Item, item);
                }
            }
            Self::ApproveCount { count } => visit(Noun::Count, count),
            Self::Sell { lines, payment } => {
                order(lines, visit);
                payment.visit(visit);
            }
            Self::Cancel { sale } | Self::Return { sale, .. } => visit(Noun::Sale, sale),
            Self::Quote { lines, customer } => {
                order(lines, visit);
                if let Some(customer) = customer {
                    visit(Noun::Customer, customer);
                }
            }
            Self::Convert { quotation, payment, .. } => {
                visit(Noun::Quotation, quotation);
                payment.visit(visit);
            }
            Self::Withdraw { quotation } => visit(Noun::Quotation, quotation),
            Self::SetAside { lines, customer, session, .. } => {
                order(lines, visit);
                if let Some(customer) = customer {
                    visit(Noun::Customer, customer);
                }
                if let Some(session) = session {
                    visit(Noun::Session, session);
                }
            }
            Self::PayLayaway { layaway, session, .. } | Self::GiveUp { layaway, session, .. } => {
                visit(Noun::Layaway, layaway);
                if let Some(session) = session {
                    visit(Noun::Session, session);
                }
            }
            Self::Complete { layaway } => visit(Noun::Layaway, layaway),
            Self::UpdateCustomer { customer, .. } => visit(Noun::Customer, customer),
            Self::Pay { customer, session, .. } => {
                visit(Noun::Customer, customer);
                if let Some(session) = session {
                    visit(Noun::Session, session);
                }
            }
            Self::Move { session, .. } | Self::Cut { session, .. } => visit(Noun::Session, session),
        }
    }

    /// Which of its ways it goes, for counting how often each was tried.
    pub fn way(&self, model: &Model) -> String {
        let tenders = |tenders: &[(Tender, Decimal)]| {
            let words: Vec<&str> = tenders.iter().map(|(tender, _)| tender.word()).collect();
            words.join("+")
        };
        match self {
            Self::Transfer { in_transit: true, .. } => "in transit".to_owned(),
            Self::Receive { lines: None, .. } => "everything".to_owned(),
            Self::Receive { transfer, lines: Some(lines), .. } => {
                let sent = &model.transfers[*transfer].lines;
                let came: Decimal = lines.iter().map(|(_, quantity)| quantity).sum();
                let all = came >= sent.iter().map(|line| line.quantity).sum();
                (if all { "all by name" } else { "a shortage" }).to_owned()
            }
            Self::Sell { payment, .. } | Self::Convert { payment, .. } => {
                format!("{} {}", payment.sale_type.word(), tenders(&payment.tenders)).trim_end().to_owned()
            }
            Self::Cancel { sale } | Self::Return { sale, .. } => tenders(&model.sales[*sale].tenders),
            Self::SetAside { tender, .. } => tender.map_or("nothing down", Tender::word).to_owned(),
            Self::PayLayaway { tender, .. } | Self::Pay { tender, .. } => tender.word().to_owned(),
            Self::GiveUp { refund, penalty, .. } => {
                let refund = refund.map_or("as usual", Tender::word);
                format!("{refund}{}", if penalty.is_some() { " less a penalty" } else { "" })
            }
            Self::Hire { role, .. } => role.word().to_owned(),
            Self::Move { inward, .. } => (if *inward { "in" } else { "out" }).to_owned(),
            _ => String::new(),
        }
    }

    /// Whether the lines that it names are there: those of a document may have been left out.
    pub fn fits(&self, model: &Model) -> bool {
        match self {
            Self::Return { sale, items } => {
                items.iter().all(|(line, _)| *line < model.sales[*sale].lines.len())
            }
            Self::Receive { transfer, lines: Some(lines), .. } => {
                lines.iter().all(|(line, _)| *line < model.transfers[*transfer].lines.len())
            }
            _ => true,
        }
    }

    /// How many lines it has that could be left out.
    pub fn lines(&self) -> usize {
        match self {
            Self::Purchase { lines } => lines.len(),
            Self::Transfer { lines, .. } | Self::StartCount { lines, .. } => lines.len(),
            Self::Return { items, .. } => items.len(),
            Self::Sell { lines, .. } | Self::Quote { lines, .. } | Self::SetAside { lines, .. } => {
                lines.len()
            }
            _ => 0,
        }
    }

    /// The same without one of its lines.
    pub fn without(mut self, line: usize) -> Self {
        match &mut self {
            Self::Purchase { lines } => drop(lines.remove(line)),
            Self::Transfer { lines, .. } | Self::StartCount { lines, .. } => drop(lines.remove(line)),
            Self::Return { items, .. } => drop(items.remove(line)),
            Self::Sell { lines, .. } | Self::Quote { lines, .. } | Self::SetAside { lines, .. } => {
                lines.remove(line);
            }
            _ => {}
        }
        self
    }

    /// The request that asks for it.
    pub fn request(&self, model: &Model) -> (Method, String, Value) {
        let (method, path, body) = match self {
            Self::OpenBranch { name } => (Method::POST, "config/branches".to_owned(), json!({"name": name})),
            Self::Hire { name, role, branch, pin, most } => {
                let body = json!({
                    "name": name, "role": role.word(), "pin": pin, "branch_id": model.branches[*branch].id,
                    "max_discount_pct": amount(*most)
                });
                (Method::POST, "config/employees".to_owned(), body)
            }
            Self::CreateItem { .. }
            | Self::Reprice { .. }
            | Self::Purchase { .. }
            | Self::Adjust { .. }
            | Self::Transfer { .. }
            | Self::Receive { .. }
            | Self::StartCount { .. }
            | Self::ApproveCount { .. } => self.request_of_goods(model),
            Self::Quote { .. }
            | Self::Convert { .. }
            | Self::Withdraw { .. }
            | Self::SetAside { .. }
            | Self::PayLayaway { .. }
            | Self::Complete { .. }
            | Self::GiveUp { .. } => self.request_of_promises(model),
            Self::Sell { lines, payment } => {
                let mut body = json!({"items": lines_of(model, lines)});
                payment.add_to(model, &mut body);
                (Method::POST, "sales".to_owned(), body)
            }
            Self::Cancel { sale } => {
                let path = format!("sales/{}/cancel", model.sales[*sale].id);
                (Method::PUT, path, json!({"reason": "Error"}))
            }
            Self::Return { sale, items } => {
                let sale = &model.sales[*sale];
                let items: Vec<(usize, Decimal)> =
                    items.iter().map(|(line, quantity)| (sale.lines[*line].item, *quantity)).collect();
                let items = quantities_of(model, &items, "quantity");
                let body = json!({"sale_id": sale.id, "items": items, "reason": "Equivocada"});
                (Method::POST, "inventory/return".to_owned(), body)
            }
            Self::CreateCustomer { tier, limit } => {
                let body =
                    json!({"name": "Taller", "price_tier": TIERS[*tier], "credit_limit": amount(*limit)});
                (Method::POST, "customers".to_owned(), body)
            }
            Self::UpdateCustomer { customer, tier, limit } => {
                let mut body = json!({});
                if let Some(tier) = tier {
                    body["price_tier"] = json!(TIERS[*tier]);
                }
                if let Some(limit) = limit {
                    body["credit_limit"] = amount(*limit);
                }
                (Method::PUT, format!("customers/{}", model.customers[*customer].id), body)
            }
            Self::Pay { customer, amount: paid, tender, session } => {
                let mut body = json!({"amount": amount(*paid), "payment_method": tender.word()});
                add_session(model, *session, &mut body);
                (Method::POST, format!("customers/{}/payment", model.customers[*customer].id), body)
            }
            Self::Open { number, opening } => {
                let body = json!({"register_number": number, "opening_amount": amount(*opening)});
                (Method::POST, "register/open".to_owned(), body)
            }
            Self::Move { session, inward, amount: moved } => {
                let body = json!({
                    "register_id": model.sessions[*session].id, "type": if *inward { "in" } else { "out" },
                    "amount": amount(*moved), "reason": "Caja fuerte"
                });
                (Method::POST, "register/movement".to_owned(), body)
            }
            Self::Cut { session, counted } => {
                let body = json!({
                    "register_id": model.sessions[*session].id, "counted_amount": amount(*counted)
                });
                (Method::POST, "register/cut-z".to_owned(), body)
            }
        };
        (method, format!("/pos/api/{path}"), body)
    }

    fn request_of_goods(&self, model: &Model) -> (Method, String, Value) {
        match self {
            Self::CreateItem { part, prices, rate, cost, stock } => {
                let body = json!({
                    "part_number": part, "name": format!("Pieza {part}"), "price_1": amount(prices[0]),
                    "price_2": amount(prices[1]), "price_3": amount(prices[2]), "tax_rate": amount(*rate),
                    "cost": amount(*cost), "initial_stock": amount(*stock)
                });
                (Method::POST, "inventory/items".to_owned(), body)
            }
            Self::Reprice { item, prices } => {
                let mut body = json!({});
                for (field, price) in ["price_1", "price_2", "price_3"].into_iter().zip(prices) {
                    if let Some(price) = price {
                        body[field] = amount(*price);
                    }
                }
                (Method::PUT, format!("inventory/items/{}", model.items[*item].id), body)
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
                (Method::POST, "inventory/purchase".to_owned(), body)
            }
            Self::Adjust { item, quantity } => {
                let body = json!({
                    "inventory_id": model.items[*item].id, "quantity": amount(*quantity), "reason": "Conteo"
                });
                (Method::POST, "inventory/adjustment".to_owned(), body)
            }
            Self::Transfer { from, to, lines, in_transit } => {
                let mut body = json!({
                    "from_branch_id": model.branches[*from].id, "to_branch_id": model.branches[*to].id,
                    "items": quantities_of(model, lines, "quantity")
                });
                if *in_transit {
                    body["mode"] = json!("in_transit");
                }
                (Method::POST, "inventory/transfer".to_owned(), body)
            }
            Self::Receive { transfer, lines, reason } => {
                let sent = &model.transfers[*transfer];
                let mut body = json!({});
                if let Some(lines) = lines {
                    let lines: Vec<(usize, Decimal)> =
                        lines.iter().map(|(line, quantity)| (sent.lines[*line].item, *quantity)).collect();
                    body["items"] = quantities_of(model, &lines, "quantity");
                }
                if *reason {
                    body["reason"] = json!("Faltante en el camión");
                }
                (Method::POST, format!("inventory/transfers/{}/receive", sent.id), body)
            }
            Self::StartCount { branch, lines } => {
                let body = json!({
                    "branch_id": model.branches[*branch].id,
                    "items": quantities_of(model, lines, "counted_quantity")
                });
                (Method::POST, "inventory/physical-count/start".to_owned(), body)
            }
            Self::ApproveCount { count } => {
                let body = json!({"count_id": model.counts[*count].id});
                (Method::POST, "inventory/physical-count/approve".to_owned(), body)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn request_of_promises(&self, model: &Model) -> (Method, String, Value) {
        match self {
            Self::Quote { lines, customer } => {
                let customer = customer.map(|customer| model.customers[customer].id);
                let body = json!({"items": lines_of(model, lines), "customer_id": customer});
                (Method::POST, "quotations".to_owned(), body)
            }
            Self::Convert { quotation, quantities, payment } => {
                let quoted = &model.quotations[*quotation];
                let mut body = json!({});
                if let Some(quantities) = quantities {
                    let lines = quoted.lines.iter().zip(quantities);
                    let lines: Vec<(usize, Decimal)> =
                        lines.map(|(line, quantity)| (line.item, *quantity)).collect();
                    body["items"] = quantities_of(model, &lines, "quantity");
                }
                payment.add_to(model, &mut body);
                if payment.customer.is_none() {
                    body.as_object_mut().unwrap().remove("customer_id");
                }
                (Method::POST, format!("quotations/{}/convert", quoted.id), body)
            }
            Self::Withdraw { quotation } => {
                (Method::PUT, format!("quotations/{}/cancel", model.quotations[*quotation].id), json!({}))
            }
            Self::SetAside { lines, customer, down, tender, session } => {
                let customer = customer.map(|customer| model.customers[customer].id);
                let mut body = json!({
                    "items": lines_of(model, lines), "customer_id": customer, "down_payment": amount(*down)
                });
                if let Some(tender) = tender {
                    body["payment_method"] = json!(tender.word());
                }
                add_session(model, *session, &mut body);
                (Method::POST, "layaways".to_owned(), body)
            }
            Self::PayLayaway { layaway, amount: paid, tender, session } => {
                let mut body = json!({"amount": amount(*paid), "payment_method": tender.word()});
                add_session(model, *session, &mut body);
                (Method::POST, format!("layaways/{}/payment", model.layaways[*layaway].id), body)
            }
            Self::Complete { layaway } => {
                (Method::POST, format!("layaways/{}/complete", model.layaways[*layaway].id), json!({}))
            }
            Self::GiveUp { layaway, refund, penalty, session } => {
                let mut body = json!({"reason": "No terminó de pagar"});
                if let Some(refund) = refund {
                    body["refund_method"] = json!(refund.word());
                }
                if let Some(penalty) = penalty {
                    body["penalty"] = amount(*penalty);
                }
                add_session(model, *session, &mut body);
                (Method::PUT, format!("layaways/{}/cancel", model.layaways[*layaway].id), body)
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// A line for people.
    pub fn tell(&self, model: &Model) -> String {
        let goods = |lines: &[(usize, Decimal)]| {
            let lines =
                lines.iter().map(|(item, quantity)| format!("{quantity} of {}", model.items[*item].part));
            lines.collect::<Vec<_>>().join(", ")
        };
        let branch = |branch: &usize| format!("branch {}", model.branches[*branch].id);
        match self {
            Self::OpenBranch { name } => format!("opens branch {name}"),
            Self::Hire { name, role, branch: place, most, .. } => {
                format!("hires {name} as {} in {}, discounts up to {most} %", role.word(), branch(place))
            }
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
            Self::Transfer { from, to, lines, in_transit } => {
                let way = if *in_transit { "sends" } else { "moves" };
                format!("{way} from {} to {}: {}", branch(from), branch(to), goods(lines))
            }
            Self::Receive { transfer, lines, reason } => {
                let sent = &model.transfers[*transfer];
                let mut text = format!("receives transfer {}", sent.id);
                if let Some(lines) = lines {
                    let lines: Vec<(usize, Decimal)> =
                        lines.iter().map(|(line, quantity)| (sent.lines[*line].item, *quantity)).collect();
                    let _ = write!(text, ": {}", goods(&lines));
                }
                text + if *reason { ", with a reason" } else { "" }
            }
            Self::StartCount { branch: place, lines } => {
                format!("counts in {}: {}", branch(place), goods(lines))
            }
            Self::ApproveCount { count } => format!("approves count {}", model.counts[*count].id),
            Self::Sell { lines, payment } => {
                format!("sells {}{}", tell_lines(model, lines), payment.tell(model))
            }
            Self::Cancel { sale } => format!("cancels sale {}", model.sales[*sale].id),
            Self::Return { sale, items } => {
                let sale = &model.sales[*sale];
                let items: Vec<(usize, Decimal)> =
                    items.iter().map(|(line, quantity)| (sale.lines[*line].item, *quantity)).collect();
                format!("takes back of sale {}: {}", sale.id, goods(&items))
            }
            Self::Quote { lines, customer } => {
                format!("quotes {}{}", tell_lines(model, lines), to_customer(model, *customer))
            }
            Self::Convert { quotation, quantities, payment } => {
                let quotation = model.quotations[*quotation].id;
                let mut text = format!("converts quotation {quotation}{}", payment.tell(model));
                if let Some(quantities) = quantities {
                    let _ = write!(text, ", saying {quantities:?}");
                }
                text
            }
            Self::Withdraw { quotation } => format!("cancels quotation {}", model.quotations[*quotation].id),
            Self::SetAside { lines, customer, down, tender, .. } => {
                let tender = tender.map_or("nothing", Tender::word);
                let customer = to_customer(model, *customer);
                format!("sets aside {}{customer}, {down} down by {tender}", tell_lines(model, lines))
            }
            Self::PayLayaway { layaway, amount, tender, .. } => {
                format!("takes {amount} by {} on layaway {}", tender.word(), model.layaways[*layaway].id)
            }
            Self::Complete { layaway } => format!("completes layaway {}", model.layaways[*layaway].id),
            Self::GiveUp { layaway, refund, penalty, .. } => {
                let refund = refund.map_or("what is usual", Tender::word);
                let penalty = penalty.unwrap_or_default();
                let layaway = model.layaways[*layaway].id;
                format!("cancels layaway {layaway}, refund by {refund}, penalty {penalty}")
            }
            Self::CreateCustomer { tier, limit } => {
                format!("creates a customer of tier {}, limit {limit}", TIERS[*tier])
            }
            Self::UpdateCustomer { customer, tier, limit } => {
                let tier = tier.map(|tier| TIERS[tier]);
                format!("changes customer {}: {tier:?}, {limit:?}", model.customers[*customer].id)
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

fn tell_lines(model: &Model, lines: &[OrderLine]) -> String {
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
}

fn to_customer(model: &Model, customer: Option<usize>) -> String {
    customer.map_or_else(String::new, |customer| format!(" to customer {}", model.customers[customer].id))
}

impl Payment {
    fn visit(&mut self, visit: &mut impl FnMut(Noun, &mut usize)) {
        if let Some(customer) = &mut self.customer {
            visit(Noun::Customer, customer);
        }
        if let Some(session) = &mut self.session {
            visit(Noun::Session, session);
        }
    }

    fn tell(&self, model: &Model) -> String {
        let mut text = to_customer(model, self.customer);
        let _ = write!(text, ", {}", self.sale_type.word());
        for (tender, amount) in &self.tenders {
            let _ = write!(text, ", {amount} {}", tender.word());
        }
        text += if self.session.is_some() { ", register" } else { ", no register" };
        text
    }
}
