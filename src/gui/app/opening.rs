//! What the program was started with or got since: files that are opened one after another,
//! and a pairing to begin with.

use std::path::PathBuf;

use super::App;
use crate::gui::effect::{Effect, WorldCommand};
use crate::gui::instance::Request;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::messages;

/// More than these at once are a mistake of whoever selected them.
const MOST_FILES: usize = 100;

impl App {
    /// Opens these as soon as the profile is open.
    pub fn open_later(&mut self, files: Vec<PathBuf>, pair: bool) {
        let room = MOST_FILES.saturating_sub(self.model.waiting.files.len());
        self.model.waiting.files.extend(files.into_iter().take(room));
        self.model.waiting.pair |= pair;
    }

    /// The program was started again: what that start was to open opens here.
    pub(super) fn started_again(&mut self, request: Request) -> Vec<Effect> {
        let Request { files, pair, token } = request;
        let newest = files.first().cloned();
        self.open_later(files, pair);
        let mut effects = vec![WorldCommand::Raise(token).into()];
        // Nothing is interrupted, and nothing that was typed is lost.
        if self.screen.is_busy() || self.screen.question(&self.model).is_some() {
            self.notification = newest.map(|path| messages::window::files::opens_later(&path));
            // Who pairs already is where that start was to lead.
            self.model.waiting.pair &= !matches!(self.screen, Screen::Pairing(_));
        } else {
            effects.extend(self.open_waiting());
        }
        effects
    }

    /// Opens what waits, if there is a device to open it with.
    pub(super) fn open_waiting(&mut self) -> Vec<Effect> {
        if self.model.device.is_none() {
            return Vec::new();
        }
        if std::mem::take(&mut self.model.waiting.pair) {
            return self.go(Route::Pair);
        }
        match self.model.waiting.files.pop_front() {
            Some(path) => self.go(Route::Import(path)),
            None => Vec::new(),
        }
    }
}
