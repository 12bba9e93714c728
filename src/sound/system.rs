//! Plays cues by the system's own interface: Core Audio, WASAPI.

use std::num::NonZero;
use std::time::Duration;

use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink};

use super::Cue;
use super::synthesis::samples;
#[cfg(feature = "cli")]
use super::{SoundError, SoundServer};

/// How much sound a device still holds after it took the last sample.
const TAIL: Duration = Duration::from_millis(200);

/// An open sound device.
pub struct Device(MixerDeviceSink);

impl Device {
    /// Opens the usual one.
    pub fn open() -> Option<Self> {
        open().map(Self)
    }

    /// Starts a cue. Gives how long it lasts.
    pub fn play(&mut self, cue: Cue) -> Option<Duration> {
        let rate = self.0.config().sample_rate();
        let samples = samples(cue, rate.get());
        let lasts = Duration::from_secs_f64(samples.len() as f64 / f64::from(rate.get()));
        self.0.mixer().add(SamplesBuffer::new(NonZero::<u16>::MIN, rate, samples));
        Some(lasts + TAIL)
    }
}

fn open() -> Option<MixerDeviceSink> {
    let device = DeviceSinkBuilder::from_default_device().ok()?.with_error_callback(|_| {});
    let mut device = device.open_sink_or_fallback().ok()?;
    // It would say so on standard error.
    device.log_on_drop(false);
    Some(device)
}

/// Opens the device, which plays silence.
#[cfg(feature = "cli")]
pub fn probe() -> Result<SoundServer, SoundError> {
    let device = open().ok_or(SoundError::NoLoudspeaker)?;
    let rate = device.config().sample_rate();
    Ok(SoundServer { name: std::env::consts::OS.to_owned(), loudspeaker: format!("{rate} Hz") })
}
