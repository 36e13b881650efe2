//! Builds read models anew from the log and swaps them in.
//!
//! The new rows are folded into a scratch database, compared with the live ones (the differences are told), and
//! put in their place in one transaction that also moves the checkpoints. Sales go on meanwhile; only the swap
//! itself holds the read models still.

use diario_domain::TenantId;
use diario_store::{Log, StoreError, models::Swap};

use crate::{
    ALL, Projection,
    verify::{Progress, Report, Scratch, compare},
};

/// Swaps that may be beaten by a moving checkpoint before the rebuild gives up.
const TRIES: usize = 50;

/// Rebuilds the named read model of a tenant, or all of them; the report tells what the live ones had wrong.
///
/// # Errors
/// The database fails, or the checkpoints never stood still for a swap.
pub async fn rebuild(
    log: &Log,
    tenant: TenantId,
    only: Option<&str>,
    progress: Progress<'_>,
) -> Result<Report, StoreError> {
    let chosen: Vec<&Projection> = ALL.iter().filter(|p| only.is_none_or(|name| p.name == name)).collect();
    let folder = tempfile::tempdir().map_err(|_| StoreError::Closed)?;
    let mut scratch = Scratch::open(folder.path()).await?;
    let mut report = Report::default();
    for attempt in 0..TRIES {
        let Some(head) = log.head(tenant).await? else { return Ok(report) };
        scratch.follow(log, tenant, head.position, &mut report, progress).await?;
        if scratch.position < head.position {
            // The log itself cannot be followed: the live rows stay.
            return Ok(report);
        }
        if attempt == 0 {
            for projection in &chosen {
                // Rows that were written meanwhile are replaced with all others.
                drop(compare(log.database(), &scratch, tenant, projection, &mut report).await?);
            }
        }
        let mut checkpoints = Vec::with_capacity(chosen.len());
        for projection in &chosen {
            checkpoints.push((projection.name, log.database().checkpoint(tenant, projection.name).await?));
        }
        if checkpoints.iter().any(|(_, position)| *position > scratch.position) {
            continue;
        }
        let swap = Swap {
            tenant,
            tables: chosen.iter().flat_map(|projection| projection.tables.iter().copied()).collect(),
            checkpoints,
            to: scratch.position,
        };
        if log.database().replace_models(swap, &scratch.db).await?.is_ok() {
            if only.is_none() {
                log.drop_snapshot(tenant).await?;
            }
            return Ok(report);
        }
    }
    Err(StoreError::Closed)
}
