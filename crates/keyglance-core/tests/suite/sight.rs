//! How soon two devices that face each other have the key: a model of screens and cameras
//! that has no pixels, and the real sessions. The demo has the pixels.

use std::time::Duration;

use keyglance_core::pairing::{
    Carousel, DEFAULT_CODE_CHARACTERS, Event, Pace, Phase, Session, Suites,
};
use keyglance_core::test_util::{device_of, failed, seeded};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng as _;

const SEEDS: std::ops::Range<u64> = 0..100;
/// Longer than anybody waits.
const LIMIT: Duration = Duration::from_secs(60);
/// A camera's picture is this old when it is read.
const LATENCY: Duration = Duration::from_millis(60);

/// How a screen holds each of several codes.
#[derive(Clone, Copy, Debug)]
enum Hold {
    Carousel,
    Fixed(Duration),
}

/// A camera and what reads its pictures.
#[derive(Clone, Copy, Debug)]
struct Reader {
    frames_per_second: f64,
    /// The part of the pictures that are dropped, or not readable.
    loss: f64,
    /// How long the shutter is open. A picture of two codes is a picture of none.
    exposure: Duration,
}

/// A screen of 60 refreshes a second: what is shown changes with one of them.
struct Screen {
    /// When the refreshes are, from 0.
    phase: Duration,
    refreshes: u64,
    hold: Hold,
    carousel: Carousel,
    /// For [`Hold::Fixed`].
    since: Duration,
    /// What was shown from when on.
    shown: Vec<(Duration, String)>,
}

impl Screen {
    fn new(phase: Duration, hold: Hold) -> Self {
        let carousel = Carousel::new(Vec::new(), Pace::Full, Duration::ZERO);
        Self { phase, refreshes: 0, hold, carousel, since: Duration::ZERO, shown: Vec::new() }
    }

    fn show(&mut self, codes: Vec<String>, now: Duration) {
        self.carousel = Carousel::new(codes, Pace::Full, now);
        self.since = now;
    }

    /// Refreshes until `now`.
    fn advance(&mut self, now: Duration) {
        loop {
            let next = self.phase + Duration::from_nanos(self.refreshes * 1_000_000_000 / 60);
            if next > now {
                return;
            }
            self.refreshes += 1;
            self.carousel.tick(next);
            let code = match self.hold {
                Hold::Carousel => self.carousel.code(),
                Hold::Fixed(hold) => {
                    let turns = (next - self.since).as_nanos() / hold.as_nanos();
                    let codes = self.carousel.codes();
                    &codes[turns as usize % codes.len()]
                }
            };
            if self.shown.last().is_none_or(|(_, shown)| shown != code) {
                self.shown.push((next, code.to_owned()));
            }
        }
    }

    /// What a picture shows whose shutter opened then.
    fn seen(&self, from: Duration, exposure: Duration) -> Option<&str> {
        let at = |time| self.shown.iter().rev().find(|(since, _)| *since <= time);
        let (first, last) = (at(from)?, at(from + exposure)?);
        (first.0 == last.0).then_some(first.1.as_str())
    }
}

struct Device {
    session: Session<ChaCha20Rng>,
    screen: Screen,
    reader: Reader,
    max_characters: usize,
    /// When the next picture is read.
    next: Duration,
    /// When pictures are lost.
    chance: ChaCha20Rng,
}

impl Device {
    fn new(seed: u64, view: &View, reader: Reader) -> Self {
        let session = device_of(view.suites, seed);
        let mut chance = seeded(seed ^ 0x5167_4854);
        let mut part = || f64::from(chance.next_u32()) / 2_f64.powi(32);
        let phase = Duration::from_secs_f64(part() / 60.0);
        let next = Duration::from_secs_f64(part() / reader.frames_per_second);
        let mut screen = Screen::new(phase, view.hold);
        screen.show(session.codes(view.max_characters), Duration::ZERO);
        Self { session, screen, reader, max_characters: view.max_characters, next, chance }
    }

    /// Takes the picture that is due.
    fn look(&mut self, at: &mut Screen) {
        let now = self.next;
        self.next += Duration::from_secs_f64(1.0 / self.reader.frames_per_second);
        at.advance(now);
        self.screen.advance(now);
        let lost = f64::from(self.chance.next_u32()) < self.reader.loss * 2_f64.powi(32);
        let seen = now
            .checked_sub(LATENCY)
            .filter(|_| !lost)
            .and_then(|from| at.seen(from, self.reader.exposure));
        let events = match seen {
            Some(text) => self.session.handle(now, text),
            None => self.session.tick(now),
        };
        assert!(!failed(&events), "{events:?}");
        if events.iter().any(|event| matches!(event, Event::ShowCode)) {
            self.screen.show(self.session.codes(self.max_characters), now);
        }
    }
}

/// Two devices that face each other.
#[derive(Clone, Copy, Debug)]
struct View {
    suites: Suites,
    max_characters: usize,
    hold: Hold,
    readers: [Reader; 2],
}

impl View {
    const fn new(suites: Suites, readers: [Reader; 2]) -> Self {
        Self { suites, max_characters: DEFAULT_CODE_CHARACTERS, hold: Hold::Carousel, readers }
    }

    /// When both have the key. `None` where they gave up.
    fn time(&self, seed: u64) -> Option<Duration> {
        let [mut one, mut two] =
            [0, 1].map(|at| Device::new(2 * seed + at as u64, self, self.readers[at]));
        loop {
            let now = one.next.min(two.next);
            if one.next <= two.next {
                one.look(&mut two.screen);
            } else {
                two.look(&mut one.screen);
            }
            if now > LIMIT {
                return None;
            }
            if [&one, &two].iter().all(|it| it.session.phase() == Phase::Finished) {
                return Some(now);
            }
        }
    }

    /// How long a hundred pairings take.
    fn times(&self) -> Times {
        let time = |seed| self.time(seed).map_or(f64::INFINITY, |time| time.as_secs_f64());
        let mut times: Vec<f64> = SEEDS.map(time).collect();
        times.sort_by(f64::total_cmp);
        let of = |percent: usize| times[times.len() * percent / 100 - 1];
        let times = Times { median: of(50), p95: of(95), worst: of(100) };
        println!("{self:?}: {times:?}");
        times
    }
}

/// Seconds; infinite where a pairing did not come to its end.
#[derive(Clone, Copy, Debug)]
struct Times {
    median: f64,
    p95: f64,
    worst: f64,
}

const fn reader(frames_per_second: f64, loss: f64) -> Reader {
    Reader { frames_per_second, loss, exposure: Duration::ZERO }
}

/// A reader whose shutter takes time, as all do.
const fn slow_shutter(frames_per_second: f64, loss: f64) -> Reader {
    Reader { exposure: Duration::from_millis(10), ..reader(frames_per_second, loss) }
}

#[test]
fn suite_1_takes_seven_tenths_of_a_second() {
    for reader in [reader(30.0, 0.0), reader(30.0, 0.1), slow_shutter(30.0, 0.1)] {
        let times = View::new(Suites::XX, [reader; 2]).times();
        assert!(times.median <= 0.7 && times.worst <= 1.0, "{times:?}");
    }
}

#[test]
fn suite_2_takes_three_seconds() {
    for reader in [reader(30.0, 0.1), slow_shutter(30.0, 0.1)] {
        let times = View::new(Suites::OFFERED, [reader; 2]).times();
        assert!(times.median <= 2.5 && times.worst <= 3.5, "{times:?}");
    }
}

/// Where a camera gives fewer pictures than there are codes a second, and three in ten of
/// them are lost, the last of seven codes comes after several rounds.
#[test]
fn suite_2_comes_to_its_end_with_three_in_ten_pictures_lost() {
    for (rate, limit) in [(30.0, 4.0), (15.0, 6.0), (10.0, 7.0), (7.5, 9.0)] {
        let times = View::new(Suites::OFFERED, [reader(rate, 0.3); 2]).times();
        assert!(times.p95 <= limit, "{rate} a second: {times:?}");
    }
    // The two devices need not be alike.
    for (one, two, limit) in [(30.0, 15.0, 6.0), (30.0, 10.0, 6.0), (30.0, 7.5, 6.0)] {
        let times = View::new(Suites::OFFERED, [reader(one, 0.3), reader(two, 0.3)]).times();
        assert!(times.p95 <= limit, "{one} and {two} a second: {times:?}");
    }
}

/// Codes that follow each other at one rate beat with a reader of nearly the same: round
/// after round, its shutter is open while the same ones change.
#[test]
fn no_rate_of_a_reader_beats_with_the_codes() {
    let every_tenth = Hold::Fixed(Duration::from_millis(100));
    let times = |hold, rate| {
        View { hold, ..View::new(Suites::OFFERED, [slow_shutter(rate, 0.1); 2]) }.times()
    };
    // This test sees the beat.
    assert_eq!(times(every_tenth, 10.0).p95, f64::INFINITY);
    for rate in [9.99, 10.01] {
        assert!(times(every_tenth, rate).p95 > 10.0);
    }
    for rate in [9.9, 9.99, 10.0, 10.01, 10.1] {
        let times = times(Hold::Carousel, rate);
        assert!(times.p95 <= 5.0 && times.worst <= 7.0, "{rate} a second: {times:?}");
    }
    // Nor at a rate at which a code is held for a whole number of pictures.
    for rate in [5.0, 6.0, 7.5, 12.0, 20.0, 24.0, 25.0, 60.0] {
        let times = times(Hold::Carousel, rate);
        assert!(times.p95 <= 5.0 + 60.0 / rate, "{rate} a second: {times:?}");
    }
}
