//! Webhooks in a time of their own: hours pass in moments, and the endpoint is a list.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use diario_commands::{Rendered, Request, Secret};
use diario_domain::{
    BranchId, Command, EmployeeId, TenantId, WebhookId,
    command::Issued,
    customer::{CustomerDetails, RegisterCustomer},
    event::Metadata,
    webhook::{Delivery, WebhookCommand, WebhookDetails},
};
use diario_projections::{
    Page,
    webhooks::{
        self, State,
        dispatch::{Dispatcher, Later, Outcome, Outside, Parcel, Time},
    },
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{World, secret, sign};
use crate::cli::{Common, Context, context::NewTenant};

/// A clock that a test moves.
struct Hands(watch::Sender<Timestamp>);

impl Time for Hands {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep(&self, pause: Duration) -> Later<'_, ()> {
        let until = self.now() + SignedDuration::try_from(pause).unwrap();
        let mut moved = self.0.subscribe();
        Box::pin(async move {
            let _ = moved.wait_for(|now| *now >= until).await;
        })
    }
}

/// An endpoint that is down or up.
struct Endpoint {
    up: AtomicBool,
    tries: AtomicUsize,
    taken: Mutex<Vec<(String, String)>>,
    /// What the newest message that was taken was signed with.
    signed: Mutex<Vec<String>>,
    world: World,
}

impl Outside for Endpoint {
    fn send(&self, parcel: Parcel) -> Later<'_, Outcome> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        let outcome = if self.up.load(Ordering::SeqCst) {
            *self.signed.lock().unwrap() = parcel.secrets;
            self.taken.lock().unwrap().push((parcel.message_id, parcel.body.to_string()));
            Outcome::Answered { status: 200, retry_after: None, body: String::new() }
        } else {
            Outcome::Failed("no connection".to_owned())
        };
        Box::pin(async move { outcome })
    }

    fn disable(&self, tenant: TenantId, webhook: WebhookId, reason: String) -> Later<'_, ()> {
        self.world.disable(tenant, webhook, reason)
    }
}

struct Simulation {
    context: Context,
    tenant: TenantId,
    time: Arc<Hands>,
    endpoint: Arc<Endpoint>,
    /// The endpoint's first secret.
    secret: String,
    dispatcher: Dispatcher,
    watching: tokio::task::JoinHandle<()>,
    folder: std::path::PathBuf,
}

const HOOK: WebhookId = WebhookId(1);

impl Simulation {
    /// A shop with one endpoint, which is down.
    async fn begin(name: &str, delivery: Delivery) -> Self {
        let folder = std::env::temp_dir().join(format!("diario-simulated-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("diario.db").display());
        let start: Timestamp = "2026-06-15T12:00:00Z".parse().unwrap();
        let time = Arc::new(Hands(watch::Sender::new(start)));
        let hands = Arc::clone(&time);
        let clock: diario_commands::Clock = Arc::new(move || hands.now());
        let common = Common { database: url, json: true };
        let context = Context::open_with(&common, false, clock).await.unwrap();
        let founded = context
            .found_tenant(NewTenant {
                slug: "tienda".to_owned(),
                name: "Tienda".to_owned(),
                country: "MX".to_owned(),
                currency: "MXN".to_owned(),
                timezone: "America/Mexico_City".to_owned(),
                owner: "Ana".to_owned(),
                pin: "4321".to_owned(),
                branch: "Matriz".to_owned(),
                allow_negative_stock: false,
                postal_code: None,
            })
            .await
            .unwrap();
        let endpoint = Arc::new(Endpoint {
            up: AtomicBool::new(false),
            tries: AtomicUsize::new(0),
            taken: Mutex::default(),
            signed: Mutex::default(),
            world: World::new(context.commands.clone(), false),
        });
        let watching = tokio::spawn({
            let projections = context.projections.clone();
            async move { projections.watch_directory().await }
        });
        let dispatcher = Dispatcher::start(
            context.log.clone(),
            Arc::<Endpoint>::clone(&endpoint),
            Arc::<Hands>::clone(&time),
            "simulated".to_owned(),
            context.projections.heads(),
        );
        let (secret, kept) = secret::draw(start).unwrap();
        let tenant = founded.tenant_id;
        let simulation = Self { context, tenant, time, endpoint, secret, dispatcher, watching, folder };
        let details = WebhookDetails {
            url: "https://tienda.example/".to_owned(),
            events: vec!["*".to_owned()],
            delivery,
            ordered: false,
            description: None,
        };
        simulation.write_with(Command::CreateWebhook(Box::new(details)), Some(kept)).await;
        simulation
    }

    async fn write(&self, command: Command) {
        self.write_with(command, None).await;
    }

    async fn write_with(&self, command: Command, secret: Option<Secret>) {
        let at = self.context.commands.now();
        let request = Request {
            commands: vec![Issued { by: EmployeeId(1), branch: BranchId(1), at, command }],
            metadata: Metadata { surface: "nexus".to_owned(), ..Metadata::default() },
            key: None,
            secret,
            render: Box::new(|_| Rendered { status: 200, body: String::new() }),
        };
        let answer = self.context.commands.execute(self.tenant, request).await.unwrap();
        assert_eq!(answer.refusal, None);
    }

    async fn register(&self, number: usize) {
        let details = CustomerDetails { name: format!("C{number}"), ..CustomerDetails::default() };
        self.write(Command::RegisterCustomer(Box::new(RegisterCustomer { details }))).await;
    }

    /// Lets time pass in steps, with a moment of real time for each, in which everybody does what is due.
    async fn pass(&self, span: SignedDuration, step: SignedDuration) {
        let until = self.time.now() + span;
        while self.time.now() < until {
            let next = (self.time.now() + step).min(until);
            self.time.0.send_replace(next);
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
    }

    async fn count(&self, state: &str) -> usize {
        let page = Page::first(10_000);
        let db = &self.context.db;
        webhooks::deliveries(db, self.tenant, HOOK, Some(state), page).await.unwrap().rows.len()
    }

    fn taken(&self) -> HashMap<String, HashSet<String>> {
        let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
        for (id, body) in self.endpoint.taken.lock().unwrap().iter() {
            ids.entry(body.clone()).or_default().insert(id.clone());
        }
        ids
    }

    async fn end(self) {
        self.dispatcher.stop().await;
        self.context.close().await;
        self.watching.abort();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_down_for_an_hour_loses_nothing() {
    let simulation = Simulation::begin("hour", Delivery::Durable).await;
    // A customer each half minute, while nobody answers.
    for number in 0..120 {
        simulation.register(number).await;
        simulation.pass(SignedDuration::from_secs(30), SignedDuration::from_secs(5)).await;
    }
    assert_eq!(simulation.taken().len(), 0);
    let tries = simulation.endpoint.tries.load(Ordering::SeqCst);
    assert!(tries < 120, "an endpoint that is down was tried {tries} times in an hour");
    simulation.endpoint.up.store(true, Ordering::SeqCst);
    simulation.pass(SignedDuration::from_mins(40), SignedDuration::from_secs(10)).await;
    let taken = simulation.taken();
    assert_eq!(taken.len(), 120);
    assert!(taken.values().all(|ids| ids.len() == 1), "{taken:?}");
    assert_eq!(simulation.endpoint.taken.lock().unwrap().len(), 120, "something was told twice");
    assert_eq!((simulation.count("delivered").await, simulation.count("pending").await), (120, 0));
    simulation.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_loses_what_the_endpoint_missed_and_can_be_asked_again() {
    let simulation = Simulation::begin("once", Delivery::Once).await;
    for number in 0..20 {
        simulation.register(number).await;
        simulation.pass(SignedDuration::from_secs(60), SignedDuration::from_secs(10)).await;
    }
    assert_eq!(simulation.endpoint.tries.load(Ordering::SeqCst), 20);
    simulation.endpoint.up.store(true, Ordering::SeqCst);
    simulation.pass(SignedDuration::from_hours(24), SignedDuration::from_mins(10)).await;
    assert_eq!(simulation.endpoint.tries.load(Ordering::SeqCst), 20, "once is once");
    assert_eq!(simulation.count("failed").await, 20);
    let replay = WebhookCommand::Replay(1);
    simulation.write(Command::Webhook(HOOK, Box::new(replay))).await;
    simulation.pass(SignedDuration::from_mins(5), SignedDuration::from_secs(5)).await;
    assert_eq!(simulation.taken().len(), 20);
    simulation.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_dead_for_five_days_is_disabled_and_what_waits_is_sent_when_it_is_back() {
    let simulation = Simulation::begin("dead", Delivery::Durable).await;
    // Enough that something is left to be tried on the fifth day.
    let mut number = 0;
    for _ in 0..5 {
        for _ in 0..4 {
            simulation.register(number).await;
            number += 1;
        }
        simulation.pass(SignedDuration::from_hours(23), SignedDuration::from_mins(5)).await;
    }
    let state = async || {
        webhooks::find_endpoint(&simulation.context.db, simulation.tenant, HOOK).await.unwrap().unwrap().state
    };
    assert_eq!(state().await, State::Active);
    simulation.register(number).await;
    simulation.pass(SignedDuration::from_hours(12), SignedDuration::from_mins(5)).await;
    assert_eq!(state().await, State::Disabled);
    let tries = simulation.endpoint.tries.load(Ordering::SeqCst);
    simulation.register(number + 1).await;
    simulation.pass(SignedDuration::from_hours(24), SignedDuration::from_mins(10)).await;
    assert_eq!(
        simulation.endpoint.tries.load(Ordering::SeqCst),
        tries,
        "a disabled endpoint was told something"
    );
    simulation.endpoint.up.store(true, Ordering::SeqCst);
    let waiting = simulation.count("pending").await;
    assert!(waiting > 0);
    simulation.write(Command::Webhook(HOOK, Box::new(WebhookCommand::Enable))).await;
    simulation.pass(SignedDuration::from_hours(13), SignedDuration::from_mins(5)).await;
    assert_eq!(simulation.taken().len(), waiting);
    simulation.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_secret_signs_for_a_day_and_not_a_minute_longer() {
    let simulation = Simulation::begin("rotation", Delivery::Durable).await;
    let up = |up| simulation.endpoint.up.store(up, Ordering::SeqCst);
    let (minute, second) = (SignedDuration::from_mins(1), SignedDuration::from_secs(1));
    // What the next customer is told with.
    let mut number = 0;
    let mut signed_now = async || {
        simulation.register(number).await;
        number += 1;
        while simulation.endpoint.taken.lock().unwrap().len() < number {
            simulation.pass(second / 10, second / 10).await;
        }
        simulation.endpoint.signed.lock().unwrap().clone()
    };
    up(true);
    let old = simulation.secret.clone();
    assert_eq!(signed_now().await, [old.as_str()]);
    let (new, kept) = secret::draw(simulation.time.now()).unwrap();
    simulation.write_with(Command::Webhook(HOOK, Box::new(WebhookCommand::RotateSecret)), Some(kept)).await;
    let rotated = simulation.time.now();
    let until = |hours, before: SignedDuration| {
        let at: Timestamp = rotated + SignedDuration::from_hours(hours) - before;
        at.duration_since(simulation.time.now())
    };
    simulation.pass(minute, minute).await;
    assert_eq!(signed_now().await, [new.as_str(), old.as_str()]);
    simulation.pass(until(24, minute), SignedDuration::from_hours(1)).await;
    let both = signed_now().await;
    assert_eq!(both, [new.as_str(), old.as_str()], "the old secret is good for a day");
    assert_eq!(sign::standard(&both, "msg_1", 1, "{}").split(' ').count(), 2);
    simulation.pass(until(24, -minute), minute).await;
    let one = signed_now().await;
    assert_eq!(one, [new.as_str()], "after a day the old secret signs nothing");
    assert_eq!(sign::standard(&one, "msg_1", 1, "{}").split(' ').count(), 1);
    // What failed while the old one was good is told again with what is good then.
    let (newest, kept) = secret::draw(simulation.time.now()).unwrap();
    simulation.write_with(Command::Webhook(HOOK, Box::new(WebhookCommand::RotateSecret)), Some(kept)).await;
    up(false);
    let taken = simulation.taken().len();
    simulation.register(100).await;
    simulation.pass(SignedDuration::from_hours(24), SignedDuration::from_mins(10)).await;
    up(true);
    simulation.pass(SignedDuration::from_hours(12), SignedDuration::from_mins(10)).await;
    assert_eq!(simulation.taken().len(), taken + 1);
    assert_eq!(*simulation.endpoint.signed.lock().unwrap(), [newest]);
    simulation.end().await;
}
