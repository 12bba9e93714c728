//! Standard output: the newest frame, however slowly it is read.

use std::io::{self, Write as _};
use std::process;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use keyglance_capture::frame_stream::{MAGIC, TimedFrame, write_frame};

/// Holds one frame, so that PipeWire's thread never waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    newest: Arc<(Mutex<Option<TimedFrame>>, Condvar)>,
}

impl Output {
    /// Writes that the camera may be used, and each frame that is put from then on.
    pub(crate) fn start() -> Self {
        let output = Self::default();
        let theirs = output.clone();
        thread::spawn(move || {
            theirs.write();
            // Nobody reads any more.
            process::exit(0);
        });
        output
    }

    pub(crate) fn put(&self, frame: TimedFrame) {
        let (newest, filled) = &*self.newest;
        *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(frame);
        filled.notify_one();
    }

    fn write(&self) {
        let mut stream = io::stdout().lock();
        if stream.write_all(&MAGIC).and_then(|()| stream.flush()).is_err() {
            return;
        }
        let (newest, filled) = &*self.newest;
        loop {
            let waiting = newest.lock().unwrap_or_else(PoisonError::into_inner);
            let waiting = filled.wait_while(waiting, |frame| frame.is_none());
            let frame = waiting.unwrap_or_else(PoisonError::into_inner).take();
            if frame.is_some_and(|frame| write_frame(&mut stream, &frame).is_err()) {
                return;
            }
        }
    }
}
