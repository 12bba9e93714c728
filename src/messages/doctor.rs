//! What `keyglance doctor` says of the computer.

use super::Notification;
use super::system_packages::{Distribution, Need};
use crate::sound::{SoundError, SoundServer};

/// Pairing makes sounds.
pub fn sound(server: &SoundServer) -> String {
    let SoundServer { name, loudspeaker } = server;
    format!("{name} plays on {loudspeaker}")
}

/// It makes none.
pub fn no_sound(error: SoundError, distribution: Distribution) -> Notification {
    match error {
        #[cfg(not(feature = "sound"))]
        SoundError::NotBuilt => Notification::new("this program was built without sound", ""),
        SoundError::NoServer => Notification::new(
            "nothing that plays sound runs here; the window's edge lights up instead",
            distribution.install(Need::SoundServer),
        ),
        SoundError::Elsewhere => Notification::new(
            "PULSE_SERVER names another computer, where a sound helps nobody here",
            "Start keyglance without PULSE_SERVER.",
        ),
        SoundError::NoAnswer => Notification::new(
            "the sound server does not answer",
            "Log out and in again, or restart PipeWire or PulseAudio.",
        ),
        SoundError::Refused => Notification::new(
            "the sound server refused",
            "Start keyglance as the user who is logged in.",
        ),
        SoundError::NotUnderstood => Notification::new(
            "what plays sound here is neither PulseAudio nor PipeWire",
            distribution.install(Need::SoundServer),
        ),
        SoundError::NoLoudspeaker => Notification::new(
            "there is no loudspeaker",
            "Connect one, or choose one in the desktop's settings.",
        ),
    }
}
