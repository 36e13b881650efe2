//! What endpoints are told of an event: the names and data of the contract (3.5), and every event of the log under its
//! own name. It is made of the log alone, so a delivery that is made again says the same.

use diario_domain::{
    CustomerId, Event, TenantId, customer::CustomerDetails, event::Recorded, sale, webhook::WebhookDetails,
};
use diario_store::{Log, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Number, Value, value::RawValue};

/// The name by which the contract knows an event. What is told besides `cliente.creado`, `venta.cerrada` and
/// `taller.listo` goes here and into `data`.
#[must_use]
pub fn documented(event: &Event) -> Option<&'static str> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the contract knows three")]
    match event {
        Event::CustomerRegistered(_) => Some("cliente.creado"),
        Event::SaleCompleted(_) => Some("venta.cerrada"),
        Event::WorkshopReady(_) => Some("taller.listo"),
        _ => None,
    }
}

/// The customer whose data an event's notice needs.
fn customer(event: &Event) -> Option<CustomerId> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the contract knows three")]
    match event {
        Event::SaleCompleted(sale) => sale.customer_id,
        Event::WorkshopReady(ready) => Some(ready.customer_id),
        _ => None,
    }
}

#[derive(Serialize)]
struct Client<'a> {
    dni: Option<&'a str>,
    nombre: &'a str,
    apellidos: &'a str,
    telefono: Option<&'a str>,
}

#[derive(Serialize)]
struct Sale<'a> {
    folio: String,
    cliente_dni: Option<&'a str>,
    total: Number,
    metodo_pago: String,
}

#[derive(Serialize)]
struct Order<'a> {
    orden: &'a str,
    cliente_dni: Option<&'a str>,
    estado: &'a str,
    folio: Option<&'a str>,
}

/// What identifies a customer: an identity document, else the tax id.
fn identity(details: &CustomerDetails) -> Option<&str> {
    details.person.identity_number.as_deref().or(details.rfc.as_deref())
}

/// What is told of an event by its documented name; `customer` are the data, at that time, of whom it concerns.
fn data(event: &Event, customer: Option<&CustomerDetails>) -> Result<Value, serde_json::Error> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the contract knows three")]
    match event {
        Event::CustomerRegistered(registered) => {
            let details = &registered.details;
            serde_json::to_value(Client {
                dni: identity(details),
                nombre: details.person.given_names.as_deref().unwrap_or(&details.name),
                apellidos: details.person.surnames.as_deref().unwrap_or_default(),
                telefono: details.phone.as_deref(),
            })
        }
        Event::SaleCompleted(sale) => serde_json::to_value(Sale {
            folio: sale::series_folio(sale.sale_id),
            cliente_dni: customer.and_then(identity),
            total: sale.total.to_string().parse()?,
            metodo_pago: sale::payment_brand(&sale.tenders),
        }),
        Event::WorkshopReady(ready) => serde_json::to_value(Order {
            orden: &ready.number,
            cliente_dni: customer.and_then(identity),
            estado: "listo",
            folio: ready.folio.as_deref(),
        }),
        _ => Ok(Value::Null),
    }
}

/// A delivery's number: twice the event's position, and one more where the event is told under its own name.
#[must_use]
pub fn number(position: i64, own_name: bool) -> i64 {
    position * 2 + i64::from(own_name)
}

/// The deliveries that an endpoint gets of an event: number and name.
#[must_use]
pub fn wanted(details: &WebhookDetails, recorded: &Recorded) -> Vec<(i64, &'static str)> {
    let mut wanted = Vec::new();
    if let Some(name) = documented(&recorded.event).filter(|name| details.wants_documented(name)) {
        wanted.push((number(recorded.position, false), name));
    }
    if details.wants_type(recorded.event.name()) {
        wanted.push((number(recorded.position, true), recorded.event.name()));
    }
    wanted
}

#[derive(Serialize)]
struct Body<'a> {
    evento: &'a str,
    tenant: &'a str,
    ts: String,
    data: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'a str>,
}

/// An instant as the contract writes it.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The customer's data as they were at a position of the log.
async fn customer_at(
    log: &Log,
    tenant: TenantId,
    id: CustomerId,
    position: i64,
) -> Result<Option<CustomerDetails>, StoreError> {
    let stream = log.stream(tenant, &format!("customer-{id}")).await?;
    let mut details = None;
    for recorded in stream.into_iter().filter(|recorded| recorded.position <= position) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "others do not change a customer's data")]
        match recorded.event {
            Event::CustomerRegistered(registered) => details = Some(registered.details),
            Event::CustomerUpdated(updated) => details = Some(updated.details),
            _ => {}
        }
    }
    Ok(details)
}

/// The body of a delivery.
pub async fn body(log: &Log, slug: &str, recorded: &Recorded, delivery: i64) -> Result<String, StoreError> {
    let own_name = delivery % 2 == 1;
    let data = if own_name {
        RawValue::from_string(recorded.event.encode()?)?
    } else {
        let customer = match customer(&recorded.event) {
            Some(id) => customer_at(log, recorded.tenant, id, recorded.position).await?,
            None => None,
        };
        serde_json::value::to_raw_value(&data(&recorded.event, customer.as_ref())?)?
    };
    let name = if own_name { recorded.event.name() } else { documented(&recorded.event).unwrap_or_default() };
    Ok(serde_json::to_string(&Body {
        evento: name,
        tenant: slug,
        ts: instant(recorded.occurred_at),
        data,
        position: own_name.then_some(recorded.position),
        stream: own_name.then_some(recorded.stream.as_str()),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_milliseconds() {
        let at: Timestamp = "2026-06-15T18:42:11Z".parse().unwrap();
        assert_eq!(instant(at), "2026-06-15T18:42:11.000Z");
        let at: Timestamp = "2026-06-15T18:42:11.123987Z".parse().unwrap();
        assert_eq!(instant(at), "2026-06-15T18:42:11.123Z");
    }
}
