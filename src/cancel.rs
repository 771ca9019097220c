//! Ending a blocked call or stream from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::transport::Connection;

/// Ends calls and streams from another thread.
///
/// Give it to a context with [`Context::with_cancel_token`](crate::Context::with_cancel_token), or take the one
/// of a stream. Clones are the same handle. [`cancel`](CancelToken::cancel) is for good: what is under
/// way ends within a millisecond (within twenty while it connects) with
/// [`Error::Cancelled`](crate::Error::Cancelled), and later calls with the same handle fail at once,
/// before anything is sent. Looking up the name of a host, and a reader that an upload waits for,
/// cannot be interrupted.
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    cancelled: AtomicBool,
    calls: Mutex<Vec<Weak<CallState>>>,
    children: Mutex<Vec<Weak<Inner>>>,
}

impl CancelToken {
    /// A handle that has not been used.
    pub fn new() -> CancelToken {
        CancelToken::default()
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
                CancelToken { inner }.cancel();
            }
        }
    }

    /// Whether [`cancel`](CancelToken::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::SeqCst)
    }

    /// A handle that is cancelled with this one, and can be without it.
    pub(crate) fn child(&self) -> CancelToken {
        let child = CancelToken::new();
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
    connection: Mutex<Option<Arc<Connection>>>,
}

impl CallState {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn cancel(&self) {
        let connection = lock(&self.connection);
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(connection) = &*connection {
            connection.shutdown();
        }
    }

    /// Ties the call to the connection it runs on. False when the call was cancelled before.
    pub(crate) fn tie(&self, connection: &Arc<Connection>) -> bool {
        let mut tied = lock(&self.connection);
        if self.is_cancelled() {
            return false;
        }
        if !tied.as_ref().is_some_and(|tied| Arc::ptr_eq(tied, connection)) {
            *tied = Some(connection.clone());
        }
        true
    }

    /// The connection that the call runs on.
    pub(crate) fn connection(&self) -> Option<Arc<Connection>> {
        lock(&self.connection).clone()
    }

    /// Lets go of the connection, so that a late cancel cannot hit the next call on it. False when a
    /// cancel came first and the connection is shut down.
    pub(crate) fn untie(&self) -> bool {
        lock(&self.connection).take();
        !self.is_cancelled()
    }
}

/// No invariant spans a panic here, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
