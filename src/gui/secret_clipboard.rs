//! Secrets in the clipboard: they leave it after a while, and before the window does.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use eframe::egui::Context;
use zeroize::Zeroizing;

use super::model::SecretText;

/// How long a secret stays in the clipboard.
const KEPT: Duration = Duration::from_secs(30);

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

    /// Copies a secret.
    pub fn copy(&self, text: &SecretText) {
        if !copy_unrecorded(text) {
            self.ctx.copy_text(text.to_string());
        }
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.clone());
    }

    /// Waits, then clears the clipboard if this is still in it.
    pub fn expire(&self, text: &SecretText) {
        thread::sleep(KEPT);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Another one was copied since; if it is the same, its own time counts from then on.
        if held.as_ref() == Some(text) {
            *held = None;
        }
        drop(held);
        self.clear(text);
    }

    /// The window is about to close. Its clipboard often outlives it: a desktop, or a
    /// clipboard manager, takes over what is in it.
    pub fn close(&self) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(text) = held {
            self.clear(&text);
        }
    }

    fn clear(&self, text: &SecretText) {
        let there = arboard::Clipboard::new().and_then(|mut board| board.get_text());
        // What cannot be read may still be the secret.
        if there.map(Zeroizing::new).map_or(true, |there| *there == **text) {
            self.ctx.copy_text(String::new());
            self.ctx.request_repaint();
        }
    }
}

/// Copies by the way that asks clipboard managers to keep no record. Under Wayland, the
/// clipboard is the window's own, which cannot say so.
#[cfg(target_os = "linux")]
fn copy_unrecorded(text: &SecretText) -> bool {
    use arboard::SetExtLinux as _;
    let wayland = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
    if wayland.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return false;
    }
    let copy =
        |mut board: arboard::Clipboard| board.set().exclude_from_history().text(text.as_str());
    arboard::Clipboard::new().and_then(copy).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn copy_unrecorded(_text: &SecretText) -> bool {
    false
}
