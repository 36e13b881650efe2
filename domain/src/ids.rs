//! Small integer ids, per tenant and kind of entity, given by the tenant's writer.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A shop: the owner of a log.
    TenantId,
    /// A place of the shop that holds stock.
    BranchId,
    /// A person who works in the shop.
    EmployeeId,
    /// What is sold: one barcode, one stock line a branch.
    ItemId,
    /// Who buys.
    CustomerId,
    /// A session of a cash register, from its opening to its Z cut (contract N-13).
    RegisterId,
    /// A sale; its folio shows the same number.
    SaleId,
    /// A return of goods.
    ReturnId,
    /// A purchase from a supplier.
    PurchaseId,
    /// A correction of stock.
    AdjustmentId,
    /// Money received from a customer on account.
    PaymentId,
    /// A movement of one item's stock.
    MovementId,
    /// A transfer of stock between branches.
    TransferId,
    /// A physical count of stock.
    CountId,
    /// An offer with its prices fixed.
    QuotationId,
    /// Goods set aside against deposits.
    LayawayId,
    /// Money paid into a layaway.
    DepositId,
    /// A customer's vehicle.
    VehicleId,
    /// A category of items.
    CategoryId,
    /// A key or token of a surface.
    KeyId,
    /// A person who logs in with a password.
    UserId,
    /// An address of a customer.
    AddressId,
    /// A customer's order.
    OrderId,
    /// An endpoint that is told of what happens.
    WebhookId,
    /// Money paid to a supplier.
    SupplierPaymentId,
    /// A settlement of card sales.
    SettlementId,
    /// A journal entry.
    EntryId,
    /// A prescription for glasses.
    PrescriptionId,
    /// An order to the workshop.
    WorkshopOrderId,
    /// An account of the tenant's chart.
    AccountId,
    /// A product: a group of variants, or an item in no group under its own number.
    GroupId,
    /// A price list.
    PriceListId,
}
