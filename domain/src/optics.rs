//! What an optician measures: prescriptions for glasses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Book, CustomerId, Event, PrescriptionId, Refusal, command::Issued, document::Document};

/// The strongest lens that is written, in hundredths of a diopter.
const STRONGEST: i64 = 4_000;
/// The strongest addition for reading.
const ADDITION_MAX: i64 = 600;

/// What one eye needs. Powers are hundredths of a diopter, exact: 2.50 D is 250.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eye {
    /// Sphere; negative against short sight.
    pub sphere: i64,
    /// Cylinder, where there is astigmatism.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cylinder: Option<i64>,
    /// The cylinder's axis in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<i64>,
}

/// A prescription was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrescriptionRecorded {
    /// The prescription.
    pub prescription_id: PrescriptionId,
    /// Whose eyes.
    pub customer_id: CustomerId,
    /// The local day of the measurement.
    pub date: Date,
    /// The right eye (oculus dexter).
    pub od: Eye,
    /// The left eye (oculus sinister).
    pub oi: Eye,
    /// What is added for reading, in hundredths of a diopter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addition: Option<i64>,
}

/// Records a prescription.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of PrescriptionRecorded")]
pub struct RecordPrescription {
    pub customer_id: CustomerId,
    /// Today where absent.
    pub date: Option<Date>,
    pub od: Eye,
    pub oi: Eye,
    pub addition: Option<i64>,
}

/// The prescription as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Prescription {}

impl Document for Prescription {
    const TYPE: &'static str = "prescription";
    type Command = RecordPrescription;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let wanted = issued.command;
        if !book.customers.contains_key(&wanted.customer_id) {
            return Err(Refusal::UnknownCustomer(wanted.customer_id));
        }
        let today = book.day(issued.at);
        let date = wanted.date.unwrap_or(today);
        if date > today {
            return Err(Refusal::Invalid { field: "date", rule: "not in the future" });
        }
        check(&wanted.od, ["od.esfera", "od.cilindro", "od.eje"])?;
        check(&wanted.oi, ["oi.esfera", "oi.cilindro", "oi.eje"])?;
        if wanted.addition.is_some_and(|addition| !(0..=ADDITION_MAX).contains(&addition)) {
            return Err(Refusal::Invalid { field: "add", rule: "between 0 and 6 diopters" });
        }
        let recorded = PrescriptionRecorded {
            prescription_id: book.counters.next_prescription(),
            customer_id: wanted.customer_id,
            date,
            od: wanted.od,
            oi: wanted.oi,
            addition: wanted.addition,
        };
        Ok(vec![recorded.into()])
    }
}

fn check(eye: &Eye, [sphere, cylinder, axis]: [&'static str; 3]) -> Result<(), Refusal> {
    for (field, power) in [(sphere, Some(eye.sphere)), (cylinder, eye.cylinder)] {
        if power.is_some_and(|power| power.abs() > STRONGEST) {
            return Err(Refusal::Invalid { field, rule: "between -40 and 40 diopters" });
        }
    }
    if eye.axis.is_some_and(|degrees| !(0..=180).contains(&degrees)) {
        return Err(Refusal::Invalid { field: axis, rule: "between 0 and 180 degrees" });
    }
    if eye.axis.is_some() && eye.cylinder.is_none() {
        return Err(Refusal::Invalid { field: cylinder, rule: "there where an axis is" });
    }
    Ok(())
}
