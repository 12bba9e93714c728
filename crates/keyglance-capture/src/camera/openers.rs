//! Calls of drivers, which may hang: each on a thread of its own, left behind if it does.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The cameras whose driver has not come back yet. One that hangs is not called again,
/// or each try would leave another thread behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Openers {
    called: Arc<Mutex<BTreeSet<usize>>>,
}

impl Openers {
    /// Calls a camera's driver. What it says comes through the channel, or its end if it
    /// panics; nobody need wait for it. `None` if an earlier call has not come back.
    pub(super) fn call<T: Send + 'static>(
        &self,
        camera: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<Receiver<T>> {
        if !self.called.lock().unwrap_or_else(PoisonError::into_inner).insert(camera) {
            return None;
        }
        let called = Called { openers: self.clone(), camera };
        let (sender, answer) = sync_channel(1);
        let run = move || {
            let said = work();
            // Before it is heard, so that the next call of this camera finds it free.
            drop(called);
            // Where nobody waits any more, what was opened is closed again here.
            let _ = sender.send(said);
        };
        // Without a thread the channel ends at once.
        let _ = thread::Builder::new().name("camera driver".to_owned()).spawn(run);
        Some(answer)
    }
}

/// Ends the call, even where it panics.
struct Called {
    openers: Openers,
    camera: usize,
}

impl Drop for Called {
    fn drop(&mut self) {
        let mut called = self.openers.called.lock().unwrap_or_else(PoisonError::into_inner);
        called.remove(&self.camera);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn a_driver_that_hangs_is_called_once_and_again_when_it_has_come_back() {
        let openers = Openers::default();
        let (release, released) = channel::<()>();
        let stuck = openers.call(3, move || released.recv().is_err()).unwrap();
        assert!(openers.call(3, || ()).is_none());
        assert_eq!(openers.call(4, || 7).unwrap().recv(), Ok(7));
        assert!(stuck.recv_timeout(Duration::ZERO).is_err());
        drop(release);
        assert_eq!(stuck.recv(), Ok(true));
        assert!(openers.call(3, || ()).is_some());
    }

    #[test]
    fn a_driver_that_panics_ends_its_call() {
        let openers = Openers::default();
        let answer = openers.call(3, || panic!("a driver's wrapper")).unwrap();
        assert!(Receiver::<()>::recv(&answer).is_err());
        assert!(openers.call(3, || ()).is_some());
    }
}
