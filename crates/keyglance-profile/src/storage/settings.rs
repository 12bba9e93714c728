//! The settings: the window's, and where the page for phones is.

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Profile, StoreError, read_file};
use crate::phone_page::PageAddress;

const FILE: &str = "settings.json";
const VERSION: u64 = 1;

/// The user's choices. None of them matters to a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    version: u64,
    /// The camera's own name; none is the first one.
    pub camera: Option<String>,
    /// Mirror the camera's preview.
    pub mirror: bool,
    /// Play sounds.
    pub sounds: bool,
    /// Light or dark.
    pub theme: Theme,
    /// The size of texts and everything else, in percent.
    pub text_size: u16,
    /// Whether every change is a cut, and codes follow each other slowly.
    pub motion: Motion,
    /// After so many minutes without input the window locks; none is never. Only a profile
    /// with a passphrase can be locked.
    pub lock_after: Option<u16>,
    /// The user knows how pictures of the screen are taken.
    pub screen_explained: bool,
    /// Where the window was when it was closed.
    pub place: Option<WindowPlace>,
    /// Where the page for phones is; none until the user sets it. It is changed by
    /// [`Profile::set_phone_page`] alone.
    #[serde(deserialize_with = "address_or_none")]
    phone_page: Option<PageAddress>,
    /// Members of later versions.
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// What cannot be an address is none, and costs no other setting.
fn address_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PageAddress>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_str().and_then(|text| text.parse().ok()))
}

/// Where a window is, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Width and height, while it does not fill the screen.
    pub size: [f32; 2],
    /// The top left corner, where the system tells it.
    pub position: Option<[f32; 2]>,
    /// It fills the screen.
    pub full_screen: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Whether things move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    /// As the system wishes.
    #[default]
    System,
    /// Every change is a cut.
    Reduced,
    /// Whatever the system says.
    Full,
}

impl Motion {
    /// Whether every change is a cut, on a system that wishes for that or not.
    #[must_use]
    pub const fn is_reduced(self, by_the_system: bool) -> bool {
        match self {
            Self::System => by_the_system,
            Self::Reduced => true,
            Self::Full => false,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            camera: None,
            mirror: true,
            sounds: true,
            theme: Theme::System,
            text_size: 100,
            motion: Motion::System,
            lock_after: None,
            screen_explained: false,
            place: None,
            phone_page: None,
            extra: Map::new(),
        }
    }
}

impl Settings {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut settings: Self = serde_json::from_slice(bytes).ok()?;
        // As earlier builds wrote it. False was what nobody had chosen.
        if settings.extra.remove("reduced_motion") == Some(Value::Bool(true)) {
            settings.motion = Motion::Reduced;
        }
        Some(settings)
    }
}

impl Profile {
    /// The settings; the usual ones where there are none, or none that can be read.
    ///
    /// # Errors
    /// [`StoreError`] as the system gives it.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        let bytes = read_file(&self.folder.join(FILE))?;
        let settings = bytes.and_then(|bytes| Settings::read(&bytes));
        Ok(settings.filter(|settings| settings.version == VERSION).unwrap_or_default())
    }

    /// Where the window was left, before the profile is opened. `None` too where no window
    /// could be there.
    #[must_use]
    pub fn remembered_place(folder: &Path) -> Option<WindowPlace> {
        let bytes = read_file(&folder.join(FILE)).ok()??;
        let settings: Settings = serde_json::from_slice(&bytes).ok()?;
        let mut place = settings.place?;
        place.position =
            place.position.filter(|at| at.iter().all(|x| (-1_000.0..=20_000.0).contains(x)));
        let possible = place.size.iter().all(|side| (200.0..=10_000.0).contains(side));
        possible.then_some(place)
    }

    /// Keeps the settings. Where the page for phones is stays as it is stored: another
    /// program may have set it meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]; the old ones are then still there.
    pub fn store_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.change_settings(|stored| Settings {
            phone_page: stored.phone_page,
            ..settings.clone()
        })
    }

    /// Where the page for phones is, as the user has set it.
    ///
    /// # Errors
    /// As [`Profile::settings`].
    pub fn phone_page(&self) -> Result<Option<PageAddress>, StoreError> {
        Ok(self.settings()?.phone_page)
    }

    /// Keeps where the page for phones is, or that it is nowhere.
    ///
    /// # Errors
    /// As [`Profile::store_settings`].
    pub fn set_phone_page(&self, address: Option<PageAddress>) -> Result<(), StoreError> {
        self.change_settings(|stored| Settings { phone_page: address, ..stored })
    }

    /// All of them, as a backup has them.
    pub(super) fn restore_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.change_settings(|_| settings.clone())
    }

    fn change_settings(&self, change: impl FnOnce(Settings) -> Settings) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let path = self.folder.join(FILE);
        let stored = read_file(&path)?.and_then(|bytes| Settings::read(&bytes));
        let stored = stored.unwrap_or_default();
        if stored.version > VERSION {
            return Err(StoreError::Newer(stored.version));
        }
        let mut bytes = serde_json::to_vec_pretty(&change(stored)).unwrap_or_default();
        bytes.push(b'\n');
        self.write(&path, &bytes)
    }
}
