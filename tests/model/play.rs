use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};
use std::panic::AssertUnwindSafe;

use diario_tests::{Answer, Database, Engine, Glance, PIN, Server, Shop};
use futures_util::FutureExt as _;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::choose::choose;
use crate::command::Command;
use crate::compare;
use crate::history::{Dice, Kind, Step};
use crate::model::{Accepted, Branch, Expect, Model, Noun, Refused, Role, Till};

/// A server that every history gets a new tenant of.
#[derive(Debug)]
pub struct World {
    engine: Engine,
    database: Database,
    server: Server,
}

impl World {
    pub async fn start(engine: Engine) -> Self {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        Self { engine, database, server }
    }
}

/// What was done in a step, so that it can be done again in another history.
#[derive(Debug, Clone)]
pub struct Deed {
    pub kind: Kind,
    pub till: usize,
    /// Nothing where the last request is sent again.
    pub command: Option<Command>,
    /// What it made, by its place in the lists of the history in which it was done first.
    pub made: Option<(Noun, usize)>,
}

/// Where the program and the model parted.
#[derive(Debug, Clone)]
pub struct Parting {
    pub what: String,
    /// The history as far as it went, a line a step.
    pub told: Vec<String>,
    /// The same as deeds, the one that parted last.
    pub deeds: Vec<Deed>,
    /// All steps were well: it is the proof afterwards that failed.
    pub in_proof: bool,
}

/// What a finished history consisted of.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn count(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in &self.0 {
            writeln!(f, "{count:>6} {what}")?;
        }
        Ok(())
    }
}

/// The last write, for sending it again.
struct Sent {
    method: Method,
    path: String,
    body: Value,
    key: String,
    till: usize,
    answer: Answer,
}

pub struct Play {
    pub model: Model,
    /// The shop as each till sees it.
    pub tills: Vec<Shop>,
    told: Vec<String>,
    deeds: Vec<Deed>,
    tally: Tally,
    last: Option<Sent>,
    glance: Glance,
    /// Where in this history's lists is what was made first in another history.
    names: HashMap<(Noun, usize), usize>,
}

/// How often everything is compared, not only what a step has touched.
const WHOLE: usize = 100;

/// How closely a history is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// What a step has touched after every step, and everything now and then.
    Closely,
    /// Only the answers, and everything at the end: quicker, for looking for shorter histories.
    AtTheEnd,
}

/// Plays a history in a new tenant and holds the program to the model after every step.
pub async fn play(world: &World, steps: &[Step]) -> Result<Tally, Parting> {
    let mut play = Play::begin(world).await;
    for (number, step) in steps.iter().enumerate() {
        let mut dice = Dice::of(*step);
        if let Some(deed) = play.choose(step.kind, &mut dice) {
            let whole = (number + 1).is_multiple_of(WHOLE) || number + 1 == steps.len();
            play.watched(deed, Watch::Closely, whole).await?;
        }
    }
    play.prove().await
}

/// Plays deeds of another history, leaving out what cannot be done for want of what they name.
pub async fn replay(world: &World, deeds: &[Deed], watch: Watch, prove: bool) -> Result<(), Parting> {
    let mut play = Play::begin(world).await;
    let last = deeds.len().saturating_sub(1);
    for (number, deed) in deeds.iter().enumerate() {
        if play.here(deed).is_some() {
            let whole = match watch {
                Watch::Closely => number == last || (number + 1).is_multiple_of(WHOLE),
                Watch::AtTheEnd => number == last,
            };
            let watch = if number == last { Watch::Closely } else { watch };
            play.watched(deed.clone(), watch, whole).await?;
        }
    }
    if prove { play.prove().await.map(drop) } else { Ok(()) }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

impl Play {
    async fn begin(world: &World) -> Self {
        let owner = Shop::create(world.engine, &world.server.base, &world.database.url, &[]).await;
        let glance = world.database.sql().glance().await;
        let mut model = Model::default();
        model.branches.push(Branch { id: owner.branch_id });
        model.tills.push(Till {
            id: owner.owner_employee_id,
            name: "Ana".to_owned(),
            role: Role::Owner,
            branch: 0,
            number: 1,
            pin: PIN.to_owned(),
            most: Decimal::ONE_HUNDRED,
        });
        Self {
            model,
            tills: vec![owner],
            told: Vec::new(),
            deeds: Vec::new(),
            tally: Tally::default(),
            last: None,
            glance,
            names: HashMap::from([((Noun::Branch, 0), 0), ((Noun::Till, 0), 0)]),
        }
    }

    /// What a step of this kind does now, if there is anything to do it to.
    fn choose(&mut self, kind: Kind, dice: &mut Dice) -> Option<Deed> {
        let mut till = dice.below(self.tills.len());
        if kind == Kind::Open && dice.chance(90) {
            let shut: Vec<usize> =
                (0..self.tills.len()).filter(|till| self.model.open_session(*till).is_none()).collect();
            till = dice.pick(&shut).unwrap_or(till);
        }
        let deed = |till, command| Deed { kind, till, command, made: None };
        if kind == Kind::Again {
            return self.last.as_ref().map(|last| deed(last.till, None));
        }
        let mut command = choose(&self.model, till, kind, dice);
        let may = |command: &Command| self.model.tills[till].role.may(command.permission());
        if !command.as_ref().is_none_or(may) && dice.chance(85) {
            till = 0;
            command = choose(&self.model, till, kind, dice);
        }
        if command.is_none() {
            self.tally.count(&format!("{kind:?} has nothing to do it to"));
        }
        command.map(|command| deed(till, Some(command)))
    }

    /// Who does it and what it is in this history, if all that it names is there.
    fn here(&self, deed: &Deed) -> Option<(usize, Option<Command>)> {
        let till = *self.names.get(&(Noun::Till, deed.till))?;
        let Some(mut command) = deed.command.clone() else { return Some((till, None)) };
        let mut known = true;
        command.visit(&mut |noun, place| match self.names.get(&(noun, *place)) {
            Some(name) => *place = *name,
            None => known = false,
        });
        (known && command.fits(&self.model)).then_some((till, Some(command)))
    }

    /// Does a deed, and names what is wrong together with how it came to it.
    async fn watched(&mut self, deed: Deed, watch: Watch, whole: bool) -> Result<(), Parting> {
        self.deeds.push(deed);
        let outcome = AssertUnwindSafe(self.act(watch)).catch_unwind().await;
        let mut outcome = outcome.unwrap_or_else(|panic| Err(words_of(&*panic)));
        if outcome.is_ok() && whole {
            let whole = AssertUnwindSafe(compare::everything(self)).catch_unwind().await;
            outcome = whole.unwrap_or_else(|panic| Err(words_of(&*panic)));
        }
        outcome.map_err(|what| self.parting(what, false))
    }

    fn parting(&self, what: String, in_proof: bool) -> Parting {
        Parting { what, told: self.told.clone(), deeds: self.deeds.clone(), in_proof }
    }

    /// The books tie, and so do the chain and every read model, recomputed from the log.
    async fn prove(self) -> Result<Tally, Parting> {
        let proof = AssertUnwindSafe(self.tills[0].assert_books_tie()).catch_unwind().await;
        match proof {
            Ok(()) => Ok(self.tally),
            Err(panic) => Err(self.parting(words_of(&*panic), true)),
        }
    }

    /// Does the newest deed.
    async fn act(&mut self, watch: Watch) -> Result<(), String> {
        let number = self.deeds.len() - 1;
        let deed = self.deeds[number].clone();
        let (till, command) = self.here(&deed).ok_or("a deed names what is not there")?;
        let Some(command) = command else { return self.again().await };
        let line = format!("{} {}", self.model.tills[till].name, command.tell(&self.model));
        self.told.push(line);
        let made = self.obey(number, till, deed.kind, &command, watch).await?;
        if let Some((noun, place)) = made {
            let named = deed.made.unwrap_or((noun, place));
            self.deeds[number].made = Some(named);
            self.names.insert(named, place);
        }
        Ok(())
    }

    /// Asks for it: what it has made.
    async fn obey(
        &mut self,
        number: usize,
        till: usize,
        kind: Kind,
        command: &Command,
        watch: Watch,
    ) -> Result<Option<(Noun, usize)>, String> {
        let (method, path, body) = command.request(&self.model);
        let before = self.model.clone();
        let predicted = self.model.decide(till, command);
        let sure = matches!(&predicted, Ok(accepted) if accepted.doubt.is_none());
        let events = if sure { 0 } else { self.events().await };

        let key = format!("paso-{number}");
        let headers = [("idempotency-key", key.as_str())];
        let answer = self.tills[till].keyed(method.clone(), &path, Some(&body), &headers).await;
        let _ = write!(self.told.last_mut().unwrap(), " -> {}", answer.status);
        let doubt = predicted.as_ref().ok().and_then(|accepted| accepted.doubt);
        let reasons = predicted.as_ref().err().map(|refused| refused.reasons.join(", "));
        let reasons = reasons.or_else(|| doubt.map(str::to_owned)).unwrap_or_default();
        let outcome = if reasons.is_empty() {
            format!("{kind:?} {} {}", answer.status, command.way(&before))
        } else {
            format!("{kind:?} {} because {reasons}", answer.status)
        };
        self.tally.count(&outcome);
        let mut made = None;
        match &predicted {
            Ok(Accepted { doubt: Some(_), .. }) if answer.status == 400 => {
                self.model = before;
                self.refused(events, &answer).await?;
            }
            Ok(accepted) => {
                self.accepted(accepted, &answer)?;
                if let Command::Hire { pin, .. } = command {
                    self.tills.push(self.tills[0].log_in_with(pin).await);
                }
                made = accepted.made.map(|(noun, _)| (noun, self.model.count_of(noun) - 1));
                if watch == Watch::Closely {
                    let touched = self.model.changed_since(&before);
                    compare::touched(self, &before, &touched, number.is_multiple_of(8)).await?;
                }
            }
            Err(refused) => self.rightly(refused, events, &answer).await?,
        }
        self.last = Some(Sent { method, path, body, key, till, answer });
        Ok(made)
    }

    /// How many events the log of the shop holds.
    async fn events(&mut self) -> i64 {
        let id = self.tills[0].tenant_id;
        let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM events WHERE tenant_id = {id}");
        self.glance.integer(&count).await
    }

    fn accepted(&mut self, accepted: &Accepted, answer: &Answer) -> Result<(), String> {
        if answer.status != accepted.status {
            return Err(format!(
                "the contract accepts this ({}), but {} was answered {} {}",
                accepted.status,
                answer.request,
                answer.status,
                answer.text()
            ));
        }
        let mut faults = Vec::new();
        for (field, expect) in &accepted.answer {
            let found = answer.body.pointer(&format!("/{}", field.replace('.', "/"))).unwrap_or(&Value::Null);
            let amount = compare::number(found);
            let fits = match expect {
                Expect::Money(expected) => amount == Some(*expected),
                Expect::Either(expected) => amount.is_some_and(|amount| expected.contains(&amount)),
                Expect::Int(expected) => found.as_i64() == Some(*expected),
                Expect::Text(expected) => found == expected.as_str(),
                Expect::Null => found.is_null(),
                Expect::Rows(expected) => found.as_array().map(Vec::len) == Some(*expected),
            };
            if !fits {
                faults.push(format!("{field} is {found}, by the contract {expect:?}"));
            }
        }
        if !faults.is_empty() {
            return Err(format!("{}: {}; answered {}", answer.request, faults.join("; "), answer.text()));
        }
        if let Some((made, field)) = accepted.made {
            self.model.note_id(made, answer.int(field));
        }
        Ok(())
    }

    async fn rightly(&mut self, refused: &Refused, events: i64, answer: &Answer) -> Result<(), String> {
        if !refused.statuses.contains(&answer.status) {
            return Err(format!(
                "the contract refuses this with {:?} ({}), but {} was answered {} {}",
                refused.statuses,
                refused.reasons.join(", "),
                answer.request,
                answer.status,
                answer.text()
            ));
        }
        self.refused(events, answer).await
    }

    async fn refused(&mut self, events: i64, answer: &Answer) -> Result<(), String> {
        answer.error();
        let after = self.events().await;
        if after != events {
            return Err(format!("{} was refused and yet wrote {} events", answer.request, after - events));
        }
        Ok(())
    }

    /// The last write is sent again with its key: the same answer, and nothing done.
    async fn again(&mut self) -> Result<(), String> {
        let Some(sent) = self.last.take() else { return Ok(()) };
        let till = &self.model.tills[sent.till].name;
        self.told.push(format!("{till} sends the last request again, with its key"));
        let events = self.events().await;
        let headers = [("idempotency-key", sent.key.as_str())];
        let answer =
            self.tills[sent.till].keyed(sent.method.clone(), &sent.path, Some(&sent.body), &headers).await;
        if answer.status != sent.answer.status || answer.bytes != sent.answer.bytes {
            return Err(format!(
                "{} again was answered {} {}, first {} {}",
                answer.request,
                answer.status,
                answer.text(),
                sent.answer.status,
                sent.answer.text()
            ));
        }
        let after = self.events().await;
        if after != events {
            return Err(format!("{} again wrote {} events", answer.request, after - events));
        }
        self.tally.count("Again");
        self.last = Some(sent);
        Ok(())
    }
}
