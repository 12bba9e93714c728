//! A screen that remembers what it showed, for cameras that lag behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyglance_qr::Code;

/// How many changes a screen remembers: of codes in turn, those of five seconds.
pub const HISTORY: usize = 64;

/// A simulated screen. Clones are the same screen.
#[derive(Clone, Debug, Default)]
pub struct SimulatedDisplay {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[derive(Clone, Debug)]
struct Shown {
    from: Duration,
    code: Option<Arc<Code>>,
}

impl SimulatedDisplay {
    /// A screen that shows no code yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows a code, or none, from this simulated time on, and forgets anything that
    /// was to be shown later.
    pub fn show(&self, at: Duration, code: Option<&Code>) {
        let mut shown = self.lock();
        shown.retain(|old| old.from < at);
        shown.push(Shown { from: at, code: code.cloned().map(Arc::new) });
        let old = shown.len().saturating_sub(HISTORY);
        shown.drain(..old);
    }

    /// What it showed at this simulated time.
    #[must_use]
    pub fn shown_at(&self, at: Duration) -> Option<Arc<Code>> {
        self.lock().iter().rev().find(|shown| shown.from <= at)?.code.clone()
    }

    /// When it changed after `from` and before `to`.
    pub(super) fn changes_between(&self, from: Duration, to: Duration) -> Vec<Duration> {
        let shown = self.lock();
        shown.iter().map(|shown| shown.from).filter(|at| *at > from && *at < to).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Shown>> {
        // No change under this lock can be left half done.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_what_it_showed() {
        let (one, two) = (Code::new("one").unwrap(), Code::new("two").unwrap());
        let at = Duration::from_millis;
        let screen = SimulatedDisplay::new();
        assert!(screen.shown_at(at(5)).is_none());
        screen.clone().show(at(10), Some(&one));
        screen.show(at(20), Some(&two));
        screen.show(at(30), None);
        assert!(screen.shown_at(at(9)).is_none());
        assert_eq!(screen.shown_at(at(10)).as_deref(), Some(&one));
        assert_eq!(screen.shown_at(at(29)).as_deref(), Some(&two));
        assert!(screen.shown_at(at(31)).is_none());
        screen.show(at(15), Some(&two));
        assert_eq!(screen.shown_at(at(40)).as_deref(), Some(&two));
    }
}
