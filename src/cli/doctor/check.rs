//! One thing that was tried, and what came of it.

use std::panic;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::messages::{self, Notification};
use keyglance_capture::CaptureError;

/// How long each part may take.
pub const LIMIT: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    Works,
    /// It is not there, but there is another way.
    Missing,
    /// It is there and does not do its work, or pairing is impossible without it.
    Broken,
}

impl CheckState {
    const fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Missing => "missing",
            Self::Broken => "broken",
        }
    }
}

/// The result of one check.
#[derive(Clone, Debug)]
pub struct Check {
    name: String,
    pub state: CheckState,
    what: String,
    advice: Option<String>,
}

impl Check {
    pub fn new(name: impl Into<String>, state: CheckState, what: impl Into<String>) -> Self {
        Self { name: name.into(), state, what: what.into(), advice: None }
    }

    pub fn works(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(name, CheckState::Works, what)
    }

    /// With what happened, and what to do.
    pub fn told(name: impl Into<String>, state: CheckState, said: Notification) -> Self {
        let advice = (!said.advice.is_empty()).then_some(said.advice);
        Self { advice, ..Self::new(name, state, said.what) }
    }

    pub fn failed(name: impl Into<String>, state: CheckState, failure: &Failure) -> Self {
        let (what, advice) = failure.said();
        Self { advice: advice.map(str::to_owned), ..Self::new(name, state, what) }
    }

    pub fn capture(name: impl Into<String>, error: impl Into<CaptureError>) -> Self {
        Self::failed(name, CheckState::Missing, &error.into().into())
    }

    /// What it is about, before what happened.
    pub fn of(self, subject: &str) -> Self {
        Self { what: format!("{subject}: {}", self.what), ..self }
    }

    pub fn line(&self) -> String {
        let mut line = format!("{:<8} {:<13} {}\n", self.state.word(), self.name, self.what);
        for advice in self.advice.iter().flat_map(|advice| advice.lines()) {
            line.push_str(&format!("{:22} {advice}\n", ""));
        }
        line
    }

    pub fn json(&self) -> Value {
        json!({
            "name": self.name,
            "state": self.state.word(),
            "what": self.what,
            "advice": self.advice,
        })
    }
}

/// A check that is on its way: on a thread of its own, so that one that hangs or fails
/// takes nothing else with it.
pub struct Pending {
    name: String,
    began: Instant,
    limit: Duration,
    check: Receiver<Check>,
}

impl Pending {
    pub fn start(name: &str, check: impl FnOnce() -> Check + Send + 'static) -> Self {
        Self::start_within(LIMIT, name, check)
    }

    pub fn start_within(
        limit: Duration,
        name: &str,
        check: impl FnOnce() -> Check + Send + 'static,
    ) -> Self {
        let (sender, receiver) = channel();
        // Where no thread starts, nothing comes: the same as a check that ended by itself.
        let _ = thread::Builder::new().name(name.to_owned()).spawn(move || sender.send(check()));
        Self { name: name.to_owned(), began: Instant::now(), limit, check: receiver }
    }

    /// Waits for it, for as long as it may take.
    pub fn finish(self) -> Check {
        let left = self.limit.saturating_sub(self.began.elapsed());
        let said = match self.check.recv_timeout(left) {
            Ok(check) => return check,
            Err(RecvTimeoutError::Timeout) => messages::doctor::hangs(self.limit),
            Err(RecvTimeoutError::Disconnected) => messages::doctor::ended_by_itself(),
        };
        Check::told(self.name, CheckState::Broken, said)
    }
}

/// Lets no panic of a check write its own words: its line says it.
pub fn quietly<T>(checks: impl FnOnce() -> T) -> T {
    let before = panic::take_hook();
    panic::set_hook(Box::new(|panic| tracing::info!("a check ended: {panic}")));
    let result = checks();
    panic::set_hook(before);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_hangs_or_panics_is_broken_and_the_rest_goes_on() {
        let began = Instant::now();
        let limit = Duration::from_millis(200);
        let checks: Vec<_> = quietly(|| {
            let pending = [
                Pending::start_within(limit, "Hung", || {
                    loop {
                        thread::park();
                    }
                }),
                Pending::start_within(Duration::from_secs(60), "Panics", || panic!("as it may")),
                Pending::start_within(Duration::from_secs(60), "Well", || {
                    Check::works("Well", "it is")
                }),
            ];
            pending.into_iter().map(Pending::finish).collect()
        });
        assert!(began.elapsed() < Duration::from_secs(30));
        let states: Vec<_> = checks.iter().map(|check| (&*check.name, check.state)).collect();
        assert_eq!(
            states,
            [
                ("Hung", CheckState::Broken),
                ("Panics", CheckState::Broken),
                ("Well", CheckState::Works)
            ]
        );
        assert!(checks.iter().all(|check| !check.line().contains("as it may")));
    }
}
