//! Swarms of several engines. `scripts/engine swarm run 3 -- cargo test --test live swarm:: --
//! --ignored` gives three that the tests of services share; those of machines that go and come have
//! their own.

#[cfg(feature = "capi")]
mod examples;
mod machines;
mod services;
