//! From a command to its document, and from the document's decision to events.

use diario_domain::{
    AccountId, Book, Command, Document, EmployeeId, Event, GroupId, Refusal, TenantId,
    access::{Key, KeyCommand, PlanDocument, User, UserCommand},
    account::{Chart, ChartCommand},
    address::{Address, AddressCommand},
    adjustment::Adjustment,
    barcode::{Barcode, IssueBarcode},
    branch::Branch,
    category::Category,
    command::Issued,
    count::{Count, CountCommand},
    customer::{Customer, CustomerCommand, Payment},
    employee::{Employee, EmployeeCommand},
    entry::{EntryCommand, ManualEntry},
    event::Recorded,
    favourite::Favourites,
    item::{Item, ItemCommand},
    layaway::{Layaway, LayawayCommand},
    optics::Prescription,
    order::{Order, OrderCommand},
    ordering::{
        CompanyPriceSet, CompanyPrices, ItemOrderingDocument, ItemOrderingSet, OrderingChanged,
        OrderingDocument,
    },
    payable::{Settlement, SupplierPayment},
    period::PeriodDocument,
    price_list::{self, ListCommand, PriceList},
    product::{self, Group, GroupCommand, PriceProduct},
    purchase::Purchase,
    quotation::{Quotation, QuotationCommand},
    register::{Register, RegisterCommand},
    returns::UnreferencedReturn,
    sale::{Sale, SaleCommand},
    tenant::Tenant,
    transfer::{Transfer, TransferCommand},
    vehicle::{Vehicle, VehicleCommand},
    webhook::{Webhook, WebhookCommand},
    workshop::{WorkshopCommand, WorkshopOrder},
};
use diario_store::{Log, StoreError};

/// Why there is no decision.
pub(crate) enum NoDecision {
    Refused(Refusal),
    Store(StoreError),
}

/// A decision's events, each at its place in its stream.
pub(crate) type Decision = Vec<Placed>;

/// An event, its stream and its number in it.
pub(crate) struct Placed {
    pub(crate) stream: String,
    pub(crate) version: i64,
    pub(crate) event: Event,
    /// The posting map as it was for what the event takes back: a cancellation is the exact mirror of its sale. What
    /// is in force counts where there is none.
    pub(crate) accounts: Option<Vec<(AccountId, AccountId)>>,
}

/// Where documents are read: the log, and behind it what this batch has decided and not yet written.
pub(crate) struct Documents<'a> {
    pub(crate) log: &'a Log,
    pub(crate) tenant: TenantId,
    pub(crate) pending: &'a [Recorded],
}

impl Documents<'_> {
    /// A document that exists decides: it is folded from its stream.
    async fn existing<D: Document>(
        &self,
        id: i64,
        command: Issued<D::Command>,
        book: &Book,
    ) -> Result<Decision, NoDecision> {
        let stream = format!("{}-{id}", D::TYPE);
        let stored = self.log.stream(self.tenant, &stream).await.map_err(NoDecision::Store)?;
        let first_pending = self.pending.first().map_or(i64::MAX, |event| event.position);
        let mut document = D::default();
        let mut version = 0;
        let mut first_accounts = None;
        let stored = stored.into_iter().filter(|event| event.position < first_pending);
        let pending = self.pending.iter().filter(|event| event.stream == stream).cloned();
        for event in stored.chain(pending) {
            version = event.version;
            first_accounts.get_or_insert(event.metadata.accounts);
            document.apply(event.event);
        }
        let mut decision = decide(&document, &stream, version, command, book)?;
        for placed in decision.iter_mut().filter(|placed| matches!(placed.event, Event::SaleCancelled(_))) {
            placed.accounts.clone_from(&first_accounts);
        }
        Ok(decision)
    }
}

/// A document that does not exist yet decides.
fn fresh<D: Document>(id: i64, command: Issued<D::Command>, book: &Book) -> Result<Decision, NoDecision> {
    decide(&D::default(), &format!("{}-{id}", D::TYPE), 0, command, book)
}

fn decide<D: Document>(
    document: &D,
    stream: &str,
    mut version: i64,
    command: Issued<D::Command>,
    book: &Book,
) -> Result<Decision, NoDecision> {
    let events = document.decide(command, book).map_err(NoDecision::Refused)?;
    let place = |event| {
        // Quotations, layaways and orders become sales, and a company that signs up brings a person and an address:
        // each is a document of its own.
        #[expect(clippy::wildcard_enum_match_arm, reason = "other events are their document's own")]
        let other = match &event {
            Event::SaleCompleted(sale) => Some((Sale::TYPE, sale.sale_id.0)),
            Event::UserCreated(user) => Some((User::TYPE, user.user_id.0)),
            Event::AddressCreated(address) => Some((Address::TYPE, address.address_id.0)),
            _ => None,
        };
        if let Some((kind, id)) = other.filter(|(kind, _)| *kind != D::TYPE) {
            return Placed { stream: format!("{kind}-{id}"), version: 1, event, accounts: None };
        }
        version += 1;
        Placed { stream: stream.to_owned(), version, event, accounts: None }
    };
    Ok(events.into_iter().map(place).collect())
}

/// Decides one command. Whatever the door, only who works here decides, and nothing is dated into a closed period.
pub(crate) async fn dispatch(
    documents: &Documents<'_>,
    issued: &Issued<Command>,
    book: &Book,
) -> Result<Decision, NoDecision> {
    if issued.by != EmployeeId(0) {
        // A token is good for hours; whoever was dismissed since decides nothing more.
        book.employee(issued.by).map_err(NoDecision::Refused)?;
    }
    let decision = decide_command(documents, issued, book).await?;
    for placed in &decision {
        book.admit(&placed.event).map_err(NoDecision::Refused)?;
    }
    Ok(decision)
}

/// New prices of a product: each of its variants decides, and all of them take the price or none.
async fn price_product(
    documents: &Documents<'_>,
    issued: &Issued<Command>,
    id: GroupId,
    prices: &PriceProduct,
    book: &Book,
) -> Result<Decision, NoDecision> {
    let mut decision = Decision::new();
    for item in product::variants(book, id).map_err(NoDecision::Refused)? {
        let command = issued.with(ItemCommand::Update(item, Box::new(prices.of_variant())));
        decision.extend(documents.existing::<Item>(item.0, command, book).await?);
    }
    if let Some(price) = prices.additional {
        let list = price_list::BASE;
        let command = issued.with(ListCommand::SetAdditional(list, id, price));
        decision.extend(documents.existing::<PriceList>(list.0, command, book).await?);
    }
    Ok(decision)
}

#[expect(clippy::too_many_lines, reason = "one arm for each command")]
async fn decide_command(
    documents: &Documents<'_>,
    issued: &Issued<Command>,
    book: &Book,
) -> Result<Decision, NoDecision> {
    let next = &book.counters;
    match &issued.command {
        Command::CreateTenant(create) => {
            documents.existing::<Tenant>(documents.tenant.0, issued.with(create.clone()), book).await
        }
        Command::IssueKey(issue) => {
            let command = issued.with(KeyCommand::Issue((**issue).clone()));
            fresh::<Key>(next.next_key().0, command, book)
        }
        Command::RevokeKey(id) => {
            documents.existing::<Key>(id.0, issued.with(KeyCommand::Revoke(*id)), book).await
        }
        Command::CreateUser(create) => {
            let command = issued.with(UserCommand::Create((**create).clone()));
            fresh::<User>(next.next_user().0, command, book)
        }
        Command::ChangePassword(id) => {
            documents.existing::<User>(id.0, issued.with(UserCommand::ChangePassword(*id)), book).await
        }
        Command::ChangePlan(plan) => {
            documents.existing::<PlanDocument>(documents.tenant.0, issued.with(*plan), book).await
        }
        Command::CreateWebhook(details) => {
            let id = next.next_webhook();
            let command = issued.with((id, WebhookCommand::Create((**details).clone())));
            fresh::<Webhook>(id.0, command, book)
        }
        Command::Webhook(id, command) => {
            documents.existing::<Webhook>(id.0, issued.with((*id, (**command).clone())), book).await
        }
        Command::OpenBranch(open) => fresh::<Branch>(next.next_branch().0, issued.with(open.clone()), book),
        Command::HireEmployee(hire) => {
            let command = issued.with(EmployeeCommand::Hire(hire.clone()));
            fresh::<Employee>(next.next_employee().0, command, book)
        }
        Command::UpdateEmployee(id, update) => {
            let command = issued.with(EmployeeCommand::Update(*id, update.clone()));
            documents.existing::<Employee>(id.0, command, book).await
        }
        Command::ChangePin(id) => {
            documents.existing::<Employee>(id.0, issued.with(EmployeeCommand::ChangePin(*id)), book).await
        }
        Command::CreateItem(create) => {
            let command = issued.with(ItemCommand::Create(create.clone()));
            fresh::<Item>(next.next_item().0, command, book)
        }
        Command::UpdateItem(id, update) => {
            documents
                .existing::<Item>(id.0, issued.with(ItemCommand::Update(*id, update.clone())), book)
                .await
        }
        Command::CreateGroup(create) => {
            let command = issued.with(GroupCommand::Create((**create).clone()));
            fresh::<Group>(next.next_group().0, command, book)
        }
        Command::UpdateGroup(id, update) => {
            let command = issued.with(GroupCommand::Update(*id, (**update).clone()));
            documents.existing::<Group>(id.0, command, book).await
        }
        Command::GroupItem(id, item, size) => {
            let command = issued.with(GroupCommand::Put(*id, *item, size.clone()));
            documents.existing::<Group>(id.0, command, book).await
        }
        Command::PriceProduct(id, prices) => price_product(documents, issued, *id, prices, book).await,
        Command::CreatePriceList(create) => {
            let command = issued.with(ListCommand::Create(create.clone()));
            fresh::<PriceList>(book.price_lists.next().0, command, book)
        }
        Command::UpdatePriceList(id, update) => {
            let command = issued.with(ListCommand::Update(*id, update.clone()));
            documents.existing::<PriceList>(id.0, command, book).await
        }
        Command::PriceInList(list, id, prices) => {
            price_list::editable(book, *list).map_err(NoDecision::Refused)?;
            price_product(documents, issued, *id, prices, book).await
        }
        Command::RecordPurchase(purchase) => {
            fresh::<Purchase>(next.next_purchase().0, issued.with(purchase.clone()), book)
        }
        Command::AdjustStock(adjust) => {
            fresh::<Adjustment>(next.next_adjustment().0, issued.with(adjust.clone()), book)
        }
        Command::CompleteSale(sale) => {
            let command = issued.with(SaleCommand::Complete(sale.clone()));
            fresh::<Sale>(next.next_sale().0, command, book)
        }
        Command::CancelSale(id, cancel) => {
            documents
                .existing::<Sale>(id.0, issued.with(SaleCommand::Cancel(*id, cancel.clone())), book)
                .await
        }
        Command::ReturnGoods(id, goods) => {
            documents.existing::<Sale>(id.0, issued.with(SaleCommand::Return(*id, goods.clone())), book).await
        }
        Command::ReturnUnreferenced(goods) => {
            fresh::<UnreferencedReturn>(next.next_return().0, issued.with(goods.clone()), book)
        }
        Command::OpenRegister(open) => {
            let command = issued.with(RegisterCommand::Open(open.clone()));
            fresh::<Register>(next.next_register().0, command, book)
        }
        Command::MoveCash(id, movement) => {
            let command = issued.with(RegisterCommand::Move(*id, movement.clone()));
            documents.existing::<Register>(id.0, command, book).await
        }
        Command::CutRegister(id, cut) => {
            documents
                .existing::<Register>(id.0, issued.with(RegisterCommand::Cut(*id, cut.clone())), book)
                .await
        }
        Command::RegisterCustomer(customer) => {
            let command = issued.with(CustomerCommand::Register(customer.clone()));
            fresh::<Customer>(next.next_customer().0, command, book)
        }
        Command::UpdateCustomer(id, update) => {
            let command = issued.with(CustomerCommand::Update(*id, update.clone()));
            documents.existing::<Customer>(id.0, command, book).await
        }
        Command::RegisterPatient(customer) => {
            let command = issued.with(CustomerCommand::RegisterPatient(customer.clone()));
            fresh::<Customer>(next.next_customer().0, command, book)
        }
        Command::UpdatePatient(id, update) => {
            let command = issued.with(CustomerCommand::UpdatePatient(*id, update.clone()));
            documents.existing::<Customer>(id.0, command, book).await
        }
        Command::RecordPrescription(wanted) => {
            let id = next.next_prescription().0;
            fresh::<Prescription>(id, issued.with(*wanted), book)
        }
        Command::OpenWorkshopOrder(wanted) => {
            let command = issued.with(WorkshopCommand::Open(wanted.clone()));
            fresh::<WorkshopOrder>(next.next_workshop_order().0, command, book)
        }
        Command::FinishWorkshopOrder(id) => {
            let command = issued.with(WorkshopCommand::Ready(*id));
            documents.existing::<WorkshopOrder>(id.0, command, book).await
        }
        Command::AddVehicle(customer, details) => {
            let command = issued.with(VehicleCommand::Add(*customer, details.clone()));
            fresh::<Vehicle>(next.next_vehicle().0, command, book)
        }
        Command::RemoveVehicle(customer, id) => {
            let command = issued.with(VehicleCommand::Remove(*customer, *id));
            documents.existing::<Vehicle>(id.0, command, book).await
        }
        Command::ReceivePayment(id, payment) => {
            fresh::<Payment>(next.next_payment().0, issued.with((*id, payment.clone())), book)
        }
        Command::TransferStock(transfer) => {
            let command = issued.with(TransferCommand::Send(transfer.clone()));
            fresh::<Transfer>(next.next_transfer().0, command, book)
        }
        Command::ReceiveTransfer(id, receive) => {
            let command = issued.with(TransferCommand::Receive(*id, receive.clone()));
            documents.existing::<Transfer>(id.0, command, book).await
        }
        Command::StartCount(start) => {
            let command = issued.with(CountCommand::Start(start.clone()));
            fresh::<Count>(next.next_count().0, command, book)
        }
        Command::ApproveCount(id) => {
            documents.existing::<Count>(id.0, issued.with(CountCommand::Approve(*id)), book).await
        }
        Command::CreateCategory(category) => {
            fresh::<Category>(next.next_category().0, issued.with(category.clone()), book)
        }
        Command::IssueBarcode(None) => fresh::<Barcode>(next.barcode + 1, issued.with(IssueBarcode), book),
        Command::IssueBarcode(Some(id)) => {
            documents.existing::<Item>(id.0, issued.with(ItemCommand::AssignBarcode(*id)), book).await
        }
        Command::CreateQuotation(quotation) => {
            let command = issued.with(QuotationCommand::Create(quotation.clone()));
            fresh::<Quotation>(next.next_quotation().0, command, book)
        }
        Command::ConvertQuotation(id, convert) => {
            let command = issued.with(QuotationCommand::Convert(*id, convert.clone()));
            documents.existing::<Quotation>(id.0, command, book).await
        }
        Command::CancelQuotation(id, reason) => {
            let command = issued.with(QuotationCommand::Cancel(*id, reason.clone()));
            documents.existing::<Quotation>(id.0, command, book).await
        }
        Command::CreateLayaway(layaway) => {
            let command = issued.with(LayawayCommand::Create(layaway.clone()));
            fresh::<Layaway>(next.next_layaway().0, command, book)
        }
        Command::PayLayaway(id, deposit) => {
            let command = issued.with(LayawayCommand::Pay(*id, deposit.clone()));
            documents.existing::<Layaway>(id.0, command, book).await
        }
        Command::CompleteLayaway(id) => {
            documents.existing::<Layaway>(id.0, issued.with(LayawayCommand::Complete(*id)), book).await
        }
        Command::CreateAccount(account) => {
            let command = issued.with(ChartCommand::Create(account.clone()));
            documents.existing::<Chart>(documents.tenant.0, command, book).await
        }
        Command::MapPosting(mapped) => {
            let command = issued.with(ChartCommand::Map(mapped.clone()));
            documents.existing::<Chart>(documents.tenant.0, command, book).await
        }
        Command::PostEntry(entry) => {
            let command = issued.with(EntryCommand::Post(entry.clone()));
            fresh::<ManualEntry>(next.entry + 1, command, book)
        }
        Command::ReverseEntry(reverse) => {
            let command = issued.with(EntryCommand::Reverse(reverse.clone()));
            documents.existing::<ManualEntry>(reverse.number, command, book).await
        }
        Command::ClosePeriod(close) => {
            let period = close.period.number();
            fresh::<PeriodDocument>(period, issued.with((**close).clone()), book)
        }
        Command::PaySupplier(payment) => {
            let id = next.next_supplier_payment().0;
            fresh::<SupplierPayment>(id, issued.with(payment.clone()), book)
        }
        Command::SettleCards(settle) => {
            fresh::<Settlement>(next.next_settlement().0, issued.with(settle.clone()), book)
        }
        Command::SignUp(wanted) => {
            let command = issued.with(CustomerCommand::SignUp(wanted.clone()));
            fresh::<Customer>(next.next_customer().0, command, book)
        }
        Command::CreateAddress(customer, details) => {
            let command = issued.with(AddressCommand::Create(*customer, (**details).clone()));
            fresh::<Address>(book.ordering.next_address().0, command, book)
        }
        Command::EditAddress(customer, id, details) => {
            let command = issued.with(AddressCommand::Edit(*customer, *id, (**details).clone()));
            documents.existing::<Address>(id.0, command, book).await
        }
        Command::DeleteAddress(customer, id) => {
            let command = issued.with(AddressCommand::Delete(*customer, *id));
            documents.existing::<Address>(id.0, command, book).await
        }
        Command::ToggleFavourite(customer, item) => {
            documents.existing::<Favourites>(customer.0, issued.with((*customer, *item)), book).await
        }
        Command::SetCompanyPrice(customer, item, terms) => {
            let command =
                issued.with(CompanyPriceSet { customer_id: *customer, item_id: *item, terms: *terms });
            documents.existing::<CompanyPrices>(customer.0, command, book).await
        }
        Command::SetItemOrdering(item, ordering) => {
            let command = issued.with(ItemOrderingSet { item_id: *item, ordering: *ordering });
            documents.existing::<ItemOrderingDocument>(item.0, command, book).await
        }
        Command::ChangeOrdering(settings) => {
            let command = issued.with(OrderingChanged { settings: *settings });
            documents.existing::<OrderingDocument>(documents.tenant.0, command, book).await
        }
        Command::PlaceOrder(wanted) => {
            let command = issued.with(OrderCommand::Place(wanted.clone()));
            fresh::<Order>(book.ordering.next_order().0, command, book)
        }
        Command::ConfirmOrder(id) => {
            documents.existing::<Order>(id.0, issued.with(OrderCommand::Confirm(*id)), book).await
        }
        Command::CancelOrder(id, reason) => {
            let command = issued.with(OrderCommand::Cancel(*id, reason.clone()));
            documents.existing::<Order>(id.0, command, book).await
        }
        Command::CancelLayaway(id, cancel) => {
            let command = issued.with(LayawayCommand::Cancel(*id, cancel.clone()));
            documents.existing::<Layaway>(id.0, command, book).await
        }
    }
}
