//! Prescriptions for glasses.

use diario_domain::{CustomerId, Event, PrescriptionId, TenantId, event::Recorded, optics::Eye, time};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::civil::Date;

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    search,
};

table! {
    /// Prescriptions by day.
    PRESCRIPTIONS = insert prescriptions(day, prescription_id) {
        int customer_id, int od_sphere, int od_cylinder, int od_axis, int oi_sphere, int oi_cylinder, int oi_axis,
        int addition, int created_at,
    }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "prescriptions", tables: &[&PRESCRIPTIONS], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    if let Event::PrescriptionRecorded(event) = &recorded.event {
        let row = params![
            event.customer_id.0,
            event.od.sphere,
            event.od.cylinder,
            event.od.axis,
            event.oi.sphere,
            event.oi.cylinder,
            event.oi.axis,
            event.addition,
            recorded.occurred_at.as_microsecond(),
        ];
        batch.put(&PRESCRIPTIONS, &[time::day_number(event.date), event.prescription_id.0], row);
    }
    Ok(())
}

/// A prescription, with whose it is.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of PrescriptionRecorded")]
pub struct PrescriptionRow {
    pub prescription_id: PrescriptionId,
    pub date: Date,
    pub customer_id: CustomerId,
    pub customer_name: Option<String>,
    /// The identity document, or the tax id where there is none.
    pub dni: Option<String>,
    pub od: Eye,
    pub oi: Eye,
    pub addition: Option<i64>,
}

/// What a list of prescriptions is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct PrescriptionFilter {
    /// Of the patient with this identity document.
    pub dni: Option<String>,
    /// Of this patient.
    pub customer_id: Option<i64>,
}

const SELECT: &str = "SELECT p.prescription_id, p.day, p.customer_id, c.name, COALESCE(c.identity_number, c.rfc), \
    p.od_sphere, p.od_cylinder, p.od_axis, p.oi_sphere, p.oi_cylinder, p.oi_axis, p.addition ";

const FROM: &str = "FROM prescriptions p \
    LEFT JOIN customers c ON c.tenant_id = p.tenant_id AND c.customer_id = p.customer_id ";

const NARROWED: &str = "WHERE p.tenant_id = $1 \
    AND (CAST($2 AS TEXT) IS NULL OR COALESCE(c.identity_number, c.rfc) = $2) \
    AND (CAST($3 AS BIGINT) IS NULL OR p.customer_id = $3) ";

fn prescription(row: &Row) -> Result<PrescriptionRow, StoreError> {
    Ok(PrescriptionRow {
        prescription_id: PrescriptionId(row.int(0)?),
        date: time::date_of(row.int(1)?),
        customer_id: CustomerId(row.int(2)?),
        customer_name: row.opt_text(3)?,
        dni: row.opt_text(4)?,
        od: Eye { sphere: row.int(5)?, cylinder: row.opt_int(6)?, axis: row.opt_int(7)? },
        oi: Eye { sphere: row.int(8)?, cylinder: row.opt_int(9)?, axis: row.opt_int(10)? },
        addition: row.opt_int(11)?,
    })
}

/// A page of prescriptions, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &PrescriptionFilter,
    page: Page,
) -> Result<Paged<PrescriptionRow>, StoreError> {
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: FROM,
        conditions: NARROWED,
        params: params![tenant.0, filter.dni.as_deref().map(search::exact), filter.customer_id],
        keys: &["p.day", "p.prescription_id"],
        order: Order::Descending,
    };
    list.page(db, page, prescription, |row| [time::day_number(row.date), row.prescription_id.0]).await
}
