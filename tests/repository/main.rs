//! The lists that are kept by hand, held against the code and against the facts of the Engine API.

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
