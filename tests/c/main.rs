//! The C interface: header, symbols, libraries, and C programs.

#[path = "../c_library/mod.rs"]
mod c_library;
#[path = "../c_program/mod.rs"]
mod c_program;
mod credentials;
mod examples;
mod faults;
mod following;
mod header;
mod null;
mod plugins;
mod programs;
mod static_library;
#[path = "../support/mod.rs"]
mod support;
mod swarm;
mod symbols;
