//! What is sent, byte by byte, and what comes of every response: against a fake engine.

mod bad_input;
mod build;
#[cfg(feature = "build-context")]
mod build_context;
mod cancelling;
mod configs;
mod connecting;
mod containers;
mod converging;
mod credentials;
mod decoding;
mod descriptors;
mod distribution;
mod error_responses;
mod events_reconnecting;
mod exec;
mod faults;
#[cfg(feature = "build-context")]
#[path = "../ignore_cases/mod.rs"]
mod ignore_cases;
mod images;
mod login;
mod logs;
mod networks;
mod nodes;
mod options;
mod paths;
mod plugins;
mod proxies;
mod recorded_responses;
mod results;
mod secrets;
mod services;
mod session;
mod splits;
mod ssh;
mod stream_results;
#[path = "../support/mod.rs"]
mod support;
mod support_selftest;
mod swarm;
mod system_usage;
mod threads;
mod timeouts;
mod tls;
mod transports;
mod until_exit;
mod uploads;
mod versions;
mod volumes;
#[cfg(feature = "websocket")]
mod websocket;
mod wiped;
