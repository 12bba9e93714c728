//! A camera that PipeWire has, through the helper program `keyglance-pipewire`.
//!
//! libpipewire is linked hard, and most computers need none of it, so what speaks with it
//! is a program of its own. It asks the desktop's Camera portal, writes frames to its
//! standard output, and ends when its standard input does.

use std::env;
use std::ffi::OsStr;
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;

use super::system::{Device, PixelFormat, Stream, StreamFormat, WANTED};
use crate::frame_stream::{FrameStreamError, exit_code, read_frame, read_magic};
use crate::{CameraError, CameraInfo, CameraKind};

const PROGRAM: &str = "keyglance-pipewire";

/// V4L2 has 256 nodes at most, so this number is free.
const INDEX: usize = 256;

/// Whether there is a camera, the helper says within this time or not at all.
const ANSWER: Duration = Duration::from_secs(3);
/// How long the user may think about it: a little longer than the helper asks.
const ASKING: Duration = Duration::from_secs(65);
/// How long the helper takes to end when its input does.
const END: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(10);

/// The helper makes brightness of whatever the camera gives.
pub(super) const FORMAT: StreamFormat = StreamFormat {
    format: PixelFormat::Grey,
    width: WANTED.0,
    height: WANTED.1,
    rate: WANTED.2,
    code: *b"GREY",
};

/// The helper program, beside this program or in a folder of `PATH`.
pub(crate) fn helper() -> Option<PathBuf> {
    let this = env::current_exe().ok();
    find(this.as_deref().and_then(Path::parent), &env::var_os("PATH").unwrap_or_default())
}

/// Never one of the folder that happens to be the current one.
fn find(beside: Option<&Path>, path: &OsStr) -> Option<PathBuf> {
    let folders = beside.map(Path::to_owned).into_iter().chain(env::split_paths(path));
    let mut programs =
        folders.filter(|folder| folder.is_absolute()).map(|folder| folder.join(PROGRAM));
    programs.find(|program| {
        program.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    })
}

/// The camera that the helper reaches, if there is one. Nobody is asked for permission.
pub(super) fn camera() -> Option<CameraInfo> {
    is_present(&helper()?).then(|| CameraInfo {
        index: INDEX,
        name: "PipeWire camera".to_owned(),
        description: "Camera portal".to_owned(),
        kind: CameraKind::PipeWire,
    })
}

fn is_present(helper: &Path) -> bool {
    let mut asked = Command::new(helper);
    asked.arg("--present").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = asked.spawn() else { return false };
    let code = ended(&mut child, ANSWER);
    code == Some(0)
}

/// The exit code of a program that ends within `wait`; it is killed if it does not.
fn ended(child: &mut Child, wait: Duration) -> Option<i32> {
    let began = Instant::now();
    while began.elapsed() < wait {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) => thread::sleep(POLL),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// The helper at work.
pub(super) struct PipeWireCamera {
    helper: Child,
    /// Closed, it tells the helper to end.
    input: Option<ChildStdin>,
    inbox: Arc<Inbox>,
    began: Instant,
    size: (u32, u32),
    /// Why it ended: the helper is gone then.
    end: Option<CameraError>,
}

/// What the helper wrote: the newest frame.
#[derive(Debug, Default)]
struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The stream began, so the camera may be used.
    began: bool,
    frame: Option<GrayImage>,
    end: Option<Option<FrameStreamError>>,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_one();
    }

    /// Reads until the stream ends.
    fn fill(&self, output: ChildStdout) {
        let mut output = BufReader::new(output);
        let mut read = || -> Result<(), FrameStreamError> {
            if read_magic(&mut output)? {
                self.change(|state| state.began = true);
                while let Some(timed) = read_frame(&mut output)? {
                    self.change(|state| state.frame = Some(timed.frame));
                }
            }
            Ok(())
        };
        let end = read().err();
        self.change(|state| state.end = Some(end));
    }
}

impl PipeWireCamera {
    pub(super) fn start() -> Result<Self, CameraError> {
        Self::start_program(&helper().ok_or(CameraError::NoCamera)?, &["--portal"])
    }

    fn start_program(helper: &Path, arguments: &[&str]) -> Result<Self, CameraError> {
        let mut command = Command::new(helper);
        command.args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut helper = command.spawn().map_err(|_| CameraError::FixedFailed)?;
        let (input, output) = (helper.stdin.take(), helper.stdout.take());
        let inbox = Arc::new(Inbox::default());
        let theirs = Arc::clone(&inbox);
        // From here on the helper is ended with the camera, whatever fails.
        let camera = Self { helper, input, inbox, began: Instant::now(), size: (0, 0), end: None };
        let output = output.ok_or(CameraError::FixedFailed)?;
        let builder = thread::Builder::new().name("camera helper".to_owned());
        builder.spawn(move || theirs.fill(output)).map_err(|_| CameraError::FixedFailed)?;
        Ok(camera)
    }

    /// Why the stream ended: its own error, or what the helper's exit code says.
    fn why(&mut self, end: Option<FrameStreamError>) -> CameraError {
        // Nothing that it says later is believed.
        drop(self.input.take());
        let code = ended(&mut self.helper, END);
        match (end, code) {
            (None, Some(exit_code::NO_CAMERA)) => CameraError::NoCamera,
            (None, Some(exit_code::DENIED)) => CameraError::Denied,
            (None, Some(exit_code::UNPLUGGED)) => CameraError::Unplugged,
            (None, Some(exit_code::FORMAT)) => CameraError::UnsupportedFormat,
            _ => CameraError::FixedFailed,
        }
    }
}

impl Device for PipeWireCamera {
    fn stream(&self) -> Stream {
        Stream { width: self.size.0, height: self.size.1, rate: None }
    }

    fn is_asking(&self) -> bool {
        self.end.is_none() && !self.inbox.lock().began && self.began.elapsed() < ASKING
    }

    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, CameraError> {
        if let Some(error) = self.end {
            return Err(error);
        }
        let inbox = Arc::clone(&self.inbox);
        let nothing = |state: &mut State| state.frame.is_none() && state.end.is_none();
        let waiting = inbox.changed.wait_timeout_while(inbox.lock(), wait, nothing);
        let (mut state, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        if let Some(frame) = state.frame.take() {
            self.size = frame.dimensions();
            return Ok(Some(frame));
        }
        let Some(end) = state.end else { return Ok(None) };
        drop(state);
        let why = self.why(end);
        self.end = Some(why);
        Err(why)
    }
}

impl Drop for PipeWireCamera {
    /// The helper ends, by force if it does not by itself, and leaves no zombie.
    fn drop(&mut self) {
        drop(self.input.take());
        ended(&mut self.helper, END);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame_stream::{MAGIC, TimedFrame, write_frame};
    use image::Luma;
    use std::fs;
    use tempfile::TempDir;

    const LONG: Duration = Duration::from_secs(20);

    /// A helper that a shell plays.
    fn helper(script: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(PROGRAM);
        fs::write(&program, format!("#!/bin/sh\ncd '{}'\n{script}\n", folder.path().display()))
            .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let frame = GrayImage::from_fn(8, 6, |x, y| Luma([(x * 8 + y) as u8]));
        let mut stream = MAGIC.to_vec();
        write_frame(&mut stream, &TimedFrame { frame, time: Duration::ZERO }).unwrap();
        fs::write(folder.path().join("stream"), stream).unwrap();
        (folder, program)
    }

    fn start(program: &Path) -> PipeWireCamera {
        // While another test forks, a file that was just written may still be open.
        for _ in 0..50 {
            if let Ok(camera) = PipeWireCamera::start_program(program, &["--portal"]) {
                return camera;
            }
            thread::sleep(POLL);
        }
        panic!("it does not start");
    }

    fn first(camera: &mut PipeWireCamera) -> Result<Option<GrayImage>, CameraError> {
        camera.frame(LONG)
    }

    fn is_running(id: u32) -> bool {
        // A zombie is there, too.
        Path::new("/proc").join(id.to_string()).exists()
    }

    #[test]
    fn frames_come_until_the_camera_is_dropped_and_nothing_is_left_behind() {
        let (folder, program) =
            helper("[ \"$1\" = --portal ] || exit 2\ncat stream\ncat > input\necho ended > ended");
        let mut camera = start(&program);
        let frame = first(&mut camera).unwrap().unwrap();
        assert_eq!((frame.dimensions(), frame[(2, 1)].0), ((8, 6), [17]));
        assert_eq!((camera.stream().width, camera.stream().height), (8, 6));
        assert!(!camera.is_asking());
        assert_eq!(camera.frame(Duration::ZERO), Ok(None));
        let id = camera.helper.id();
        drop(camera);
        // By itself, since its input ended, and not by force.
        assert!(folder.path().join("ended").exists());
        assert!(!is_running(id));
    }

    #[test]
    fn the_end_of_the_helper_says_why() {
        for (script, error) in [
            ("exit 3", CameraError::NoCamera),
            ("exit 4", CameraError::Denied),
            ("cat stream; exit 5", CameraError::Unplugged),
            ("printf KGF1; exit 6", CameraError::UnsupportedFormat),
            ("exit 0", CameraError::FixedFailed),
            ("exit 1", CameraError::FixedFailed),
            ("kill -9 $$", CameraError::FixedFailed),
            // Garbage, a frame that is cut off, one that is too large, one without pixels.
            ("echo '<html>'; exit 4", CameraError::FixedFailed),
            ("head -c 30 stream; exit 4", CameraError::FixedFailed),
            (
                "printf 'KGF1\\377\\377\\0\\0\\377\\377\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'; exec sleep 100",
                CameraError::FixedFailed,
            ),
            ("printf KGF1; head -c 100 /dev/zero; exec sleep 100", CameraError::FixedFailed),
        ] {
            let (_folder, program) = helper(script);
            let mut camera = start(&program);
            let id = camera.helper.id();
            let mut said = first(&mut camera);
            if let Ok(Some(_)) = said {
                said = first(&mut camera);
            }
            assert_eq!(said, Err(error), "{script}");
            // Each time that it is asked, and without a zombie.
            assert_eq!(first(&mut camera), Err(error), "{script}");
            assert!(!is_running(id), "{script}");
        }
    }

    #[test]
    fn a_helper_that_hangs_is_waited_for_no_longer_than_was_said_and_killed() {
        let (_folder, program) = helper("exec sleep 100");
        let mut camera = start(&program);
        assert_eq!(camera.frame(Duration::from_millis(20)), Ok(None));
        assert!(camera.is_asking());
        camera.began = Instant::now().checked_sub(ASKING).unwrap();
        assert!(!camera.is_asking());
        let id = camera.helper.id();
        drop(camera);
        assert!(!is_running(id));
    }

    #[test]
    fn only_a_program_in_an_absolute_folder_is_the_helper() {
        let (folder, program) = helper("exit 0");
        let place = folder.path();
        assert_eq!(find(None, place.as_os_str()), Some(program.clone()));
        assert_eq!(find(Some(place), OsStr::new("/nowhere")), Some(program.clone()));
        let empty = tempfile::tempdir().unwrap();
        let path = env::join_paths([empty.path(), place]).unwrap();
        assert_eq!(find(None, &path), Some(program.clone()));
        // The current folder, as an empty part of PATH or by a relative name.
        let up = "../".repeat(20);
        let relative = Path::new(&up).join(place.strip_prefix("/").unwrap());
        assert!(relative.join(PROGRAM).exists());
        for path in [OsStr::new(""), OsStr::new(":"), OsStr::new("."), relative.as_os_str()] {
            assert_eq!(find(None, path), None, "{path:?}");
        }
        fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(find(None, place.as_os_str()), None);
    }

    #[test]
    fn whether_there_is_a_camera_is_asked_without_waiting_for_ever() {
        let present = |script: &str| {
            let (_folder, program) = helper(script);
            start(&program);
            is_present(&program)
        };
        assert!(present("[ \"$1\" = --present ]"));
        assert!(!present("exit 3"));
        assert!(!present("exec sleep 100"));
        assert!(!is_present(Path::new("/nowhere")));
    }
}
