//! Cancelling calls and streams from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::transport::Connection;

/// A token that cancels calls and streams from another thread.
///
/// Pass it to [`Context::with_cancel_token`](crate::Context::with_cancel_token), or use the token of a stream.
/// Clones share their state.
///
/// After [`cancel`](CancelToken::cancel), blocked calls fail with
/// [`Error::Cancelled`](crate::Error::Cancelled) within a millisecond, or within 20 milliseconds while
/// connecting. Later calls with the token fail before anything is sent. A token cannot be reset.
///
/// Two things are not interrupted: the lookup of a host name, and the reader of an upload.
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
    /// Creates a token that is not cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Cancels all calls and streams of this token, current and future ones.
    ///
    /// It may be called from any thread and more than once.
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

    /// Returns whether [`cancel`](CancelToken::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::SeqCst)
    }

    /// Creates a token that is cancelled together with this one, or alone.
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

    /// Cancels `call` when this token is cancelled, at once if it already is.
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

/// State that a running call shares with its cancel tokens.
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

    /// Sets the connection that a cancel shuts down. Returns false if the call is already cancelled.
    pub(crate) fn attach_connection(&self, connection: &Arc<Connection>) -> bool {
        let mut current = lock(&self.connection);
        if self.is_cancelled() {
            return false;
        }
        if !current.as_ref().is_some_and(|current| Arc::ptr_eq(current, connection)) {
            *current = Some(connection.clone());
        }
        true
    }

    /// The connection of the call.
    pub(crate) fn connection(&self) -> Option<Arc<Connection>> {
        lock(&self.connection).clone()
    }

    /// Releases the connection, so that a late cancel does not shut down the next call on it. Returns
    /// false if the call is already cancelled and the connection shut down.
    pub(crate) fn release_connection(&self) -> bool {
        lock(&self.connection).take();
        !self.is_cancelled()
    }
}

/// Locks a mutex, also if it is poisoned: no invariant can be broken by a panic here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
