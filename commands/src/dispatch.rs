//! From a command to its document, and from the document's decision to events.

use cqrs_es::{Aggregate, event_sink::EventSink};
use diario_domain::{
    AccountId, Book, Command, Event, GroupId, Refusal, TenantId,
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
    employee::Employee,
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
    /// A document that does not exist yet decides.
    async fn fresh<A>(&self, id: i64, command: A::Command, book: &Book) -> Result<Decision, NoDecision>
    where
        A: Aggregate<Event = Event, Error = Refusal, Services = Book>,
    {
        decide::<A>(A::default(), format!("{}-{id}", A::TYPE), 0, command, book).await
    }

    /// A document that exists decides: it is folded from its stream.
    async fn existing<A>(&self, id: i64, command: A::Command, book: &Book) -> Result<Decision, NoDecision>
    where
        A: Aggregate<Event = Event, Error = Refusal, Services = Book>,
    {
        let stream = format!("{}-{id}", A::TYPE);
        let stored = self.log.stream(self.tenant, &stream).await.map_err(NoDecision::Store)?;
        let first_pending = self.pending.first().map_or(i64::MAX, |event| event.position);
        let mut document = A::default();
        let mut version = 0;
        let mut first_accounts = None;
        let stored = stored.into_iter().filter(|event| event.position < first_pending);
        let pending = self.pending.iter().filter(|event| event.stream == stream).cloned();
        for event in stored.chain(pending) {
            version = event.version;
            first_accounts.get_or_insert(event.metadata.accounts);
            document.apply(event.event);
        }
        let mut decision = decide::<A>(document, stream, version, command, book).await?;
        for placed in decision.iter_mut().filter(|placed| matches!(placed.event, Event::SaleCancelled(_))) {
            placed.accounts.clone_from(&first_accounts);
        }
        Ok(decision)
    }
}

async fn decide<A>(
    mut document: A,
    stream: String,
    version: i64,
    command: A::Command,
    book: &Book,
) -> Result<Decision, NoDecision>
where
    A: Aggregate<Event = Event, Error = Refusal, Services = Book>,
{
    let sink = EventSink::default();
    document.handle(command, book, &sink).await.map_err(NoDecision::Refused)?;
    let mut version = version;
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
        if let Some((kind, id)) = other.filter(|(kind, _)| *kind != A::TYPE) {
            return Placed { stream: format!("{kind}-{id}"), version: 1, event, accounts: None };
        }
        version += 1;
        Placed { stream: stream.clone(), version, event, accounts: None }
    };
    Ok(sink.collect().await.into_iter().map(place).collect())
}

/// Decides one command. Whatever the door, nothing is dated into a closed period.
pub(crate) async fn dispatch(
    documents: &Documents<'_>,
    issued: &Issued<Command>,
    book: &Book,
) -> Result<Decision, NoDecision> {
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
            documents.fresh::<Key>(next.next_key().0, command, book).await
        }
        Command::RevokeKey(id) => {
            documents.existing::<Key>(id.0, issued.with(KeyCommand::Revoke(*id)), book).await
        }
        Command::CreateUser(create) => {
            let command = issued.with(UserCommand::Create((**create).clone()));
            documents.fresh::<User>(next.next_user().0, command, book).await
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
            documents.fresh::<Webhook>(id.0, command, book).await
        }
        Command::Webhook(id, command) => {
            documents.existing::<Webhook>(id.0, issued.with((*id, (**command).clone())), book).await
        }
        Command::OpenBranch(open) => {
            documents.fresh::<Branch>(next.next_branch().0, issued.with(open.clone()), book).await
        }
        Command::HireEmployee(hire) => {
            documents.fresh::<Employee>(next.next_employee().0, issued.with(hire.clone()), book).await
        }
        Command::CreateItem(create) => {
            let command = issued.with(ItemCommand::Create(create.clone()));
            documents.fresh::<Item>(next.next_item().0, command, book).await
        }
        Command::UpdateItem(id, update) => {
            documents
                .existing::<Item>(id.0, issued.with(ItemCommand::Update(*id, update.clone())), book)
                .await
        }
        Command::CreateGroup(create) => {
            let command = issued.with(GroupCommand::Create((**create).clone()));
            documents.fresh::<Group>(next.next_group().0, command, book).await
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
            documents.fresh::<PriceList>(book.price_lists.next().0, command, book).await
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
            documents.fresh::<Purchase>(next.next_purchase().0, issued.with(purchase.clone()), book).await
        }
        Command::AdjustStock(adjust) => {
            documents.fresh::<Adjustment>(next.next_adjustment().0, issued.with(adjust.clone()), book).await
        }
        Command::CompleteSale(sale) => {
            let command = issued.with(SaleCommand::Complete(sale.clone()));
            documents.fresh::<Sale>(next.next_sale().0, command, book).await
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
            documents
                .fresh::<UnreferencedReturn>(next.next_return().0, issued.with(goods.clone()), book)
                .await
        }
        Command::OpenRegister(open) => {
            let command = issued.with(RegisterCommand::Open(open.clone()));
            documents.fresh::<Register>(next.next_register().0, command, book).await
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
            documents.fresh::<Customer>(next.next_customer().0, command, book).await
        }
        Command::UpdateCustomer(id, update) => {
            let command = issued.with(CustomerCommand::Update(*id, update.clone()));
            documents.existing::<Customer>(id.0, command, book).await
        }
        Command::RegisterPatient(customer) => {
            let command = issued.with(CustomerCommand::RegisterPatient(customer.clone()));
            documents.fresh::<Customer>(next.next_customer().0, command, book).await
        }
        Command::UpdatePatient(id, update) => {
            let command = issued.with(CustomerCommand::UpdatePatient(*id, update.clone()));
            documents.existing::<Customer>(id.0, command, book).await
        }
        Command::RecordPrescription(wanted) => {
            let id = next.next_prescription().0;
            documents.fresh::<Prescription>(id, issued.with(*wanted), book).await
        }
        Command::OpenWorkshopOrder(wanted) => {
            let command = issued.with(WorkshopCommand::Open(wanted.clone()));
            documents.fresh::<WorkshopOrder>(next.next_workshop_order().0, command, book).await
        }
        Command::FinishWorkshopOrder(id) => {
            let command = issued.with(WorkshopCommand::Ready(*id));
            documents.existing::<WorkshopOrder>(id.0, command, book).await
        }
        Command::AddVehicle(customer, details) => {
            let command = issued.with(VehicleCommand::Add(*customer, details.clone()));
            documents.fresh::<Vehicle>(next.next_vehicle().0, command, book).await
        }
        Command::RemoveVehicle(customer, id) => {
            let command = issued.with(VehicleCommand::Remove(*customer, *id));
            documents.existing::<Vehicle>(id.0, command, book).await
        }
        Command::ReceivePayment(id, payment) => {
            documents.fresh::<Payment>(next.next_payment().0, issued.with((*id, payment.clone())), book).await
        }
        Command::TransferStock(transfer) => {
            let command = issued.with(TransferCommand::Send(transfer.clone()));
            documents.fresh::<Transfer>(next.next_transfer().0, command, book).await
        }
        Command::ReceiveTransfer(id, receive) => {
            let command = issued.with(TransferCommand::Receive(*id, receive.clone()));
            documents.existing::<Transfer>(id.0, command, book).await
        }
        Command::StartCount(start) => {
            let command = issued.with(CountCommand::Start(start.clone()));
            documents.fresh::<Count>(next.next_count().0, command, book).await
        }
        Command::ApproveCount(id) => {
            documents.existing::<Count>(id.0, issued.with(CountCommand::Approve(*id)), book).await
        }
        Command::CreateCategory(category) => {
            documents.fresh::<Category>(next.next_category().0, issued.with(category.clone()), book).await
        }
        Command::IssueBarcode(None) => {
            documents.fresh::<Barcode>(next.barcode + 1, issued.with(IssueBarcode), book).await
        }
        Command::IssueBarcode(Some(id)) => {
            documents.existing::<Item>(id.0, issued.with(ItemCommand::AssignBarcode(*id)), book).await
        }
        Command::CreateQuotation(quotation) => {
            let command = issued.with(QuotationCommand::Create(quotation.clone()));
            documents.fresh::<Quotation>(next.next_quotation().0, command, book).await
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
            documents.fresh::<Layaway>(next.next_layaway().0, command, book).await
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
            documents.fresh::<ManualEntry>(next.entry + 1, command, book).await
        }
        Command::ReverseEntry(reverse) => {
            let command = issued.with(EntryCommand::Reverse(reverse.clone()));
            documents.existing::<ManualEntry>(reverse.number, command, book).await
        }
        Command::ClosePeriod(close) => {
            let period = close.period.number();
            documents.fresh::<PeriodDocument>(period, issued.with((**close).clone()), book).await
        }
        Command::PaySupplier(payment) => {
            let id = next.next_supplier_payment().0;
            documents.fresh::<SupplierPayment>(id, issued.with(payment.clone()), book).await
        }
        Command::SettleCards(settle) => {
            documents.fresh::<Settlement>(next.next_settlement().0, issued.with(settle.clone()), book).await
        }
        Command::SignUp(wanted) => {
            let command = issued.with(CustomerCommand::SignUp(wanted.clone()));
            documents.fresh::<Customer>(next.next_customer().0, command, book).await
        }
        Command::CreateAddress(customer, details) => {
            let command = issued.with(AddressCommand::Create(*customer, (**details).clone()));
            documents.fresh::<Address>(book.ordering.next_address().0, command, book).await
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
            documents.fresh::<Order>(book.ordering.next_order().0, command, book).await
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
