//! Plays cues, one thread behind who wants them played.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Cue;
use super::device::Device;

/// An open device costs power and may keep others from it.
const IDLE: Duration = Duration::from_secs(3);

/// Plays cues on a thread of its own. Without a sound device it is silent.
///
/// When it is dropped, the present cue plays to its end in the background.
#[derive(Debug)]
pub struct Speaker {
    cues: Option<SyncSender<Cue>>,
}

impl Speaker {
    /// Starts the thread. The device is opened for the first cue.
    #[must_use]
    pub fn start() -> Self {
        Self::start_on(Device::open)
    }

    /// The same, on another device.
    pub(super) fn start_on(open: impl Fn() -> Option<Device> + Send + 'static) -> Self {
        let (cues, incoming) = sync_channel(4);
        let thread = thread::Builder::new().name("sound".to_owned());
        let started = thread.spawn(move || serve(&incoming, open));
        Self { cues: started.ok().map(|_| cues) }
    }

    /// Plays a cue soon, and returns at once.
    pub fn play(&self, cue: Cue) {
        if let Some(cues) = &self.cues {
            // A device that is so far behind would only tell old news.
            let _ = cues.try_send(cue);
        }
    }
}

fn serve(cues: &Receiver<Cue>, open: impl Fn() -> Option<Device>) {
    let mut device: Option<Device> = None;
    let mut until = Instant::now();
    loop {
        let next = match &device {
            Some(_) => cues.recv_timeout(until.saturating_duration_since(Instant::now()) + IDLE),
            None => cues.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(cue) => {
                let mut lasts = device.as_mut().and_then(|device| device.play(cue));
                if lasts.is_none() {
                    device = open();
                    // Opening took its time: only the newest is still true.
                    let cue = cues.try_iter().last().unwrap_or(cue);
                    lasts = device.as_mut().and_then(|device| device.play(cue));
                }
                match lasts {
                    Some(lasts) => until = until.max(Instant::now() + lasts),
                    None => device = None,
                }
            }
            Err(RecvTimeoutError::Timeout) => device = None,
            Err(RecvTimeoutError::Disconnected) => {
                if device.is_some() {
                    thread::sleep(until.saturating_duration_since(Instant::now()));
                }
                return;
            }
        }
    }
}
