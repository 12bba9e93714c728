//! How our code is on the screen: whole or in parts, and how it changes where the other
//! device does not see it.

use std::time::Duration;

use keyglance_core::pairing::{Carousel, DEFAULT_CODE_CHARACTERS, MIN_CODE_CHARACTERS, Pace};
use keyglance_qr::alphanumeric_capacity;

/// Unanswered for this long, our code begins to change by itself.
const UNANSWERED: Duration = Duration::from_secs(8);
/// How long each white, size and cut stays at least.
const STEP: Duration = Duration::from_millis(1500);
/// How often each is shown whole at least: the second time fills in for what the first
/// left out.
const ROUNDS: usize = 2;
/// The whites that the user or the cycle chooses from, in percent.
const WHITES: [u8; 3] = [100, 75, 50];
/// The sizes of the cycle, in percent.
const SIZES: [u8; 2] = [100, 80];

/// Our code, and what is tried so that the other device sees it.
///
/// A poor camera reads large modules better than small ones, so a message that stays
/// unanswered is cut into ever smaller codes. Each cut is held for all whites, since another
/// cut makes the reader begin the message anew.
#[derive(Clone, Debug)]
pub struct CodeDisplay {
    pace: Pace,
    /// The present message in codes of at most so many characters, the preferred first.
    cuts: Vec<Cut>,
    carousel: Carousel,
    /// Where we are in the cycle of whites, cuts and sizes. The first step is the usual.
    step: usize,
    step_since: Duration,
    /// How many codes were shown in this step before the present one.
    shown: usize,
    /// The white that the user chose; none lets it change by itself.
    white: Option<u8>,
    /// Pictures of the screen are read, now and then: each shows all of the message, and
    /// nothing has to be tried for a camera.
    whole: bool,
}

/// A message as codes of at most so many characters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    characters: usize,
    codes: Vec<String>,
}

impl CodeDisplay {
    pub fn new(pace: Pace, now: Duration) -> Self {
        Self {
            pace,
            cuts: Vec::new(),
            carousel: Carousel::new(Vec::new(), pace, now),
            step: 0,
            step_since: now,
            shown: 0,
            white: None,
            whole: false,
        }
    }

    /// Shows another message; `cut` gives it as codes of at most so many characters, and
    /// `read` is how many the largest code had that was read of the other device meanwhile.
    ///
    /// Where the last message was answered late, or in smaller codes, this one begins with
    /// codes no larger than those that were answered and read.
    pub fn show(&mut self, cut: impl Fn(usize) -> Vec<String>, read: usize, now: Duration) {
        if self.whole {
            let characters = alphanumeric_capacity(40);
            self.cuts = vec![Cut { characters, codes: cut(characters) }];
            return self.begin(0, now);
        }
        let mut first = self.cut().map_or(DEFAULT_CODE_CHARACTERS, |cut| cut.characters);
        if self.step > 0 {
            first = first.min(read);
        }
        let mut order = [MIN_CODE_CHARACTERS, alphanumeric_capacity(6), DEFAULT_CODE_CHARACTERS];
        let first = order.iter().position(|characters| *characters >= first);
        // The first, then ever smaller ones, then the largest.
        order.rotate_left(first.map_or(0, |at| at + 1));
        order.reverse();
        self.cuts.clear();
        for characters in order {
            let codes = cut(characters);
            // What fits as it is has no smaller codes.
            if self.cuts.iter().all(|cut| cut.codes != codes) {
                self.cuts.push(Cut { characters, codes });
            }
        }
        self.begin(0, now);
    }

    /// From the next message on each is shown whole and as it is. Gives whether that is new.
    pub const fn keep_whole(&mut self) -> bool {
        !std::mem::replace(&mut self.whole, true)
    }

    /// Nothing that was shown was answered: the next message is as usual at first.
    pub fn forget(&mut self) {
        self.cuts.clear();
        self.step = 0;
    }

    /// The other device came into view: our code is as it was at first.
    pub fn restart(&mut self, now: Duration) {
        self.begin(0, now);
    }

    /// An answer is coming in: what is shown now does well, and stays.
    pub fn answered(&mut self, now: Duration) {
        self.begin(self.step, now);
    }

    /// Time passed.
    pub fn tick(&mut self, now: Duration) {
        self.shown += usize::from(self.carousel.tick(now));
        if !self.whole && now >= self.step_end() && self.has_made_its_rounds() {
            self.begin(self.step + 1, now);
        }
    }

    /// When it next changes. Never before `now`.
    pub fn next_change(&self) -> Option<Duration> {
        if self.carousel.codes().is_empty() {
            return None;
        }
        // A step that is due waits for the last code of its round.
        let step = Some(self.step_end()).filter(|_| !self.whole && self.has_made_its_rounds());
        step.into_iter().chain(self.carousel.next_change()).min()
    }

    /// The codes in turn, and which of them is shown.
    pub const fn carousel(&self) -> &Carousel {
        &self.carousel
    }

    /// The panel's white and size, in percent.
    pub fn panel(&self) -> (u8, u8) {
        let (white, _, size) = self.places();
        let at = |all: &[u8], place: usize| all.get(place).copied().unwrap_or(100);
        (self.white.unwrap_or_else(|| at(&WHITES, white)), at(&SIZES, size))
    }

    /// Makes the white brighter by so many of [`WHITES`]; it stays so.
    pub fn brighten(&mut self, steps: i8, now: Duration) {
        let (white, _) = self.panel();
        let at = WHITES.iter().position(|at| *at == white).unwrap_or(0);
        let at = at.saturating_add_signed(isize::from(-steps)).min(WHITES.len() - 1);
        self.white = WHITES.get(at).copied();
        self.restart(now);
    }

    fn begin(&mut self, step: usize, now: Duration) {
        (self.step, self.step_since, self.shown) = (step, now, 0);
        let codes = self.cut().map(|cut| cut.codes.as_slice()).unwrap_or_default();
        if codes != self.carousel.codes() {
            self.carousel = Carousel::new(codes.to_vec(), self.pace, now);
        }
    }

    fn cut(&self) -> Option<&Cut> {
        self.cuts.get(self.places().1)
    }

    /// Which white, cut and size the present step has: whites change first, sizes last.
    fn places(&self) -> (usize, usize, usize) {
        let whites = if self.white.is_some() { 1 } else { WHITES.len() };
        let cuts = self.cuts.len().max(1);
        (self.step % whites, self.step / whites % cuts, self.step / (whites * cuts) % SIZES.len())
    }

    fn step_end(&self) -> Duration {
        self.step_since + if self.step == 0 { UNANSWERED } else { STEP }
    }

    fn has_made_its_rounds(&self) -> bool {
        let count = self.carousel.count();
        count < 2 || self.shown >= ROUNDS * count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of so many characters as codes of at most `most`.
    fn cut(length: usize) -> impl Fn(usize) -> Vec<String> {
        move |most| match length.div_ceil(most) {
            1 => vec!["whole".to_owned()],
            count => (0..count).map(|n| format!("{n} of {count}")).collect(),
        }
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// What was shown: white, size, and the codes in the order of their turn.
    type Steps = Vec<((u8, u8), Vec<String>)>;

    /// Looks at the display after each `frame`, until `end`.
    fn watch(display: &mut CodeDisplay, frame: Duration, end: Duration) -> Steps {
        let mut steps: Steps = Vec::new();
        let mut now = Duration::ZERO;
        while now < end {
            display.tick(now);
            let code = display.carousel().code().to_owned();
            match steps.last_mut() {
                Some((panel, codes)) if *panel == display.panel() => {
                    if codes.last() != Some(&code) {
                        codes.push(code);
                    }
                }
                _ => steps.push((display.panel(), vec![code])),
            }
            now += frame;
        }
        steps
    }

    #[test]
    fn an_unanswered_message_is_tried_in_smaller_codes_each_shown_twice_in_every_white() {
        for (pace, frame) in [(Pace::Full, ms(16)), (Pace::Full, ms(400)), (Pace::Reduced, ms(16))]
        {
            let mut display = CodeDisplay::new(pace, ms(0));
            display.show(cut(1300), 0, ms(0));
            let steps = watch(&mut display, frame, Duration::from_secs(600));
            let mut tried = Vec::new();
            for (panel, codes) in &steps[..steps.len() - 1] {
                let count = codes[0].rsplit(' ').next().unwrap().parse().unwrap();
                for part in 0..count {
                    let code = format!("{part} of {count}");
                    let times = codes.iter().filter(|shown| **shown == code).count();
                    assert!(times >= 2, "{panel:?}: {code} {times} times");
                }
                tried.push((count, *panel));
            }
            let whites = [100, 75, 50];
            let cuts = [5, 9, 15];
            let all = [100, 80].into_iter().flat_map(|size| {
                cuts.into_iter().flat_map(move |cut| whites.map(|white| (cut, (white, size))))
            });
            assert_eq!(tried[..18], all.collect::<Vec<_>>(), "{pace:?}");
        }
    }

    #[test]
    fn every_cut_has_its_turn_before_the_pairing_stalls() {
        // Message 1 of suite 2, which has the most parts.
        let parts = |most| match most {
            DEFAULT_CODE_CHARACTERS => 9,
            MIN_CODE_CHARACTERS => 29,
            _ => 15,
        };
        let mut display = CodeDisplay::new(Pace::Full, ms(0));
        display.show(|most| (0..parts(most)).map(|n| format!("{n} {most}")).collect(), 0, ms(0));
        let stall = keyglance_core::pairing::timing::STALL;
        let steps = watch(&mut display, ms(16), stall);
        assert!(steps.len() > 9, "all whites of all three cuts: {}", steps.len());
    }

    #[test]
    fn what_is_due_is_told_and_nothing_changes_in_between() {
        let mut display = CodeDisplay::new(Pace::Full, ms(0));
        display.show(cut(700), 0, ms(0));
        let mut often = CodeDisplay::new(Pace::Full, ms(0));
        often.show(cut(700), 0, ms(0));
        let mut now = ms(0);
        for _ in 0..500 {
            let next = display.next_change().unwrap();
            assert!(next > now, "a change that is due was not made");
            while now + ms(3) < next {
                now += ms(3);
                often.tick(now);
                assert_eq!(often.carousel().code(), display.carousel().code());
                assert_eq!(often.panel(), display.panel());
            }
            now = next;
            display.tick(now);
            often.tick(now);
        }
    }

    #[test]
    fn a_single_code_that_cannot_be_smaller_changes_its_white_and_size_only() {
        let mut display = CodeDisplay::new(Pace::Full, ms(0));
        display.show(cut(64), 0, ms(0));
        assert_eq!(display.next_change(), Some(UNANSWERED), "idle until then");
        let steps = watch(&mut display, ms(16), UNANSWERED + STEP * 5);
        assert_eq!(steps.len(), 6, "{steps:?}");
        assert!(steps.iter().all(|(_, codes)| codes == &["whole"]));
    }

    /// Lets time pass until this many codes take turns.
    fn wait_for(display: &mut CodeDisplay, now: &mut Duration, count: usize) {
        while display.carousel().count() != count {
            *now += ms(16);
            display.tick(*now);
        }
    }

    #[test]
    fn the_next_message_begins_with_the_codes_that_were_answered() {
        let mut display = CodeDisplay::new(Pace::Full, ms(0));
        display.show(cut(1300), 0, ms(0));
        let mut now = ms(0);
        wait_for(&mut display, &mut now, 9);
        // Their answer comes in parts: ours stays as they read it.
        for _ in 0..600 {
            now += ms(50);
            display.answered(now);
            display.tick(now);
            assert_eq!((display.carousel().count(), display.panel()), (9, (100, 100)));
        }
        display.show(cut(600), 311, now);
        assert_eq!(display.carousel().count(), 4);
        // The rest has its turn all the same, the smaller ones first.
        wait_for(&mut display, &mut now, 7);
        wait_for(&mut display, &mut now, 2);
        // And so the next one, answered at once.
        display.restart(now);
        display.show(cut(600), 311, now);
        assert_eq!(display.carousel().count(), 4);

        display.forget();
        display.show(cut(600), 311, now);
        assert_eq!(display.carousel().count(), 2);
    }

    #[test]
    fn whoever_read_small_codes_late_answers_in_codes_no_larger() {
        for (waited, read, count) in
            [(9, 88, 15), (9, 150, 9), (9, 234, 5), (9, 1900, 5), (7, 88, 5), (7, 64, 5)]
        {
            let mut display = CodeDisplay::new(Pace::Full, ms(0));
            display.show(cut(64), 0, ms(0));
            let now = Duration::from_secs(waited);
            display.tick(now);
            display.show(cut(1300), read, now);
            assert_eq!(display.carousel().count(), count, "{read} after {waited} s");
        }
    }

    #[test]
    fn the_white_that_a_person_chose_stays() {
        let mut display = CodeDisplay::new(Pace::Full, ms(0));
        display.show(cut(1300), 0, ms(0));
        display.brighten(-1, ms(0));
        let steps = watch(&mut display, ms(16), Duration::from_secs(120));
        assert!(steps.iter().all(|((white, _), _)| *white == 75), "{steps:?}");
        assert!(steps.iter().any(|((_, size), _)| *size == 80), "the rest goes on");
    }
}
