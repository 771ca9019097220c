//! Swarms of several engines. `scripts/engine swarm run 3 -- cargo test --test live swarm:: --
//! --ignored` provides three engines, which the tests of services share. Tests that stop engines
//! start their own.

#[cfg(feature = "capi")]
mod examples;
mod machines;
mod services;
