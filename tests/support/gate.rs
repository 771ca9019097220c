//! A gate between the test and the fake engine, in place of sleeps.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Closed at first; once opened it stays open. Clones are the same gate.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Gate {
        Gate::default()
    }

    /// Lets all pass who wait, and all who come later.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Whether it is open now.
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    /// Waits until it is open; false if `limit` passed first.
    pub fn wait(&self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            let Some(left) = end.checked_duration_since(Instant::now()) else { return false };
            open = self.0.1.wait_timeout(open, left).unwrap().0;
        }
        true
    }
}
