//! What the window knows, whichever screen is open.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::messages::Notification;
use keyglance_capture::ScreenAccess;
use keyglance_core::contacts::{Contact, ContactId};
use keyglance_core::crypto::{ContactPicture, Fingerprint, IdentityKey, KeyId, Suite};
use keyglance_core::pairing::{Card, CardError, DisplayName, Pace, PendingCheck};
use keyglance_core::trust::{KeyTrust, Provenance};
use keyglance_profile::{CardPlaces, Exported, OwnCard, PageAddress, Refusal, Settings, Verdict};

/// Makes the ephemeral keys: the system's generator, or a seeded one in tests.
pub type Rng = Box<dyn TryCryptoRng<Error = Infallible> + Send>;
/// A pairing of this window.
pub type WindowPairing = keyglance_profile::PairingFlow<Rng>;

/// Everything that a screen may read. Only the root changes it.
#[derive(Debug)]
pub struct Model {
    /// When the last message was handled, since the window opened.
    pub now: Duration,
    /// When somebody last did something in this window, or it was last at work.
    pub active_at: Duration,
    /// The profile folder.
    pub profile: PathBuf,
    /// Where exports go unless the user says otherwise.
    pub home: PathBuf,
    /// None until the identity is created or opened.
    pub device: Option<LocalDevice>,
    pub contacts: ContactList,
    pub settings: Settings,
    /// The system wishes for less motion.
    pub system_motion_reduced: bool,
    pub cameras: Vec<CameraName>,
    pub frame_source: FrameSourceChoice,
    /// How this screen is read, once that is known.
    pub screen_access: Option<ScreenAccess>,
    /// Why nothing can be stored, if that is so: pairing would lose its key.
    pub unwritable: Option<Notification>,
    /// What this device shares of itself, once it was read.
    pub own_card: Option<OwnCardView>,
    /// None until a page asks for it.
    pub phone_page: Option<PhonePageView>,
    /// What opens next.
    pub waiting: Waiting,
}

/// What the program was asked to open and could not at once.
#[derive(Debug, Default)]
pub struct Waiting {
    pub files: VecDeque<PathBuf>,
    /// Begin with pairing.
    pub pair: bool,
}

impl Model {
    pub fn new(profile: PathBuf, frame_source: FrameSourceChoice) -> Self {
        Self {
            now: Duration::ZERO,
            active_at: Duration::ZERO,
            profile,
            home: PathBuf::new(),
            device: None,
            contacts: ContactList::default(),
            settings: Settings::default(),
            system_motion_reduced: false,
            cameras: Vec::new(),
            frame_source,
            screen_access: None,
            unwritable: None,
            own_card: None,
            phone_page: None,
            waiting: Waiting::default(),
        }
    }

    /// A camera is a mirror, if the user wants it; a file or a screen is none.
    pub fn is_preview_mirrored(&self) -> bool {
        self.settings.mirror && self.frame_source == FrameSourceChoice::Camera
    }

    /// Whether every change is a cut.
    pub fn is_motion_reduced(&self) -> bool {
        self.settings.motion.is_reduced(self.system_motion_reduced)
    }

    /// How fast codes in turn follow each other.
    pub fn pace(&self) -> Pace {
        if self.is_motion_reduced() { Pace::Reduced } else { Pace::Full }
    }

    /// The settings with one thing changed.
    pub fn settings_with(&self, change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = self.settings.clone();
        change(&mut settings);
        settings
    }
}

/// This device.
#[derive(Clone, Debug)]
pub struct LocalDevice {
    pub key: Arc<IdentityKey>,
    pub name: DisplayName,
    /// Its half of every safety number: 5,200 hashes, so it is kept.
    pub fingerprint: Fingerprint,
    /// Whether a passphrase protects it on the disk.
    pub protected: bool,
}

/// What this device shares with who pairs.
#[derive(Clone, Debug)]
pub struct OwnCardView {
    pub card: OwnCard,
    pub places: CardPlaces,
}

/// The page by which a phone pairs.
#[derive(Clone, Debug)]
pub struct PhonePageView {
    /// Where it is, once the user has set that.
    pub address: Option<PageAddress>,
    /// SHA-256 of the page that came with this program, or why there is none.
    pub page: Result<String, Notification>,
}

/// All contacts with their keys.
#[derive(Clone, Debug, Default)]
pub struct ContactList {
    pub contacts: Vec<ContactView>,
    /// When they were read, for what happened "today".
    pub read_at: Timestamp,
    /// Files that could not be read; they are left as they are.
    pub warnings: Vec<String>,
    /// What was made of cards whose keys were wiped or deleted since the window was opened:
    /// it is still in other programs.
    pub left_behind: Vec<Exported>,
}

impl ContactList {
    pub fn get(&self, id: ContactId) -> Option<&ContactView> {
        self.contacts.iter().find(|view| view.contact.id() == id)
    }

    /// The contact that is known by the name that this one came under, until the user
    /// has decided and compared.
    pub fn known_by_the_name(&self, contact: &Contact) -> Option<&ContactView> {
        self.get(contact.name_conflict.as_ref()?.id)
    }

    /// Who came under a contact's name and waits for the user to decide, the first first.
    pub fn undecided(&self, known: &ContactView) -> Option<&ContactView> {
        let views = known.newcomers.iter().filter_map(|(id, _)| self.get(*id));
        views.into_iter().find(|view| view.verdict() == Verdict::DifferentKey { decided: false })
    }

    /// A key and the contact it is shared with.
    pub fn key(&self, id: KeyId) -> Option<(&ContactView, &KeyView)> {
        self.contacts
            .iter()
            .find_map(|view| Some((view, view.keys.iter().find(|key| key.id == id)?)))
    }
}

/// One contact.
#[derive(Clone, Debug)]
pub struct ContactView {
    pub contact: Contact,
    pub keys: Vec<KeyView>,
    /// Those who came under its name, each with another identity, by id and name.
    pub newcomers: Vec<(ContactId, String)>,
    /// The key that is meant if none is named.
    pub best_key: Option<KeyId>,
    /// Sixty digits.
    pub safety_number: String,
    /// Made of them; a reminder, not a proof.
    pub picture: ContactPicture,
}

impl ContactView {
    /// The key that is meant if none is named.
    pub fn best(&self) -> Option<&KeyView> {
        self.keys.iter().find(|key| Some(key.id) == self.best_key)
    }

    /// What is said of it.
    pub fn verdict(&self) -> Verdict {
        Verdict::of_contact(&self.contact, self.best().map(|key| key.verdict))
    }
}

/// One shared key, without its secret.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// The contact's name; a further key's has a number.
    pub name: String,
    pub id: KeyId,
    pub created: Timestamp,
    pub provenance: Provenance,
    /// What the two devices spoke when they paired.
    pub suite: Suite,
    pub trust: KeyTrust,
    /// What its file says of itself.
    pub claim: Option<String>,
    /// A date of it cannot be right.
    pub of_the_future: bool,
    pub purpose: Option<String>,
    pub exports: Vec<Exported>,
    /// What the other device shared with it.
    pub card: Result<Card, CardError>,
    /// What was made of that, and is in other programs.
    pub left_behind: Vec<Exported>,
    pub retired: bool,
    /// The check code, until it was compared.
    pub comparison: Option<PendingCheck>,
    /// Why nothing may be made of it; `None` if it may be used.
    pub refusal: Option<Refusal>,
    /// What is said of it.
    pub verdict: Verdict,
}

/// A camera to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraName {
    pub index: usize,
    pub name: String,
}

/// Where frames come from: the user's camera, or what the command line named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FrameSourceChoice {
    /// The camera of the settings, or else the first.
    #[default]
    Camera,
    /// A picture file that is watched.
    Watch(PathBuf),
    /// This screen.
    Screen,
}

/// Text that is wiped on drop and never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    pub fn into_inner(self) -> Zeroizing<String> {
        self.0
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl From<Zeroizing<String>> for SecretText {
    fn from(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl Deref for SecretText {
    type Target = String;

    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for SecretText {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText { … }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_is_a_mirror_and_what_is_watched_is_none() {
        let mut model = Model::new(PathBuf::new(), FrameSourceChoice::Camera);
        assert!(model.is_preview_mirrored());
        for source in [FrameSourceChoice::Screen, FrameSourceChoice::Watch(PathBuf::new())] {
            model.frame_source = source;
            assert!(!model.is_preview_mirrored());
        }
        model.frame_source = FrameSourceChoice::Camera;
        model.settings.mirror = false;
        assert!(!model.is_preview_mirrored());
    }

    #[test]
    fn a_secret_text_is_not_printed() {
        let text = SecretText::from("correct horse");
        assert_eq!(format!("{text:?}"), "SecretText { … }");
    }
}
