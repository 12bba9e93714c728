//! The door of a window: a socket that only its user can reach.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use super::{Instance, Request, is_token};
use crate::gui::report::Report;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// What a request has at most: more files than that open in a window of their own.
const MOST_BYTES: usize = 256 * 1024;
/// How a request begins, and what says that it was taken.
const MAGIC: &[u8] = b"keyglance window 1";
const TAKEN: &[u8] = b"taken";

/// Where the next start knocks. Its socket goes with it.
pub struct Door(Option<(UnixListener, PathBuf)>);

/// Hands the request over to the window of this profile, if one is open. Where the system
/// has no folder for what runs, every start is the first.
pub fn claim(profile: &Path, request: &Request) -> Instance {
    let first = |door| Instance::First(Door(door));
    let Some(folder) = runtime_folder() else { return first(None) };
    let mut hasher = DefaultHasher::new();
    fs::canonicalize(profile).as_deref().unwrap_or(profile).hash(&mut hasher);
    claim_at(folder.join(format!("keyglance-{:016x}.socket", hasher.finish())), request)
}

pub fn claim_at(path: PathBuf, request: &Request) -> Instance {
    if let Ok(window) = UnixStream::connect(&path) {
        return match hand_over(window, request) {
            true => Instance::Raised,
            // It does not answer. A second window is better than none.
            false => Instance::First(Door(None)),
        };
    }
    // Left behind by a window that was killed, if it is there.
    let _ = fs::remove_file(&path);
    Instance::First(Door(UnixListener::bind(&path).ok().map(|listener| (listener, path))))
}

/// The folder for what runs, which only its owner may enter (XDG Base Directory
/// Specification); in a Flatpak the part that all instances of the program see.
fn runtime_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
    let folder = match std::env::var_os("FLATPAK_ID") {
        Some(id) => folder.join("app").join(id),
        None => folder,
    };
    let about = fs::metadata(&folder).ok()?;
    // It may be another's, after `su`, or made by hand.
    let ours = about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o022 == 0;
    (folder.is_absolute() && ours).then_some(folder)
}

/// Whether the other side runs for the same user; what else can be in the way of another
/// is the folder.
fn is_own(stream: &UnixStream) -> bool {
    #[cfg(target_os = "linux")]
    return rustix::net::sockopt::socket_peercred(stream)
        .is_ok_and(|peer| peer.uid == rustix::process::geteuid());
    #[cfg(not(target_os = "linux"))]
    {
        let _ = stream;
        true
    }
}

fn hand_over(mut window: UnixStream, request: &Request) -> bool {
    let Some(bytes) = encode(request) else { return false };
    let mut tell = || -> std::io::Result<bool> {
        window.set_read_timeout(Some(PATIENCE))?;
        window.set_write_timeout(Some(PATIENCE))?;
        window.write_all(&bytes)?;
        window.shutdown(Shutdown::Write)?;
        let mut answer = [0; TAKEN.len()];
        window.read_exact(&mut answer)?;
        Ok(answer == TAKEN)
    };
    tell().unwrap_or(false)
}

/// Fields that each end with a zero byte, which no path has.
fn encode(request: &Request) -> Option<Vec<u8>> {
    let token = request.token.as_deref().unwrap_or_default();
    let pair: &[u8] = if request.pair { b"pair" } else { b"" };
    let paths = request.files.iter().map(|path| path.as_os_str().as_bytes());
    let fields = [MAGIC, pair, token.as_bytes()].into_iter().chain(paths);
    let bytes = fields.flat_map(|field| [field, b"\0"].concat()).collect::<Vec<_>>();
    (bytes.len() <= MOST_BYTES).then_some(bytes)
}

/// `None` of what no start of ours says.
fn decode(bytes: &[u8]) -> Option<Request> {
    let mut fields = bytes.strip_suffix(b"\0")?.split(|byte| *byte == 0);
    if fields.next()? != MAGIC {
        return None;
    }
    let pair = match fields.next()? {
        b"" => false,
        b"pair" => true,
        _ => return None,
    };
    let token = match fields.next()? {
        b"" => None,
        token => Some(std::str::from_utf8(token).ok().filter(|token| is_token(token))?.to_owned()),
    };
    let path = |bytes| Some(PathBuf::from(OsStr::from_bytes(bytes))).filter(|p| p.is_absolute());
    let files = fields.map(path).collect::<Option<Vec<_>>>()?;
    Some(Request { files, pair, token })
}

/// What one start asks for.
fn hear(stream: &mut UnixStream) -> Option<Request> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    stream.take(most).read_to_end(&mut bytes).ok()?;
    if bytes.len() > MOST_BYTES { None } else { decode(&bytes) }
}

impl Door {
    /// Reports what later starts ask for, until the program ends.
    pub fn listen(&self, report: impl Fn(Report) + Send + 'static) {
        let Some(listener) = self.0.as_ref().and_then(|(door, _)| door.try_clone().ok()) else {
            return;
        };
        let wait = move || {
            while let Ok((mut stream, _)) = listener.accept() {
                if is_own(&stream)
                    && let Some(request) = hear(&mut stream)
                {
                    report(Report::StartedAgain(request));
                    // Whoever waited no longer opens a window of its own.
                    let _ = stream.write_all(TAKEN);
                }
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

#[cfg(test)]
mod tests;
