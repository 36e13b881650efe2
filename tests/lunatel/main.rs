//! The Lunatel surface against its contract: the shapes and refusals of every operation from one table, and a module
//! for each thing that companies do.

mod addresses;
mod administration;
mod auth;
mod company;
mod coverage;
mod geography;
mod orders;
mod printed_samples;
mod products;
