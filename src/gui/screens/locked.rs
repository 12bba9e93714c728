//! Asks for the passphrase of the identity.

use eframe::egui::Ui;

use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::SecretText;
use crate::gui::passphrase_form::passphrase;
use crate::gui::route::Outbox;
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages::Notification;
use crate::messages::window::common;
use crate::messages::window::locked as words;

#[derive(Debug, Default)]
pub struct Page {
    passphrase: SecretText,
    opening: bool,
    failures: u32,
    notification: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    Passphrase(SecretText),
    Unlock,
    Cancel,
}

impl Page {
    pub fn failed(&mut self, notification: Notification) {
        self.opening = false;
        self.failures += 1;
        self.notification = Some(notification);
    }

    /// Opening takes a while, and is a page of its own: after each try the field is new.
    pub const fn place(&self) -> (bool, u32) {
        (self.opening, self.failures)
    }
}

pub fn update(page: &mut Page, message: Message) -> Vec<Effect> {
    match message {
        Message::Passphrase(text) => page.passphrase = text,
        Message::Unlock => match passphrase(std::mem::take(&mut page.passphrase)) {
            Ok(passphrase) => {
                page.opening = true;
                page.notification = None;
                return vec![ProfileCommand::Unlock(passphrase).into()];
            }
            Err(what) => page.notification = Some(Notification::new(what, "")),
        },
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    widgets::page_centred(ui, |ui| {
        if page.opening {
            widgets::status(ui, Severity::Waiting, words::OPENING);
            ui.spinner();
            ui.label(words::WHY_SLOW);
            if widgets::button(ui, common::CANCEL).clicked() {
                out.send(Message::Cancel);
            }
            return;
        }
        widgets::heading(ui, words::KEYGLANCE_IS_LOCKED);
        let mut text = page.passphrase.clone();
        if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut text).changed() {
            out.send(Message::Passphrase(text));
        }
        if let Some(notification) = &page.notification {
            widgets::problem(ui, notification);
        }
        ui.add_space(GAP);
        if widgets::primary(ui, common::OPEN).clicked() {
            out.send(Message::Unlock);
        }
    });
}
