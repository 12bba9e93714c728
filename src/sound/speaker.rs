//! Plays cues.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink};

use super::Cue;
use super::synthesis::samples;

/// An open device costs power and may keep others from it.
const IDLE: Duration = Duration::from_secs(3);
/// How much sound a device still holds after it took the last sample.
const TAIL: Duration = Duration::from_millis(200);

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
        let (cues, incoming) = sync_channel(4);
        let thread = thread::Builder::new().name("sound".to_owned());
        let started = thread.spawn(move || serve(&incoming));
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

fn serve(cues: &Receiver<Cue>) {
    // ALSA writes its complaints to standard error unless somebody else
    // takes them, and that is where our own words go.
    #[cfg(target_os = "linux")]
    let _complaints = alsa::Output::local_error_handler();
    let mut open: Option<MixerDeviceSink> = None;
    let mut until = Instant::now();
    loop {
        let next = match &open {
            Some(_) => cues.recv_timeout(until.saturating_duration_since(Instant::now()) + IDLE),
            None => cues.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(mut cue) => {
                if open.is_none() {
                    open = open_device();
                    // Opening took its time: only the newest is still true.
                    cue = cues.try_iter().last().unwrap_or(cue);
                }
                if let Some(device) = &open {
                    until = until.max(Instant::now() + sound(device, cue));
                }
            }
            Err(RecvTimeoutError::Timeout) => open = None,
            Err(RecvTimeoutError::Disconnected) => {
                if open.is_some() {
                    thread::sleep(until.saturating_duration_since(Instant::now()));
                }
                return;
            }
        }
    }
}

fn open_device() -> Option<MixerDeviceSink> {
    let device = DeviceSinkBuilder::from_default_device().ok()?.with_error_callback(|_| {});
    let mut device = device.open_sink_or_fallback().ok()?;
    // It would say so on standard error.
    device.log_on_drop(false);
    Some(device)
}

/// Gives how long it lasts.
fn sound(device: &MixerDeviceSink, cue: Cue) -> Duration {
    let rate = device.config().sample_rate();
    let samples = samples(cue, rate.get());
    let lasts = Duration::from_secs_f64(samples.len() as f64 / f64::from(rate.get()));
    device.mixer().add(SamplesBuffer::new(NonZero::<u16>::MIN, rate, samples));
    lasts + TAIL
}
