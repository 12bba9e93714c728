//! The frame sources that a user can name.

use std::path::PathBuf;

use crate::{
    Camera, CameraError, CaptureError, FrameSource, Screen, ScreenOptions, WatchedPicture, cameras,
};

/// Which camera is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CameraChoice {
    /// The first that works.
    #[default]
    First,
    /// The one with this number, or none.
    Number(usize),
    /// The one that its driver calls so; if that is gone, the first that works.
    Name(String),
}

/// A source of live frames, as a user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceSpec {
    /// A camera.
    Camera(CameraChoice),
    /// What is on this screen.
    Screen,
    /// A picture file that another program writes.
    Watch(PathBuf),
}

impl SourceSpec {
    /// Opens the source. A camera may take seconds.
    ///
    /// # Errors
    /// [`CaptureError::Camera`], [`CaptureError::Screen`].
    pub fn open(self) -> Result<Box<dyn FrameSource>, CaptureError> {
        Ok(match self {
            Self::Camera(choice) => Box::new(Camera::open(choice.index()?)?),
            Self::Screen => Box::new(Screen::open(&ScreenOptions::default())?),
            Self::Watch(path) => Box::new(WatchedPicture::new(path)),
        })
    }
}

impl CameraChoice {
    fn index(self) -> Result<Option<usize>, CameraError> {
        Ok(match self {
            Self::First => None,
            Self::Number(index) => Some(index),
            Self::Name(name) => {
                let found = cameras()?.into_iter().find(|camera| camera.name == name);
                found.map(|camera| camera.index)
            }
        })
    }
}
