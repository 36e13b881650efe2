//! `diario`: the ledger service of a shop, and the tools of those who check it.

mod admin;
mod cli;
mod close;
mod error;
mod gestion_nube;
mod http;
mod import;
mod lummy;
mod lunara;
mod lunatel;
mod nexus;
mod reports;
mod security;
mod webhooks;

use std::process::ExitCode;

use clap::Parser as _;

/// Allocation is a good part of a sale's time; this allocator halves it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("diario: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("diario: {}", cli::chain(&*error));
            ExitCode::FAILURE
        }
    }
}
