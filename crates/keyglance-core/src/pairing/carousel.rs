//! The codes of one message, shown in turn.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// How fast codes follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pace {
    /// Each code for 5 to 8 refreshes of a screen with 60 a second.
    #[default]
    Full,
    /// Four a second at most, where the user wants less motion.
    Reduced,
}

/// One refresh of a screen, rounded down: rounded up, a code would be due just after a
/// refresh, and so at the next one.
const REFRESH: Duration = Duration::from_nanos(16_666_666);

/// Shows the codes of a message in their order, again and again. One code stays.
///
/// Each is held for a time of its own: shown at a fixed rate, a reader that looks at
/// nearly the same rate would miss the same code round after round.
#[derive(Clone, Debug)]
pub struct Carousel {
    codes: Vec<String>,
    pace: Pace,
    index: usize,
    /// Counts the codes shown, to draw the next time from.
    shown: u64,
    until: Duration,
}

impl Carousel {
    /// Begins with the first code.
    #[must_use]
    pub fn new(codes: Vec<String>, pace: Pace, now: Duration) -> Self {
        let mut carousel = Self { codes, pace, index: 0, shown: 0, until: now };
        carousel.until = now + carousel.hold();
        carousel
    }

    /// What to show now. Empty if there are no codes.
    #[must_use]
    pub fn code(&self) -> &str {
        self.codes.get(self.index).map_or("", String::as_str)
    }

    /// All of them.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Which of them is shown, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.codes.len()
    }

    /// When the next code is due. `None` where there is only one.
    #[must_use]
    pub fn next_change(&self) -> Option<Duration> {
        (self.codes.len() > 1).then_some(self.until)
    }

    /// Lets time pass. Whether another code is shown now. Late calls skip no code: a
    /// screen that was held up goes on where it was.
    pub fn tick(&mut self, now: Duration) -> bool {
        if self.codes.len() < 2 || now < self.until {
            return false;
        }
        self.index = (self.index + 1) % self.codes.len();
        self.shown += 1;
        self.until = now + self.hold();
        true
    }

    /// How long the code that is shown now stays. Drawn from the codes themselves, so that
    /// no source of randomness is needed: a reader's rate does not depend on them.
    fn hold(&self) -> Duration {
        let mut hash = Sha256::new().chain_update(self.shown.to_be_bytes());
        if let Some(first) = self.codes.first() {
            hash.update(first);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let [drawn, ..] = hash;
        let least = match self.pace {
            Pace::Full => 5,
            Pace::Reduced => 16,
        };
        REFRESH * (least + u32::from(drawn % 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("KG1:{n}")).collect()
    }

    #[test]
    fn in_order_each_for_a_time_of_its_own() {
        for (pace, range) in [(Pace::Full, 83..=134), (Pace::Reduced, 250..=317)] {
            let mut carousel = Carousel::new(codes(3), pace, Duration::ZERO);
            let mut holds = std::collections::BTreeSet::new();
            let mut now = Duration::ZERO;
            for n in 0..200 {
                assert_eq!(carousel.code(), format!("KG1:{}", n % 3));
                let next = carousel.next_change().unwrap();
                assert!(!carousel.tick(next - Duration::from_nanos(1)));
                assert!(carousel.tick(next));
                holds.insert((next - now).as_millis());
                now = next;
            }
            assert!(holds.iter().all(|hold| range.contains(hold)), "{holds:?}");
            assert_eq!(holds.len(), 4, "5 to 8 refreshes, each of them: {holds:?}");
        }
    }

    #[test]
    fn a_single_code_stays() {
        let mut carousel = Carousel::new(codes(1), Pace::Full, Duration::ZERO);
        assert_eq!((carousel.next_change(), carousel.count()), (None, 1));
        assert!(!carousel.tick(Duration::from_secs(60)));
    }

    #[test]
    fn a_screen_that_was_held_up_skips_no_code() {
        let mut carousel = Carousel::new(codes(3), Pace::Full, Duration::ZERO);
        assert!(carousel.tick(Duration::from_secs(60)));
        assert_eq!(carousel.index(), 1);
        assert!(carousel.next_change().unwrap() > Duration::from_secs(60));
    }
}
