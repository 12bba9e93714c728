//! The address of the page for phones, as a person types it: on the page for phones and in
//! the settings.

use eframe::egui::Ui;

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::route::Outbox;
use crate::gui::widgets;
use crate::messages::Notification;
use crate::messages::window::{explain, phone as words};
use keyglance_profile::PageAddress;

#[derive(Debug, Default)]
pub struct AddressForm {
    /// None while it is as it is kept.
    text: Option<String>,
    problem: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    Text(String),
    Keep,
    Forget,
}

impl AddressForm {
    /// Whether something was typed that is not kept.
    pub const fn is_changed(&self) -> bool {
        self.text.is_some()
    }

    pub fn update(&mut self, kept: Option<&PageAddress>, message: Message) -> Vec<Effect> {
        self.problem = None;
        let address = match message {
            Message::Text(text) => {
                self.text = Some(text).filter(|text| text.trim() != as_text(kept));
                return Vec::new();
            }
            Message::Keep => {
                match self.text.as_deref().unwrap_or(as_text(kept)).parse::<PageAddress>() {
                    Ok(address) => Some(address),
                    Err(error) => {
                        self.problem = Some(explain(&error));
                        return Vec::new();
                    }
                }
            }
            Message::Forget => None,
        };
        vec![ProfileCommand::SetPhonePage(address).into()]
    }

    /// It is kept, or is kept no more.
    pub fn kept(&mut self) {
        *self = Self::default();
    }

    pub fn ui(&self, ui: &mut Ui, kept: Option<&PageAddress>, out: &mut Outbox<Message>) {
        let mut text = self.text.clone().unwrap_or_else(|| as_text(kept).to_owned());
        if widgets::field(ui, words::ADDRESS, &mut text).changed() {
            out.send(Message::Text(text));
        }
        if let Some(problem) = &self.problem {
            widgets::problem(ui, problem);
        }
    }
}

fn as_text(kept: Option<&PageAddress>) -> &str {
    kept.map_or("", PageAddress::as_str)
}
