//! Customers' vehicles.

use diario_domain::{CustomerId, Event, TenantId, VehicleId, event::Recorded, vehicle::VehicleDetails};
use diario_store::{Database, StoreError, models::Batch, params, table};

use crate::{Failure, Pace, Projection};

table! {
    /// Vehicles as they were entered.
    CUSTOMER_VEHICLES = insert customer_vehicles(customer_id, vehicle_id) {
        text plate, text vin, text brand, text model, int year, text engine, int mye_id, text color, text notes
    }
}

table! {
    /// Those that were taken off the list.
    REMOVED_VEHICLES = insert removed_vehicles(customer_id, vehicle_id) {}
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "vehicles",
    tables: &[&CUSTOMER_VEHICLES, &REMOVED_VEHICLES],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::VehicleAdded(added) => {
            let details = &added.details;
            let row = params![
                &details.plate,
                &details.vin,
                &details.brand,
                &details.model,
                details.year,
                &details.engine,
                details.mye_id,
                &details.color,
                &details.notes,
            ];
            batch.put(&CUSTOMER_VEHICLES, &[added.customer_id.0, added.vehicle_id.0], row);
        }
        Event::VehicleRemoved(removed) => {
            batch.put(&REMOVED_VEHICLES, &[removed.customer_id.0, removed.vehicle_id.0], params![]);
        }
        _ => {}
    }
    Ok(())
}

/// A customer's vehicles, by id.
pub async fn of_customer(
    db: &Database,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Vec<(VehicleId, VehicleDetails)>, StoreError> {
    let sql = "SELECT v.vehicle_id, v.plate, v.vin, v.brand, v.model, v.year, v.engine, v.mye_id, v.color, v.notes \
               FROM customer_vehicles v \
               LEFT JOIN removed_vehicles r ON r.tenant_id = v.tenant_id AND r.customer_id = v.customer_id \
                 AND r.vehicle_id = v.vehicle_id \
               WHERE v.tenant_id = $1 AND v.customer_id = $2 AND r.vehicle_id IS NULL ORDER BY v.vehicle_id";
    let rows = db.query(sql, params![tenant.0, customer.0]).await?;
    rows.iter()
        .map(|row| {
            let details = VehicleDetails {
                plate: row.opt_text(1)?,
                vin: row.opt_text(2)?,
                brand: row.opt_text(3)?,
                model: row.opt_text(4)?,
                year: row.opt_int(5)?,
                engine: row.opt_text(6)?,
                mye_id: row.opt_int(7)?,
                color: row.opt_text(8)?,
                notes: row.opt_text(9)?,
            };
            Ok((VehicleId(row.int(0)?), details))
        })
        .collect()
}
