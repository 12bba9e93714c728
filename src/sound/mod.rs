//! Cues that tell how a pairing goes where nobody sees a screen.
//!
//! Two laptops that face each other show nothing to the people behind them.
//! The cues are computed here; no sound file is shipped.

#[cfg(all(feature = "sound", unix, not(target_os = "macos")))]
#[path = "pulse.rs"]
mod device;
#[cfg(all(feature = "sound", any(not(unix), target_os = "macos")))]
#[path = "system.rs"]
mod device;
#[cfg(not(feature = "sound"))]
#[path = "silent.rs"]
mod device;
mod speaker;
#[cfg(any(feature = "sound", test))]
mod synthesis;

#[cfg(feature = "cli")]
pub use device::probe;
pub use speaker::Speaker;

/// What a cue tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cue {
    /// A code is in view and not read yet: a soft tick.
    Tick,
    /// The other device is seen: one rising tone.
    Seen,
    /// Both agreed on each other: two tones.
    Agreed,
    /// Both have the key: a three-note chord.
    Done,
    /// It failed: a low double tone.
    Problem,
}

#[cfg(test)]
impl Cue {
    /// All of them, in the order of a pairing.
    pub const ALL: [Self; 5] = [Self::Tick, Self::Seen, Self::Agreed, Self::Done, Self::Problem];
}

/// Why no cue can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(not(all(feature = "sound", target_os = "linux")), allow(dead_code))]
pub enum SoundError {
    /// This was built without the feature `sound`.
    #[cfg(not(feature = "sound"))]
    #[error("built without sound")]
    NotBuilt,
    /// Nothing that plays sound runs here.
    #[error("no sound server runs")]
    NoServer,
    /// It is told to be on another computer, which is not asked.
    #[error("the sound server is on another computer")]
    Elsewhere,
    /// It took the call and says nothing.
    #[error("the sound server does not answer")]
    NoAnswer,
    /// It hung up or said no.
    #[error("the sound server refused")]
    Refused,
    /// What it says is not its protocol.
    #[error("the sound server was not understood")]
    NotUnderstood,
    /// There is nothing to hear it from.
    #[error("there is no loudspeaker")]
    NoLoudspeaker,
}

/// Who plays the cues.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub struct SoundServer {
    /// With its version, as it says itself.
    pub name: String,
    /// By the name that the system has for it.
    pub loudspeaker: String,
}

#[cfg(test)]
mod tests;
