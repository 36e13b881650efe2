//! What may be asked of a shop. Each surface turns its requests into these.

use jiff::Timestamp;

use crate::{
    AddressId, BranchId, CountId, CustomerId, EmployeeId, GroupId, ItemId, KeyId, LayawayId, OrderId,
    PriceListId, QuotationId, RegisterId, SaleId, TransferId, UserId, VehicleId, WebhookId, WorkshopOrderId,
    access, account, address, adjustment, branch, category, count, customer, employee, entry, item, layaway,
    optics, order, ordering, payable, period, price_list, product, purchase, quotation, register, returns,
    sale, signup, tenant, transfer, vehicle, webhook, workshop,
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
    UpdateEmployee(EmployeeId, employee::UpdateEmployee),
    /// An employee has another PIN.
    ChangePin(EmployeeId),
    CreateItem(Box<item::CreateItem>),
    UpdateItem(ItemId, Box<item::UpdateItem>),
    CreateGroup(Box<product::CreateGroup>),
    UpdateGroup(GroupId, Box<product::UpdateGroup>),
    /// An item becomes a variant of a group, with a size.
    GroupItem(GroupId, ItemId, String),
    PriceProduct(GroupId, product::PriceProduct),
    CreatePriceList(price_list::CreatePriceList),
    UpdatePriceList(PriceListId, price_list::UpdatePriceList),
    /// The price of a product in a list, and its second one; a price of 0 takes it out of the list.
    PriceInList(PriceListId, GroupId, product::PriceProduct),
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
    /// A customer as an optician knows them: no two have the same identity document.
    RegisterPatient(Box<customer::RegisterCustomer>),
    /// The same of their changes.
    UpdatePatient(CustomerId, Box<customer::UpdateCustomer>),
    RecordPrescription(optics::RecordPrescription),
    OpenWorkshopOrder(workshop::OpenWorkshopOrder),
    /// An order of the workshop is ready to be fetched.
    FinishWorkshopOrder(WorkshopOrderId),
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
    SignUp(Box<signup::SignUp>),
    CreateAddress(CustomerId, Box<address::AddressDetails>),
    EditAddress(CustomerId, AddressId, Box<address::AddressDetails>),
    /// An address leaves its customer's list.
    DeleteAddress(CustomerId, AddressId),
    /// A customer likes an item, or likes it no longer.
    ToggleFavourite(CustomerId, ItemId),
    /// A company has a price of its own for an item, or no longer.
    SetCompanyPrice(CustomerId, ItemId, Option<ordering::CompanyTerms>),
    SetItemOrdering(ItemId, ordering::ItemOrdering),
    ChangeOrdering(ordering::OrderingSettings),
    PlaceOrder(Box<order::PlaceOrder>),
    /// An order whose goods are set aside becomes a sale.
    ConfirmOrder(OrderId),
    /// An order whose goods are set aside is given up, for a reason.
    CancelOrder(OrderId, Option<String>),
}
