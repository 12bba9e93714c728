//! A new passphrase: typed twice, and rated once for each change.

use eframe::egui::Ui;

use super::model::SecretText;
use super::widgets;
use crate::messages;
use keyglance_core::keyfile::Passphrase;
use keyglance_profile::Strength;

/// Prints no passphrase, since [`SecretText`] does not.
#[derive(Debug, Default)]
pub struct PassphraseForm {
    first: SecretText,
    second: SecretText,
    /// Of the first; none while it is empty.
    strength: Option<Strength>,
}

/// What the user typed into the form.
#[derive(Debug)]
pub enum PassphraseInput {
    First(SecretText),
    Second(SecretText),
}

const fn sentence(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "Weak: guessed within hours. Three or four random words are better.",
        Strength::Fair => "Fair: holds against someone who finds the file by chance.",
        Strength::Good => "Good.",
        Strength::Strong => "Strong.",
    }
}

impl PassphraseForm {
    pub fn update(&mut self, input: PassphraseInput) {
        match input {
            PassphraseInput::First(text) => {
                self.strength = (!text.is_empty()).then(|| Strength::of(&text));
                self.first = text;
            }
            PassphraseInput::Second(text) => self.second = text,
        }
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
            return Err("The two passphrases do not match.".to_owned());
        }
        passphrase(self.first.clone())
    }

    /// The passphrase that was typed twice; the form is empty afterwards.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn take(&mut self) -> Result<Passphrase, String> {
        std::mem::take(self).passphrase()
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
            widgets::weak(ui, sentence(strength));
        }
        let mut second = self.second.clone();
        if widgets::secret(ui, "Repeat the passphrase", &mut second).changed() {
            input = Some(PassphraseInput::Second(second));
        }
        input
    }
}

/// A passphrase from one line.
///
/// # Errors
/// A sentence that says why there is none.
pub fn passphrase(text: SecretText) -> Result<Passphrase, String> {
    Passphrase::new(text.into_inner()).map_err(|error| messages::window::sentence(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(first: &str, second: &str) -> PassphraseForm {
        let mut form = PassphraseForm::default();
        form.update(PassphraseInput::First(first.into()));
        form.update(PassphraseInput::Second(second.into()));
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
        assert!(form.take().is_ok() && form.take().is_err());
        assert_eq!(form.strength, None);
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
