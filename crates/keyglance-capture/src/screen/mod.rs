//! What is on the screen: of an X11 desktop frame by frame, elsewhere by the desktop's
//! Screenshot portal, which takes a picture at a time and may ask first.
//!
//! For a code that another program shows: a video call, a web page, a picture.

mod portal;
mod x11;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use crate::screen_access::{ScreenAccess, ScreenOptions, Shutter};
use crate::{CaptureError, FrameSource, NextFrame, Region, ScreenError, SourceInfo};

pub use portal::{finish_screen_pictures, portal_version};

/// The screen, all monitors as one picture, or a region of it.
///
/// [`Screen::access`] says how it is read.
pub struct Screen(Way);

enum Way {
    X11(Box<x11::Display>),
    Portal(Box<portal::Pictures>),
}

impl Screen {
    /// Opens the display that this program was started on, whole. The portal is looked
    /// for, and takes no picture yet.
    ///
    /// # Errors
    /// [`ScreenError::NoScreen`], `Denied`, `NotSupported`, `ColourDepth`, `Lost` or
    /// `NoAnswer`.
    pub fn open(options: &ScreenOptions) -> Result<Self, ScreenError> {
        let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let wayland = named("WAYLAND_DISPLAY") || named("WAYLAND_SOCKET");
        if named("DISPLAY") {
            match x11::Display::open(None, wayland) {
                Ok(x11::Opened::Screen(display)) => return Ok(Self(Way::X11(display))),
                // An X server that cannot be reached says nothing of the desktop.
                Err(error) if !wayland => return Err(error),
                Ok(x11::Opened::Bridge) | Err(_) => {}
            }
        } else if !wayland {
            return Err(ScreenError::NoScreen);
        }
        Self::open_portal(options)
    }

    /// Opens the X11 display of this name, such as `:0`, whole.
    ///
    /// # Errors
    /// As [`Screen::open`].
    pub fn open_display(display: &str) -> Result<Self, ScreenError> {
        match x11::Display::open(Some(display), false)? {
            x11::Opened::Screen(display) => Ok(Self(Way::X11(display))),
            x11::Opened::Bridge => Err(ScreenError::NotSupported),
        }
    }

    /// Looks for the Screenshot portal, whatever the desktop is.
    ///
    /// # Errors
    /// [`ScreenError::NotSupported`] or `NoAnswer`.
    pub fn open_portal(options: &ScreenOptions) -> Result<Self, ScreenError> {
        Ok(Self(Way::Portal(Box::new(portal::Pictures::open(options)?))))
    }

    /// How the screen is read.
    #[must_use]
    pub const fn access(&self) -> ScreenAccess {
        match self.0 {
            Way::X11(_) => ScreenAccess::Direct,
            Way::Portal(_) => ScreenAccess::Portal,
        }
    }

    /// Limits the frames to this region.
    #[must_use]
    pub fn only(mut self, region: Region) -> Self {
        match &mut self.0 {
            Way::X11(display) => display.only(region),
            Way::Portal(pictures) => pictures.only(region),
        }
        self
    }

    /// Where the portal takes the pictures, it takes one, and the source ends.
    #[must_use]
    pub fn once(mut self) -> Self {
        if let Way::Portal(pictures) = &mut self.0 {
            pictures.once();
        }
        self
    }

    /// What lets the portal take the next picture, where it does not go on by itself.
    #[must_use]
    pub fn shutter(&self) -> Option<Arc<Shutter>> {
        match &self.0 {
            Way::X11(_) => None,
            Way::Portal(pictures) => Some(pictures.shutter()),
        }
    }
}

impl FrameSource for Screen {
    fn info(&self) -> &SourceInfo {
        match &self.0 {
            Way::X11(display) => display.info(),
            Way::Portal(pictures) => pictures.info(),
        }
    }

    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError> {
        match &mut self.0 {
            Way::X11(display) => display.next_frame(wait),
            Way::Portal(pictures) => pictures.next_frame(wait),
        }
    }
}
