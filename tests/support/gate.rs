//! A gate for synchronizing the test and the fake engine without sleeping.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// A gate that is closed at first and stays open once opened. Clones share its state.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Creates a closed gate.
    pub fn new() -> Gate {
        Gate::default()
    }

    /// Opens the gate for all current and later waits.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Returns whether the gate is open.
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    /// Waits until the gate is open; returns false if `limit` passes first.
    pub fn wait(&self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            let Some(remaining) = end.checked_duration_since(Instant::now()) else { return false };
            open = self.0.1.wait_timeout(open, remaining).unwrap().0;
        }
        true
    }
}
