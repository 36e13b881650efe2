//! Rows that are customers: their columns, and which of them the shop has already.

use std::collections::HashMap;

use diario_domain::{
    Command,
    customer::{CustomerDetails, GENERIC_RFCS, RegisterCustomer},
};
use diario_projections::{
    Page,
    customers::{self, CustomerRow},
};
use diario_store::StoreError;

use super::{
    Desk, Plan, Planned,
    columns::{Cells, Column, Draft, optional, required},
    earlier,
    fault::{Fault, RowError},
};
use crate::nexus::customers_create;

/// The contract's names (5.6) with what shops call them.
pub const COLUMNS: &[Column] = &[
    required("name", Cells::Text, &["nombre"]),
    optional("rfc", Cells::Text, &[]),
    optional("razon_social", Cells::Text, &[]),
    optional("regimen_fiscal", Cells::Text, &["regimen"]),
    optional("codigo_postal", Cells::Text, &["cp"]),
    optional("uso_cfdi", Cells::Text, &["uso_de_cfdi"]),
    optional("email", Cells::Text, &["correo", "correo_electronico"]),
    optional("phone", Cells::Text, &["telefono"]),
    optional("address", Cells::Text, &["direccion", "domicilio"]),
    optional("price_tier", Cells::Word, &["nivel_de_precio", "lista_de_precios", "tipo_de_precio"]),
    optional("credit_limit", Cells::Number, &["limite_de_credito"]),
    optional("credit_days", Cells::Number, &["dias_de_credito"]),
    optional("branch_id", Cells::Number, &["sucursal", "sucursal_id"]),
];

/// What tells a customer from others: the RFC, or the name where there is none of their own.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Identity {
    Rfc(String),
    Name(String),
}

impl Identity {
    fn of(name: &str, rfc: Option<&String>) -> Self {
        match rfc {
            Some(rfc) if !GENERIC_RFCS.contains(&rfc.as_str()) => Self::Rfc(rfc.clone()),
            Some(_) | None => Self::Name(name.trim().to_lowercase()),
        }
    }

    const fn column(&self) -> &'static str {
        match self {
            Self::Rfc(_) => "rfc",
            Self::Name(_) => "name",
        }
    }
}

/// Reads rows and holds them against the shop's customers.
pub async fn plan(desk: &Desk<'_>, drafts: Vec<Draft>) -> Result<Plan, StoreError> {
    let page = Page::first(i64::MAX);
    let listed = customers::list(desk.db, desk.caller.tenant, None, None, page).await?;
    let mut known: HashMap<Identity, Vec<&CustomerRow>> = HashMap::new();
    for customer in &listed.rows {
        // Several may have one name: a row is held against each of them.
        known.entry(Identity::of(&customer.name, None)).or_default().push(customer);
        if let rfc @ Identity::Rfc(_) = Identity::of(&customer.name, customer.rfc.as_ref()) {
            known.entry(rfc).or_default().push(customer);
        }
    }
    let mut seen: HashMap<Identity, u64> = HashMap::new();
    let mut plan = Plan::default();
    for mut draft in drafts {
        let details = match draft.read(customers_create::details) {
            Ok(details) => details,
            Err(wrong) => {
                plan.reject(wrong);
                continue;
            }
        };
        let identity = Identity::of(&details.name, details.rfc.as_ref());
        if let Some(row) = earlier(&mut seen, identity.clone(), draft.row) {
            plan.reject(vec![RowError::at(draft.row, identity.column(), Fault::Repeated { row })]);
            continue;
        }
        let mut nearest: Option<Vec<RowError>> = None;
        for customer in known.get(&identity).into_iter().flatten() {
            let differences = differences(&draft, &details, customer);
            if nearest.as_ref().is_none_or(|nearest| differences.len() < nearest.len()) {
                nearest = Some(differences);
            }
        }
        match nearest {
            None => {
                let command = Command::RegisterCustomer(Box::new(RegisterCustomer { details }));
                plan.planned.push(Planned { row: draft.row, command });
            }
            Some(differences) if differences.is_empty() => plan.skipped += 1,
            Some(differences) => plan.reject(differences),
        }
    }
    Ok(plan)
}

/// In what a row contradicts a customer. An empty cell says nothing, so it contradicts nothing.
fn differences(draft: &Draft, row: &CustomerDetails, customer: &CustomerRow) -> Vec<RowError> {
    let mut errors = Vec::new();
    let mut compare = |column: &'static str, here: String, there: String| {
        if draft.says(column) && here != there {
            errors.push(RowError::at(draft.row, column, Fault::Differs { there, here }));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    // Found by name, a customer is the same however the name's letters are cased.
    if row.name.to_lowercase() != customer.name.trim().to_lowercase() {
        compare("name", row.name.clone(), customer.name.clone());
    }
    compare("rfc", text(&row.rfc), text(&customer.rfc));
    compare("razon_social", text(&row.razon_social), text(&customer.razon_social));
    compare("regimen_fiscal", text(&row.regimen_fiscal), text(&customer.regimen_fiscal));
    compare("codigo_postal", text(&row.codigo_postal), text(&customer.codigo_postal));
    compare("uso_cfdi", text(&row.uso_cfdi), text(&customer.uso_cfdi));
    compare("email", text(&row.email), text(&customer.email));
    compare("phone", text(&row.phone), text(&customer.phone));
    compare("address", text(&row.address), text(&customer.address));
    compare("price_tier", row.price_tier.name().to_owned(), customer.price_tier.clone());
    compare("credit_limit", row.credit_limit.to_string(), customer.credit_limit.to_string());
    compare("credit_days", row.credit_days.to_string(), customer.credit_days.to_string());
    compare("branch_id", id(row.branch_id.map(|branch| branch.0)), id(customer.branch_id));
    errors
}
