//! Cues that tell how a pairing goes where nobody sees a screen.
//!
//! Two laptops that face each other show nothing to the people behind them.
//! The cues are computed here; no sound file is shipped.

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

impl Cue {
    /// All of them, in the order of a pairing.
    #[cfg(test)]
    pub const ALL: [Self; 5] = [Self::Tick, Self::Seen, Self::Agreed, Self::Done, Self::Problem];
}

#[cfg(not(feature = "sound"))]
#[path = "silent.rs"]
mod speaker;
#[cfg(feature = "sound")]
mod speaker;
#[cfg(any(feature = "sound", test))]
mod synthesis;

pub use speaker::Speaker;
