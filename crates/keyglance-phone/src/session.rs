//! A pairing of this page: the program's own session, and the codes that it shows.

use std::sync::Arc;
use std::time::Duration;

use keyglance_core::crypto::IdentityKey;
use keyglance_core::pairing::{
    Carousel, DEFAULT_CODE_CHARACTERS, DisplayName, Event, Pace, Pairing, Phase, Session, Suites,
};
use keyglance_core::rand_core::CryptoRng;
use keyglance_qr::Code;

use crate::Error;
use crate::code::{drawn, side};

/// One side of a pairing, with an identity of its own that ends with it.
pub(crate) struct PageSession<R> {
    session: Session<R>,
    pace: Pace,
    carousel: Carousel,
    /// Those of the carousel.
    codes: Vec<Code>,
    /// The latest time that was told: the page's never goes back here.
    latest: Duration,
}

impl<R: CryptoRng> PageSession<R> {
    pub(crate) fn new(
        name: DisplayName,
        suites: Suites,
        pace: Pace,
        mut rng: R,
        now: Duration,
    ) -> Self {
        let identity = Arc::new(IdentityKey::generate(&mut rng));
        let session = Session::new(identity, name, rng, now).with_suites(suites);
        let carousel = Carousel::new(Vec::new(), pace, now);
        let mut page = Self { session, pace, carousel, codes: Vec::new(), latest: now };
        page.show();
        page
    }

    /// Takes a code that is in view now.
    pub(crate) fn sighted(&mut self, now: Duration, code: &[u8]) -> Vec<Event> {
        let now = self.at(now);
        let events = self.session.handle(now, code);
        self.after(events)
    }

    /// Lets time pass.
    pub(crate) fn tick(&mut self, now: Duration) -> Vec<Event> {
        let now = self.at(now);
        let events = self.session.tick(now);
        self.after(events)
    }

    /// Begins again, with fresh keys and the same identity.
    pub(crate) fn restart(&mut self, now: Duration) -> Vec<Event> {
        let now = self.at(now);
        let events = self.session.restart(now);
        self.after(events)
    }

    pub(crate) fn cancel(&mut self) -> Vec<Event> {
        let events = self.session.cancel();
        self.after(events)
    }

    pub(crate) fn acknowledge(&mut self) -> Vec<Event> {
        let events = self.session.acknowledge();
        self.after(events)
    }

    /// The devices do not agree: everything is wiped.
    pub(crate) fn reject(&mut self) -> Vec<Event> {
        let events = self.session.reject_check_code();
        self.after(events)
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.session.phase(), Phase::Failed(_))
    }

    pub(crate) fn pairing(&self) -> Option<&Pairing> {
        self.session.pairing()
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.session.text()
    }

    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        self.session.next_deadline()
    }

    /// What to show now: side, version, which part of how many, and the modules.
    pub(crate) fn code(&mut self, now: Duration) -> Vec<u8> {
        let now = self.at(now);
        self.carousel.tick(now);
        let number = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let shown = self.codes.get(self.carousel.index());
        shown.map_or_else(Vec::new, |code| {
            let part = [number(self.carousel.index() + 1), number(self.codes.len())];
            drawn(code, &[side(code), code.version(), part[0], part[1]])
        })
    }

    fn at(&mut self, now: Duration) -> Duration {
        self.latest = self.latest.max(now);
        self.latest
    }

    fn after(&mut self, events: Vec<Event>) -> Vec<Event> {
        let changes = |event: &Event| matches!(event, Event::ShowCode | Event::Failed(_));
        if events.iter().any(changes) {
            self.show();
        }
        events
    }

    /// The codes of what is to be shown, from the first on.
    fn show(&mut self) {
        let texts = self.session.codes(DEFAULT_CODE_CHARACTERS);
        if texts == self.carousel.codes() {
            return;
        }
        // Every frame of ours fits.
        self.codes = Code::alike(&texts).unwrap_or_default();
        self.carousel = Carousel::new(texts, self.pace, self.latest);
    }
}

/// The suites that a page offers: as the program does by default, or the first alone.
///
/// # Errors
/// [`Error::Input`].
pub(crate) const fn suites(number: u32) -> Result<Suites, Error> {
    match number {
        0 => Ok(Suites::OFFERED),
        1 => Ok(Suites::XX),
        _ => Err(Error::Input("unknown suites")),
    }
}
