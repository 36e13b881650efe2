//! Everything that can have happened, as it is persisted.
//!
//! The JSON of an event is a persisted format: a field never changes its meaning. What must change becomes a
//! new `schema_version` of that type, and [`Event::decode`] upcasts the old one.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, BranchId, EmployeeId, TenantId};

/// The event types: those that a journal entry or a movement of stock may come of, and those that neither comes of.
macro_rules! events {
    (
        posted_or_moved { $($moving:ident($moved:path) = $moved_name:literal, $moved_version:literal;)+ }
        neither { $($silent:ident($said:path) = $said_name:literal, $said_version:literal;)+ }
    ) => {
        events! {
            $($moving($moved) = $moved_name, $moved_version;)+
            $($silent($said) = $said_name, $said_version;)+
        }

        /// The pattern of the events that no journal entry and no movement of stock comes of. Whoever posts or moves
        /// names all others, so that the compiler asks for a place for a new one.
        #[macro_export]
        macro_rules! neither_posted_nor_moved {
            () => { $($crate::Event::$silent(_))|+ };
        }
    };
    ($($variant:ident($payload:path) = $name:literal, $version:literal;)+) => {
        /// An event of a shop's log. Its type's name in the log is the string beside the variant.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each variant is documented at its payload")]
        pub enum Event {
            $($variant(Box<$payload>),)+
        }

        impl Event {
            /// Every event type that this version of the program writes.
            pub const TYPES: &'static [&'static str] = &[$($name),+];

            /// The type's name in the log.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            /// The version of the payload's shape.
            #[must_use]
            pub const fn schema_version(&self) -> i64 {
                match self { $(Self::$variant(_) => $version,)+ }
            }

            /// The payload as the text that is stored and hashed.
            pub fn encode(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$variant(payload) => serde_json::to_string(payload),)+ }
            }

            /// Reads a stored payload.
            ///
            /// # Errors
            /// An unknown type or version, or a payload of another shape: such an event stops its reader.
            pub fn decode(name: &str, schema_version: i64, payload: &str) -> Result<Self, DecodeError> {
                match (name, schema_version) {
                    $(($name, $version) => serde_json::from_str(payload)
                        .map(|payload| Self::$variant(Box::new(payload)))
                        .map_err(|source| DecodeError::Payload { name: name.to_owned(), source }),)+
                    _ => Err(DecodeError::Unknown { name: name.to_owned(), schema_version }),
                }
            }
        }

        $(impl From<$payload> for Event {
            fn from(payload: $payload) -> Self {
                Self::$variant(Box::new(payload))
            }
        })+
    };
}

events! {
    posted_or_moved {
        ItemCreated(crate::item::ItemCreated) = "item.created", 1;
        PurchaseRecorded(crate::purchase::PurchaseRecorded) = "purchase.recorded", 1;
        StockAdjusted(crate::adjustment::StockAdjusted) = "stock.adjusted", 1;
        SaleCompleted(crate::sale::SaleCompleted) = "sale.completed", 1;
        SaleCancelled(crate::sale::SaleCancelled) = "sale.cancelled", 1;
        GoodsReturned(crate::returns::GoodsReturned) = "sale.returned", 1;
        RegisterOpened(crate::register::RegisterOpened) = "register.opened", 1;
        CashMoved(crate::register::CashMoved) = "register.cash_moved", 1;
        RegisterCut(crate::register::RegisterCut) = "register.cut", 1;
        PaymentReceived(crate::customer::PaymentReceived) = "customer.payment_received", 1;
        StockTransferred(crate::transfer::StockTransferred) = "stock.transferred", 1;
        TransferReceived(crate::transfer::TransferReceived) = "stock.transfer_received", 1;
        CountApproved(crate::count::CountApproved) = "count.approved", 1;
        LayawayCreated(crate::layaway::LayawayCreated) = "layaway.created", 1;
        DepositReceived(crate::layaway::DepositReceived) = "layaway.deposit_received", 1;
        LayawayCancelled(crate::layaway::LayawayCancelled) = "layaway.cancelled", 1;
        EntryPosted(crate::entry::EntryPosted) = "entry.posted", 1;
        PeriodClosed(crate::period::PeriodClosed) = "period.closed", 1;
        SupplierPaid(crate::payable::SupplierPaid) = "supplier.paid", 1;
        CardsSettled(crate::payable::CardsSettled) = "cards.settled", 1;
    }
    neither {
        TenantCreated(crate::tenant::TenantCreated) = "tenant.created", 1;
        BranchOpened(crate::branch::BranchOpened) = "branch.opened", 1;
        EmployeeHired(crate::employee::EmployeeHired) = "employee.hired", 1;
        EmployeeUpdated(crate::employee::EmployeeUpdated) = "employee.updated", 1;
        PinChanged(crate::employee::PinChanged) = "employee.pin_changed", 1;
        ItemUpdated(crate::item::ItemUpdated) = "item.updated", 1;
        PriceChanged(crate::item::PriceChanged) = "item.price_changed", 1;
        CustomerRegistered(crate::customer::CustomerRegistered) = "customer.registered", 1;
        CustomerUpdated(crate::customer::CustomerUpdated) = "customer.updated", 1;
        VehicleAdded(crate::vehicle::VehicleAdded) = "customer.vehicle_added", 1;
        VehicleRemoved(crate::vehicle::VehicleRemoved) = "customer.vehicle_removed", 1;
        CountStarted(crate::count::CountStarted) = "count.started", 1;
        CategoryCreated(crate::category::CategoryCreated) = "category.created", 1;
        BarcodeIssued(crate::barcode::BarcodeIssued) = "barcode.issued", 1;
        QuotationCreated(crate::quotation::QuotationCreated) = "quotation.created", 1;
        QuotationConverted(crate::quotation::QuotationConverted) = "quotation.converted", 1;
        QuotationCancelled(crate::quotation::QuotationCancelled) = "quotation.cancelled", 1;
        LayawayCompleted(crate::layaway::LayawayCompleted) = "layaway.completed", 1;
        AccountCreated(crate::account::AccountCreated) = "account.created", 1;
        PostingMapped(crate::account::PostingMapped) = "posting.mapped", 1;
        KeyIssued(crate::access::KeyIssued) = "key.issued", 1;
        KeyRevoked(crate::access::KeyRevoked) = "key.revoked", 1;
        UserCreated(crate::access::UserCreated) = "user.created", 1;
        PasswordChanged(crate::access::PasswordChanged) = "user.password_changed", 1;
        PlanChanged(crate::access::PlanChanged) = "plan.changed", 1;
        PrescriptionRecorded(crate::optics::PrescriptionRecorded) = "prescription.recorded", 1;
        WorkshopOpened(crate::workshop::WorkshopOpened) = "workshop.opened", 1;
        WorkshopReady(crate::workshop::WorkshopReady) = "workshop.ready", 1;
        GroupCreated(crate::product::GroupCreated) = "group.created", 1;
        GroupUpdated(crate::product::GroupUpdated) = "group.updated", 1;
        ItemGrouped(crate::product::ItemGrouped) = "item.grouped", 1;
        PriceListCreated(crate::price_list::PriceListCreated) = "price_list.created", 1;
        PriceListUpdated(crate::price_list::PriceListUpdated) = "price_list.updated", 1;
        AdditionalPriceSet(crate::price_list::AdditionalPriceSet) = "price_list.additional_price_set", 1;
        CustomerSignedUp(crate::signup::CustomerSignedUp) = "customer.signed_up", 1;
        AddressCreated(crate::address::AddressCreated) = "address.created", 1;
        AddressEdited(crate::address::AddressEdited) = "address.edited", 1;
        AddressDeleted(crate::address::AddressDeleted) = "address.deleted", 1;
        FavouriteToggled(crate::favourite::FavouriteToggled) = "favourite.toggled", 1;
        CompanyPriceSet(crate::ordering::CompanyPriceSet) = "company_price.set", 1;
        ItemOrderingSet(crate::ordering::ItemOrderingSet) = "item.ordering_set", 1;
        OrderingChanged(crate::ordering::OrderingChanged) = "ordering.changed", 1;
        OrderPlaced(crate::order::OrderPlaced) = "order.placed", 1;
        OrderConfirmed(crate::order::OrderConfirmed) = "order.confirmed", 1;
        OrderCancelled(crate::order::OrderCancelled) = "order.cancelled", 1;
        WebhookCreated(crate::webhook::WebhookCreated) = "webhook.created", 1;
        WebhookUpdated(crate::webhook::WebhookUpdated) = "webhook.updated", 1;
        WebhookSecretRotated(crate::webhook::WebhookSecretRotated) = "webhook.secret_rotated", 1;
        WebhookDisabled(crate::webhook::WebhookDisabled) = "webhook.disabled", 1;
        WebhookEnabled(crate::webhook::WebhookEnabled) = "webhook.enabled", 1;
        WebhookReplayRequested(crate::webhook::WebhookReplayRequested) = "webhook.replay_requested", 1;
        WebhookDeleted(crate::webhook::WebhookDeleted) = "webhook.deleted", 1;
    }
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No such type or version is known.
    #[error("event type {name} version {schema_version} is unknown to this version of the program")]
    Unknown {
        /// The stored type.
        name: String,
        /// The stored version.
        schema_version: i64,
    },
    /// The payload is not of the shape of its type.
    #[error("payload of {name} cannot be read")]
    Payload {
        /// The stored type.
        name: String,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        self.name().to_owned()
    }

    fn event_version(&self) -> String {
        self.schema_version().to_string()
    }
}

/// Who did it, where and through which door. Stored beside each event; never holds a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The employee, where one acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<EmployeeId>,
    /// The key or the person, where no employee acted: `key-7`, `user-3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The actor's role at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The till or tablet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The branch that the actor worked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchId>,
    /// `nexus`, `import`, `cli` …
    pub surface: String,
    /// The request's id, as answered in `X-Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The idempotency key with its scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// The position of the event that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<i64>,
    /// The posting map as far as it concerned this event when it happened: account of the rules, account of the
    /// tenant. A later change of the map does not reach it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<(AccountId, AccountId)>,
}

/// An event at its place in a shop's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Whose log.
    pub tenant: TenantId,
    /// 1, 2, 3 … without gaps.
    pub position: i64,
    /// The document, `sale-45`.
    pub stream: String,
    /// The event's number in its stream, from 1.
    pub version: i64,
    /// What happened.
    pub event: Event,
    /// Who and where.
    pub metadata: Metadata,
    /// The business time.
    pub occurred_at: Timestamp,
    /// When it was written; never goes back within a tenant.
    pub recorded_at: Timestamp,
}
