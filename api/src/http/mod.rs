//! What all surfaces share: state, layers, bodies, parameters and numbers.

pub mod fields;
pub mod json;
pub mod layers;
pub mod limits;
pub mod openapi;
pub mod operations;
pub mod params;
pub mod rest;
pub mod server;
pub mod state;
pub mod surface;
pub mod visit;
pub mod write;

pub use fields::Fields;
pub use params::Params;
pub use state::App;
