//! The profile locks when nobody has used the window for as long as its settings say.

use std::time::Duration;

use super::app::App;
use super::effect::{Effect, ProfileCommand};
use super::screen::Screen;
use super::screens::locked;

impl App {
    /// When the profile locks, unless somebody does something before. Without a passphrase it
    /// cannot: nothing would be asked for. What is under way is waited for.
    pub(super) fn locks_at(&self) -> Option<Duration> {
        let minutes = self.model.settings.lock_after.filter(|minutes| *minutes > 0)?;
        let device = self.model.device.as_ref()?;
        let after = Duration::from_secs(60 * u64::from(minutes));
        (device.protected && !self.screen.is_busy()).then(|| self.model.active_at + after)
    }

    /// Leaves whatever is open, and forgets this device's own key and every other secret that
    /// was read or typed.
    pub(super) fn lock(&mut self) -> Vec<Effect> {
        let mut effects = self.leave();
        self.notification = None;
        self.model.device = None;
        self.screen = Screen::Locked(locked::Page::default());
        effects.push(ProfileCommand::Forget.into());
        effects
    }
}
