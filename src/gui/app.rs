//! The window's state, and what a message makes of it.
//!
//! [`App::update`] touches no file, camera or clock. What is to be done in the
//! world it returns as effects; what became of them comes back as messages.

use std::path::PathBuf;
use std::time::Duration;

use super::code_display::CodeDisplay;
use super::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use super::message::Message;
use super::model::{FrameSourceChoice, LocalDevice, Model, WindowPairing};
use super::report::{FileContent, OpenedProfile, Report, StoredIdentity};
use super::route::Route;
use super::screen::{Question, Screen};
use super::screens::{
    add, check, compare, contact, decide, export, first_run, home, identity, import, locked,
    pairing, phone, restore, result, seal, settings, verify, what_code,
};
use crate::messages;
use crate::messages::Notification;
use keyglance_profile::{StoreReport, WindowPlace};

/// Where the user wants to go, and what is lost on the way.
#[derive(Debug)]
pub struct Leaving {
    pub question: Question,
    route: Route,
}

#[derive(Debug)]
pub struct App {
    pub model: Model,
    pub screen: Screen,
    /// The line above every screen.
    pub notification: Option<Notification>,
    /// Where the user wanted to go, while a question stands before it.
    pub leaving: Option<Leaving>,
    /// A pairing whose screen is closed, while the worker still stores for it.
    closed_pairing: Option<WindowPairing>,
}

impl App {
    pub fn new(profile: PathBuf, frame_source: FrameSourceChoice) -> Self {
        Self {
            model: Model::new(profile, frame_source),
            screen: Screen::Opening,
            notification: None,
            leaving: None,
            closed_pairing: None,
        }
    }

    /// What to do first.
    pub fn start() -> Vec<Effect> {
        vec![ProfileCommand::Open.into(), WorldCommand::ListCameras.into()]
    }

    /// Handles a message at `now`.
    pub fn update(&mut self, message: Message, now: Duration) -> Vec<Effect> {
        self.model.now = now;
        let before = self.screen.alert();
        let mut effects = self.handle(message);
        if let Some(alert) = self.screen.alert().filter(|alert| Some(*alert) != before) {
            effects.push(WorldCommand::Alert(alert).into());
        }
        effects
    }

    fn handle(&mut self, message: Message) -> Vec<Effect> {
        let now = self.model.now;
        let model = &self.model;
        match (message, &mut self.screen) {
            (Message::Go(route), screen) => {
                let Some(question) = screen.question(model) else { return self.go(route) };
                self.leaving = Some(Leaving { question, route });
            }
            (Message::Leave, _) => {
                if let Some(Leaving { route, .. }) = self.leaving.take() {
                    return self.go(route);
                }
            }
            (Message::Stay, _) => self.leaving = None,
            (Message::FullScreen(on), _) => return vec![WorldCommand::FullScreen(on).into()],
            (Message::DismissNotification, _) => self.notification = None,
            (Message::Retry, screen) => {
                self.notification = None;
                if matches!(screen, Screen::Unusable(_)) {
                    *screen = Screen::Opening;
                    return vec![ProfileCommand::Open.into()];
                }
            }
            (Message::FirstRun(message), Screen::FirstRun(page)) => {
                return first_run::update(page, model, message);
            }
            (Message::Locked(message), Screen::Locked(page)) => {
                return locked::update(page, message);
            }
            (Message::Home(message), Screen::Home(page)) => {
                return home::update(page, model, message);
            }
            (Message::Pairing(message), Screen::Pairing(page)) => {
                return pairing::update(page, model, message);
            }
            (Message::Result(message), Screen::Result(page)) => {
                return result::update(page, message);
            }
            (Message::Contact(message), Screen::Contact(page)) => {
                return contact::update(page, model, message);
            }
            (Message::Decide(message), Screen::Decide(page)) => {
                return decide::update(page, model, message);
            }
            (Message::Verify(message), Screen::Verify(page)) => {
                return verify::update(page, model, message);
            }
            (Message::Export(message), Screen::Export(page)) => {
                return export::update(page, model, message);
            }
            (Message::Compare(message), Screen::Compare(page)) => {
                return compare::update(page, message);
            }
            (Message::Add(message), Screen::Add(page)) => {
                return add::update(page, model, message);
            }
            (Message::Identity(message), Screen::Identity(page)) => {
                return identity::update(page, model, message);
            }
            (Message::Restore(message), Screen::Restore(page)) => {
                return restore::update(page, model, message);
            }
            (Message::Settings(message), Screen::Settings(page)) => {
                return settings::update(page, model, message);
            }
            (Message::Check(message), Screen::Check(page)) => {
                return check::update(page, model, message);
            }
            (Message::Phone(message), Screen::Phone(page)) => {
                return phone::update(page, model, message);
            }
            (Message::WhatCode(message), Screen::WhatCode(page)) => {
                return what_code::update(page, model, message);
            }
            (Message::Import(message), Screen::Import(page)) => {
                return import::update(page, message);
            }
            (Message::Dropped(paths), Screen::Pairing(_)) => {
                return vec![WorldCommand::ReadPictures(paths).into()];
            }
            (Message::Seal(message), Screen::Seal(page)) => return seal::update(page, message),
            (Message::OpenFile, _) => {
                let home = model.home.join("-").to_string_lossy().into_owned();
                return vec![WorldCommand::OpenDialog(FileDialog::Open, home).into()];
            }
            (Message::ChooseProfile, _) => {
                let folder = model.profile.to_string_lossy().into_owned();
                return vec![WorldCommand::OpenDialog(FileDialog::Folder, folder).into()];
            }
            (Message::Dropped(paths), Screen::Contact(_) | Screen::Seal(_)) => {
                return self.seal_dropped(paths);
            }
            (Message::Dropped(paths), _) if model.device.is_some() => {
                if let Some(path) = paths.into_iter().next() {
                    return self.handle(Message::Go(Route::Import(path)));
                }
            }
            (Message::Moved(place), _) => {
                let settings = &mut self.model.settings;
                // A window that fills the screen goes back to the place that it had.
                let before = settings.place.filter(|_| place.full_screen);
                settings.place = Some(
                    before.map_or(place, |before| WindowPlace { full_screen: true, ..before }),
                );
            }
            (Message::Monitor(height, scale), Screen::FirstRun(_)) => {
                // So many pixels, and the system does not enlarge: everything would be tiny.
                if height >= 2000.0 && scale <= 1.0 && self.model.settings.text_size == 100 {
                    self.model.settings.text_size = 150;
                    return vec![WorldCommand::Restyle.into()];
                }
            }
            (Message::Tick, Screen::Pairing(page)) => return pairing::tick(page, model),
            (Message::Tick, Screen::Result(page)) => page.tick(now),
            (Message::Tick, Screen::Export(page)) => page.tick(now),
            (Message::Tick, Screen::Phone(page)) => page.tick(now),
            (Message::Report(report), _) => return self.report(report),
            // The screen that this was meant for is not open any more.
            (
                Message::FirstRun(_)
                | Message::Locked(_)
                | Message::Home(_)
                | Message::Pairing(_)
                | Message::Result(_)
                | Message::Contact(_)
                | Message::Decide(_)
                | Message::Verify(_)
                | Message::Export(_)
                | Message::Compare(_)
                | Message::Add(_)
                | Message::Identity(_)
                | Message::Restore(_)
                | Message::Settings(_)
                | Message::Check(_)
                | Message::Phone(_)
                | Message::WhatCode(_)
                | Message::Import(_)
                | Message::Seal(_)
                | Message::Dropped(_)
                | Message::Monitor(..)
                | Message::Tick,
                _,
            ) => {}
        }
        Vec::new()
    }

    /// When [`Message::Tick`] has something to do, or the screen changes by itself.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.screen.next_deadline(self.model.now)
    }

    /// Leaves the present screen, which stops what it has running, and opens another.
    pub fn go(&mut self, route: Route) -> Vec<Effect> {
        let model = &self.model;
        let (screen, opening): (Screen, Vec<Effect>) = match (route, &model.device) {
            (Route::Back, _) => return self.back(),
            (Route::Help, _) => (Screen::Help, Vec::new()),
            (Route::Restore, _) => (Screen::Restore(restore::Page::new(&model.home)), Vec::new()),
            // All others need an identity.
            (_, None) => return Vec::new(),
            (Route::Paired(finished), Some(_)) => {
                // The pairing has stopped by itself, and what it said still holds. Whether
                // to stop it is no question any more.
                self.leaving = None;
                let (pace, now) = (model.settings.pace(), model.now);
                let page = result::Page::new(*finished, self.take_our_code(), pace, now);
                self.screen = Screen::Result(Box::new(page));
                return Vec::new();
            }
            (Route::Home, Some(_)) => (Screen::Home(home::Page::default()), Vec::new()),
            (Route::Pair | Route::PairWithoutCamera, Some(_)) if model.unwritable.is_some() => {
                self.notification = model.unwritable.clone();
                return Vec::new();
            }
            (Route::PairWithoutCamera, Some(_)) => {
                let effects = self.go(Route::Pair);
                if let Screen::Pairing(page) = &mut self.screen {
                    page.show_other_ways();
                }
                return effects;
            }
            (Route::Pair, Some(device)) => {
                let start = WorldCommand::StartPairing(device.clone()).into();
                let scan = pairing::scan(model).into();
                (
                    Screen::Pairing(Box::new(pairing::Page::new(model.now, model.settings.pace()))),
                    vec![start, scan],
                )
            }
            (Route::Contact(id), Some(_)) => (Screen::Contact(contact::Page::new(id)), Vec::new()),
            (Route::Decide(id), Some(_)) => (Screen::Decide(decide::Page::new(id)), Vec::new()),
            (Route::Verify(id), Some(_)) => {
                (Screen::Verify(Box::new(verify::Page::new(id))), Vec::new())
            }
            (Route::Export(id), Some(_)) => {
                (Screen::Export(Box::new(export::Page::new(id, model))), Vec::new())
            }
            (Route::Compare(id), Some(_)) => match compare::Page::new(id, model) {
                Some(page) => (Screen::Compare(Box::new(page)), Vec::new()),
                None => return Vec::new(),
            },
            // Of one contact nobody has to be chosen.
            (Route::Check, Some(_)) => match &model.contacts.contacts[..] {
                [one] => return self.go(Route::Verify(one.contact.id())),
                _ => (Screen::Check(check::Page::default()), Vec::new()),
            },
            (Route::Phone(key), Some(_)) => {
                (Screen::Phone(Box::new(phone::Page::new(key))), Vec::new())
            }
            (Route::WhatCode, Some(_)) => {
                (Screen::WhatCode(Box::default()), vec![WorldCommand::ListCameras.into()])
            }
            (Route::Seal(id, path), Some(_)) => {
                (Screen::Seal(Box::new(seal::Page::new(id, path))), Vec::new())
            }
            (Route::Import(path), Some(_)) => {
                let look = ProfileCommand::LookIntoFile(path.clone(), None).into();
                (Screen::Import(Box::new(import::Page::new(path))), vec![look])
            }
            (Route::Add, Some(_)) => (Screen::Add(add::Page::default()), Vec::new()),
            (Route::Settings, Some(device)) => {
                let page = settings::Page::new(device);
                (Screen::Settings(Box::new(page)), vec![WorldCommand::ListCameras.into()])
            }
            (Route::Identity, Some(_)) => {
                (Screen::Identity(Box::new(identity::Page::new(&model.home))), Vec::new())
            }
        };
        let mut effects = self.leave();
        self.screen = screen;
        effects.extend(opening);
        effects
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.notification = None;
        self.leaving = None;
        match &mut self.screen {
            Screen::Pairing(page) => {
                self.notification = page.stop();
                self.closed_pairing = page.take_if_storing();
                vec![WorldCommand::StopScan.into()]
            }
            Screen::Verify(_)
            | Screen::Add(_)
            | Screen::Settings(_)
            | Screen::FirstRun(_)
            | Screen::WhatCode(_)
            | Screen::Check(_) => vec![WorldCommand::StopScan.into()],
            Screen::Opening
            | Screen::Unusable(_)
            | Screen::Locked(_)
            | Screen::Home(_)
            | Screen::Result(_)
            | Screen::Contact(_)
            | Screen::Decide(_)
            | Screen::Export(_)
            | Screen::Compare(_)
            | Screen::Identity(_)
            | Screen::Restore(_)
            | Screen::Phone(_)
            | Screen::Import(_)
            | Screen::Seal(_)
            | Screen::Help => Vec::new(),
        }
    }

    /// Our code of the pairing that has finished. Its screen is about to close.
    fn take_our_code(&mut self) -> Option<CodeDisplay> {
        let Screen::Pairing(page) = &mut self.screen else { return None };
        let display = page.display().clone();
        self.closed_pairing = page.take_if_storing();
        Some(display)
    }

    fn stored_after_closing(&mut self, report: StoreReport) {
        let Some(mut pairing) = self.closed_pairing.take() else { return };
        let said = pairing.stored(report).iter().find_map(pairing::notification);
        self.notification = said.or(self.notification.take());
    }

    fn back(&mut self) -> Vec<Effect> {
        if self.notification.take().is_some() {
            return Vec::new();
        }
        if let Screen::Result(page) = &mut self.screen
            && page.later()
        {
            return Vec::new();
        }
        if let Screen::Export(page) = &mut self.screen
            && page.back()
        {
            return Vec::new();
        }
        let route = match &self.screen {
            Screen::Compare(page) => match self.model.contacts.key(page.key()) {
                Some((view, _)) => Route::Contact(view.contact.id()),
                None => Route::Home,
            },
            Screen::Add(_) => Route::Check,
            Screen::Seal(page) => Route::Contact(page.contact),
            Screen::Export(page) => match self.model.contacts.key(page.key) {
                Some((view, _)) => Route::Contact(view.contact.id()),
                None => Route::Home,
            },
            Screen::Help | Screen::Restore(_) if self.model.device.is_none() => {
                self.screen = Screen::Opening;
                return vec![ProfileCommand::Open.into()];
            }
            Screen::Home(_) | Screen::Opening | Screen::FirstRun(_) | Screen::Locked(_) => {
                return Vec::new();
            }
            Screen::Unusable(_)
            | Screen::Pairing(_)
            | Screen::Result(_)
            | Screen::Contact(_)
            | Screen::Verify(_)
            | Screen::Decide(_)
            | Screen::Settings(_)
            | Screen::Identity(_)
            | Screen::Restore(_)
            | Screen::Check(_)
            | Screen::Phone(_)
            | Screen::WhatCode(_)
            | Screen::Import(_)
            | Screen::Help => Route::Home,
        };
        self.go(route)
    }

    fn report(&mut self, report: Report) -> Vec<Effect> {
        let model = &self.model;
        match (report, &mut self.screen) {
            (Report::ProfileOpened(Ok(opened)), _) => return self.profile_opened(*opened),
            (Report::ProfileOpened(Err(notification)), screen) => {
                *screen = Screen::Unusable(notification);
            }
            (Report::Identity(Ok(device)), _) => self.identity_changed(device),
            (Report::Identity(Err(notification)), _) => self.identity_failed(notification),
            (Report::ContactList(contacts), _) => self.model.contacts = contacts,
            (Report::Cameras(cameras), _) => self.model.cameras = cameras,
            (Report::Raised, _) => return vec![WorldCommand::Raise.into()],
            (Report::Stored(Ok(())), _) => {}
            (Report::Stored(Err(notification)) | Report::Failed(notification), _) => {
                self.notification = Some(notification);
            }
            (Report::PairingStarted(pairing), Screen::Pairing(page)) => {
                return pairing::started(page, model, *pairing);
            }
            (Report::PairingStored(report), Screen::Pairing(page)) => {
                return pairing::stored(page, model, report);
            }
            (Report::PairingStored(report), _) => self.stored_after_closing(report),
            (Report::Scan(event), Screen::Pairing(page)) => {
                return pairing::scanned(page, model, event);
            }
            (Report::Scan(event), Screen::Verify(page)) => {
                return verify::scanned(page, model, event);
            }
            (Report::Scan(event), Screen::Add(page)) => return add::scanned(page, model, event),
            (Report::Scan(event), Screen::Settings(page)) => page.camera_test.scanned(event),
            (Report::Scan(event), Screen::FirstRun(page)) => page.camera_test.scanned(event),
            (Report::CodesRead(result), Screen::Pairing(page)) => {
                return pairing::codes_read(page, model, result);
            }
            (Report::CodesRead(result), Screen::Add(page)) => {
                return add::pictures_read(page, model, result);
            }
            (Report::FilesChosen(FileDialog::Pictures, Some(paths)), _) => {
                return vec![WorldCommand::ReadPictures(paths).into()];
            }
            (Report::FilesChosen(FileDialog::Pictures, None), Screen::Pairing(page)) => {
                page.type_path();
            }
            (Report::FilesChosen(FileDialog::CodePicture, paths), Screen::Pairing(page)) => {
                return page.save_code(paths);
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), Screen::Restore(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::SaveAs, Some(paths)), Screen::Identity(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), Screen::Seal(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), _) if model.device.is_some() => {
                if let Some(path) = paths.into_iter().next() {
                    return self.handle(Message::Go(Route::Import(path)));
                }
            }
            (Report::FilesChosen(FileDialog::Folder, Some(paths)), _) => {
                return paths
                    .into_iter()
                    .next()
                    .map(|path| self.open_profile(path))
                    .unwrap_or_default();
            }
            (Report::CodesRead(result), Screen::WhatCode(page)) => page.read(result),
            (Report::Scan(event), Screen::WhatCode(page)) => return page.scanned(event),
            (Report::FileSeen(path, content), Screen::Import(page)) if page.path() == path => {
                return self.file_seen(path, content);
            }
            (Report::KeyImported(Ok(contact)), Screen::Import(_)) => {
                return self.go(Route::Contact(contact));
            }
            (Report::KeyImported(Err(problem)), Screen::Import(page)) => page.failed(problem),
            (Report::Unsealed(result), Screen::Import(page)) => page.opened(result),
            (Report::Sealed(result), Screen::Seal(page)) => page.sealed(result),
            (Report::FilesChosen(FileDialog::ExportFile, Some(paths)), Screen::Export(page)) => {
                page.choose_file(paths);
            }
            (Report::FilesChosen(FileDialog::CodePicture, Some(paths)), Screen::Export(page)) => {
                page.choose_code_file(paths);
            }
            (Report::FilesChosen(FileDialog::CodePicture, Some(paths)), Screen::Phone(page)) => {
                page.choose_code_file(paths);
            }
            (Report::CodeSaved(result), _) => {
                self.notification = Some(match result {
                    Ok(path) => Notification::new(messages::window::files::saved(&path), ""),
                    Err(notification) => notification,
                });
            }
            (Report::CheckCodeEntered(Ok(entry)), Screen::Result(page)) => {
                return result::entered(page, entry);
            }
            (Report::CheckCodeEntered(Ok(entry)), Screen::Compare(page)) => {
                return compare::entered(page, entry);
            }
            (Report::CheckCodeEntered(Err(notification)), _) => {
                self.notification = Some(notification);
            }
            (Report::ContactAdded(result), Screen::Add(page)) => return add::added(page, result),
            (Report::IdentityBackedUp(result), Screen::Identity(page)) => {
                page.finish(result.map(|path| messages::window::files::saved(&path)));
            }
            (Report::RestorationPlanned(result), Screen::Restore(page)) => page.planned(result),
            // Who this device is may have come with it.
            (Report::Restored(Ok(())), _) => return vec![ProfileCommand::Open.into()],
            (Report::Restored(Err(problem)), Screen::Restore(page)) => page.failed(problem),
            (Report::Exported(result), Screen::Phone(page)) => phone::exported(page, model, result),
            (Report::Exported(result), Screen::Export(page)) => {
                export::exported(page, model, result);
            }
            // The screen that waited for this is not open any more.
            (
                Report::PairingStarted(_)
                | Report::Scan(_)
                | Report::CodesRead(_)
                | Report::FilesChosen(..)
                | Report::CheckCodeEntered(Ok(_))
                | Report::ContactAdded(_)
                | Report::IdentityBackedUp(_)
                | Report::RestorationPlanned(_)
                | Report::Restored(Err(_))
                | Report::Exported(_)
                | Report::FileSeen(..)
                | Report::KeyImported(_)
                | Report::Sealed(_)
                | Report::Unsealed(_),
                _,
            ) => {}
        }
        Vec::new()
    }

    /// Files that were dropped on a contact's page: one of them is encrypted for it.
    fn seal_dropped(&mut self, paths: Vec<PathBuf>) -> Vec<Effect> {
        let several = paths.len() > 1;
        let Some(path) = paths.into_iter().next() else { return Vec::new() };
        match &mut self.screen {
            Screen::Seal(page) => page.choose_file(&path),
            Screen::Contact(page) => {
                let id = page.id;
                self.screen = Screen::Seal(Box::new(seal::Page::new(id, Some(path))));
            }
            _ => {}
        }
        if several {
            self.notification = Some(messages::window::files::one_file_at_a_time());
        }
        Vec::new()
    }

    /// What a file is that was opened or dropped, and so which page it is for.
    fn file_seen(
        &mut self,
        path: PathBuf,
        content: Result<FileContent, Notification>,
    ) -> Vec<Effect> {
        match content {
            Ok(FileContent::Picture) => {
                let mut effects = self.go(Route::WhatCode);
                effects.push(WorldCommand::ReadPictures(vec![path]).into());
                effects
            }
            Ok(FileContent::Text(text)) => {
                let effects = self.go(Route::WhatCode);
                if let Screen::WhatCode(page) = &mut self.screen {
                    page.read(Ok(vec![text]));
                }
                effects
            }
            Ok(FileContent::Backup) => {
                let effects = self.go(Route::Restore);
                if let Screen::Restore(page) = &mut self.screen {
                    page.choose_file(&path);
                }
                effects
            }
            content => {
                if let Screen::Import(page) = &mut self.screen {
                    page.seen(content);
                }
                Vec::new()
            }
        }
    }

    /// Opens the profile in another folder, for this run.
    fn open_profile(&mut self, folder: PathBuf) -> Vec<Effect> {
        let mut effects = self.leave();
        self.model = Model::new(folder.clone(), self.model.frame_source.clone());
        self.screen = Screen::Opening;
        effects.push(ProfileCommand::OpenAt(folder).into());
        effects.push(WorldCommand::ListCameras.into());
        effects
    }

    fn profile_opened(&mut self, opened: OpenedProfile) -> Vec<Effect> {
        self.model.contacts = opened.contacts;
        self.model.home = opened.home;
        self.model.settings = opened.settings;
        self.model.unwritable = opened.unwritable;
        let note = opened.notes.first().map(|note| Notification::new(note.clone(), ""));
        if let Some(note) = self.model.unwritable.clone().or(note) {
            self.notification = Some(note);
        }
        self.screen = match opened.identity {
            StoredIdentity::Open(device) => {
                self.model.device = Some(device);
                Screen::Home(home::Page::default())
            }
            StoredIdentity::Sealed => Screen::Locked(locked::Page::default()),
            StoredIdentity::Missing => {
                Screen::FirstRun(first_run::Page::new(opened.suggested_name))
            }
        };
        vec![WorldCommand::Restyle.into()]
    }

    fn identity_changed(&mut self, device: LocalDevice) {
        match &mut self.screen {
            Screen::Settings(page) => page.identity_changed(&device),
            Screen::Identity(page) => {
                page.finish(Ok(messages::window::names::device_is_now(device.name.as_str())));
            }
            screen => *screen = Screen::Home(home::Page::default()),
        }
        self.model.device = Some(device);
    }

    fn identity_failed(&mut self, notification: Notification) {
        match &mut self.screen {
            Screen::Locked(page) => page.failed(notification),
            Screen::Settings(page) => page.failed(notification),
            Screen::Identity(page) => page.finish(Err(notification)),
            _ => self.notification = Some(notification),
        }
    }
}
