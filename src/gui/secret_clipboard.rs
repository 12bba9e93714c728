//! Secrets in the clipboard: they leave it after a while, and before the window does.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use eframe::egui::Context;

use super::model::SecretText;

/// How long a secret stays in the clipboard.
const KEPT: Duration = Duration::from_secs(30);

/// How often it is looked whether the clipboard can be cleared.
const LOOK: Duration = Duration::from_millis(500);

/// The last secret that was copied.
#[derive(Clone)]
pub struct SecretClipboard {
    ctx: Context,
    held: Arc<Mutex<Option<SecretText>>>,
}

impl SecretClipboard {
    pub fn new(ctx: Context) -> Self {
        Self { ctx, held: Arc::default() }
    }

    /// Copies a secret, by the way that asks clipboard managers to keep no record where there
    /// is one.
    pub fn copy(&self, text: &SecretText) {
        if !board::copy(text) {
            self.ctx.copy_text(text.to_string());
        }
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.clone());
    }

    /// Waits, then clears the clipboard if this is still in it.
    pub fn expire(&self, text: &SecretText) {
        thread::sleep(KEPT);
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Of a window that is not in front Wayland takes nothing, not even that.
        while !self.clear(text) {
            thread::sleep(LOOK);
            // The window has closed, or another secret was copied since.
            if held().as_ref() != Some(text) {
                return;
            }
        }
        // If the same was copied again, its own time counts from then on.
        held().take_if(|held| held == text);
    }

    /// The window is about to close. Its clipboard often outlives it: a desktop, or a
    /// clipboard manager, takes over what is in it.
    pub fn close(&self) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(text) = held {
            self.clear(&text);
        }
    }

    /// Clears the clipboard if this may be in it. Gives whether that was possible.
    fn clear(&self, text: &SecretText) -> bool {
        // What cannot be read may still be the secret.
        if board::text().is_some_and(|there| *there != **text) || board::clear() {
            return true;
        }
        self.ctx.copy_text(String::new());
        self.ctx.request_repaint();
        !board::needs_focus() || self.ctx.input(|input| input.viewport().focused.unwrap_or(true))
    }
}

/// The system's clipboard, beside that of the window.
#[cfg(target_os = "linux")]
mod board {
    use std::io::Read as _;

    use arboard::SetExtLinux as _;
    use wl_clipboard_rs::copy::{self, MimeType, Options, Source};
    use wl_clipboard_rs::paste::{self, Error, get_contents};
    use wl_clipboard_rs::utils::is_primary_selection_supported;
    use zeroize::Zeroizing;

    /// Wayland lets only the window in front change the clipboard.
    pub fn needs_focus() -> bool {
        ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    }

    /// Unless it has ext-data-control, as most compositors have.
    fn has_data_control() -> bool {
        // It answers only where there is that.
        needs_focus() && is_primary_selection_supported().is_ok()
    }

    /// `false` where the window has to do it.
    pub fn copy(text: &str) -> bool {
        if has_data_control() {
            let mut options = Options::new();
            options.sensitive(true);
            let bytes = text.as_bytes().into();
            return options.copy(Source::Bytes(bytes), MimeType::Text).is_ok();
        }
        let copy = |mut board: arboard::Clipboard| board.set().exclude_from_history().text(text);
        !needs_focus() && arboard::Clipboard::new().and_then(copy).is_ok()
    }

    /// `None` where it cannot be read.
    pub fn text() -> Option<Zeroizing<String>> {
        if !has_data_control() {
            let there = arboard::Clipboard::new().and_then(|mut board| board.get_text());
            return there.ok().map(Zeroizing::new);
        }
        let (kind, seat) = (paste::ClipboardType::Regular, paste::Seat::Unspecified);
        let mut text = Zeroizing::new(String::new());
        match get_contents(kind, seat, paste::MimeType::Text) {
            Ok((mut pipe, _)) => pipe.read_to_string(&mut text).is_ok().then_some(text),
            Err(Error::ClipboardEmpty | Error::NoMimeType) => Some(text),
            Err(_) => None,
        }
    }

    /// Whether it is empty now; `false` where the window has to do it.
    pub fn clear() -> bool {
        has_data_control() && copy::clear(copy::ClipboardType::Regular, copy::Seat::All).is_ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod board {
    use zeroize::Zeroizing;

    pub const fn needs_focus() -> bool {
        false
    }

    pub const fn copy(_text: &str) -> bool {
        false
    }

    pub fn text() -> Option<Zeroizing<String>> {
        let there = arboard::Clipboard::new().and_then(|mut board| board.get_text());
        there.ok().map(Zeroizing::new)
    }

    pub const fn clear() -> bool {
        false
    }
}
