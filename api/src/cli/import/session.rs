//! The register sessions of an import: one a day, opened when cash first moves, closed with a Z cut that counts what
//! should be there.

use diario_commands::Answer;
use diario_domain::{
    Command, Refusal, RegisterId,
    register::{CutRegister, OpenRegister},
};
use diario_projections::registers;
use jiff::{Timestamp, civil::Date};
use sha2::{Digest as _, Sha256};

use super::run::{Importer, Made};
use crate::cli::Failure;

/// The number painted on the drawer.
const DRAWER: i64 = 1;

/// The local day that is being booked.
pub(super) struct Day {
    pub(super) date: Date,
    /// The first session of this day that is not closed yet. A file that grows, or whose invoices do not come in
    /// order, has more than one.
    number: u32,
    open: Option<RegisterId>,
    /// The newest document so far.
    pub(super) last_at: Timestamp,
}

fn scope(date: Date, number: u32, what: &str) -> String {
    format!("import/online-retail/register/{date}/{number}/{what}")
}

impl Importer<'_> {
    /// Begins a day: goes on in the session that an interrupted import left open, if one did.
    pub(super) async fn begin_day(&mut self, date: Date, at: Timestamp) -> Result<Day, Failure> {
        let mut day = Day { date, number: 1, open: None, last_at: at };
        loop {
            let scopes = [scope(date, day.number, "open"), scope(date, day.number, "cut")];
            let answered = self.context.log.answered(self.tenant, &scopes).await?;
            let Some(opened) = answered.get(&scopes[0]) else { return Ok(day) };
            if opened.status < 400 && !answered.contains_key(&scopes[1]) {
                day.open = Made::read(&opened.response)?.register_id.map(RegisterId);
                return Ok(day);
            }
            day.number += 1;
        }
    }

    /// The day's session; opened now if none is.
    pub(super) async fn session(&self, day: &mut Day, at: Timestamp) -> Result<RegisterId, Failure> {
        if let Some(open) = day.open {
            return Ok(open);
        }
        let opening = self.floats.get(&day.date).copied().unwrap_or_default();
        let open = OpenRegister { register_number: DRAWER, opening };
        let scope = scope(day.date, day.number, "open");
        let hash = Sha256::digest(&scope).to_vec();
        let request = self.request(scope, hash, vec![(at, Command::OpenRegister(open))]);
        let answer = self.context.commands.execute(self.tenant, request).await?;
        let id = match refused(&answer) {
            None => Made::read(&answer.rendered.body)?.register_id.map(RegisterId),
            Some(why) => {
                let hint = if matches!(answer.refusal, Some(Refusal::RegisterAlreadyOpen(_))) {
                    "; close it with a Z cut and import again"
                } else {
                    ""
                };
                return Err(format!("no register session can be opened for {}: {why}{hint}", day.date).into());
            }
        };
        day.open = id;
        id.ok_or_else(|| "the answer to an opened register names no session".into())
    }

    /// Ends a day: counts what should lie in the drawer and closes its session.
    pub(super) async fn end_day(&self, day: Day) -> Result<(), Failure> {
        let Some(open) = day.open else { return Ok(()) };
        self.catch_up().await?;
        let session = registers::find(&self.context.db, self.tenant, open).await?;
        let Some(session) = session.filter(|session| session.cut.is_none()) else { return Ok(()) };
        let cut = CutRegister { counted: session.totals.expected() };
        let commands = vec![(day.last_at, Command::CutRegister(open, cut))];
        let scope = scope(day.date, day.number, "cut");
        let hash = Sha256::digest(&scope).to_vec();
        let answer = self.context.commands.execute(self.tenant, self.request(scope, hash, commands)).await?;
        match refused(&answer) {
            None => Ok(()),
            Some(why) => Err(format!("session {open} of {} cannot be closed: {why}", day.date).into()),
        }
    }
}

/// Why an answer is a refusal, now or when its key was first used.
pub(super) fn refused(answer: &Answer) -> Option<String> {
    match &answer.refusal {
        Some(refusal) => Some(refusal.to_string()),
        None if answer.rendered.status >= 400 => Some(answer.rendered.body.clone()),
        None => None,
    }
}
