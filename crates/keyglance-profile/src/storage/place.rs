//! Where the profile is unless a user names its folder, and who else may look there.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::StoreError;

/// Its name among other programs' folders.
const NAME: &str = "keyglance";

/// What the system says of folders.
pub(super) struct Places {
    /// For data of programs.
    data: PathBuf,
    /// Where it was once.
    former: Option<PathBuf>,
}

impl Places {
    /// # Errors
    /// [`StoreError::NoHome`].
    pub(super) fn of_this_system() -> Result<Self, StoreError> {
        let no_home = |_| StoreError::NoHome;
        if cfg!(windows) {
            etcetera::base_strategy::Windows::new().map(|said| Self::on_windows(&said))
        } else {
            etcetera::base_strategy::choose_native_strategy()
                .map(|said| Self { data: said.data_dir(), former: None })
        }
        .map_err(no_home)
    }

    /// In `AppData\Local`. What is in `Roaming`, the place for data that follows a
    /// user from one computer to the next, may be copied to a server: a device's
    /// identity belongs to one computer.
    fn on_windows(said: &impl BaseStrategy) -> Self {
        Self { data: said.cache_dir(), former: Some(said.data_dir()) }
    }

    /// The profile's folder.
    pub(super) fn usual(&self) -> PathBuf {
        self.data.join(NAME)
    }

    /// Moves a profile from where it was once to `folder`, where that is the usual
    /// place now and none is there. Gives where it was.
    ///
    /// # Errors
    /// [`StoreError::NotMoved`]; it is then where it was.
    pub(super) fn move_former(&self, folder: &Path) -> Result<Option<PathBuf>, StoreError> {
        let Some(former) = self.former.as_ref().map(|former| former.join(NAME)) else {
            return Ok(None);
        };
        let usual = self.usual();
        let is_there = |folder: &Path| fs::symlink_metadata(folder).is_ok();
        if folder != usual || former == usual || is_there(&usual) {
            return Ok(None);
        }
        if !is_there(&former.join(super::PROFILE)) {
            return Ok(None);
        }
        match fs::create_dir_all(&self.data).and_then(|()| fs::rename(&former, &usual)) {
            Ok(()) => Ok(Some(former)),
            Err(_) => Err(StoreError::NotMoved { from: former, to: usual }),
        }
    }
}

/// Whether the system keeps other users out of `folder`, where permissions are not
/// ours to set: within the user's own folder it does.
pub(super) fn is_private(folder: &Path) -> bool {
    let real = |folder: &Path| fs::canonicalize(folder).ok();
    let home = etcetera::home_dir().ok();
    match (home.as_deref().and_then(real), real(folder)) {
        (Some(home), Some(folder)) => is_within(&home, &folder),
        // What cannot be found out is not promised.
        _ => false,
    }
}

/// Names of folders are equal on Windows whatever their capitals.
fn is_within(home: &Path, folder: &Path) -> bool {
    let names = |path: &Path| -> Vec<String> {
        path.components().map(|name| name.as_os_str().to_string_lossy().to_lowercase()).collect()
    };
    names(folder).starts_with(&names(home))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Said(PathBuf);

    impl BaseStrategy for Said {
        fn home_dir(&self) -> &Path {
            &self.0
        }
        fn config_dir(&self) -> PathBuf {
            self.0.join("AppData/Roaming")
        }
        fn data_dir(&self) -> PathBuf {
            self.0.join("AppData/Roaming")
        }
        fn cache_dir(&self) -> PathBuf {
            self.0.join("AppData/Local")
        }
        fn state_dir(&self) -> Option<PathBuf> {
            None
        }
        fn runtime_dir(&self) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn the_profile_does_not_roam() {
        let places = Places::on_windows(&Said("C:/Users/Bo".into()));
        assert_eq!(places.usual(), Path::new("C:/Users/Bo/AppData/Local/keyglance"));
    }

    #[test]
    fn one_that_roams_is_moved_once() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::on_windows(&Said(home.path().to_owned()));
        let (former, usual) = (home.path().join("AppData/Roaming/keyglance"), places.usual());
        // None is there, or only another program's folder.
        assert_eq!(places.move_former(&usual), Ok(None));
        fs::create_dir_all(&former).unwrap();
        assert_eq!(places.move_former(&usual), Ok(None));
        fs::write(former.join("profile.json"), "one").unwrap();
        // A folder that the user names is not filled with it.
        assert_eq!(places.move_former(&home.path().join("named")), Ok(None));
        assert_eq!(places.move_former(&usual), Ok(Some(former.clone())));
        assert_eq!(fs::read(usual.join("profile.json")).unwrap(), b"one");
        assert!(!former.exists());
        // Another one stays where it is.
        fs::create_dir_all(&former).unwrap();
        fs::write(former.join("profile.json"), "two").unwrap();
        assert_eq!(places.move_former(&usual), Ok(None));
        assert_eq!(fs::read(usual.join("profile.json")).unwrap(), b"one");
    }

    #[test]
    fn one_that_cannot_be_moved_is_told_and_stays() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::on_windows(&Said(home.path().to_owned()));
        let former = home.path().join("AppData/Roaming/keyglance");
        fs::create_dir_all(&former).unwrap();
        fs::write(former.join("profile.json"), "one").unwrap();
        fs::write(home.path().join("AppData/Local"), "a file where the folder should be").unwrap();
        let error = places.move_former(&places.usual()).unwrap_err();
        assert_eq!(error, StoreError::NotMoved { from: former.clone(), to: places.usual() });
        assert_eq!(fs::read(former.join("profile.json")).unwrap(), b"one");
    }

    #[test]
    fn the_users_own_folder_is_private_whatever_its_capitals() {
        let within = |folder: &str| is_within(Path::new("/Users/Bo"), Path::new(folder));
        assert!(within("/Users/Bo/keys") && within("/users/BO/AppData"));
        assert!(!within("/Users/Bobby/keys") && !within("/Users") && !within("/Shared/Users/Bo"));
    }
}
