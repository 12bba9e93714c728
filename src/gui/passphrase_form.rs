//! A new passphrase: typed twice, and rated once for each change; or made of six words, which
//! are shown until something else is typed.

use eframe::egui::Ui;

use super::effect::{Effect, WorldCommand};
use super::model::SecretText;
use super::widgets;
use crate::messages;
use crate::messages::window::{common, passphrase as words, sentence};
use keyglance_core::keyfile::Passphrase;
use keyglance_profile::Strength;

/// Prints no passphrase, since [`SecretText`] does not.
#[derive(Debug, Default)]
pub struct PassphraseForm {
    first: SecretText,
    second: SecretText,
    /// Of the first; none while it is empty.
    strength: Option<Strength>,
    /// It was made for the user, who has to see it.
    made: bool,
    copied: bool,
}

/// What the user did in the form.
#[derive(Debug)]
pub enum PassphraseInput {
    First(SecretText),
    Second(SecretText),
    /// Wants one of six words.
    Make,
    /// Copies the one that was made.
    Copy,
}

impl PassphraseForm {
    pub fn update(&mut self, input: PassphraseInput) -> Vec<Effect> {
        match input {
            PassphraseInput::First(text) => {
                self.strength = (!text.is_empty()).then(|| Strength::of(&text));
                self.first = text;
                self.made = false;
            }
            PassphraseInput::Second(text) => {
                self.second = text;
                self.made = false;
            }
            PassphraseInput::Make => return vec![WorldCommand::MakePassphrase.into()],
            PassphraseInput::Copy if self.made => {
                self.copied = true;
                return vec![WorldCommand::CopySecret(self.first.clone()).into()];
            }
            PassphraseInput::Copy => {}
        }
        Vec::new()
    }

    /// Takes a passphrase that was made for the user.
    pub fn fill(&mut self, made: SecretText) {
        let strength = Some(Strength::of(&made));
        *self = Self { first: made.clone(), second: made, strength, made: true, copied: false };
    }

    /// Whether something was typed.
    pub fn is_begun(&self) -> bool {
        !self.first.is_empty() || !self.second.is_empty()
    }

    /// The passphrase that was typed twice.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn passphrase(&self) -> Result<Passphrase, String> {
        if self.first != self.second {
            return Err(words::DIFFER.to_owned());
        }
        passphrase(self.first.clone())
    }

    /// The passphrase of the first line, for a file that exists already; the
    /// form is empty afterwards.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn take_first(&mut self) -> Result<Passphrase, String> {
        passphrase(std::mem::take(self).first)
    }

    /// Two lines; the first is called `name`.
    pub fn ui(&self, ui: &mut Ui, name: &str) -> Option<PassphraseInput> {
        let mut input = None;
        let mut first = self.first.clone();
        if widgets::secret(ui, name, &mut first).changed() {
            input = Some(PassphraseInput::First(first));
        }
        if let Some(strength) = self.strength {
            widgets::weak(ui, words::strength(strength));
        }
        let mut second = self.second.clone();
        if widgets::secret(ui, words::REPEAT, &mut second).changed() {
            input = Some(PassphraseInput::Second(second));
        }
        if self.made {
            return self.made_ui(ui).or(input);
        }
        if widgets::link(ui, words::MAKE).clicked() {
            input = Some(PassphraseInput::Make);
        }
        input
    }

    /// The one that was made, to be written down.
    fn made_ui(&self, ui: &mut Ui) -> Option<PassphraseInput> {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::strong(ui, &self.first);
            widgets::weak(ui, messages::WRITE_IT_DOWN);
            let text = if self.copied { common::COPIED } else { common::COPY };
            widgets::button(ui, text).clicked().then_some(PassphraseInput::Copy)
        })
    }
}

/// A passphrase from one line.
///
/// # Errors
/// A sentence that says why there is none.
pub fn passphrase(text: SecretText) -> Result<Passphrase, String> {
    Passphrase::new(text.into_inner()).map_err(|error| sentence(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(first: &str, second: &str) -> PassphraseForm {
        let mut form = PassphraseForm::default();
        assert!(form.update(PassphraseInput::First(first.into())).is_empty());
        assert!(form.update(PassphraseInput::Second(second.into())).is_empty());
        form
    }

    #[test]
    fn only_what_was_typed_twice_is_a_passphrase() {
        assert!(form("one", "two").passphrase().is_err());
        assert!(form("", "").passphrase().is_err());
        let one = Passphrase::new("one".to_owned().into()).unwrap();
        assert!(form("one", "one").passphrase().unwrap().matches(&one));
    }

    #[test]
    fn a_taken_passphrase_is_gone() {
        let mut form = form("one", "one");
        assert!(form.take_first().is_ok() && form.take_first().is_err());
        assert_eq!(form.strength, None);
    }

    /// Only what was made may leave by the clipboard, and only while it is still there.
    #[test]
    fn what_was_made_is_used_shown_and_copied_until_something_is_typed() {
        let mut form = form("half of", "");
        assert!(form.update(PassphraseInput::Copy).is_empty());
        form.fill("abandon zoo abandon zoo abandon zoo".into());
        let made = "abandon zoo abandon zoo abandon zoo".to_owned();
        assert!(form.passphrase().unwrap().matches(&Passphrase::new(made.into()).unwrap()));
        assert!(form.made && form.update(PassphraseInput::Copy).len() == 1);
        form.update(PassphraseInput::Second("my own".into()));
        assert!(!form.made && form.passphrase().is_err());
        assert!(form.update(PassphraseInput::Copy).is_empty());
    }

    #[test]
    fn it_is_rated_and_never_printed() {
        let form = form("correct horse battery staple", "");
        assert_eq!(form.strength, Some(Strength::Strong));
        let weak = self::form("password", "");
        assert_eq!(weak.strength, Some(Strength::Weak));
        for printed in
            [format!("{form:?}"), format!("{:?}", PassphraseInput::First("correct".into()))]
        {
            assert!(!printed.contains("correct"), "{printed}");
        }
    }
}
