//! What the window knows, and what an action makes of it.
//!
//! [`State::apply`] is pure: it touches no file, camera or clock. What is to be
//! done in the world it gives back as effects; what became of them comes in as
//! one more action.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::message::{Action, Effect, FileDialog, Found, Opened, Report};
use super::screens::{
    add, contact, export, first_run, home, identity, pairing, result, settings, verify,
};
use crate::messages::Notification;
use keyglance_core::contacts::{Contact, ContactId};
use keyglance_core::crypto::{IdentityKey, KeyId};
use keyglance_core::pairing::DisplayName;
use keyglance_core::trust::Verified;
use keyglance_profile::{Exported, Settings};

/// Everything that a screen may show.
#[derive(Debug)]
pub struct State {
    /// When the last action was applied, since the window opened.
    pub now: Duration,
    pub profile: PathBuf,
    pub home: PathBuf,
    pub own: Option<LocalDevice>,
    pub people: ContactList,
    pub settings: Settings,
    pub cameras: Vec<CameraName>,
    pub screen: Screen,
    /// What happened, where it does not belong to one screen's own part.
    pub told: Option<Notification>,
    /// How frames come in: the user's camera, or what the command line named.
    pub eye: FrameSourceChoice,
}

/// This device.
#[derive(Clone, Debug)]
pub struct LocalDevice {
    pub key: Arc<IdentityKey>,
    pub name: DisplayName,
    /// Its half of every safety number.
    pub fingerprint: String,
    /// Whether a passphrase protects it on the disk.
    pub protected: bool,
}

/// All contacts with their keys.
#[derive(Clone, Debug, Default)]
pub struct ContactList {
    pub contacts: Vec<ContactView>,
    /// What could not be read, and is still there.
    pub warnings: Vec<String>,
}

/// One contact.
#[derive(Clone, Debug)]
pub struct ContactView {
    pub contact: Contact,
    pub keys: Vec<Key>,
    /// Sixty digits.
    pub safety_number: String,
}

/// One shared key, without its secret.
#[derive(Clone, Debug)]
pub struct Key {
    pub name: String,
    pub id: KeyId,
    pub created: Timestamp,
    pub acknowledged: bool,
    pub verified: Option<Verified>,
    pub purpose: Option<String>,
    pub exports: Vec<Exported>,
    pub retired: bool,
}

impl ContactList {
    /// The contact that had the name of this one, while it is not decided.
    pub fn rival(&self, contact: &Contact) -> Option<&ContactView> {
        self.person(contact.name_conflict.as_ref()?.id)
    }

    pub fn person(&self, id: ContactId) -> Option<&ContactView> {
        self.contacts.iter().find(|person| person.contact.id() == id)
    }

    pub fn key(&self, id: KeyId) -> Option<(&ContactView, &Key)> {
        self.contacts
            .iter()
            .find_map(|person| Some((person, person.keys.iter().find(|key| key.id == id)?)))
    }
}

/// A camera to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraName {
    pub index: usize,
    pub name: String,
}

/// Where frames come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FrameSourceChoice {
    /// The camera of the settings, else the first.
    #[default]
    Camera,
    /// A picture file that is watched.
    Watch(PathBuf),
    /// This screen.
    Screen,
}

#[derive(Debug)]
pub enum Screen {
    /// The profile is being opened.
    Opening,
    /// The profile cannot be used.
    Unusable(Notification),
    /// The identity is under a passphrase.
    Locked(first_run::Locked),
    FirstRun(first_run::FirstRun),
    Home(home::Home),
    Pairing(Box<pairing::Pairing>),
    Result(Box<result::Outcome>),
    Contact(contact::Page),
    Verify(Box<verify::Verify>),
    Export(Box<export::Export>),
    Add(add::Page),
    Settings(Box<settings::Page>),
    Identity(Box<identity::Page>),
    Help,
}

impl State {
    pub fn new(profile: PathBuf, eye: FrameSourceChoice) -> Self {
        Self {
            now: Duration::ZERO,
            profile,
            home: PathBuf::new(),
            own: None,
            people: ContactList::default(),
            settings: Settings::default(),
            cameras: Vec::new(),
            screen: Screen::Opening,
            told: None,
            eye,
        }
    }

    /// What to do first.
    pub fn begin() -> Vec<Effect> {
        vec![Effect::Open, Effect::Cameras]
    }

    /// What `action` makes of the window at `now`.
    pub fn apply(&mut self, action: Action, now: Duration) -> Vec<Effect> {
        self.now = now;
        match action {
            Action::Home => self.go(Screen::Home(home::Home::default())),
            Action::Back => self.back(),
            Action::Dismiss => {
                self.told = None;
                Vec::new()
            }
            Action::Retry => {
                self.told = None;
                match self.screen {
                    Screen::Unusable(_) => {
                        self.screen = Screen::Opening;
                        vec![Effect::Open]
                    }
                    _ => Vec::new(),
                }
            }
            Action::Pair => self.begin_pairing(),
            Action::Contact(id) => self.go(Screen::Contact(contact::Page::new(id))),
            Action::Verify(id) => self.go(Screen::Verify(Box::new(verify::Verify::new(id)))),
            Action::Export(id) => {
                let screen = export::Export::new(id, &self.people, &self.home);
                self.go(Screen::Export(Box::new(screen)))
            }
            Action::Settings => {
                let Some(own) = &self.own else { return Vec::new() };
                let page = Box::new(settings::Page::new(own));
                let mut effects = self.go(Screen::Settings(page));
                effects.push(Effect::Cameras);
                effects
            }
            Action::Add => self.go(Screen::Add(add::Page::default())),
            Action::Identity => {
                let page = Box::new(identity::Page::new(&self.home));
                self.go(Screen::Identity(page))
            }
            Action::Help => self.go(Screen::Help),
            Action::Search(text) => {
                if let Screen::Home(home) = &mut self.screen {
                    home.search = text;
                }
                Vec::new()
            }
            Action::Dropped(paths) => match self.screen {
                Screen::Pairing(_) => vec![Effect::ReadPictures(paths)],
                _ => Vec::new(),
            },
            Action::Resized(size) => {
                self.settings.window = Some(size);
                Vec::new()
            }
            Action::FirstRun(action) => first_run::apply(self, action),
            Action::Pairing(action) => pairing::apply(self, action),
            Action::Result(action) => result::apply(self, action),
            Action::ContactPage(action) => contact::apply(self, action),
            Action::VerifyPage(action) => verify::apply(self, action),
            Action::ExportPage(action) => export::apply(self, action),
            Action::AddPage(action) => add::apply(self, action),
            Action::IdentityPage(action) => identity::apply(self, action),
            Action::SettingsPage(action) => settings::apply(self, action),
            Action::Tick => match self.screen {
                Screen::Pairing(_) => pairing::apply(self, pairing::Do::Tick),
                _ => Vec::new(),
            },
            Action::Report(report) => self.report(report),
        }
    }

    /// When [`Action::Tick`] has something to do, or a screen changes by itself.
    pub fn next_deadline(&self) -> Option<Duration> {
        match &self.screen {
            Screen::Pairing(pairing) => pairing.next_deadline(self.now),
            Screen::Result(outcome) => outcome.next_deadline(self.now),
            _ => None,
        }
    }

    /// Leaves the present screen, which stops what it had going.
    pub fn go(&mut self, screen: Screen) -> Vec<Effect> {
        if self.own.is_none() && !matches!(screen, Screen::Help) {
            return Vec::new();
        }
        let effects = self.leave();
        self.screen = screen;
        effects
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.told = None;
        match &mut self.screen {
            Screen::Pairing(pairing) => {
                self.told = pairing.stop(self.now);
                vec![Effect::StopScan]
            }
            Screen::Verify(_) | Screen::Settings(_) => vec![Effect::StopScan],
            _ => Vec::new(),
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        if self.told.take().is_some() {
            return Vec::new();
        }
        let home = || Screen::Home(home::Home::default());
        let to = match &self.screen {
            Screen::Verify(verify) => Screen::Contact(contact::Page::new(verify.contact)),
            Screen::Export(export) => match self.people.key(export.key) {
                Some((person, _)) => Screen::Contact(contact::Page::new(person.contact.id())),
                None => home(),
            },
            Screen::Help if self.own.is_none() => {
                self.screen = Screen::Opening;
                return vec![Effect::Open];
            }
            Screen::Home(_) | Screen::Opening | Screen::FirstRun(_) | Screen::Locked(_) => {
                return Vec::new();
            }
            _ => home(),
        };
        self.go(to)
    }

    fn begin_pairing(&mut self) -> Vec<Effect> {
        let Some(own) = self.own.clone() else { return Vec::new() };
        let mut effects = self.leave();
        self.screen = Screen::Pairing(Box::new(pairing::Pairing::new(self.now)));
        effects.push(Effect::Begin(own));
        effects.push(self.scan());
        effects
    }

    /// Frames from wherever they come now.
    pub fn scan(&self) -> Effect {
        Effect::Scan(self.eye.clone(), self.settings.camera.clone())
    }

    fn report(&mut self, report: Report) -> Vec<Effect> {
        match report {
            Report::Opened(Ok(opened)) => self.opened(*opened),
            Report::Opened(Err(told)) => {
                self.screen = Screen::Unusable(told);
                Vec::new()
            }
            Report::Identity(result) => self.identity(result),
            Report::ContactList(people) => {
                self.people = people;
                Vec::new()
            }
            Report::Cameras(cameras) => {
                self.cameras = cameras;
                Vec::new()
            }
            Report::Stored(Ok(())) => Vec::new(),
            Report::Stored(Err(told)) | Report::Failed(told) => {
                self.told = Some(told);
                Vec::new()
            }
            Report::SavedPairing(result) => pairing::kept(self, result),
            Report::Ready(session) => pairing::ready(self, *session),
            Report::Scan(event) => match &mut self.screen {
                Screen::Pairing(_) => pairing::scanned(self, event),
                Screen::Verify(_) => verify::scanned(self, event),
                Screen::Settings(page) => {
                    page.test.scanned(event);
                    Vec::new()
                }
                Screen::FirstRun(first) => {
                    first.test.scanned(event);
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Report::Read(result) => pairing::read(self, result),
            Report::Picked(FileDialog::Pictures, paths) => match paths {
                Some(paths) => vec![Effect::ReadPictures(paths)],
                None => pairing::apply(self, pairing::Do::TypePath),
            },
            Report::Picked(FileDialog::CodePicture, paths) => pairing::picked(self, paths),
            Report::Picked(FileDialog::ExportFile, paths) => {
                if let (Screen::Export(export), Some(path)) =
                    (&mut self.screen, paths.and_then(|paths| paths.into_iter().next()))
                {
                    export.path = path.to_string_lossy().into_owned();
                }
                Vec::new()
            }
            Report::Saved(result) => {
                self.told = Some(match result {
                    Ok(path) => Notification::new(format!("Saved {}.", path.display()), ""),
                    Err(told) => told,
                });
                Vec::new()
            }
            Report::Added(result) => add::added(self, result),
            Report::BackedUp(result) => {
                if let Screen::Identity(page) = &mut self.screen {
                    page.done(result.map(|path| format!("Saved {}", path.display())));
                }
                Vec::new()
            }
            Report::Exported(result) => export::exported(self, result),
        }
    }

    fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        self.people = opened.people;
        self.home = opened.home;
        self.settings = opened.settings;
        if let Some(note) = opened.notes.first() {
            self.told = Some(Notification::new(note.clone(), ""));
        }
        self.screen = match opened.identity {
            Found::LocalDevice(own) => {
                self.own = Some(own);
                Screen::Home(home::Home::default())
            }
            Found::Sealed => Screen::Locked(first_run::Locked::default()),
            Found::None => Screen::FirstRun(first_run::FirstRun::new(opened.suggested_name)),
        };
        vec![Effect::Restyle]
    }

    fn identity(&mut self, result: Result<LocalDevice, Notification>) -> Vec<Effect> {
        match result {
            Ok(own) => {
                match &mut self.screen {
                    Screen::Settings(page) => page.changed(&own),
                    Screen::Identity(page) => {
                        let unprotected = self.own.as_ref().is_some_and(|old| old.protected);
                        let note = if unprotected { ". Set a passphrase again" } else { "" };
                        page.done(Ok(format!("This device is {} now{note}", own.name)));
                    }
                    _ => self.screen = Screen::Home(home::Home::default()),
                }
                self.own = Some(own);
            }
            Err(told) => match &mut self.screen {
                Screen::Locked(locked) => locked.failed(told),
                Screen::Settings(page) => page.failed(told),
                Screen::Identity(page) => page.done(Err(told)),
                _ => self.told = Some(told),
            },
        }
        Vec::new()
    }
}
