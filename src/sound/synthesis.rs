//! Computes the sound of each cue.

use std::f32::consts::{PI, TAU};

use super::Cue;

impl Cue {
    const fn notes(self) -> &'static [Note] {
        const fn note(pitch: f32, start: f32, length: f32, loudness: f32) -> Note {
            Note { pitch: (pitch, pitch), start, length, loudness }
        }
        match self {
            Self::Tick => const { &[note(1174.7, 0.0, 0.035, 0.10)] },
            Self::Seen => {
                const { &[Note { pitch: (523.3, 880.0), start: 0.0, length: 0.25, loudness: 0.22 }] }
            }
            Self::Agreed => {
                const { &[note(659.3, 0.0, 0.14, 0.22), note(880.0, 0.16, 0.20, 0.22)] }
            }
            // Staggered, so that the three notes can be told apart.
            Self::Done => {
                const {
                    &[
                        note(523.3, 0.0, 0.75, 0.08),
                        note(659.3, 0.07, 0.68, 0.08),
                        note(784.0, 0.14, 0.61, 0.08),
                    ]
                }
            }
            Self::Problem => {
                const { &[note(196.0, 0.0, 0.18, 0.24), note(196.0, 0.24, 0.26, 0.24)] }
            }
        }
    }
}

/// Pitches in Hz, from and to; times in seconds; loudness 1 is full scale.
struct Note {
    pitch: (f32, f32),
    start: f32,
    length: f32,
    loudness: f32,
}

/// A cue's sound: one channel, `rate` samples per second, none beyond a quarter of
/// full scale (-12 dBFS), silent at both ends so that it does not click.
#[must_use]
pub fn samples(cue: Cue, rate: u32) -> Vec<f32> {
    let count = |seconds: f32| (seconds * rate as f32) as usize;
    let mut sound = Vec::new();
    for note in cue.notes() {
        let (start, length) = (count(note.start), count(note.length));
        if sound.len() < start + length {
            sound.resize(start + length, 0.0);
        }
        let mut phase = 0.0_f32;
        for (i, sample) in sound.iter_mut().skip(start).take(length).enumerate() {
            let part = i as f32 / length as f32;
            let pitch = note.pitch.0 + (note.pitch.1 - note.pitch.0) * part;
            phase = (phase + pitch / rate as f32).fract();
            // The overtone makes low tones audible on small loudspeakers.
            let tone = ((TAU * phase).sin() + 0.3 * (2.0 * TAU * phase).sin()) / 1.3;
            *sample += note.loudness * envelope(part, note.length) * tone;
        }
    }
    sound.push(0.0);
    sound
}

/// From silence to silence: a quick soft start, a long soft end.
fn envelope(part: f32, seconds: f32) -> f32 {
    let attack = (0.012 / seconds).min(0.3);
    let rise = (part / attack).min(1.0);
    let fall = ((1.0 - part) / 0.6).min(1.0);
    let soft = |x: f32| 0.5 - 0.5 * (PI * x).cos();
    soft(rise) * soft(fall)
}

/// How much of a pitch is in a sound.
#[cfg(test)]
pub fn strength(sound: &[f32], hz: f32, rate: u32) -> f32 {
    let (mut re, mut im) = (0.0_f32, 0.0_f32);
    for (i, sample) in sound.iter().enumerate() {
        let angle = TAU * hz * i as f32 / rate as f32;
        re += sample * angle.cos();
        im += sample * angle.sin();
    }
    re.hypot(im)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [u32; 4] = [8000, 22_050, 44_100, 96_000];

    /// Hz, by how often it comes up through zero.
    fn pitch(sound: &[f32], rate: u32) -> f32 {
        let rises = sound.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count();
        rises as f32 * rate as f32 / sound.len() as f32
    }

    /// The parts between silences of 5 ms and more.
    fn tones(sound: &[f32], rate: u32) -> Vec<&[f32]> {
        let gap = rate as usize / 200;
        let mut tones = Vec::new();
        let mut from = None;
        let mut quiet = 0;
        for (i, sample) in sound.iter().enumerate() {
            quiet = if sample.abs() < 1e-4 { quiet + 1 } else { 0 };
            match from {
                None if quiet == 0 => from = Some(i),
                Some(start) if quiet == gap => {
                    tones.push(&sound[start..=i - gap]);
                    from = None;
                }
                _ => {}
            }
        }
        tones.extend(from.map(|start| &sound[start..]));
        tones
    }

    #[test]
    fn a_cue_is_heard_and_never_loud_and_does_not_click() {
        for rate in RATES {
            for cue in Cue::ALL {
                let sound = samples(cue, rate);
                let loudest = sound.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
                assert!((0.05..=0.25).contains(&loudest), "{cue:?} at {rate}: {loudest}");
                assert!(sound[0].abs() < 1e-3, "{cue:?} at {rate} starts at {}", sound[0]);
                let (last, before) = (sound[sound.len() - 1], sound[sound.len() - 2]);
                assert!(last == 0.0 && before.abs() < 1e-3, "{cue:?} at {rate} ends at {before}");
            }
        }
    }

    #[test]
    fn no_cue_holds_up_the_pairing() {
        for cue in Cue::ALL {
            assert!(samples(cue, 44_100).len() < 44_100, "{cue:?} lasts a second");
        }
        assert!(samples(Cue::Tick, 44_100).len() < 2205, "a tick is short");
    }

    #[test]
    fn the_rising_tone_rises_all_the_way() {
        let sound = samples(Cue::Seen, 44_100);
        let pitches: Vec<f32> =
            sound.chunks(sound.len() / 4).take(4).map(|part| pitch(part, 44_100)).collect();
        assert!(pitches.is_sorted_by(|a, b| a + 40.0 < *b), "{pitches:?}");
        assert_eq!(tones(&sound, 44_100).len(), 1);
    }

    #[test]
    fn success_and_failure_sound_unlike() {
        let agreed = samples(Cue::Agreed, 44_100);
        let problem = samples(Cue::Problem, 44_100);
        let pitches = |sound: &[f32]| -> Vec<f32> {
            tones(sound, 44_100).into_iter().map(|tone| pitch(tone, 44_100)).collect()
        };
        let [low, high] = pitches(&agreed)[..] else { panic!("{:?}", pitches(&agreed)) };
        assert!(high > low + 100.0, "{low} {high}");
        let [one, two] = pitches(&problem)[..] else { panic!("{:?}", pitches(&problem)) };
        assert!(one < 250.0 && two < 250.0 && low > 2.0 * one, "{one} {two}");
    }

    #[test]
    fn the_chord_has_its_three_notes() {
        let sound = samples(Cue::Done, 44_100);
        // Against a pitch that is not in it.
        let strength = |hz: f32| strength(&sound, hz, 44_100);
        let between = strength(590.0).max(strength(720.0));
        for hz in [523.3, 659.3, 784.0] {
            assert!(strength(hz) > 5.0 * between, "{hz}");
        }
    }

    #[test]
    fn a_rate_of_nothing_is_silence() {
        assert_eq!(samples(Cue::Done, 0), [0.0]);
    }
}
