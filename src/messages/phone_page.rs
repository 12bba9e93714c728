//! The page by which a phone pairs: where it is, what its host could do, and what becomes of
//! its files.

#[cfg(feature = "gui")]
use std::path::Path;

#[cfg(feature = "gui")]
use keyglance_profile::printable_path;

#[cfg(feature = "gui")]
use super::errors::Notification;

/// What whoever serves the page could do.
pub const HOST_POWER: &str = "Whoever serves this page could give your phone one that leaks the \
    key of that pairing and shows false digits; the check code does not help against that.";

/// What the other device is.
pub const NEW_DEVICE: &str = "The page keeps nothing, so a phone is a new device each time.";

/// How the phone is held.
pub const HOLD_THE_PHONE: &str =
    "Hold the phone 20 to 30 cm before this screen, the two screens facing.";

/// What is said where no address is set.
pub const NO_ADDRESS: &str = "No address of the page is set. Where it is hosted is your choice.";

/// What an address of this computer is good for.
pub const ONLY_HERE: &str = "This address is of this computer only: no phone reaches it.";

/// The hash of the page that this program came with.
pub fn sha256(hash: &str) -> String {
    format!("SHA-256 of the page that came with this program: {hash}")
}

/// The page's files were saved.
#[cfg(feature = "gui")]
pub fn saved(folder: &Path) -> Notification {
    Notification::new(
        format!("The page’s files are in {}.", printable_path(folder)),
        "Put them on a host of your own that serves them over https.",
    )
}

/// The three ways, where no address is set.
#[cfg(feature = "cli")]
pub const WAYS: &str = "\
Three ways:
  a host of your own, over https:   keyglance phone --url https://keys.example/ --save
  the page's files, for that host:  keyglance phone --out FOLDER
  no page at all, what apps scan:   keyglance code NAME --for wifi
";

/// How a phone pairs by the page.
#[cfg(feature = "cli")]
pub const STEPS: &str = "\
1. Scan this with the phone's camera, and open the page.
2. Press Pair on the phone.
3. Here: keyglance pair
";

/// The page's files were written to a folder.
#[cfg(feature = "cli")]
pub fn written(folder: &str) -> String {
    format!(
        "Wrote the page for phones to {folder}\nLet a host of your own serve these files over \
         https, at an address of their own.\n"
    )
}

/// Where a terminal is too small for the code of an address.
#[cfg(feature = "cli")]
pub const NO_ROOM_FOR_THE_CODE: &str =
    "This terminal is too small for its code. Make its letters smaller, or type the address.";

/// The address is kept no more, or was not kept.
#[cfg(feature = "cli")]
pub const fn forgotten(was_kept: bool) -> &'static str {
    if was_kept { "The address is not kept any more." } else { "No address was kept." }
}
