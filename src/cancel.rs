//! Ending a blocked call or stream from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::transport::Wire;

/// Ends calls and streams from another thread.
///
/// Give it to a context with [`Context::with_cancel`](crate::Context::with_cancel), or take the one
/// of a stream. Clones are the same handle. [`cancel`](Cancel::cancel) is for good: what is under
/// way ends within a millisecond (within twenty while it connects) with
/// [`Error::Cancelled`](crate::Error::Cancelled), and later calls with the same handle fail at once,
/// before anything is sent. Looking up the name of a host, and a reader that an upload waits for,
/// cannot be interrupted.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    cancelled: AtomicBool,
    calls: Mutex<Vec<Weak<CallState>>>,
    children: Mutex<Vec<Weak<Inner>>>,
}

impl Cancel {
    /// A handle that has not been used.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Ends everything that runs with this handle, now and later. May be called from any thread,
    /// any number of times.
    pub fn cancel(&self) {
        self.inner.cancelled.store(true, Ordering::SeqCst);
        for call in lock(&self.inner.calls).drain(..) {
            if let Some(call) = call.upgrade() {
                call.cancel();
            }
        }
        for child in lock(&self.inner.children).drain(..) {
            if let Some(inner) = child.upgrade() {
                Cancel { inner }.cancel();
            }
        }
    }

    /// Whether [`cancel`](Cancel::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::SeqCst)
    }

    /// A handle that is cancelled with this one, and can be without it.
    pub(crate) fn child(&self) -> Cancel {
        let child = Cancel::new();
        let mut children = lock(&self.inner.children);
        children.retain(|child| child.strong_count() > 0);
        children.push(Arc::downgrade(&child.inner));
        drop(children);
        if self.is_cancelled() {
            child.cancel();
        }
        child
    }

    /// Makes `call` end when this handle is cancelled, also when that has happened already.
    pub(crate) fn watch(&self, call: &Arc<CallState>) {
        let mut calls = lock(&self.inner.calls);
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Arc::downgrade(call));
        drop(calls);
        if self.is_cancelled() {
            call.cancel();
        }
    }
}

/// What a running call shares with those who may end it.
#[derive(Debug, Default)]
pub(crate) struct CallState {
    cancelled: AtomicBool,
    wire: Mutex<Option<Arc<Wire>>>,
}

impl CallState {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn cancel(&self) {
        let wire = lock(&self.wire);
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(wire) = &*wire {
            wire.shutdown();
        }
    }

    /// Ties the call to the connection it runs on. False when the call was cancelled before.
    pub(crate) fn tie(&self, wire: &Arc<Wire>) -> bool {
        let mut tied = lock(&self.wire);
        if self.is_cancelled() {
            return false;
        }
        if !tied.as_ref().is_some_and(|tied| Arc::ptr_eq(tied, wire)) {
            *tied = Some(wire.clone());
        }
        true
    }

    /// The connection that the call runs on.
    pub(crate) fn wire(&self) -> Option<Arc<Wire>> {
        lock(&self.wire).clone()
    }

    /// Lets go of the connection, so that a late cancel cannot hit the next call on it. False when a
    /// cancel came first and the connection is shut down.
    pub(crate) fn untie(&self) -> bool {
        lock(&self.wire).take();
        !self.is_cancelled()
    }
}

/// No invariant spans a panic here, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
