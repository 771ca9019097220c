//! What the tests on a real engine share: the engine, names that are nobody else's, and guards that
//! delete what a test made, also when it fails.
//!
//! These tests run in parallel on one engine, which may hold things of others: they name what they
//! make by [`unique`], look only at that, and prune only by a label of their own.
//!
//! The engine is the one that `DOCKLINE_TEST_HOST` names, and no other. It needs the image
//! `busybox:latest`. `scripts/engine run -- cargo test --test live -- --ignored` gives both.

// Without the C surface some of this is used by nobody.
#![cfg_attr(not(feature = "capi"), allow(dead_code, unused_imports))]

mod container;
mod engine;
mod image;
mod plugin;
mod pty;
mod registry;
mod report;
mod sshd;
mod swarm;
mod tar;

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, thread};

use dockline::{CancelToken, Context, CredentialSource, Error, RawRequest, Timeouts};

use crate::support::{Gate, within};

pub use crate::support::{LATE, LIMIT};

pub use container::{Container, Output, TestNetwork, collect, shell};
pub use engine::{PrivateEngine, as_root, kill_engine};
pub use image::{TestImage, familiar, import, is_there};
pub use plugin::{TestPlugin, plugin_tar};
pub use pty::Pty;
pub use registry::Registry;
pub use report::{Engine, Report, differs, is_podman, refused_by};
pub use sshd::{Sshd, need};
pub use swarm::{Machines, address, await_ready, make_swarm, shared_swarm};
pub use tar::{first_file, tar, tar_head};

/// The image that every engine under test holds.
pub const BUSYBOX: &str = "busybox:latest";

/// The engine under test.
pub fn docker() -> Context {
    let Ok(host) = env::var("DOCKLINE_TEST_HOST") else {
        panic!(
            "DOCKLINE_TEST_HOST is not set. These tests need an engine and take none that was not \
             named to them: scripts/engine run -- cargo test --test live -- --ignored"
        );
    };
    // The credentials of whoever runs the tests are not for them.
    let builder = Context::builder().host(host).credentials(CredentialSource::None);
    builder.timeouts(unhurried()).build().unwrap()
}

/// Timeouts that no engine reaches, however busy the machine is.
pub fn unhurried() -> Timeouts {
    let [connect, read, write] = [Some(LIMIT); 3];
    Timeouts { connect, read, write, ..Timeouts::default() }
}

/// A name that nothing else has.
pub fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("dockline-test-{}-{number}-{what}", std::process::id())
}

/// Runs the body of a test on the engine under test. One that hangs is cancelled, so that it fails
/// where it hangs, and cleans up.
#[track_caller]
pub fn live(body: impl FnOnce(&Context) + Send + 'static) {
    live_on(docker(), body);
}

/// The same on another engine.
#[track_caller]
pub fn live_on(docker: Context, body: impl FnOnce(&Context) + Send + 'static) {
    let cancel = CancelToken::new();
    let report = Report::of_this_test();
    let docker = docker.with_cancel_token(&cancel).with_timeouts(unhurried());
    let docker = report.watch(&docker);
    let over = Gate::new();
    let watchdog = thread::spawn({
        let over = over.clone();
        move || {
            if !over.wait(LIMIT) {
                eprintln!("still not done after {LIMIT:?}: cancelled");
                cancel.cancel();
            }
        }
    });
    within(2 * LIMIT, move || {
        let result = panic::catch_unwind(AssertUnwindSafe(|| body(&docker)));
        over.open();
        report.end(result.is_ok());
        watchdog.join().unwrap();
        result.unwrap_or_else(|panic| panic::resume_unwind(panic));
    });
}

/// The same engine for a guard, whose work is also due when the test was cancelled.
fn uncancelled(docker: &Context) -> Context {
    docker.with_cancel_token(&CancelToken::new())
}

/// A raw request that sends JSON.
pub fn raw(method: &str, path: impl Into<String>, body: &str) -> RawRequest {
    RawRequest {
        method: method.into(),
        path: path.into(),
        body: body.into(),
        ..RawRequest::default()
    }
}

/// Checks the end of a guard: what it guards is deleted, now or before.
fn deleted(what: &str, result: dockline::Result<()>) {
    match result {
        Ok(()) | Err(Error::NotFound(_)) => {}
        // An engine that a test killed has nothing left to delete.
        Err(Error::Connect { .. }) => {}
        Err(error) if std::thread::panicking() => eprintln!("{what} stays behind: {error}"),
        Err(error) => panic!("{what} stays behind: {error}"),
    }
}
