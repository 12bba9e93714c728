//! What the camera's thread hands over: the newest event, and that the thread lives.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use image::GrayImage;

use super::HANG_TIMEOUT;
use crate::{CameraError, SourceInfo};

/// Holds one event: the newest.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    slot: Mutex<Option<CameraEvent>>,
    filled: Condvar,
    closed: AtomicBool,
    /// When the thread last came back from the driver.
    pub(super) beat: Mutex<Option<Instant>>,
}

#[derive(Debug, PartialEq)]
pub(super) enum CameraEvent {
    Opened(SourceInfo),
    Frame(GrayImage),
    /// The camera went away, and may come back.
    Lost(CameraError),
    Ended(Option<CameraError>),
}

impl Mailbox {
    pub(super) fn put(&self, event: CameraEvent) {
        *self.lock() = Some(event);
        self.filled.notify_one();
    }

    /// Unless there is a newer one.
    pub(super) fn put_back(&self, event: CameraEvent) {
        self.lock().get_or_insert(event);
    }

    /// A frame never replaces an event that was not taken yet.
    pub(super) fn put_frame(&self, frame: GrayImage) {
        let mut slot = self.lock();
        if matches!(*slot, None | Some(CameraEvent::Frame(_))) {
            *slot = Some(CameraEvent::Frame(frame));
            self.filled.notify_one();
        }
    }

    pub(super) fn take(&self, wait: Duration) -> Option<CameraEvent> {
        let waiting = self.filled.wait_timeout_while(self.lock(), wait, |slot| slot.is_none());
        let (mut slot, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            // Once ended, it stays ended.
            Some(CameraEvent::Ended(error)) => {
                *slot = Some(CameraEvent::Ended(error));
                Some(CameraEvent::Ended(error))
            }
            event => event,
        }
    }

    /// The thread ends when it sees it.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    pub(super) fn beat(&self) {
        *self.beat.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    pub(super) fn is_hung(&self) -> bool {
        let mut beat = self.beat.lock().unwrap_or_else(PoisonError::into_inner);
        beat.get_or_insert_with(Instant::now).elapsed() > HANG_TIMEOUT
    }

    fn lock(&self) -> MutexGuard<'_, Option<CameraEvent>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
