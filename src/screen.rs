//! The screen as both faces open it.

use crate::app_id::APP_ID;
use keyglance_capture::{Screen, ScreenError, ScreenOptions};

/// Opens it; where a portal takes the pictures it knows which app asks.
pub fn open() -> Result<Screen, ScreenError> {
    Screen::open(&ScreenOptions { app_id: Some(APP_ID.to_owned()), ..ScreenOptions::default() })
}
