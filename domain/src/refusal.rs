//! Why a command is refused, as data. Surfaces word it for their users; this text is for logs and developers.

use jiff::civil::Date;

use crate::{
    AccountId, AddressId, CategoryId, Cents, CountId, CustomerId, EmployeeId, EntryId, GroupId, ItemId,
    KeyId, LayawayId, OrderId, PriceListId, PurchaseId, Quantity, QuotationId, Rate, RegisterId, SaleId,
    TransferId, UserId, VehicleId, WebhookId, WorkshopOrderId, period::Period,
};

/// The class of a refusal; each surface maps it to its own status (contract 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The command contradicts a rule or names a field that cannot be.
    Rule,
    /// The document itself does not exist in this tenant.
    NotFound,
    /// The person may not do this.
    Forbidden,
}

/// A command that was refused; nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what its fields are")]
pub enum Refusal {
    #[error("sale {0} does not exist")]
    UnknownSale(SaleId),
    #[error("item {0} does not exist")]
    UnknownItem(ItemId),
    #[error("item {0} of the path does not exist")]
    ItemNotFound(ItemId),
    #[error("item {sku} is not active")]
    InactiveItem { item: ItemId, sku: String },
    #[error("item {sku} is a service and has no stock")]
    NotStocked { item: ItemId, sku: String },
    #[error("customer {0} does not exist")]
    UnknownCustomer(CustomerId),
    #[error("customer {0} of the path does not exist")]
    CustomerNotFound(CustomerId),
    #[error("branch {0} does not exist")]
    UnknownBranch(i64),
    #[error("employee {0} does not exist or is not active")]
    UnknownEmployee(i64),
    #[error("employee {0} of the path does not exist")]
    EmployeeNotFound(EmployeeId),
    #[error("employee {0} is the shop's owner and stays so")]
    OwnerStays(EmployeeId),
    #[error("the record of employee {0} is changed by nobody else")]
    OwnersOnly(EmployeeId),
    #[error("too little stock of {sku}: {available} available, {wanted} wanted")]
    InsufficientStock { item: ItemId, sku: String, name: String, available: Quantity, wanted: Quantity },
    #[error("register session {0} is not open")]
    RegisterClosed(RegisterId),
    #[error("register session {0} belongs to another branch")]
    ForeignRegister(RegisterId),
    #[error("cash moves, so an open register session is needed")]
    RegisterRequired,
    #[error("the employee already has register session {0} open")]
    RegisterAlreadyOpen(RegisterId),
    #[error("register number {number} is already open in session {session}")]
    RegisterNumberInUse { number: i64, session: RegisterId },
    #[error("the drawer holds {available}, {wanted} cannot be taken out")]
    InsufficientCash { available: Cents, wanted: Cents },
    #[error("{paid} was paid of {total}")]
    Underpaid { total: Cents, paid: Cents },
    #[error("{paid} was paid of {total}, and only cash gives change")]
    Overpaid { total: Cents, paid: Cents },
    #[error("the parts of the payment add up to {parts}, not to {stated}")]
    TendersDisagree { parts: Cents, stated: Cents },
    #[error("a sale on credit needs a customer")]
    CreditWithoutCustomer,
    #[error("a sale wholly on credit takes no payment")]
    CreditWithPayment,
    #[error("the balance would be {balance}, above the limit of {limit}")]
    CreditLimitExceeded { limit: Cents, balance: Cents },
    #[error("a discount of {discount} % is above the employee's {limit} %")]
    DiscountTooHigh { discount: Rate, limit: Rate },
    #[error("the employee may not give discounts")]
    DiscountForbidden,
    #[error("{field} must be {rule}")]
    Invalid { field: &'static str, rule: &'static str },
    #[error("part number {0} exists already")]
    DuplicateSku(String),
    #[error("barcode {0} exists already")]
    DuplicateBarcode(String),
    #[error("RFC {0} exists already")]
    DuplicateRfc(String),
    #[error("cost is the moving average of what was received and changes with purchases")]
    CostIsAverage,
    #[error("sale {0} is cancelled")]
    SaleCancelled(SaleId),
    #[error("sale {0} has returns")]
    SaleHasReturns(SaleId),
    #[error("sale {0} has payments on account")]
    SaleHasPayments(SaleId),
    #[error("item {item} was not sold in sale {sale}")]
    NotInSale { sale: SaleId, item: ItemId },
    #[error("{returned} of {sold} of item {item} are returned already, {wanted} more cannot be")]
    ReturnExceedsSale { item: ItemId, sold: Quantity, returned: Quantity, wanted: Quantity },
    #[error("store credit needs a customer")]
    StoreCreditWithoutCustomer,
    #[error("the customer owes {balance}, {amount} is more")]
    PaymentExceedsBalance { balance: Cents, amount: Cents },
    #[error("the amounts of one document are too large")]
    AmountTooLarge,
    #[error("a document has at most {0} lines")]
    TooManyLines(usize),
    #[error("the tenant exists already")]
    TenantExists,
    #[error("the PIN is another employee's")]
    DuplicatePin,
    #[error("customer {0} is not active")]
    InactiveCustomer(CustomerId),
    #[error("{field}: the customer has {available} of store credit, {wanted} is wanted")]
    InsufficientStoreCredit { field: &'static str, available: Cents, wanted: Cents },
    #[error("vehicle {0} does not exist")]
    UnknownVehicle(VehicleId),
    #[error("category {0} does not exist")]
    UnknownCategory(CategoryId),
    #[error("transfer {0} does not exist")]
    UnknownTransfer(TransferId),
    #[error("transfer {0} is not on its way")]
    TransferNotInTransit(TransferId),
    #[error("item {item} is not in transfer {transfer}")]
    NotInTransfer { transfer: TransferId, item: ItemId },
    #[error("of item {item} only {sent} was sent")]
    ReceivedExceedsSent { item: ItemId, sent: Quantity },
    #[error("count {0} does not exist")]
    UnknownCount(CountId),
    #[error("count {0} is approved already")]
    CountApproved(CountId),
    #[error("quotation {0} does not exist")]
    UnknownQuotation(QuotationId),
    #[error("quotation {quotation} was valid until {valid_until}")]
    QuotationExpired { quotation: QuotationId, valid_until: Date },
    #[error("quotation {quotation} became sale {sale}")]
    QuotationConverted { quotation: QuotationId, sale: SaleId },
    #[error("quotation {0} is cancelled")]
    QuotationCancelled(QuotationId),
    #[error("layaway {0} does not exist")]
    UnknownLayaway(LayawayId),
    #[error("layaway {layaway} became sale {sale}")]
    LayawayCompleted { layaway: LayawayId, sale: SaleId },
    #[error("layaway {0} is cancelled")]
    LayawayCancelled(LayawayId),
    #[error("layaway {layaway} still lacks {balance}")]
    LayawayUnpaid { layaway: LayawayId, balance: Cents },
    #[error("period {0} is closed for good: date it in an open one")]
    PeriodClosed(Period),
    #[error("period {0} is in the future")]
    PeriodInFuture(Period),
    #[error("period {open} is open, so {period} cannot be closed")]
    EarlierPeriodOpen { period: Period, open: Period },
    #[error("period {0} was posted into while it was being closed")]
    PeriodMoved(Period),
    #[error("{field}: account {account} does not exist")]
    UnknownAccount { field: &'static str, account: AccountId },
    #[error("{field}: account {code} has accounts below it and takes no postings")]
    NotPostable { field: &'static str, code: String },
    #[error("account code {0} exists already")]
    DuplicateAccount(String),
    #[error("{field}: account {code} is kept by its sub-ledger")]
    ControlAccount { field: &'static str, code: String },
    #[error("debits are {debits}, credits {credits}")]
    Unbalanced { debits: Cents, credits: Cents },
    #[error("entry {0} does not exist among those posted by hand")]
    UnknownEntry(EntryId),
    #[error("entry {entry} was taken back by {by}")]
    EntryReversed { entry: EntryId, by: String },
    #[error("entry {0} is itself a reversal")]
    IsReversal(EntryId),
    #[error("key {0} does not exist, or opens nothing any more")]
    UnknownKey(KeyId),
    #[error("user {0} does not exist")]
    UnknownUser(UserId),
    #[error("{0} is somebody's already")]
    DuplicateLogin(String),
    #[error("identity document {0} is another patient's")]
    DuplicateIdentity(String),
    #[error("workshop order {0} does not exist")]
    UnknownWorkshopOrder(WorkshopOrderId),
    #[error("workshop order {0} is ready already")]
    WorkshopOrderReady(WorkshopOrderId),
    #[error("product {0} does not exist")]
    UnknownProduct(GroupId),
    #[error("product {0} has no variants, so it has no prices")]
    NoVariants(GroupId),
    #[error("product code {0} exists already")]
    DuplicateGroupCode(String),
    #[error("product {group} has size {size} already")]
    DuplicateSize { group: GroupId, size: String },
    #[error("price list {0} does not exist")]
    UnknownPriceList(PriceListId),
    #[error("the prices of list {0} follow the base list")]
    DerivedList(PriceListId),
    #[error("list {0} is the base: it stays in use and varies from nothing")]
    BaseList(PriceListId),
    #[error("address {0} does not exist")]
    UnknownAddress(AddressId),
    #[error("order {0} does not exist")]
    UnknownOrder(OrderId),
    #[error("order {order} became sale {sale}")]
    OrderConfirmed { order: OrderId, sale: SaleId },
    #[error("order {0} is cancelled")]
    OrderCancelled(OrderId),
    #[error("{name} is ordered in whole units")]
    WholeUnitsOnly { item: ItemId, name: String },
    #[error("of {name} at least {least} are ordered")]
    OrderTooSmall { item: ItemId, name: String, least: Quantity },
    #[error("of {name} at most {most} are ordered")]
    OrderTooLarge { item: ItemId, name: String, most: Quantity },
    #[error("{name} has no price")]
    NoPrice { item: ItemId, name: String },
    #[error("webhook {0} does not exist")]
    UnknownWebhook(WebhookId),
    #[error("webhook {0} is disabled")]
    WebhookDisabled(WebhookId),
    #[error("the plan allows {limit} webhooks")]
    TooManyWebhooks { limit: usize },
    #[error("nothing is owed on purchase {0}")]
    NothingOwed(PurchaseId),
    #[error("{field}: the layaway lacks {balance}, {amount} is more")]
    DepositExceedsBalance { field: &'static str, balance: Cents, amount: Cents },
}

impl Refusal {
    /// The class of the refusal.
    #[expect(clippy::too_many_lines, reason = "each refusal is named")]
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::UnknownSale(_)
            | Self::ItemNotFound(_)
            | Self::CustomerNotFound(_)
            | Self::EmployeeNotFound(_)
            | Self::UnknownVehicle(_)
            | Self::UnknownEntry(_)
            | Self::UnknownKey(_)
            | Self::UnknownAddress(_)
            | Self::UnknownOrder(_)
            | Self::UnknownUser(_)
            | Self::UnknownWorkshopOrder(_)
            | Self::UnknownProduct(_)
            | Self::UnknownPriceList(_)
            | Self::UnknownWebhook(_)
            | Self::UnknownTransfer(_)
            | Self::UnknownCount(_)
            | Self::UnknownQuotation(_)
            | Self::UnknownLayaway(_) => RefusalKind::NotFound,
            Self::DiscountTooHigh { .. }
            | Self::DiscountForbidden
            | Self::TooManyWebhooks { .. }
            | Self::OwnersOnly(_) => RefusalKind::Forbidden,
            Self::UnknownItem(_)
            | Self::InactiveItem { .. }
            | Self::NotStocked { .. }
            | Self::UnknownCustomer(_)
            | Self::UnknownBranch(_)
            | Self::UnknownEmployee(_)
            | Self::OwnerStays(_)
            | Self::InsufficientStock { .. }
            | Self::RegisterClosed(_)
            | Self::ForeignRegister(_)
            | Self::RegisterRequired
            | Self::RegisterAlreadyOpen(_)
            | Self::RegisterNumberInUse { .. }
            | Self::InsufficientCash { .. }
            | Self::Underpaid { .. }
            | Self::Overpaid { .. }
            | Self::TendersDisagree { .. }
            | Self::CreditWithoutCustomer
            | Self::CreditWithPayment
            | Self::CreditLimitExceeded { .. }
            | Self::Invalid { .. }
            | Self::DuplicateSku(_)
            | Self::DuplicateBarcode(_)
            | Self::DuplicateRfc(_)
            | Self::CostIsAverage
            | Self::SaleCancelled(_)
            | Self::SaleHasReturns(_)
            | Self::SaleHasPayments(_)
            | Self::NotInSale { .. }
            | Self::ReturnExceedsSale { .. }
            | Self::StoreCreditWithoutCustomer
            | Self::PaymentExceedsBalance { .. }
            | Self::AmountTooLarge
            | Self::TooManyLines(_)
            | Self::TenantExists
            | Self::DuplicatePin
            | Self::InactiveCustomer(_)
            | Self::InsufficientStoreCredit { .. }
            | Self::UnknownCategory(_)
            | Self::TransferNotInTransit(_)
            | Self::NotInTransfer { .. }
            | Self::ReceivedExceedsSent { .. }
            | Self::CountApproved(_)
            | Self::QuotationExpired { .. }
            | Self::QuotationConverted { .. }
            | Self::QuotationCancelled(_)
            | Self::LayawayCompleted { .. }
            | Self::LayawayCancelled(_)
            | Self::LayawayUnpaid { .. }
            | Self::DepositExceedsBalance { .. }
            | Self::PeriodClosed(_)
            | Self::PeriodInFuture(_)
            | Self::EarlierPeriodOpen { .. }
            | Self::PeriodMoved(_)
            | Self::DuplicateLogin(_)
            | Self::DuplicateIdentity(_)
            | Self::WorkshopOrderReady(_)
            | Self::NoVariants(_)
            | Self::DuplicateGroupCode(_)
            | Self::DuplicateSize { .. }
            | Self::DerivedList(_)
            | Self::BaseList(_)
            | Self::UnknownAccount { .. }
            | Self::NotPostable { .. }
            | Self::DuplicateAccount(_)
            | Self::ControlAccount { .. }
            | Self::Unbalanced { .. }
            | Self::EntryReversed { .. }
            | Self::IsReversal(_)
            | Self::OrderConfirmed { .. }
            | Self::OrderCancelled(_)
            | Self::WholeUnitsOnly { .. }
            | Self::OrderTooSmall { .. }
            | Self::OrderTooLarge { .. }
            | Self::NoPrice { .. }
            | Self::WebhookDisabled(_)
            | Self::NothingOwed(_) => RefusalKind::Rule,
        }
    }
}
