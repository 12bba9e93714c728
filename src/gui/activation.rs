//! Coming to the front on X11 with what the desktop gave a second start for that (Extended
//! Window Manager Hints 1.5, _NET_ACTIVE_WINDOW; Startup Notification Protocol 0.1): without
//! it window managers keep a window from coming forward by itself, and the cursor says for a
//! while longer that something starts.
//!
//! On Wayland the toolkit has no way yet to hand a token over for a window that is open, and
//! the window asks for attention instead.

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::xproto::{
    ClientMessageData, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, Window,
    WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

/// Asks the window manager for it, and tells the desktop that the start is over.
pub fn come_forward(window: Window, token: &str) -> Result<(), ReplyOrIdError> {
    let (x11, screen) =
        x11rb::connect(None).map_err(|_| x11rb::errors::ConnectionError::UnknownError)?;
    let Some(screen) = x11.setup().roots.get(screen) else { return Ok(()) };
    let root = screen.root;
    let atom = |name: &str| -> Result<u32, ReplyOrIdError> {
        Ok(x11.intern_atom(false, name.as_bytes())?.reply()?.atom)
    };
    // 1: an application asks.
    let data = [1, time(token).unwrap_or(CURRENT_TIME), NONE, 0, 0];
    let active = ClientMessageEvent::new(32, window, atom("_NET_ACTIVE_WINDOW")?, data);
    let manager = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
    x11.send_event(false, root, manager, active)?;

    // Messages of several parts are told apart by the window that they are of.
    let sender = x11.generate_id()?;
    x11.create_window(
        COPY_DEPTH_FROM_PARENT,
        sender,
        root,
        -10,
        -10,
        1,
        1,
        0,
        WindowClass::INPUT_OUTPUT,
        0,
        &CreateWindowAux::new().override_redirect(1),
    )?;
    let mut kind = atom("_NET_STARTUP_INFO_BEGIN")?;
    for part in parts(&removal(token)) {
        let event = ClientMessageEvent::new(8, sender, kind, ClientMessageData::from(part));
        x11.send_event(false, root, EventMask::PROPERTY_CHANGE, event)?;
        kind = atom("_NET_STARTUP_INFO")?;
    }
    x11.sync()?;
    Ok(())
}

/// When the user acted: what follows `_TIME` at the token's end.
fn time(token: &str) -> Option<u32> {
    token.rsplit_once("_TIME")?.1.parse().ok()
}

/// That the start with this token is over.
fn removal(token: &str) -> Vec<u8> {
    let escaped = token.replace('\\', "\\\\").replace('"', "\\\"");
    format!("remove: ID=\"{escaped}\"\0").into_bytes()
}

/// Twenty bytes each, the last one filled up.
fn parts(message: &[u8]) -> Vec<[u8; 20]> {
    let whole = |part: &[u8]| {
        let mut whole = [0; 20];
        whole.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        whole
    };
    message.chunks(20).map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_any_desktop_is_read_and_told() {
        assert_eq!(time("gnome-shell-1234-vm-files-3_TIME812345"), Some(812_345));
        for none in ["", "_TIME", "_TIMEx", "0f3c-uuid", "_TIME99999999999"] {
            assert_eq!(time(none), None, "{none}");
        }
        assert_eq!(removal("a\"b"), b"remove: ID=\"a\\\"b\"\0");
        let parts = parts(&removal("kwin-1234-5678_TIME9"));
        assert_eq!(parts.concat().len() % 20, 0);
        assert!(parts.concat().starts_with(b"remove: ID=\"kwin-1234-5678_TIME9\"\0"));
    }
}
