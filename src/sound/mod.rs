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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_keeps_nobody_waiting() {
        let began = std::time::Instant::now();
        let speaker = Speaker::start();
        for _ in 0..100 {
            Cue::ALL.iter().for_each(|cue| speaker.play(*cue));
        }
        drop(speaker);
        assert!(began.elapsed() < std::time::Duration::from_millis(500));
    }

    /// Run by the next test, in a process of its own.
    #[test]
    #[ignore = "for the next test"]
    fn plays_for_a_moment() {
        let speaker = Speaker::start();
        speaker.play(Cue::Tick);
        std::thread::sleep(std::time::Duration::from_secs(1));
    }

    #[test]
    fn a_missing_device_is_not_complained_of() {
        let program = std::env::current_exe().unwrap();
        let args = ["--ignored", "--exact", "sound::tests::plays_for_a_moment", "--nocapture"];
        let run = std::process::Command::new(program).args(args).output().unwrap();
        assert!(run.status.success());
        assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"));
        assert_eq!(String::from_utf8_lossy(&run.stderr), "");
    }
}
