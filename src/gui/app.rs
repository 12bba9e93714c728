//! The window's state, and what a message makes of it.
//!
//! [`App::update`] touches no file, camera or clock. What is to be done in the
//! world it returns as effects; what became of them comes back as messages.

mod opening;
mod reports;
mod routing;

use std::path::PathBuf;
use std::time::Duration;

use super::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use super::message::Message;
use super::model::{FrameSourceChoice, Model, WindowPairing};
use super::report::Report;
use super::route::Route;
use super::screen::{Question, Screen};
use super::screens::{
    add, challenge, check, compare, contact, decide, export, first_run, from_paper, home, identity,
    import, locked, pairing, paper, phone, restore, result, seal, settings, share, verify,
    what_code,
};
use crate::messages;
use crate::messages::Notification;
use keyglance_capture::{ScanEvent, ScreenAccess};
use keyglance_profile::WindowPlace;

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
    /// The computer is kept awake.
    keeps_awake: bool,
    /// What looks at the screen, until the user knows how that is done.
    pub explaining: Option<WorldCommand>,
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
            keeps_awake: false,
            explaining: None,
            closed_pairing: None,
        }
    }

    /// What to do first.
    pub fn start() -> Vec<Effect> {
        vec![
            ProfileCommand::Open.into(),
            WorldCommand::ListCameras.into(),
            WorldCommand::FindScreen.into(),
        ]
    }

    /// Handles a message at `now`.
    pub fn update(&mut self, message: Message, now: Duration) -> Vec<Effect> {
        self.model.now = now;
        if matches!(message, Message::Tick) && self.locks_at().is_some_and(|at| at <= now) {
            return self.lock();
        }
        // What has just ended is not taken away before anybody saw it.
        if matches!(message, Message::Active) || self.screen.is_busy() {
            self.model.active_at = now;
        }
        let before = self.screen.alert();
        let mut effects = self.handle(message);
        if let Some(alert) = self.screen.alert().filter(|alert| Some(*alert) != before) {
            effects.push(WorldCommand::Alert(alert).into());
        }
        effects.extend(self.keep_awake());
        effects
    }

    /// Opens another screen, as an effect says.
    pub fn follow(&mut self, route: Route) -> Vec<Effect> {
        let mut effects = self.go(route);
        effects.extend(self.keep_awake());
        effects
    }

    /// While two devices pair nobody touches anything, and neither screen may go dark.
    fn keep_awake(&mut self) -> Option<Effect> {
        let pairs = matches!(&self.screen, Screen::Pairing(page) if page.is_on());
        let changed = std::mem::replace(&mut self.keeps_awake, pairs) != pairs;
        changed.then(|| WorldCommand::KeepAwake(pairs).into())
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
            (Message::LookAtScreen(does), _) => return self.look_at_screen(does),
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
            (Message::Share(message), Screen::Share(page)) => {
                return share::update(page, model, message);
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
            (Message::FromPaper(message), Screen::FromPaper(page)) => {
                return from_paper::update(page, model, message);
            }
            (Message::Paper(message), Screen::Paper(page)) => {
                return paper::update(page, model, message);
            }
            (Message::Challenge(message), Screen::Challenge(page)) => {
                return challenge::update(page, model, message);
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
            (Message::Dropped(mut paths), _) if model.device.is_some() && !paths.is_empty() => {
                let first = paths.remove(0);
                self.open_later(paths, false);
                return self.handle(Message::Go(Route::Import(first)));
            }
            (Message::PastedPaths(text), _) => {
                return vec![WorldCommand::FindPasted(text).into()];
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
                | Message::Share(_)
                | Message::Check(_)
                | Message::Phone(_)
                | Message::WhatCode(_)
                | Message::Import(_)
                | Message::Seal(_)
                | Message::Challenge(_)
                | Message::Paper(_)
                | Message::FromPaper(_)
                | Message::Dropped(_)
                | Message::Monitor(..)
                | Message::Active
                | Message::Tick,
                _,
            ) => {}
        }
        Vec::new()
    }

    /// What of a command is to be done now. Before the desktop takes its first picture of
    /// the screen, what becomes of that is said.
    pub fn consider(&mut self, command: WorldCommand) -> Option<WorldCommand> {
        let known = self.model.screen_access == Some(ScreenAccess::Direct)
            || self.model.settings.screen_explained;
        if known || !command.looks_at_screen() {
            return Some(command);
        }
        self.explaining = Some(command);
        None
    }

    fn look_at_screen(&mut self, does: bool) -> Vec<Effect> {
        let Some(command) = self.explaining.take() else { return Vec::new() };
        if !does {
            // Nothing is in view, and nothing comes.
            return match command {
                WorldCommand::Scan(..) => self.report(Report::Scan(ScanEvent::Ended)),
                _ => Vec::new(),
            };
        }
        let settings = self.model.settings_with(|settings| settings.screen_explained = true);
        // On the first page there is no profile yet to store it in.
        self.model.settings = settings.clone();
        let stored = self.model.device.is_some().then_some(Effect::ChangeSettings(settings));
        stored.into_iter().chain([command.into()]).collect()
    }

    /// When [`Message::Tick`] has something to do, or the screen changes by itself.
    pub fn next_deadline(&self) -> Option<Duration> {
        let changes = self.screen.next_deadline(self.model.now);
        [changes, self.locks_at()].into_iter().flatten().min()
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
}
