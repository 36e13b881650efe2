//! What may be asked of a shop. Each surface turns its requests into these.

use jiff::Timestamp;

use crate::{
    BranchId, CountId, CustomerId, EmployeeId, ItemId, KeyId, LayawayId, QuotationId, RegisterId, SaleId,
    TransferId, UserId, VehicleId, WebhookId, access, account, adjustment, branch, category, count, customer,
    employee, entry, item, layaway, payable, period, purchase, quotation, register, returns, sale, tenant,
    transfer, vehicle, webhook,
};

/// A command with who gives it, where and when: all that a decision may know besides the Book.
#[derive(Clone, Debug)]
pub struct Issued<C> {
    /// The employee; `EmployeeId(0)` is the system itself (creating a tenant).
    pub by: EmployeeId,
    /// The branch that the employee works in.
    pub branch: BranchId,
    /// Business time.
    pub at: Timestamp,
    /// What is asked.
    pub command: C,
}

impl<C> Issued<C> {
    /// The same circumstances around another command.
    pub fn with<D>(&self, command: D) -> Issued<D> {
        Issued { by: self.by, branch: self.branch, at: self.at, command }
    }
}

/// Everything that can be asked.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum Command {
    CreateTenant(tenant::CreateTenant),
    IssueKey(Box<access::IssueKey>),
    /// A key opens nothing any more.
    RevokeKey(KeyId),
    CreateUser(Box<access::CreateUser>),
    /// A person has another password.
    ChangePassword(UserId),
    /// The shop subscribes to another plan.
    ChangePlan(access::Plan),
    CreateWebhook(Box<webhook::WebhookDetails>),
    /// A command to an endpoint that exists.
    Webhook(WebhookId, Box<webhook::WebhookCommand>),
    OpenBranch(branch::OpenBranch),
    HireEmployee(employee::HireEmployee),
    CreateItem(Box<item::CreateItem>),
    UpdateItem(ItemId, Box<item::UpdateItem>),
    RecordPurchase(purchase::RecordPurchase),
    AdjustStock(adjustment::AdjustStock),
    CompleteSale(sale::CompleteSale),
    CancelSale(SaleId, sale::CancelSale),
    /// Goods of one of our sales come back.
    ReturnGoods(SaleId, returns::ReturnGoods),
    /// Goods come back whose sale is not in this log.
    ReturnUnreferenced(returns::ReturnUnreferenced),
    OpenRegister(register::OpenRegister),
    MoveCash(RegisterId, register::MoveCash),
    CutRegister(RegisterId, register::CutRegister),
    RegisterCustomer(Box<customer::RegisterCustomer>),
    UpdateCustomer(CustomerId, Box<customer::UpdateCustomer>),
    AddVehicle(CustomerId, vehicle::VehicleDetails),
    /// A vehicle leaves its customer's list.
    RemoveVehicle(CustomerId, VehicleId),
    TransferStock(transfer::TransferStock),
    ReceiveTransfer(TransferId, transfer::ReceiveTransfer),
    StartCount(count::StartCount),
    /// The differences of a count are booked.
    ApproveCount(CountId),
    CreateCategory(category::CreateCategory),
    /// A barcode of the shop's own, for an item or to be used later.
    IssueBarcode(Option<ItemId>),
    CreateQuotation(quotation::CreateQuotation),
    ConvertQuotation(QuotationId, quotation::ConvertQuotation),
    /// An offer is taken back, for a reason.
    CancelQuotation(QuotationId, Option<String>),
    CreateLayaway(layaway::CreateLayaway),
    PayLayaway(LayawayId, layaway::DepositWanted),
    /// The goods of a paid layaway are handed over.
    CompleteLayaway(LayawayId),
    CancelLayaway(LayawayId, layaway::CancelLayaway),
    CreateAccount(account::CreateAccount),
    MapPosting(account::PostingMapped),
    PostEntry(entry::PostEntry),
    ReverseEntry(entry::ReverseEntry),
    ClosePeriod(Box<period::ClosePeriod>),
    PaySupplier(payable::PaySupplier),
    SettleCards(payable::SettleCards),
    ReceivePayment(CustomerId, customer::ReceivePayment),
}
