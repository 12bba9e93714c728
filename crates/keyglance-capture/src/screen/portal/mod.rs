//! Pictures of the screen from the desktop: org.freedesktop.portal.Screenshot of the XDG
//! Desktop Portal.

mod file;
mod request;
mod taking;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use image::imageops::crop_imm;
use keyglance_qr::Picture;

use crate::screen_access::{ScreenOptions, Shutter};
use crate::{CaptureError, NextFrame, Region, ScreenError, SourceInfo};

pub use request::portal_version;
pub use taking::finish_screen_pictures;

/// Between two pictures: each is written to a file, and some desktops flash.
const INTERVAL: Duration = Duration::from_secs(3);
/// An answer that takes longer was asked about.
const AT_ONCE: Duration = Duration::from_secs(1);
/// How often it is looked whether the next picture may be taken.
const POLL: Duration = Duration::from_millis(20);

/// The desktop takes a picture of its whole screen, and writes it to a file, which is read
/// and deleted.
pub(super) struct Pictures {
    info: SourceInfo,
    options: ScreenOptions,
    region: Option<Region>,
    shutter: Arc<Shutter>,
    due: Instant,
    once: bool,
    ended: bool,
    /// A picture that could not be deleted, until that is said.
    left: Option<PathBuf>,
}

impl Pictures {
    /// Looks whether the desktop has the portal.
    pub(super) fn open(options: &ScreenOptions) -> Result<Self, ScreenError> {
        portal_version(options)?;
        Ok(Self {
            // Pictures, not frames that follow each other: each is read thoroughly.
            info: SourceInfo::default(),
            options: options.clone(),
            region: None,
            shutter: Arc::default(),
            due: Instant::now(),
            once: false,
            ended: false,
            left: None,
        })
    }

    pub(super) const fn only(&mut self, region: Region) {
        self.region = Some(region);
    }

    pub(super) const fn once(&mut self) {
        self.once = true;
    }

    pub(super) fn shutter(&self) -> Arc<Shutter> {
        Arc::clone(&self.shutter)
    }

    pub(super) const fn info(&self) -> &SourceInfo {
        &self.info
    }

    pub(super) fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError> {
        if let Some(path) = self.left.take() {
            return Err(ScreenError::PictureLeft(path).into());
        }
        if self.ended {
            return Ok(NextFrame::Ended);
        }
        if !self.may_take(wait) {
            return Ok(NextFrame::Nothing);
        }
        self.ended = self.once;
        let began = Instant::now();
        let taken = self.take()?;
        self.due = Instant::now() + INTERVAL;
        if began.elapsed() > AT_ONCE {
            self.shutter.hold();
        }
        self.left = taken.left;
        Ok(self.cut(taken.picture))
    }

    /// Waits until the next picture may be taken, so long at most.
    fn may_take(&self, wait: Duration) -> bool {
        let end = Instant::now() + wait;
        loop {
            let now = Instant::now();
            if now >= self.due && !self.shutter.waits() {
                return true;
            }
            if now >= end {
                return false;
            }
            sleep(POLL.min(end - now));
        }
    }

    fn take(&self) -> Result<file::Taken, ScreenError> {
        let _taking = taking::begin().ok_or(ScreenError::Lost)?;
        let began = SystemTime::now();
        let uri = match request::ask(&self.options, false) {
            // The first time, and where another window is in front, some desktops give a
            // picture only if they may ask.
            Err(request::Refusal::Failed) => request::ask(&self.options, true),
            answer => answer,
        };
        file::take(&uri?, began)
    }

    /// The region of the picture; nothing if it lies outside.
    fn cut(&mut self, picture: Picture) -> NextFrame {
        let grey = picture.grey();
        let size = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        let (width, height) = (size(grey.width()), size(grey.height()));
        let Some(region) = self.region else {
            (self.info.width, self.info.height) = grey.dimensions();
            return NextFrame::Picture(picture);
        };
        let Some(Region { x, y, width, height }) = region.within(width, height) else {
            return NextFrame::Nothing;
        };
        let [x, y, width, height] = [x, y, width, height].map(u32::from);
        (self.info.width, self.info.height) = (width, height);
        NextFrame::Frame(crop_imm(grey, x, y, width, height).to_image())
    }
}
