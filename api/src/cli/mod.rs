//! The command line: one file a subcommand.

mod access;
mod catalog;
mod close;
pub mod context;
mod demo;
mod export;
mod import;
mod rebuild;
mod replay;
mod report;
mod serve;
mod status;
mod tenant_create;
mod tenant_sandbox;
pub mod text;
mod verify;
mod webhook;

use std::{error::Error, process::ExitCode};

use clap::{Parser, Subcommand};

pub use context::Context;

/// What a subcommand fails with: told once, with its causes.
pub type Failure = Box<dyn Error + Send + Sync>;

/// An event-sourced ledger service for shops.
#[derive(Parser)]
#[command(name = "diario", version, about, long_about = LONG_ABOUT)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    command: Subcommands,
}

const LONG_ABOUT: &str = "Diario writes every sale, adjustment, payment and cut of a shop as an event in a log that \
nothing can change, and reads stock, journal, trial balance and cuts off that log.\n\n\
`diario demo` shows it on a real shop's ten days with nothing installed.";

/// The database where none is named.
pub const DEFAULT_DATABASE: &str = "sqlite:diario.db";

/// What every subcommand takes.
#[derive(clap::Args, Clone)]
pub struct Common {
    /// `sqlite:PATH` (made where it is absent) or `postgres://…`
    #[arg(long, global = true, env = "DIARIO_DATABASE", default_value = DEFAULT_DATABASE)]
    pub database: String,
    /// Answer in JSON on standard output
    #[arg(long, global = true)]
    pub json: bool,
}

// A subcommand without words here is explained at its arguments.
#[derive(Subcommand)]
enum Subcommands {
    /// Serve the HTTP surfaces
    Serve(serve::Serve),
    /// Tenants
    #[command(subcommand)]
    Tenant(TenantCommands),
    /// Bring a shop's history, items or customers in
    #[command(subcommand)]
    Import(ImportCommands),
    /// Keys of programs
    #[command(subcommand)]
    Key(KeyCommands),
    /// People who log in with a password
    #[command(subcommand)]
    User(UserCommands),
    /// Endpoints that are told of what happens
    #[command(subcommand)]
    Webhook(WebhookCommands),
    /// The vehicle catalogue that all shops share
    #[command(subcommand)]
    Catalog(CatalogCommands),
    /// Take an accounting report
    #[command(subcommand)]
    Report(Box<report::Report>),
    Close(close::Close),
    Demo(demo::Demo),
    Verify(verify::Verify),
    Rebuild(rebuild::Rebuild),
    Replay(replay::Replay),
    /// Write events, the journal or electronic accounting
    #[command(subcommand)]
    Export(ExportCommands),
    Status(status::Status),
}

#[derive(Subcommand)]
enum TenantCommands {
    /// Found a tenant with its first branch and its owner
    Create(tenant_create::TenantCreate),
    Sandbox(tenant_sandbox::TenantSandbox),
}

#[derive(Subcommand)]
enum ImportCommands {
    Sales(import::ImportSales),
    Items(import::ImportItems),
    Customers(import::ImportCustomers),
}

#[derive(Subcommand)]
enum KeyCommands {
    Create(access::KeyCreate),
    List(access::KeyList),
    Revoke(access::KeyRevoke),
}

#[derive(Subcommand)]
enum UserCommands {
    Create(access::UserCreate),
}

#[derive(Subcommand)]
enum WebhookCommands {
    Create(webhook::WebhookCreate),
    List(webhook::WebhookList),
    Deliveries(webhook::WebhookDeliveries),
    Resend(webhook::WebhookResend),
    Replay(webhook::WebhookReplay),
}

#[derive(Subcommand)]
enum CatalogCommands {
    Import(catalog::CatalogImport),
}

#[derive(Subcommand)]
enum ExportCommands {
    Events(export::ExportEvents),
    Journal(export::ExportJournal),
    Contabilidad(export::ExportContabilidad),
}

/// Runs a subcommand.
pub async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let common = arguments.common;
    match arguments.command {
        Subcommands::Serve(serve) => serve.run(&common).await,
        Subcommands::Tenant(TenantCommands::Create(create)) => create.run(&common).await,
        Subcommands::Tenant(TenantCommands::Sandbox(sandbox)) => sandbox.run(&common).await,
        Subcommands::Import(ImportCommands::Sales(import)) => import.run(&common).await,
        Subcommands::Import(ImportCommands::Items(import)) => import.run(&common).await,
        Subcommands::Import(ImportCommands::Customers(import)) => import.run(&common).await,
        Subcommands::Key(KeyCommands::Create(create)) => create.run(&common).await,
        Subcommands::Key(KeyCommands::List(list)) => list.run(&common).await,
        Subcommands::Key(KeyCommands::Revoke(revoke)) => revoke.run(&common).await,
        Subcommands::User(UserCommands::Create(create)) => create.run(&common).await,
        Subcommands::Webhook(WebhookCommands::Create(create)) => create.run(&common).await,
        Subcommands::Webhook(WebhookCommands::List(list)) => list.run(&common).await,
        Subcommands::Webhook(WebhookCommands::Deliveries(deliveries)) => deliveries.run(&common).await,
        Subcommands::Webhook(WebhookCommands::Resend(resend)) => resend.run(&common).await,
        Subcommands::Webhook(WebhookCommands::Replay(replay)) => replay.run(&common).await,
        Subcommands::Catalog(CatalogCommands::Import(import)) => import.run(&common).await,
        Subcommands::Report(report) => report.run(&common).await,
        Subcommands::Close(close) => close.run(&common).await,
        Subcommands::Demo(demo) => demo.run(&common).await,
        Subcommands::Verify(verify) => verify.run(&common).await,
        Subcommands::Rebuild(rebuild) => rebuild.run(&common).await,
        Subcommands::Replay(replay) => replay.run(&common).await,
        Subcommands::Export(ExportCommands::Events(export)) => export.run(&common).await,
        Subcommands::Export(ExportCommands::Journal(export)) => export.run(&common).await,
        Subcommands::Export(ExportCommands::Contabilidad(export)) => export.run(&common).await,
        Subcommands::Status(status) => status.run(&common).await,
    }
}

/// Logs go to standard error; `RUST_LOG` narrows or widens them.
pub fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,diario=info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// An error with its causes, in one line.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
