//! Quotations: an offer with its prices fixed for some days, sold once at those prices (N-18, N-19).

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, CustomerId, EmployeeId, Event, ItemId, Quantity, QuotationId, Refusal, RegisterId,
    SaleId,
    command::Issued,
    customer::PriceTier,
    document::Document,
    pricing::{self, LineWanted, PricedLine, Sums},
    sale::{Origin, Paying, SaleType, Terms, sell},
};

/// The longest that an offer may stand, in days.
pub const VALID_DAYS_MAX: i64 = 365;

/// An offer was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotationCreated {
    /// The quotation.
    pub quotation_id: QuotationId,
    /// Its folio, `C-0001`.
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// The last local day on which it may be converted.
    pub valid_until: Date,
    /// Where.
    pub branch_id: BranchId,
    /// Who made it.
    pub employee_id: EmployeeId,
    /// To whom, where known.
    pub customer_id: Option<CustomerId>,
    /// What is offered.
    pub lines: Vec<PricedLine>,
    /// What the lines add up to.
    pub sums: Sums,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// An offer was taken: the sale is an event of its own, beside this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotationConverted {
    /// The quotation.
    pub quotation_id: QuotationId,
    /// The sale.
    pub sale_id: SaleId,
}

/// An offer was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotationCancelled {
    /// The quotation.
    pub quotation_id: QuotationId,
    /// Who took it back.
    pub employee_id: EmployeeId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Makes an offer.
#[derive(Clone, Debug)]
pub struct CreateQuotation {
    /// What.
    pub lines: Vec<LineWanted>,
    /// To whom.
    pub customer_id: Option<CustomerId>,
    /// For how many days.
    pub valid_days: i64,
    /// Free text.
    pub notes: Option<String>,
}

/// Takes an offer.
#[derive(Clone, Debug)]
pub struct ConvertQuotation {
    /// The buyer, where the offer names none.
    pub customer_id: Option<CustomerId>,
    /// Now, later or both.
    pub sale_type: SaleType,
    /// How.
    pub paying: Paying,
    /// The open session; needed when cash moves.
    pub register_id: Option<RegisterId>,
    /// Free text for the sale; the offer's where absent.
    pub notes: Option<String>,
    /// What the till believes to sell, where it says so: it must be what was offered.
    pub lines: Option<Vec<(ItemId, Quantity)>>,
}

/// A command to a quotation.
#[derive(Clone, Debug)]
pub enum QuotationCommand {
    /// Makes it.
    Create(CreateQuotation),
    /// Sells it.
    Convert(QuotationId, ConvertQuotation),
    /// Takes it back, for a reason.
    Cancel(QuotationId, Option<String>),
}

/// What became of an offer. That it has expired is seen from the day and is no event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotationStatus {
    /// It stands.
    #[default]
    Active,
    /// It was sold.
    Converted(SaleId),
    /// It was taken back.
    Cancelled,
}

impl QuotationStatus {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Converted(_) => "converted",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The quotation as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Quotation {
    /// As it was made.
    pub created: Option<QuotationCreated>,
    /// What became of it.
    pub status: QuotationStatus,
}

impl Document for Quotation {
    const TYPE: &'static str = "quotation";
    type Command = QuotationCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match &issued.command {
            QuotationCommand::Create(wanted) => vec![create(&issued, wanted, book)?.into()],
            QuotationCommand::Convert(id, wanted) => {
                let quotation = self.standing(*id)?;
                let today = book.day(issued.at);
                if today > quotation.valid_until {
                    return Err(Refusal::QuotationExpired {
                        quotation: *id,
                        valid_until: quotation.valid_until,
                    });
                }
                let terms = quotation.terms(wanted)?;
                let sale = sell(&issued, quotation.lines.clone(), terms, book)?;
                let converted = QuotationConverted { quotation_id: *id, sale_id: sale.sale_id };
                vec![sale.into(), converted.into()]
            }
            QuotationCommand::Cancel(id, reason) => {
                self.standing(*id)?;
                let cancelled =
                    QuotationCancelled { quotation_id: *id, employee_id: issued.by, reason: reason.clone() };
                vec![cancelled.into()]
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a quotation's stream")]
        match event {
            Event::QuotationCreated(event) => self.created = Some(*event),
            Event::QuotationConverted(event) => self.status = QuotationStatus::Converted(event.sale_id),
            Event::QuotationCancelled(_) => self.status = QuotationStatus::Cancelled,
            _ => {}
        }
    }
}

impl Quotation {
    /// The offer, where it was neither taken nor taken back.
    fn standing(&self, id: QuotationId) -> Result<&QuotationCreated, Refusal> {
        let quotation = self.created.as_ref().ok_or(Refusal::UnknownQuotation(id))?;
        match self.status {
            QuotationStatus::Active => Ok(quotation),
            QuotationStatus::Converted(sale) => Err(Refusal::QuotationConverted { quotation: id, sale }),
            QuotationStatus::Cancelled => Err(Refusal::QuotationCancelled(id)),
        }
    }
}

impl QuotationCreated {
    fn terms<'a>(&self, wanted: &'a ConvertQuotation) -> Result<Terms<'a>, Refusal> {
        if let Some(lines) = &wanted.lines {
            let mut believed = lines.clone();
            let mut offered: Vec<_> = self.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
            believed.sort();
            offered.sort();
            if believed != offered {
                return Err(Refusal::Invalid { field: "items", rule: "those of the quotation, or left out" });
            }
        }
        let customer_id = match (self.customer_id, wanted.customer_id) {
            (Some(offered), Some(buyer)) if offered != buyer => {
                return Err(Refusal::Invalid { field: "customer_id", rule: "that of the quotation" });
            }
            (offered, buyer) => offered.or(buyer),
        };
        Ok(Terms {
            customer_id,
            sale_type: wanted.sale_type,
            paying: &wanted.paying,
            register_id: wanted.register_id,
            notes: wanted.notes.clone().or_else(|| self.notes.clone()),
            origin: Some(Origin::Quotation(self.quotation_id)),
        })
    }
}

fn create<C>(issued: &Issued<C>, wanted: &CreateQuotation, book: &Book) -> Result<QuotationCreated, Refusal> {
    book.branch(issued.branch)?;
    let tier = match wanted.customer_id {
        Some(id) => book.buyer(id)?.price_tier,
        None => PriceTier::default(),
    };
    if !(1..=VALID_DAYS_MAX).contains(&wanted.valid_days) {
        return Err(Refusal::Invalid { field: "valid_days", rule: "between 1 and 365" });
    }
    let lines = pricing::price(issued, &wanted.lines, tier, book)?;
    let sums = Sums::of(&lines, book)?;
    let date = book.day(issued.at);
    let valid_until = date
        .checked_add(Span::new().days(wanted.valid_days))
        .map_err(|_| Refusal::Invalid { field: "valid_days", rule: "between 1 and 365" })?;
    let quotation_id = book.counters.next_quotation();
    Ok(QuotationCreated {
        quotation_id,
        folio: format!("C-{:04}", quotation_id.0),
        date,
        valid_until,
        branch_id: issued.branch,
        employee_id: issued.by,
        customer_id: wanted.customer_id,
        lines,
        sums,
        notes: wanted.notes.clone(),
    })
}
