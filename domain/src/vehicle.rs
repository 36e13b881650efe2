//! Customers' vehicles.

use serde::{Deserialize, Serialize};

use crate::{Book, CustomerId, Event, Refusal, VehicleId, command::Issued, document::Document};

/// What is known of a vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleDetails {
    /// Number plate.
    pub plate: Option<String>,
    /// Vehicle identification number (NIV).
    pub vin: Option<String>,
    /// Who made it.
    pub brand: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The model year.
    pub year: Option<i64>,
    /// The engine.
    pub engine: Option<String>,
    /// Model, year and engine in the vehicle catalogue.
    pub mye_id: Option<i64>,
    /// Colour.
    pub color: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// A customer's vehicle was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleAdded {
    /// The vehicle.
    pub vehicle_id: VehicleId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What is known of it.
    pub details: VehicleDetails,
}

/// A customer's vehicle was taken off the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleRemoved {
    /// The vehicle.
    pub vehicle_id: VehicleId,
    /// Whose it was.
    pub customer_id: CustomerId,
}

/// A command to a vehicle.
#[derive(Clone, Debug)]
pub enum VehicleCommand {
    /// Enters it.
    Add(CustomerId, VehicleDetails),
    /// Takes it off the list.
    Remove(CustomerId, VehicleId),
}

/// The vehicle as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Vehicle {
    owner: Option<CustomerId>,
}

impl Document for Vehicle {
    const TYPE: &'static str = "vehicle";
    type Command = VehicleCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match issued.command {
            VehicleCommand::Add(customer_id, details) => {
                if !book.customers.contains_key(&customer_id) {
                    return Err(Refusal::CustomerNotFound(customer_id));
                }
                if details.plate.is_none() && details.vin.is_none() && details.model.is_none() {
                    return Err(Refusal::Invalid { field: "plate", rule: "there, or vin, or model" });
                }
                if details.year.is_some_and(|year| !(1900..=2100).contains(&year)) {
                    return Err(Refusal::Invalid { field: "year", rule: "between 1900 and 2100" });
                }
                let added = VehicleAdded { vehicle_id: book.counters.next_vehicle(), customer_id, details };
                vec![added.into()]
            }
            VehicleCommand::Remove(customer_id, vehicle_id) => {
                if self.owner != Some(customer_id) {
                    return Err(Refusal::UnknownVehicle(vehicle_id));
                }
                vec![VehicleRemoved { vehicle_id, customer_id }.into()]
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a vehicle's stream")]
        match event {
            Event::VehicleAdded(event) => self.owner = Some(event.customer_id),
            Event::VehicleRemoved(_) => self.owner = None,
            _ => {}
        }
    }
}
