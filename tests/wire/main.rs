//! Exact requests and the handling of responses, against a scripted engine.

mod bad_input;
mod build;
#[cfg(feature = "build-context")]
mod build_context;
mod cancelling;
mod configs;
mod configuration;
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
mod limits;
mod login;
mod logs;
mod messages;
mod names;
mod networks;
mod nodes;
mod options;
mod paths;
mod plugins;
mod proxies;
mod recorded_responses;
mod results;
mod secrets;
mod secrets_in_memory;
mod services;
mod session;
mod split_responses;
mod ssh;
mod stream_results;
mod successes;
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
