//! A pairing from the first code to the stored key.
//!
//! [`PairingFlow`] owns the session and decides what is stored, and when: a code
//! that tells the other device that we hold the key is not shown before the key
//! is stored. The session and the profile may live on different threads, so the
//! flow does not write by itself: it hands out a [`StoreRequest`], and withholds
//! the next code until it is told the outcome.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use keyglance_core::crypto::{IdentityKey, KeyId, SafetyNumber};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{
    Card, CardError, CheckCode, Diagnostic, DisplayName, Event, Frame, Pairing, PairingError,
    Party, PendingCheck, Phase, ResetReason, Role, Session, Suite, Suites,
};
use keyglance_core::trust::Provenance;
use rand_core::CryptoRng;

use crate::storage::{Profile, SavedPairing, StoreError};

/// How the other device's codes reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A camera saw them on a screen that a person was looking at.
    Camera,
    /// Another program carried them: a picture, a text, a window on our screen.
    Relayed,
}

impl Channel {
    /// How the key comes into the profile.
    #[must_use]
    pub const fn provenance(self) -> Provenance {
        match self {
            Self::Camera => Provenance::PairedByCamera,
            Self::Relayed => Provenance::PairedRelayed,
        }
    }
}

/// What became of a text, of time, or of a [`StoreRequest`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// [`PairingFlow::code`] changed: show it.
    ShowCode,
    /// Another device is in view.
    PeerSeen,
    /// So many parts of what the other device shows were read.
    Part {
        /// At least one, fewer than `count`.
        have: u8,
        /// 2 to 32.
        count: u8,
    },
    /// Both devices agreed on each other.
    Locked,
    /// The check code that our screen can show; the other device does not have the
    /// key yet.
    CheckCode(CheckCode),
    /// Carry this out and give the report to [`PairingFlow::stored`].
    Store(StoreRequest),
    /// Both devices have the key, and ours is stored.
    Finished(Box<FinishedPairing>),
    /// The key is stored, but the other device may not have it: it stays locked.
    KeptLocked(SavedPairing),
    /// Back to the start, with fresh keys.
    Reset(ResetReason),
    /// Ten seconds without progress.
    Waiting,
    /// Something was seen that does not move the pairing.
    Diagnostic(Diagnostic),
    /// The key could not be stored. It is wiped, and the other device never
    /// heard that we had it.
    NotStored(StoreError),
    /// The key is stored, but not that the other device has it too: it stays
    /// locked until a person confirms it.
    NotUnlocked(StoreError),
    /// Over, without a key.
    Failed(PairingError),
}

/// Something for the profile to store, on whichever thread the profile lives.
#[derive(Debug)]
pub struct StoreRequest(Request);

#[derive(Debug)]
enum Request {
    Save { pairing: Box<Pairing>, name: Option<String>, provenance: Provenance },
    Acknowledge { key_id: KeyId, card: Card, check: PendingCheck },
}

/// What became of a [`StoreRequest`].
#[derive(Debug)]
pub struct StoreReport(StoreOutcome);

#[derive(Debug)]
enum StoreOutcome {
    Saved { key_id: KeyId, acknowledged: bool, result: Result<SavedPairing, StoreError> },
    Acknowledged(Result<(), StoreError>),
}

impl StoreRequest {
    /// Stores it, dated `at`.
    #[must_use = "the flow waits for the report"]
    pub fn carry_out(self, profile: &Profile, at: Timestamp) -> StoreReport {
        StoreReport(match self.0 {
            Request::Save { pairing, name, provenance } => {
                let (key_id, acknowledged) = (pairing.key_id(), pairing.is_acknowledged());
                let file = KeyFile::from_pairing(&pairing, at);
                // A responder that leaves before the other device confirmed has nothing
                // to compare any more: a key that was dropped is a guess that was spent.
                let check = acknowledged.then(|| PendingCheck::new(pairing.check_codes, 0));
                let result = profile.save_pairing(file, name.as_deref(), provenance, check);
                StoreOutcome::Saved { key_id, acknowledged, result }
            }
            Request::Acknowledge { key_id, card, check } => {
                StoreOutcome::Acknowledged(profile.finish_pairing(key_id, &card, check))
            }
        })
    }
}

/// A pairing that both devices finished. Holds no secret.
#[derive(Clone, Debug)]
pub struct FinishedPairing {
    /// What is in the profile.
    pub saved: SavedPairing,
    /// The digits that our screen shows. Those of the other one are typed here:
    /// [`Profile::enter_check_code`].
    pub check_code: CheckCode,
    /// The other device, as it calls itself.
    pub peer: Party,
    /// The sixty digits of both identities.
    pub safety_number: SafetyNumber,
    /// Our part in the handshake.
    pub role: Role,
    /// What the two devices spoke.
    pub suite: Suite,
    /// What this device told of itself.
    pub our_card: Card,
    /// What the other one told of itself, or why that was left out. Claims of whoever
    /// paired, until the pairing is compared.
    pub peer_card: Result<Card, CardError>,
}

/// One pairing: texts and time go in, steps come out.
pub struct PairingFlow<R> {
    session: Session<R>,
    name: Option<String>,
    card: Card,
    card_refused: Option<CardError>,
    provenance: Provenance,
    shown: Option<Frame>,
    /// The profile is storing the key: no further code is shown or read until
    /// it is done.
    storing: bool,
    saved: Option<SavedPairing>,
}

impl<R> std::fmt::Debug for PairingFlow<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingFlow").field("saved", &self.saved).finish_non_exhaustive()
    }
}

impl<R: CryptoRng> PairingFlow<R> {
    /// Begins to offer a pairing. The key is stored under `save_as`, or else
    /// under the name that the other device suggests.
    pub fn new(
        identity: Arc<IdentityKey>,
        name: DisplayName,
        save_as: Option<String>,
        rng: R,
        now: Duration,
    ) -> Self {
        let session = Session::new(identity, name, rng, now);
        let mut flow = Self {
            session,
            name: save_as,
            card: Card::default(),
            card_refused: None,
            provenance: Channel::Camera.provenance(),
            shown: None,
            storing: false,
            saved: None,
        };
        flow.next_code();
        flow
    }

    /// Offers these suites and no others. To be called before anything was shown.
    #[must_use]
    pub fn with_suites(mut self, suites: Suites) -> Self {
        self.session = self.session.with_suites(suites);
        self.next_code();
        self
    }

    /// Tells the other device this of ours, once both know the key. It arrives before
    /// anything is compared. To be called before anything was read.
    #[must_use]
    pub fn with_card(mut self, card: Card) -> Self {
        self.session = self.session.with_card(card.clone());
        self.card = card;
        self
    }

    /// What the other device is told of this one.
    #[must_use]
    pub const fn card(&self) -> &Card {
        &self.card
    }

    /// What to show now. `None` once the pairing has failed.
    #[must_use]
    pub const fn frame(&self) -> Option<&Frame> {
        self.shown.as_ref()
    }

    /// The same as QR codes of at most so many characters: one, or several in turn
    /// ([`Carousel`](keyglance_core::pairing::Carousel)).
    #[must_use]
    pub fn codes(&self, max_characters: usize) -> Vec<String> {
        self.frame().map(|frame| frame.to_codes(max_characters)).unwrap_or_default()
    }

    /// The same as one QR code, however large.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        self.frame().map(Frame::to_code)
    }

    /// The same for a pipe or a clipboard.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.frame().map(Frame::to_text)
    }

    /// Where the pairing stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.session.phase()
    }

    /// The other device as it calls itself, as soon as it has said so. Nobody has compared
    /// anything yet.
    #[must_use]
    pub const fn peer(&self) -> Option<&Party> {
        self.session.peer()
    }

    /// When [`PairingFlow::tick`] has something to do next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        self.session.next_deadline()
    }

    /// What is stored of this pairing so far.
    #[must_use]
    pub const fn saved_pairing(&self) -> Option<&SavedPairing> {
        self.saved.as_ref()
    }

    /// Whether we hold the key and wait to hear that the other device does: a
    /// person who sees *Paired* on its screen can say so
    /// ([`PairingFlow::acknowledge`]).
    #[must_use]
    pub fn awaits_acknowledgement(&self) -> bool {
        !self.storing && self.phase() == Phase::Confirming && self.session.pairing().is_some()
    }

    /// Takes a code that was seen, by its bytes or its text, and by which channel. One
    /// code that another program carried lowers the trust of the whole pairing.
    pub fn handle(
        &mut self,
        now: Duration,
        code: &(impl AsRef<[u8]> + ?Sized),
        channel: Channel,
    ) -> Vec<Step> {
        if channel == Channel::Relayed {
            self.provenance = channel.provenance();
        }
        if self.storing {
            return Vec::new();
        }
        let events = self.session.handle(now, code);
        self.take(events)
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: Duration) -> Vec<Step> {
        if self.storing {
            return Vec::new();
        }
        let events = self.session.tick(now);
        self.take(events)
    }

    /// A person sees that the other device has the key.
    pub fn acknowledge(&mut self) -> Vec<Step> {
        if !self.awaits_acknowledgement() {
            return Vec::new();
        }
        let events = self.session.acknowledge();
        self.take(events)
    }

    /// Begins again with fresh keys. What was stored unacknowledged stays, locked.
    pub fn restart(&mut self, now: Duration) -> Vec<Step> {
        let events = self.session.restart(now);
        self.storing = false;
        let steps = self.take(events);
        (self.saved, self.provenance) = (None, Channel::Camera.provenance());
        self.card_refused = None;
        steps
    }

    /// Ends the pairing. What was stored unacknowledged stays, locked.
    pub fn cancel(&mut self) -> Vec<Step> {
        let events = self.session.cancel();
        self.storing = false;
        self.take(events)
    }

    /// Takes the outcome of a [`StoreRequest`].
    pub fn stored(&mut self, report: StoreReport) -> Vec<Step> {
        match report.0 {
            StoreOutcome::Acknowledged(result) => {
                result.err().map(Step::NotUnlocked).into_iter().collect()
            }
            StoreOutcome::Saved { key_id, acknowledged, result } => {
                let ours = self.session.pairing().is_some_and(|ours| ours.key_id() == key_id);
                match result {
                    Ok(saved) if self.storing && ours => self.saved(saved),
                    // It was left while it was being stored.
                    Ok(saved) if !acknowledged => vec![Step::KeptLocked(saved)],
                    Err(error) if self.storing && ours => {
                        self.storing = false;
                        // Wipes the key. Our code never said that we had it.
                        self.session.reject_check_code();
                        self.shown = None;
                        vec![Step::NotStored(error)]
                    }
                    Ok(_) | Err(_) => Vec::new(),
                }
            }
        }
    }

    fn saved(&mut self, saved: SavedPairing) -> Vec<Step> {
        self.storing = false;
        self.saved = Some(saved);
        let mut steps: Vec<Step> = self.next_code().into_iter().collect();
        if self.phase() == Phase::Finished {
            steps.extend(self.finished());
        }
        steps
    }

    /// Carries out the store requests among `steps` at once, for a caller whose
    /// profile is at hand, and gives the steps that are left.
    pub fn store(&mut self, steps: Vec<Step>, profile: &Profile, at: Timestamp) -> Vec<Step> {
        let mut done = Vec::new();
        for step in steps {
            match step {
                Step::Store(request) => done.extend(self.stored(request.carry_out(profile, at))),
                step => done.push(step),
            }
        }
        done
    }

    fn take(&mut self, events: Vec<Event>) -> Vec<Step> {
        let mut steps = Vec::new();
        for event in events {
            match event {
                Event::ShowCode => steps.extend(self.next_code()),
                Event::PeerSeen => steps.push(Step::PeerSeen),
                Event::Part { have, count } => steps.push(Step::Part { have, count }),
                Event::Locked(_) => steps.push(Step::Locked),
                Event::CheckCode(code) => steps.push(Step::CheckCode(code)),
                Event::Paired => steps.extend(self.save()),
                Event::Finished => match self.saved.clone() {
                    Some(saved) => {
                        steps.extend(self.acknowledged(saved.key_id));
                        steps.extend(self.finished());
                    }
                    None => steps.extend(self.save()),
                },
                Event::Unacknowledged(_) => {
                    steps.extend(self.saved.take().map(Step::KeptLocked));
                }
                Event::Reset(reason) => {
                    self.saved = None;
                    steps.push(Step::Reset(reason));
                }
                Event::Waiting => steps.push(Step::Waiting),
                Event::Diagnostic(diagnostic) => {
                    if let Diagnostic::CardRefused(error) = diagnostic {
                        self.card_refused = Some(error);
                    }
                    steps.push(Step::Diagnostic(diagnostic));
                }
                Event::Failed(error) => {
                    self.shown = None;
                    steps.push(Step::Failed(error));
                }
            }
        }
        steps
    }

    /// The other device has the key that is stored: it can be used and compared.
    fn acknowledged(&self, key_id: KeyId) -> Option<Step> {
        let pairing = self.session.pairing()?;
        let (card, check) = (pairing.peer_card.clone(), PendingCheck::new(pairing.check_codes, 0));
        Some(Step::Store(StoreRequest(Request::Acknowledge { key_id, card, check })))
    }

    /// The session's code, unless it says what is not stored yet.
    fn next_code(&mut self) -> Option<Step> {
        if self.storing {
            return None;
        }
        let shown = self.session.frame();
        (shown != self.shown.as_ref()).then(|| {
            self.shown = shown.cloned();
            Step::ShowCode
        })
    }

    fn save(&mut self) -> Option<Step> {
        if self.storing {
            return None;
        }
        let pairing = Box::new(self.session.pairing()?.duplicate());
        self.storing = true;
        let (name, provenance) = (self.name.clone(), self.provenance);
        Some(Step::Store(StoreRequest(Request::Save { pairing, name, provenance })))
    }

    fn finished(&self) -> Option<Step> {
        let (pairing, saved) = (self.session.pairing()?, self.saved.clone()?);
        Some(Step::Finished(Box::new(FinishedPairing {
            saved,
            check_code: pairing.check_codes.shown,
            peer: pairing.peer.clone(),
            safety_number: pairing.safety_number(),
            role: pairing.role,
            suite: pairing.suite,
            our_card: self.card.clone(),
            peer_card: self.card_refused.map_or_else(|| Ok(pairing.peer_card.clone()), Err),
        })))
    }
}
