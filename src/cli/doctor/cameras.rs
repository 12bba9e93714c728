//! The cameras, and the screen as one.

use std::time::{Duration, Instant};

use super::check::{Check, Pending};
use crate::cli::cameras::kind;
use crate::messages::doctor as words;
use keyglance_capture::{
    CameraError, CameraInfo, CameraKind, CaptureError, FrameSource, NextFrame, ScreenAccess,
};

/// How long a camera may take for its first frame: less than a check may take, so that what
/// it did is said.
const PATIENCE: Duration = Duration::from_secs(4);

/// The first frame of each, one after another: two that share a cable may not run at once.
pub fn cameras() -> Vec<Check> {
    let cameras = keyglance_capture::all_cameras()
        .and_then(|cameras| CameraInfo::none_usable(&cameras).map_or(Ok(cameras), Err));
    let cameras = match cameras {
        Ok(cameras) => cameras,
        Err(error) => return vec![Check::capture("Camera", error)],
    };
    let usable = cameras.into_iter().filter(|camera| camera.kind != CameraKind::Raw);
    usable
        .map(|camera| {
            let name = format!("Camera {}", camera.index);
            Pending::start(&name.clone(), move || self::camera(name, &camera)).finish()
        })
        .collect()
}

fn camera(name: String, camera: &CameraInfo) -> Check {
    let kind = kind(camera.kind).map_or(String::new(), |kind| format!(" ({kind})"));
    let began = Instant::now();
    let seen = keyglance_capture::Camera::open(Some(camera.index))
        .map_err(CaptureError::from)
        .and_then(|mut open| {
            first_frame(&mut open)?;
            Ok(open.info().clone())
        });
    match seen {
        Ok(info) => {
            let rate = info.frames_per_second;
            let rate = rate.map_or(String::new(), |rate| format!(" at {}", rounded(rate)));
            let what = format!(
                "{}{kind}: {} × {}{rate}, the first picture after {} ms",
                info.name,
                info.width,
                info.height,
                began.elapsed().as_millis()
            );
            Check::works(name, what)
        }
        Err(error) => Check::capture(name, error).of(&format!("{}{kind}", camera.name)),
    }
}

/// Two decimals, for rates such as 29.97.
fn rounded(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

/// The screen, where it is read without asking anybody.
pub fn screen() -> Check {
    let began = Instant::now();
    let seen = crate::screen::open().map_err(CaptureError::from).and_then(|mut screen| {
        let asks = screen.access() == ScreenAccess::Portal;
        if !asks {
            first_frame(&mut screen)?;
        }
        Ok((screen.info().clone(), asks))
    });
    match seen {
        // A picture would be one more question for the user.
        Ok((_, true)) => Check::works("Screen", words::SCREEN_BY_PORTAL),
        Ok((info, false)) => {
            let ms = began.elapsed().as_millis();
            let what = format!("{} × {}, read in {ms} ms", info.width, info.height);
            Check::works("Screen", what)
        }
        Err(error) => Check::capture("Screen", error),
    }
}

fn first_frame(source: &mut impl FrameSource) -> Result<(), CaptureError> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let NextFrame::Frame(_) = source.next_frame(Duration::from_millis(100))? {
            return Ok(());
        }
    }
    Err(CameraError::Stalled.into())
}
