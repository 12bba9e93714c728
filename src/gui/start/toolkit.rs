//! What the toolkit's failures mean. Their own texts are for programmers, with types and
//! paths of whoever built the program: they go to the log.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::display::{Cause, DisplayError};

/// What ended the toolkit's work.
#[derive(Debug)]
pub enum Failure {
    Error(eframe::Error),
    Panic(Panic),
}

/// A panic: where, and what it said.
#[derive(Clone, Debug, Default)]
pub struct Panic {
    file: String,
    text: String,
}

impl Failure {
    /// What it means: of a window that was open, or of one that never was.
    pub fn meaning(&self, was_open: bool) -> DisplayError {
        match self {
            Self::Panic(_) if was_open => DisplayError::Fault,
            Self::Error(_) if was_open => DisplayError::Lost,
            Self::Error(error) => refused(error),
            // These find no way to draw where others return an error.
            Self::Panic(panic) if panic.is_about_drawing() => DisplayError::NoOpenGl,
            Self::Panic(_) => DisplayError::Refused(Cause::Desktop),
        }
    }

    /// All that is known of it, for the log.
    pub fn details(&self) -> String {
        match self {
            Self::Error(error) => error.to_string(),
            Self::Panic(Panic { file, text }) => format!("{text} ({file})"),
        }
    }
}

/// What an error before the window is open means.
fn refused(error: &eframe::Error) -> DisplayError {
    match error {
        eframe::Error::Glutin(_) | eframe::Error::OpenGL(_) => DisplayError::NoOpenGl,
        // The window itself was refused, once there was something to draw with.
        eframe::Error::NoGlutinConfigs(_, source)
            if source.downcast_ref::<winit::error::OsError>().is_some() =>
        {
            DisplayError::Refused(Cause::Desktop)
        }
        eframe::Error::NoGlutinConfigs(..) => DisplayError::NoOpenGl,
        eframe::Error::WinitEventLoop(winit::error::EventLoopError::RecreationAttempt)
        | eframe::Error::AppCreation(_) => DisplayError::Refused(Cause::Program),
        _ => DisplayError::Refused(Cause::Desktop),
    }
}

impl Panic {
    fn is_about_drawing(&self) -> bool {
        ["glutin", "egui_glow", "glow_integration"].iter().any(|part| self.file.contains(part))
    }
}

/// Does the toolkit's work on this thread. A panic of it is caught and printed nowhere; those
/// of other threads are told as ever.
pub fn run(work: impl FnOnce() -> eframe::Result) -> Result<(), Failure> {
    let noted = Arc::new(Mutex::new(Panic::default()));
    let previous: Arc<dyn Fn(&panic::PanicHookInfo<'_>) + Send + Sync> = panic::take_hook().into();
    let (note, others, here) = (Arc::clone(&noted), Arc::clone(&previous), thread::current().id());
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() != here {
            return others(info);
        }
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        *note.lock().unwrap_or_else(PoisonError::into_inner) = Panic {
            file: place.unwrap_or_default(),
            text: info.payload_as_str().unwrap_or_default().to_owned(),
        };
    }));
    // What it leaves half done is used by nobody: the process ends, or becomes another.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(Box::new(move |info| previous(info)));
    match done {
        Ok(result) => result.map_err(Failure::Error),
        Err(_) => {
            let panic = noted.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Err(Failure::Panic(panic))
        }
    }
}

/// Whether the window was open, which the toolkit's own results do not tell.
#[derive(Clone, Default)]
pub struct WasOpen(Rc<Cell<bool>>);

impl WasOpen {
    pub fn set(&self) {
        self.0.set(true);
    }

    pub fn get(&self) -> bool {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use glutin::config::ConfigTemplateBuilder;
    use glutin::error::ErrorKind;
    use winit::error::EventLoopError;

    use super::*;

    /// Every kind that the graphics library has.
    const KINDS: [ErrorKind; 20] = [
        ErrorKind::NotFound,
        ErrorKind::InitializationFailed,
        ErrorKind::BadAccess,
        ErrorKind::OutOfMemory,
        ErrorKind::BadAttribute,
        ErrorKind::BadContext,
        ErrorKind::BadContextState,
        ErrorKind::BadConfig,
        ErrorKind::BadCurrentSurface,
        ErrorKind::BadDisplay,
        ErrorKind::BadSurface,
        ErrorKind::BadPbuffer,
        ErrorKind::BadPixmap,
        ErrorKind::BadMatch,
        ErrorKind::BadParameter,
        ErrorKind::BadNativePixmap,
        ErrorKind::BadNativeWindow,
        ErrorKind::ContextLost,
        ErrorKind::NotSupported("the extension EGL_KHR_platform_wayland is missing"),
        ErrorKind::Misc,
    ];

    fn no_configs(source: Box<dyn std::error::Error>) -> eframe::Error {
        eframe::Error::NoGlutinConfigs(ConfigTemplateBuilder::new().build(), source)
    }

    /// An error that the window library alone can make: of a display that is not there, once
    /// in a process.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn refused_by_the_desktop() -> Option<winit::error::OsError> {
        use winit::platform::x11::EventLoopBuilderExtX11 as _;
        if std::env::var_os("DISPLAY").is_some() {
            println!("skipped: an error of a display, since there is one");
            return None;
        }
        let mut builder = winit::event_loop::EventLoop::builder();
        match builder.with_x11().with_any_thread(true).build() {
            Err(EventLoopError::Os(error)) => Some(error),
            other => panic!("{other:?}"),
        }
    }

    #[cfg(not(all(unix, not(target_os = "macos"))))]
    fn refused_by_the_desktop() -> Option<winit::error::OsError> {
        None
    }

    fn errors() -> Vec<(eframe::Error, DisplayError)> {
        let desktop = DisplayError::Refused(Cause::Desktop);
        let program = DisplayError::Refused(Cause::Program);
        let mut errors = vec![
            (eframe::Error::AppCreation("src/gui/world.rs".into()), program.clone()),
            (eframe::Error::WinitEventLoop(EventLoopError::RecreationAttempt), program),
            (eframe::Error::WinitEventLoop(EventLoopError::ExitFailure(1)), desktop.clone()),
            (
                eframe::Error::OpenGL("egui_glow requires opengl 2.0+".to_owned().into()),
                DisplayError::NoOpenGl,
            ),
            (no_configs("dlopen: libEGL.so.1".into()), DisplayError::NoOpenGl),
        ];
        for kind in KINDS {
            errors.push((eframe::Error::Glutin(kind.into()), DisplayError::NoOpenGl));
            let inner = Box::new(glutin::error::Error::from(kind));
            errors.push((no_configs(inner), DisplayError::NoOpenGl));
        }
        errors
    }

    #[test]
    fn each_error_of_the_toolkit_has_one_meaning() {
        let errors = errors();
        assert!(errors.len() >= 45, "{}", errors.len());
        let means = |error, meaning| {
            let failure = Failure::Error(error);
            assert_eq!(failure.meaning(false), meaning, "{}", failure.details());
            assert_eq!(failure.meaning(true), DisplayError::Lost, "{}", failure.details());
            failure
        };
        for (error, meaning) in errors {
            means(error, meaning);
        }
        // A window that is refused is no lack of OpenGL.
        let Some(error) = refused_by_the_desktop() else { return };
        let desktop = DisplayError::Refused(Cause::Desktop);
        let failure = means(eframe::Error::Winit(error), desktop.clone());
        let Failure::Error(eframe::Error::Winit(error)) = failure else { unreachable!() };
        means(no_configs(Box::new(error)), desktop);
    }

    #[test]
    fn a_panic_of_the_toolkit_is_caught_and_means_something() {
        let text = "Library libwayland-egl.so could not be loaded.";
        let failure = run(|| panic!("{text}")).unwrap_err();
        assert!(failure.details().starts_with(text), "{}", failure.details());
        assert!(failure.details().contains("toolkit.rs:"), "the log says where");
        assert_eq!(failure.meaning(false), DisplayError::Refused(Cause::Desktop));
        assert_eq!(failure.meaning(true), DisplayError::Fault);
        for file in [
            "/home/ana/.cargo/registry/src/index/glutin-0.32.3/src/lib.rs:9",
            "/cargo/eframe-0.37.0/src/native/glow_integration.rs:1250",
        ] {
            let panic = Panic { file: file.to_owned(), text: String::new() };
            assert_eq!(Failure::Panic(panic).meaning(false), DisplayError::NoOpenGl);
        }
        assert!(run(|| Ok(())).is_ok());
    }
}
