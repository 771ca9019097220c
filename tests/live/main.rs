//! Tests on a real engine, the one in `DOCKLINE_TEST_HOST`. See `helpers`.

#[cfg(feature = "build-context")]
mod build;
#[cfg(feature = "capi")]
mod c;
#[cfg(feature = "capi")]
#[path = "../c_library/mod.rs"]
mod c_library;
#[cfg(feature = "capi")]
#[path = "../c_program/mod.rs"]
mod c_program;
mod connecting;
mod containers;
mod containers_more;
mod context;
mod credentials;
#[path = "../endpoint_cases/mod.rs"]
mod endpoint_cases;
#[cfg(feature = "capi")]
mod examples;
mod exec;
mod files;
mod helpers;
#[cfg(feature = "build-context")]
#[path = "../ignore_cases/mod.rs"]
mod ignore_cases;
mod images;
mod images_more;
mod logs;
mod models;
mod names;
mod networks;
mod plugins;
mod registry;
mod responses;
mod secrets;
mod session;
mod ssh;
#[path = "../support/mod.rs"]
mod support;
mod swarm;
mod system;
#[cfg(feature = "tls")]
mod tls;
mod transports;
mod usage;
mod volumes;
#[cfg(feature = "websocket")]
mod websocket;
