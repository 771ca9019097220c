//! Compares lists that are maintained by hand with the code and with the facts of the Engine API.

mod adding;
mod coverage;
mod header;
mod imports;
mod models;
mod pitfalls;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod tree;
