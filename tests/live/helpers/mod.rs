//! Shared helpers of the live tests: the engine under test, unique names, and guards that delete
//! objects when dropped, also if the test fails.
//!
//! The tests run in parallel on one engine, which may hold objects of other users. Each test names
//! its objects with [`unique`], looks only at these, and prunes only by a label of its own.
//!
//! The tests use only the engine that `DOCKLINE_TEST_HOST` names. It must have the image
//! `busybox:latest`. `scripts/engine run -- cargo test --test live -- --ignored` provides both.

// Some helpers are unused without the C interface.
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

pub use crate::support::{LIMIT, MAX_DELAY};

pub use container::{Container, Output, TestNetwork, collect, shell};
pub use engine::{PrivateEngine, as_root, kill_engine};
pub use image::{TestImage, image_exists, import, short_name};
pub use plugin::{TestPlugin, plugin_tar};
pub use pty::Pty;
pub use registry::Registry;
pub use report::{Engine, Report, assert_unsupported, is_podman, note_difference};
pub use sshd::{Sshd, install_missing};
pub use swarm::{Machines, address, make_swarm, shared_swarm, wait_until_ready};
pub use tar::{first_file, tar, tar_header};

/// An image that every engine under test has.
pub const BUSYBOX: &str = "busybox:latest";

/// The engine under test.
pub fn docker() -> Context {
    let Ok(host) = env::var("DOCKLINE_TEST_HOST") else {
        panic!(
            "DOCKLINE_TEST_HOST is not set. These tests run only on an engine that it names: \
                         scripts/engine run -- cargo test --test live -- --ignored"
        );
    };
    // The tests do not use the credentials of the current user.
    let builder = Context::builder().host(host).credentials(CredentialSource::None);
    builder.timeouts(generous_timeouts()).build().unwrap()
}

/// Timeouts that do not expire on a busy machine.
pub fn generous_timeouts() -> Timeouts {
    let [connect, read, write] = [Some(LIMIT); 3];
    Timeouts { connect, read, write, ..Timeouts::default() }
}

/// Returns a name that no other object has.
pub fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("dockline-test-{}-{number}-{what}", std::process::id())
}

/// Runs the body of a test on the engine under test. The body is cancelled after [`LIMIT`], so that
/// it fails where it hangs and deletes its objects.
#[track_caller]
pub fn live(body: impl FnOnce(&Context) + Send + 'static) {
    live_on(docker(), body);
}

/// Like [`live`], on the given engine.
#[track_caller]
pub fn live_on(docker: Context, body: impl FnOnce(&Context) + Send + 'static) {
    let cancel = CancelToken::new();
    let report = Report::for_current_test();
    let docker = docker.with_cancel_token(&cancel).with_timeouts(generous_timeouts());
    let docker = report.watch(&docker);
    let finished = Gate::new();
    let watchdog = thread::spawn({
        let finished = finished.clone();
        move || {
            if !finished.wait(LIMIT) {
                eprintln!("cancelled: the test has not finished after {LIMIT:?}");
                cancel.cancel();
            }
        }
    });
    within(2 * LIMIT, move || {
        let result = panic::catch_unwind(AssertUnwindSafe(|| body(&docker)));
        finished.open();
        report.end(result.is_ok());
        watchdog.join().unwrap();
        result.unwrap_or_else(|panic| panic::resume_unwind(panic));
    });
}

/// Returns the context without the cancel token of the test, for guards that run after
/// cancellation.
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

/// Checks the result of a guard: the object has been deleted, now or earlier.
fn assert_deleted(name: &str, result: dockline::Result<()>) {
    match result {
        Ok(()) | Err(Error::NotFound(_)) => {}
        // The engine was killed by the test.
        Err(Error::Connect { .. }) => {}
        Err(error) if std::thread::panicking() => eprintln!("cannot delete {name}: {error}"),
        Err(error) => panic!("cannot delete {name}: {error}"),
    }
}
