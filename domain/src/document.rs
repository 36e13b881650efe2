//! What all documents of a shop have in common, and how each is an aggregate of `cqrs-es`.

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Book, Event, Refusal, access, account, address, adjustment, barcode, branch, category, command::Issued,
    count, customer, employee, entry, favourite, item, layaway, optics, order, ordering, payable, period,
    price_list, product, purchase, quotation, register, returns, sale, tenant, transfer, vehicle, webhook,
    workshop,
};

/// A document of the shop, such as a sale, a customer, a key: folded from the events of its own stream, it decides
/// on commands by what it knows of itself and what the [`Book`] knows of the shop, at once.
pub trait Document: Default + Serialize + DeserializeOwned + Send + Sync {
    /// Its kind, which its stream's name begins with: `sale` of `sale-45`.
    const TYPE: &'static str;
    /// What it may be asked.
    type Command: Send;

    /// What a command leads to, in the order of happening; no event at all where it changes nothing.
    ///
    /// # Errors
    /// The rule that forbids it. Then nothing has happened.
    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal>;

    /// Takes in an event of its stream. A document whose past decides nothing keeps nothing.
    fn apply(&mut self, _event: Event) {}
}

macro_rules! aggregates {
    ($($document:path,)+) => {
        $(impl Aggregate for $document {
            const TYPE: &'static str = <Self as Document>::TYPE;
            type Command = Issued<<Self as Document>::Command>;
            type Event = Event;
            type Error = Refusal;
            type Services = Book;

            async fn handle(
                &mut self,
                issued: Self::Command,
                book: &Book,
                sink: &EventSink<Self>,
            ) -> Result<(), Refusal> {
                for event in self.decide(issued, book)? {
                    sink.write(event, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: Event) {
                Document::apply(self, event);
            }
        })+
    };
}

aggregates! {
    access::Key,
    access::User,
    access::PlanDocument,
    account::Chart,
    address::Address,
    adjustment::Adjustment,
    barcode::Barcode,
    branch::Branch,
    category::Category,
    count::Count,
    customer::Customer,
    customer::Payment,
    employee::Employee,
    entry::ManualEntry,
    favourite::Favourites,
    item::Item,
    layaway::Layaway,
    optics::Prescription,
    order::Order,
    ordering::OrderingDocument,
    ordering::CompanyPrices,
    ordering::ItemOrderingDocument,
    payable::SupplierPayment,
    payable::Settlement,
    period::PeriodDocument,
    price_list::PriceList,
    product::Group,
    purchase::Purchase,
    quotation::Quotation,
    register::Register,
    returns::UnreferencedReturn,
    sale::Sale,
    tenant::Tenant,
    transfer::Transfer,
    vehicle::Vehicle,
    webhook::Webhook,
    workshop::WorkshopOrder,
}
