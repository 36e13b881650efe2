use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::panic::AssertUnwindSafe;

use diario_tests::{Answer, Database, Engine, Server, Shop};
use futures_util::FutureExt as _;
use reqwest::Method;
use serde_json::Value;

use crate::choose::choose;
use crate::command::Command;
use crate::compare;
use crate::history::{Dice, Kind, Step};
use crate::model::{Accepted, Branch, Expect, Model, Refused, Till};

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

/// Where the program and the model parted.
#[derive(Debug, Clone)]
pub struct Parting {
    /// How many steps had been played, the last one included.
    pub played: usize,
    pub what: String,
    /// The history as far as it went, a line a step.
    pub told: Vec<String>,
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
    tally: Tally,
    last: Option<Sent>,
}

/// How often everything is compared, not only what a step has touched.
const WHOLE: usize = 100;

/// Plays a history in a new tenant and holds the program to the model after every step.
pub async fn play(world: &World, steps: &[Step]) -> Result<Tally, Parting> {
    let shop = Shop::create(world.engine, &world.server.base, &world.database.url, &[]).await;
    let mut play = Play::begin(shop);
    for (number, step) in steps.iter().enumerate() {
        let outcome = AssertUnwindSafe(play.step(number, *step)).catch_unwind().await;
        let mut outcome = outcome.unwrap_or_else(|panic| Err(words_of(&*panic)));
        if outcome.is_ok() && ((number + 1).is_multiple_of(WHOLE) || number + 1 == steps.len()) {
            let whole = AssertUnwindSafe(compare::everything(&play)).catch_unwind().await;
            outcome = whole.unwrap_or_else(|panic| Err(words_of(&*panic)));
        }
        if let Err(what) = outcome {
            return Err(Parting { played: number + 1, what, told: play.told });
        }
    }
    let proof = AssertUnwindSafe(play.tills[0].assert_books_tie()).catch_unwind().await;
    match proof {
        Ok(()) => Ok(play.tally),
        Err(panic) => Err(Parting { played: steps.len(), what: words_of(&*panic), told: play.told }),
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

impl Play {
    fn begin(owner: Shop) -> Self {
        let mut model = Model::default();
        model.branches.push(Branch { id: owner.branch_id });
        model.tills.push(Till { name: "Ana", branch: 0, number: 1 });
        Self { model, tills: vec![owner], told: Vec::new(), tally: Tally::default(), last: None }
    }

    async fn step(&mut self, number: usize, step: Step) -> Result<(), String> {
        let mut dice = Dice::of(step);
        let till = dice.below(self.tills.len());
        if step.kind == Kind::Again {
            return self.again().await;
        }
        let Some(command) = choose(&self.model, till, step.kind, &mut dice) else {
            self.tally.count("nothing to do it to");
            return Ok(());
        };
        let line = format!("{} {}", self.model.tills[till].name, command.tell(&self.model));
        self.told.push(line);
        self.obey(number, till, step.kind, command).await
    }

    async fn obey(&mut self, number: usize, till: usize, kind: Kind, command: Command) -> Result<(), String> {
        let (method, path, body) = command.request(&self.model);
        let before = self.model.clone();
        let predicted = self.model.decide(till, &command);
        let sure = matches!(&predicted, Ok(accepted) if accepted.doubt.is_none());
        let events = if sure { 0 } else { self.tills[0].events().await };

        let key = format!("paso-{number}");
        let headers = [("idempotency-key", key.as_str())];
        let answer = self.tills[till].keyed(method.clone(), &path, Some(&body), &headers).await;
        let _ = write!(self.told.last_mut().unwrap(), " -> {}", answer.status);
        let doubt = predicted.as_ref().ok().and_then(|accepted| accepted.doubt);
        let reasons = predicted.as_ref().err().map(|refused| refused.reasons.join(", "));
        let reasons = reasons.or_else(|| doubt.map(str::to_owned)).unwrap_or_default();
        self.tally.count(&format!("{kind:?} {} {reasons}", answer.status));
        match &predicted {
            Ok(Accepted { doubt: Some(_), .. }) if answer.status == 400 => {
                self.model = before;
                self.refused(events, &answer).await?;
            }
            Ok(accepted) => self.accepted(accepted, &answer)?,
            Err(refused) => self.rightly(refused, events, &answer).await?,
        }
        self.last = Some(Sent { method, path, body, key, till, answer });
        let detail = number.is_multiple_of(8);
        compare::touched(self, till, &command.touches(&self.model), detail).await
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
        let after = self.tills[0].events().await;
        if after != events {
            return Err(format!("{} was refused and yet wrote {} events", answer.request, after - events));
        }
        Ok(())
    }

    /// The last write is sent again with its key: the same answer, and nothing done.
    async fn again(&mut self) -> Result<(), String> {
        let Some(sent) = &self.last else {
            self.tally.count("nothing to do it to");
            return Ok(());
        };
        let till = &self.model.tills[sent.till].name;
        self.told.push(format!("{till} sends the last request again, with its key"));
        let events = self.tills[0].events().await;
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
        let after = self.tills[0].events().await;
        if after != events {
            return Err(format!("{} again wrote {} events", answer.request, after - events));
        }
        self.tally.count("sent again");
        Ok(())
    }
}
