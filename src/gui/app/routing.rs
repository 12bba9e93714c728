//! From page to page: what opens, what closes, and what has to be stopped for it.

use std::path::PathBuf;

use super::App;
use crate::gui::code_display::CodeDisplay;
use crate::gui::effect::{Effect, PaperOf, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::gui::screens::{
    add, challenge, check, compare, contact, decide, export, from_paper, home, identity, import,
    pairing, paper, phone, restore, result, seal, settings, share, verify,
};

use keyglance_core::crypto::Purpose;

impl App {
    /// Leaves the present screen, which stops what it has running, and opens another.
    pub fn go(&mut self, route: Route) -> Vec<Effect> {
        let model = &self.model;
        let (screen, opening): (Screen, Vec<Effect>) = match (route, &model.device) {
            (Route::Back, _) => return self.back(),
            // Who is done with one file gets the next.
            (Route::Home, Some(_)) if !model.waiting.files.is_empty() => {
                return self.open_waiting();
            }
            (Route::Help, _) => (Screen::Help, Vec::new()),
            (Route::Restore, _) => (Screen::Restore(restore::Page::new(&model.home)), Vec::new()),
            (Route::FromPaper, _) => {
                (Screen::FromPaper(Box::new(from_paper::Page::new(&model.home))), Vec::new())
            }
            // All others need an identity.
            (_, None) => return Vec::new(),
            (Route::Paired(finished), Some(_)) => {
                // The pairing has stopped by itself, and what it said still holds. Whether
                // to stop it is no question any more.
                self.leaving = None;
                let (pace, now) = (model.pace(), model.now);
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
            (Route::Pair, Some(_)) => {
                // What is shared is known, and shown, before anything else is.
                let read = ProfileCommand::ReadCardToShare.into();
                let scan = pairing::scan(model).into();
                (
                    Screen::Pairing(Box::new(pairing::Page::new(model.now, model.pace()))),
                    vec![read, scan],
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
                let read = ProfileCommand::ReadPhonePage.into();
                (Screen::Phone(Box::new(phone::Page::new(key))), vec![read])
            }
            (Route::WhatCode, Some(_)) => {
                (Screen::WhatCode(Box::default()), vec![WorldCommand::ListCameras.into()])
            }
            (Route::WhatIs(codes), Some(_)) => {
                let inspect = ProfileCommand::Inspect(codes).into();
                (Screen::WhatCode(Box::default()), vec![WorldCommand::ListCameras.into(), inspect])
            }
            (Route::Seal(id, path), Some(_)) => {
                (Screen::Seal(Box::new(seal::Page::new(id, path))), Vec::new())
            }
            (Route::Challenge(id), Some(_)) => {
                let begin = challenge::Page::begin(id, Purpose::none()).into();
                (Screen::Challenge(Box::new(challenge::Page::new(id))), vec![begin])
            }
            (Route::Paper(of), Some(_)) => {
                (Screen::Paper(Box::new(paper::Page::new(of, &model.home))), Vec::new())
            }
            (Route::Import(path), Some(_)) => {
                let look = ProfileCommand::LookIntoFile(path.clone(), None).into();
                (Screen::Import(Box::new(import::Page::new(path))), vec![look])
            }
            (Route::Add, Some(_)) => (Screen::Add(add::Page::default()), Vec::new()),
            (Route::Settings, Some(device)) => {
                let page = settings::Page::new(device);
                let read = ProfileCommand::ReadOwnCard.into();
                let phone = ProfileCommand::ReadPhonePage.into();
                let effects = vec![WorldCommand::ListCameras.into(), read, phone];
                (Screen::Settings(Box::new(page)), effects)
            }
            (Route::Share { for_pairing }, Some(_)) => {
                let page = share::Page::new(for_pairing);
                (Screen::Share(Box::new(page)), vec![ProfileCommand::ReadOwnCard.into()])
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

    pub(in crate::gui) fn leave(&mut self) -> Vec<Effect> {
        self.notification = None;
        self.leaving = None;
        self.explaining = None;
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
            | Screen::FromPaper(_)
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
            | Screen::Challenge(_)
            | Screen::Paper(_)
            | Screen::Share(_)
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

    fn back(&mut self) -> Vec<Effect> {
        if self.notification.take().is_some() {
            return Vec::new();
        }
        if let Screen::Result(page) = &mut self.screen
            && page.later()
        {
            return Vec::new();
        }
        if let Screen::WhatCode(page) = &mut self.screen
            && page.back()
        {
            return Vec::new();
        }
        if let Screen::Export(page) = &mut self.screen
            && page.back()
        {
            return Vec::new();
        }
        if let Screen::Share(page) = &mut self.screen
            && page.close_form()
        {
            return Vec::new();
        }
        let route = match &self.screen {
            Screen::Compare(page) => match self.model.contacts.key(page.key()) {
                Some((view, _)) => Route::Contact(view.contact.id()),
                None => Route::Home,
            },
            Screen::Add(_) => Route::Check,
            Screen::Share(page) if page.for_pairing => Route::Pair,
            Screen::Share(_) => Route::Settings,
            Screen::Seal(page) => Route::Contact(page.contact),
            Screen::Paper(page) => match &page.of {
                PaperOf::Device => Route::Identity,
                PaperOf::Export { key, .. } => match self.model.contacts.key(*key) {
                    Some((view, _)) => Route::Contact(view.contact.id()),
                    None => Route::Home,
                },
            },
            Screen::Challenge(page) => match self.model.contacts.key(page.key) {
                Some((view, _)) => Route::Contact(view.contact.id()),
                None => Route::Home,
            },
            Screen::Export(page) => match self.model.contacts.key(page.key) {
                Some((view, _)) => Route::Contact(view.contact.id()),
                None => Route::Home,
            },
            Screen::Help | Screen::Restore(_) | Screen::FromPaper(_)
                if self.model.device.is_none() =>
            {
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
            | Screen::FromPaper(_)
            | Screen::Check(_)
            | Screen::Phone(_)
            | Screen::WhatCode(_)
            | Screen::Import(_)
            | Screen::Help => Route::Home,
        };
        self.go(route)
    }

    /// Opens the profile in another folder, for this run.
    pub(super) fn open_profile(&mut self, folder: PathBuf) -> Vec<Effect> {
        let mut effects = self.leave();
        let Model { system_motion_reduced, screen_access, .. } = self.model;
        let fresh = Model::new(folder.clone(), self.model.frame_source.clone());
        self.model = Model { system_motion_reduced, screen_access, ..fresh };
        self.screen = Screen::Opening;
        effects.push(ProfileCommand::OpenAt(folder).into());
        effects.push(WorldCommand::ListCameras.into());
        effects
    }
}
