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
mod tests;
