//! One window a profile: a second start raises the first.

use std::path::Path;

use super::report::Report;

/// What a start found.
pub enum Instance {
    /// No window of this profile is open, as far as can be known.
    First(Door),
    /// There is one, and it was asked to come to the front.
    Raised,
}

#[cfg(unix)]
pub use unix::{Door, claim};

#[cfg(unix)]
mod unix {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::PathBuf;
    use std::{fs, thread};

    use super::{Instance, Path, Report};

    /// Where the next start knocks. Its socket goes with it.
    pub struct Door(Option<(UnixListener, PathBuf)>);

    /// Looks whether a window of this profile is open. Where the system has no folder for
    /// what runs, every start is the first.
    pub fn claim(profile: &Path) -> Instance {
        // Only its owner can enter this folder (XDG Base Directory Specification).
        let folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let Some(folder) = folder.filter(|folder| folder.is_absolute()) else {
            return Instance::First(Door(None));
        };
        let mut hasher = DefaultHasher::new();
        fs::canonicalize(profile).as_deref().unwrap_or(profile).hash(&mut hasher);
        let path = folder.join(format!("keyglance-{:016x}.socket", hasher.finish()));
        if UnixStream::connect(&path).is_ok() {
            return Instance::Raised;
        }
        // Left behind by a window that was killed, if it is there.
        let _ = fs::remove_file(&path);
        Instance::First(Door(UnixListener::bind(&path).ok().map(|listener| (listener, path))))
    }

    impl Door {
        /// Reports every knock, until the program ends.
        pub fn listen(&self, report: impl Fn(Report) + Send + 'static) {
            let Some(listener) = self.0.as_ref().and_then(|(door, _)| door.try_clone().ok()) else {
                return;
            };
            let wait = move || {
                while listener.accept().is_ok() {
                    report(Report::Raised);
                }
            };
            // Without it the window works all the same.
            let _ = thread::Builder::new().name("door".to_owned()).spawn(wait);
        }
    }

    impl Drop for Door {
        fn drop(&mut self) {
            if let Some((_, path)) = &self.0 {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// Elsewhere a second window opens, which is safe: the profile is locked for each change.
#[cfg(not(unix))]
pub struct Door;

#[cfg(not(unix))]
pub fn claim(_profile: &Path) -> Instance {
    Instance::First(Door)
}

#[cfg(not(unix))]
impl Door {
    pub fn listen(&self, _report: impl Fn(Report) + Send + 'static) {}
}
