//! The ladder, with cameras that do as they are told, and time of their own.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use image::Luma;

use super::*;
use crate::camera::Camera;
use crate::camera::system::{PixelFormat, Stream, StreamFormat};
use crate::{CaptureError, FrameSource, NextFrame};

/// What a camera does when it is opened.
#[derive(Clone, Debug)]
enum Does {
    /// So many frames, and then an error.
    Frames(u32, CameraError),
    /// Frames without end.
    Films,
    Silent,
    /// Its driver comes back when the test lets it.
    Hangs,
    /// The system asks the user for so long, then it films.
    Asks(Duration),
    /// A frame, and nobody wants another.
    Last,
    Refuses(CameraError),
}

/// Cameras by name, each with what it does at its first opening, its second…;
/// the last goes on. One that refuses as unplugged is not listed.
#[derive(Clone, Debug, Default)]
struct Fake {
    cameras: Vec<CameraInfo>,
    formats: Vec<PixelFormat>,
    plans: Arc<Mutex<HashMap<String, Vec<Does>>>>,
    log: Arc<Mutex<Vec<String>>>,
    now: Arc<Mutex<Duration>>,
    /// What the last frame closes.
    last: Arc<Mailbox>,
    /// What a driver that hangs waits for.
    hang: Arc<Mutex<()>>,
    /// Cameras that cannot be unplugged, by name.
    fixed: Vec<&'static str>,
    /// What the user says and when, in milliseconds.
    answer: Option<(u64, bool)>,
}

impl Fake {
    fn new(cameras: &[(&str, CameraKind, &[Does])]) -> Self {
        let mut fake = Self {
            formats: vec![PixelFormat::Jpeg, PixelFormat::Yuyv, PixelFormat::Grey],
            ..Self::default()
        };
        for (index, (name, kind, plan)) in cameras.iter().enumerate() {
            let (name, description) = ((*name).to_owned(), String::new());
            fake.plans.lock().unwrap().insert(name.clone(), plan.to_vec());
            fake.cameras.push(CameraInfo { index, name, description, kind: *kind });
        }
        fake
    }

    fn seconds(&self) -> u64 {
        self.now().as_secs()
    }
}

impl System for Fake {
    fn permission(&self) -> Permission {
        let said = |(when, allows)| (self.now().as_millis() >= u128::from(when)).then_some(allows);
        Permission::of_answer(self.answer.map_or(Some(true), said))
    }

    fn cameras(&self) -> Result<Vec<CameraInfo>, CameraError> {
        Ok(self.cameras.clone())
    }

    fn formats(&self, _camera: &CameraInfo) -> Result<Vec<StreamFormat>, CameraError> {
        let format =
            |format| StreamFormat { format, width: 1280, height: 720, rate: 30.0, code: [0; 4] };
        Ok(self.formats.iter().copied().map(format).collect())
    }

    fn open(
        &self,
        camera: &CameraInfo,
        format: &StreamFormat,
    ) -> Result<Box<dyn Device>, CameraError> {
        self.log.lock().unwrap().push(format!("{} {:?}", camera.name, format.format));
        let mut plans = self.plans.lock().unwrap();
        let plan = plans.get_mut(&camera.name).unwrap();
        let does = if plan.len() > 1 { plan.remove(0) } else { plan[0].clone() };
        drop(plans);
        match does {
            Does::Refuses(error) => Err(error),
            does => {
                if let Does::Hangs = does {
                    drop(self.hang.lock());
                }
                let (now, last) = (Arc::clone(&self.now), Arc::clone(&self.last));
                let until = match does {
                    Does::Asks(time) => self.now() + time,
                    _ => Duration::ZERO,
                };
                Ok(Box::new(FakeDevice { does, now, last, until }))
            }
        }
    }

    fn is_pluggable(&self, camera: &CameraInfo) -> bool {
        !self.fixed.contains(&camera.name.as_str())
    }

    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    fn pause(&self, rest: Duration) {
        *self.now.lock().unwrap() += rest;
    }
}

struct FakeDevice {
    does: Does,
    now: Arc<Mutex<Duration>>,
    last: Arc<Mailbox>,
    /// The user answers then.
    until: Duration,
}

impl Device for FakeDevice {
    fn stream(&self) -> Stream {
        Stream { width: 1280, height: 720, rate: Some(30.0) }
    }

    fn is_asking(&self) -> bool {
        *self.now.lock().unwrap() < self.until
    }

    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, CameraError> {
        let frame = GrayImage::from_pixel(1, 1, Luma([7]));
        match &mut self.does {
            Does::Silent => {
                *self.now.lock().unwrap() += wait;
                Ok(None)
            }
            Does::Asks(_) if *self.now.lock().unwrap() < self.until => {
                *self.now.lock().unwrap() += wait;
                Ok(None)
            }
            Does::Films | Does::Hangs | Does::Asks(_) => Ok(Some(frame)),
            Does::Frames(0, error) => Err(*error),
            Does::Frames(left, _) => {
                *left -= 1;
                Ok(Some(frame))
            }
            Does::Last => {
                self.last.close();
                Ok(Some(frame))
            }
            Does::Refuses(_) => unreachable!(),
        }
    }
}

const REAL: CameraKind = CameraKind::Real;

/// A driver is waited for long enough for any machine.
fn ladder<'a>(fake: &Fake, wanted: Option<usize>, mailbox: &'a Mailbox) -> Capture<'a> {
    let limit = Duration::from_secs(60);
    Capture { limit, ..Capture::new(Arc::new(fake.clone()), wanted, mailbox) }
}

/// The name of the camera that opens, or why none does, and all that was tried.
fn open(fake: &Fake, wanted: Option<usize>) -> (Result<String, CameraError>, Vec<String>) {
    let mailbox = Mailbox::default();
    let opened = ladder(fake, wanted, &mailbox).open_any(None);
    let opened = opened.map(|opened| opened.unwrap().camera.name);
    let log = fake.log.lock().unwrap().clone();
    (opened, log)
}

/// Runs until the first frame or an error, with a user who answers so many milliseconds
/// later.
fn run(answer: (u64, bool)) -> (Result<(), CameraError>, Vec<String>, Fake) {
    let fake = Fake { answer: Some(answer), ..Fake::new(&[("cam", REAL, &[Does::Last])]) };
    let mailbox = Arc::clone(&fake.last);
    let ended = ladder(&fake, None, &mailbox).run();
    let log = fake.log.lock().unwrap().clone();
    (ended, log, fake)
}

#[test]
fn no_camera_is_touched_before_the_user_allows_it() {
    let (ended, log, fake) = run((60_000, true));
    assert_eq!((ended, log), (Ok(()), vec!["cam Yuyv".to_owned()]));
    assert_eq!(fake.seconds(), 60);
    let (ended, log, _) = run((60_000, false));
    assert_eq!((ended, log.len()), (Err(CameraError::Denied), 0));
    // An answer that the system knows already is not asked for.
    let (ended, _, fake) = run((0, true));
    assert_eq!((ended, fake.seconds()), (Ok(()), 0));
}

#[test]
fn a_question_that_is_not_answered_yet_is_told_and_the_camera_goes_on_by_itself() {
    /// Answers when it is told to.
    #[derive(Debug)]
    struct Asking(Arc<Mutex<Option<bool>>>, Fake);

    impl System for Asking {
        fn permission(&self) -> Permission {
            Permission::of_answer(*self.0.lock().unwrap())
        }
        fn cameras(&self) -> Result<Vec<CameraInfo>, CameraError> {
            self.1.cameras()
        }
        fn formats(&self, camera: &CameraInfo) -> Result<Vec<StreamFormat>, CameraError> {
            self.1.formats(camera)
        }
        fn open(
            &self,
            camera: &CameraInfo,
            format: &StreamFormat,
        ) -> Result<Box<dyn Device>, CameraError> {
            self.1.open(camera, format)
        }
        fn now(&self) -> Duration {
            self.1.now()
        }
        fn pause(&self, rest: Duration) {
            self.1.pause(rest);
            thread::yield_now();
        }
    }

    let wait = Duration::from_secs(20);
    for allows in [true, false] {
        let answer = Arc::new(Mutex::new(None));
        let fake = Fake::new(&[("cam", REAL, &[Does::Films])]);
        let mut camera =
            Camera::open_of(Arc::new(Asking(Arc::clone(&answer), fake)), None).unwrap();
        assert_eq!(
            camera.next_frame(wait),
            Err(CaptureError::Camera(CameraError::AwaitingPermission))
        );
        *answer.lock().unwrap() = Some(allows);
        let next = loop {
            match camera.next_frame(wait) {
                Ok(NextFrame::Nothing) => {}
                next => break next,
            }
        };
        match allows {
            true => assert!(matches!(next, Ok(NextFrame::Frame(_))) && camera.info().name == "cam"),
            false => assert_eq!(next, Err(CaptureError::Camera(CameraError::Denied))),
        }
    }
    assert!(!CaptureError::Camera(CameraError::AwaitingPermission).is_final());
}

#[test]
fn a_silent_format_is_left_for_the_next_after_four_seconds() {
    let fake = Fake::new(&[("built in", REAL, &[Does::Silent, Does::Films])]);
    let (opened, log) = open(&fake, None);
    assert_eq!(opened.as_deref(), Ok("built in"));
    assert_eq!(log, ["built in Yuyv", "built in Jpeg"]);
    assert_eq!(fake.seconds(), 4);
}

#[test]
fn a_silent_camera_is_left_for_the_next() {
    let fake = Fake::new(&[("dead", REAL, &[Does::Silent]), ("other", REAL, &[Does::Films])]);
    let (opened, log) = open(&fake, None);
    assert_eq!(opened.as_deref(), Ok("other"));
    assert_eq!(log, ["dead Yuyv", "dead Jpeg", "other Yuyv"]);
    assert_eq!(fake.seconds(), 8);
    // But not where it was asked for by number.
    assert_eq!(open(&fake, Some(0)).0, Err(CameraError::Stalled));
}

#[test]
fn a_refused_format_is_left_for_the_next_and_a_refused_camera_for_the_next() {
    for error in [CameraError::UnsupportedFormat, CameraError::Failed] {
        let fake = Fake::new(&[("webcam", REAL, &[Does::Refuses(error), Does::Films])]);
        assert_eq!(open(&fake, None).1, ["webcam Yuyv", "webcam Jpeg"]);
    }
    for error in [CameraError::Busy, CameraError::Denied, CameraError::Unplugged] {
        let refuses = [Does::Refuses(error)];
        let both = Fake::new(&[("held", REAL, &refuses), ("free", REAL, &[Does::Films])]);
        let (opened, log) = open(&both, None);
        assert_eq!((opened.as_deref(), log.len()), (Ok("free"), 2));
        assert_eq!(open(&both, Some(0)).0, Err(error));
        // The first camera's reason counts: the second may be a toy.
        let neither = Fake::new(&[("held", REAL, &refuses), ("toy", REAL, &[Does::Silent])]);
        assert_eq!(open(&neither, None).0, Err(error));
    }
}

#[test]
fn real_cameras_come_first_and_infrared_ones_only_where_there_is_no_other() {
    use CameraKind::{Infrared, Virtual};
    let films: &[Does] = &[Does::Films];
    let fake = Fake::new(&[("ir", Infrared, films), ("obs", Virtual, films), ("cam", REAL, films)]);
    let names: Vec<_> =
        sorted_cameras(&fake).unwrap().into_iter().map(|camera| camera.name).collect();
    assert_eq!(names, ["cam", "obs", "ir"]);
    assert_eq!(open(&fake, None).0.as_deref(), Ok("cam"));
    let busy: &[Does] = &[Does::Refuses(CameraError::Busy)];
    let held = Fake::new(&[("ir", Infrared, films), ("cam", REAL, busy)]);
    assert_eq!(open(&held, None).0, Err(CameraError::Busy));
    let alone = Fake::new(&[("ir", Infrared, films)]);
    assert_eq!(open(&alone, None).0.as_deref(), Ok("ir"));
}

#[test]
fn a_driver_that_hangs_does_not_end_the_ladder() {
    let fake = Fake::new(&[("stuck", REAL, &[Does::Hangs]), ("other", REAL, &[Does::Films])]);
    let mailbox = Mailbox::default();
    let held = fake.hang.lock().unwrap();
    let limit = Duration::from_secs(2);
    let capture = Capture { limit, ..ladder(&fake, None, &mailbox) };
    let name = |opened: Option<OpenCamera>| opened.unwrap().camera.name;
    assert_eq!(capture.open_any(None).map(name).as_deref(), Ok("other"));
    // It is left behind, and not called again while it hangs: neither in another format
    // nor the next time.
    assert_eq!(capture.open_any(None).map(name).as_deref(), Ok("other"));
    let log = fake.log.lock().unwrap().clone();
    assert_eq!(log, ["stuck Yuyv", "other Yuyv", "other Yuyv"]);
    // Asked for by number, it is told.
    let capture = Capture { wanted: Some(0), ..capture };
    assert_eq!(capture.open_any(None).err(), Some(CameraError::Stalled));
    // Nobody who waits for the camera takes the thread for hung meanwhile.
    assert!(!mailbox.is_hung());
    drop(held);
}

#[test]
fn the_window_is_told_while_the_system_asks_the_user() {
    let minute = Duration::from_secs(60);
    let fake = Fake::new(&[("portal", CameraKind::PipeWire, &[Does::Asks(minute)])]);
    let mailbox = Mailbox::default();
    let opened = ladder(&fake, None, &mailbox).open_any(None);
    // Longer than a camera may be silent, and it is told.
    let told = mailbox.take(Duration::ZERO);
    assert!(matches!(told, Some(CameraEvent::Opened(_))), "{told:?}");
    assert_eq!(opened.map(|opened| opened.unwrap().camera.name).as_deref(), Ok("portal"));
    assert_eq!(fake.now(), minute);
}

#[test]
fn what_gives_raw_pictures_is_passed_over() {
    use CameraKind::{Infrared, PipeWire, Raw, Relay, Virtual};
    let films: &[Does] = &[Does::Films];
    let fake = |cameras: &[(&str, CameraKind, &[Does])]| Fake::new(cameras);
    // It is not even tried, whatever else there is.
    let relay = fake(&[("sensor", Raw, films), ("obs", Virtual, films), ("relay", Relay, films)]);
    assert_eq!(open(&relay, None), (Ok("relay".to_owned()), vec!["relay Yuyv".to_owned()]));
    let helped = fake(&[("sensor", Raw, films), ("obs", Virtual, films), ("pw", PipeWire, films)]);
    assert_eq!(open(&helped, None).0.as_deref(), Ok("pw"));
    for cameras in
        [vec![("sensor", Raw, films)], vec![("sensor", Raw, films), ("ir", Infrared, films)]]
    {
        assert_eq!(open(&fake(&cameras), None), (Err(CameraError::NeedsPipeWire), vec![]));
    }
    // An idle loopback behind it is no reason.
    let silent: &[Does] = &[Does::Silent];
    let idle = fake(&[("sensor", Raw, films), ("idle", Virtual, silent)]);
    assert_eq!(open(&idle, None).0, Err(CameraError::NeedsPipeWire));
    // But a camera that is held is what the user must know of.
    let busy: &[Does] = &[Does::Refuses(CameraError::Busy)];
    let held = fake(&[("sensor", Raw, films), ("webcam", REAL, busy)]);
    assert_eq!(open(&held, None).0, Err(CameraError::Busy));
    // Who names it by its number has reasons, and is told what it needs.
    assert_eq!(open(&fake(&[("sensor", Raw, films)]), Some(0)).0.as_deref(), Ok("sensor"));
    let broken: &[Does] = &[Does::Refuses(CameraError::UnsupportedFormat)];
    let named = fake(&[("sensor", Raw, broken)]);
    assert_eq!(open(&named, Some(0)).0, Err(CameraError::NeedsPipeWire));
}

#[test]
fn a_failure_is_the_reason_only_if_there_is_no_other() {
    let refuses = |error| vec![Does::Refuses(error)];
    let why = |first, second| {
        let (first, second) = (refuses(first), refuses(second));
        open(&Fake::new(&[("a", REAL, &first), ("b", REAL, &second)]), None).0.unwrap_err()
    };
    use CameraError::{Busy, Denied, Failed, UnsupportedFormat};
    assert_eq!(why(Failed, Busy), Busy);
    assert_eq!(why(Busy, Failed), Busy);
    assert_eq!(why(Busy, Denied), Busy);
    assert_eq!(why(Failed, UnsupportedFormat), UnsupportedFormat);
    assert_eq!(why(Failed, Failed), Failed);
}

#[test]
fn a_camera_that_cannot_be_unplugged_is_not_to_be_plugged_in_again() {
    for (does, pluggable, fixed) in [
        (Does::Silent, CameraError::Stalled, CameraError::FixedStalled),
        (Does::Refuses(CameraError::Failed), CameraError::Failed, CameraError::FixedFailed),
        (Does::Refuses(CameraError::Busy), CameraError::Busy, CameraError::Busy),
    ] {
        let webcam = Fake::new(&[("cam", REAL, &[does])]);
        assert_eq!(open(&webcam, None).0, Err(pluggable));
        let built_in = Fake { fixed: vec!["cam"], ..webcam };
        assert_eq!(open(&built_in, None).0, Err(fixed));
    }
    // The same when it goes silent later, which need not be for ever.
    let plan = [Does::Frames(1, CameraError::Stalled), Does::Last];
    let mailbox = Arc::new(Mailbox::default());
    let fake = Fake::new(&[("cam", REAL, &plan)]);
    let fake = Fake { fixed: vec!["cam"], last: Arc::clone(&mailbox), ..fake };
    assert_eq!(ladder(&fake, None, &mailbox).run(), Ok(()));
    assert!(!CaptureError::from(CameraError::FixedStalled).is_final());
}

#[test]
fn no_camera_and_no_such_camera_are_told_apart() {
    assert_eq!(open(&Fake::default(), None).0, Err(CameraError::NoCamera));
    assert_eq!(open(&Fake::default(), Some(3)).0, Err(CameraError::NoCamera));
    let one = Fake::new(&[("cam", REAL, &[Does::Films])]);
    assert_eq!(open(&one, Some(3)).0, Err(CameraError::NoSuchCamera(3)));
    let formatless = Fake { formats: vec![], ..Fake::new(&[("odd", REAL, &[Does::Films])]) };
    assert_eq!(open(&formatless, None).0, Err(CameraError::UnsupportedFormat));
}

#[test]
fn an_unplugged_camera_says_so_and_goes_on_when_it_is_back() {
    let gone = || Does::Refuses(CameraError::Unplugged);
    let plan = [Does::Frames(3, CameraError::Unplugged), gone(), gone(), Does::Last];
    for wanted in [None, Some(0)] {
        let mailbox = Arc::new(Mailbox::default());
        let fake = Fake { last: Arc::clone(&mailbox), ..Fake::new(&[("cam", REAL, &plan)]) };
        let capture = ladder(&fake, wanted, &mailbox);
        let mut opened = capture.open_any(None).unwrap().unwrap();
        assert_eq!(capture.capture_loop(&mut opened), Err(CameraError::Unplugged));
        mailbox.put(CameraEvent::Lost(CameraError::Unplugged));
        assert!(matches!(capture.open_any(Some("cam")), Err(CameraError::Unplugged)));
        assert_eq!(mailbox.take(Duration::ZERO), Some(CameraEvent::Lost(CameraError::Unplugged)));

        let fake = Fake { last: Arc::clone(&mailbox), ..Fake::new(&[("cam", REAL, &plan)]) };
        let capture = ladder(&fake, wanted, &mailbox);
        assert_eq!(capture.run(), Ok(()));
        // Twice it was not there, half a second apart.
        assert_eq!((fake.log.lock().unwrap().len(), fake.now()), (4, 3 * RETRY_INTERVAL));
        assert!(matches!(mailbox.take(Duration::ZERO), Some(CameraEvent::Opened(_))));
    }
}

#[test]
fn another_camera_does_not_stand_in_for_one_that_was_asked_for() {
    let plan = [Does::Frames(1, CameraError::Unplugged), Does::Refuses(CameraError::Unplugged)];
    let fake = Fake::new(&[("asked", REAL, &plan), ("other", REAL, &[Does::Films])]);
    let mailbox = Mailbox::default();
    let open = |wanted| {
        let capture = ladder(&fake, wanted, &mailbox);
        capture.open_any(Some("asked")).map(|opened| opened.unwrap().camera.name)
    };
    assert_eq!(open(Some(0)).as_deref(), Ok("asked"));
    assert_eq!(open(Some(0)), Err(CameraError::Unplugged));
    assert_eq!(open(None).as_deref(), Ok("other"));
}

#[test]
fn a_closed_camera_ends_its_thread_and_gives_the_device_back() {
    let fake = Fake::new(&[("cam", REAL, &[Does::Silent])]);
    let mailbox = Mailbox::default();
    mailbox.close();
    let capture = ladder(&fake, None, &mailbox);
    assert_eq!(capture.run(), Ok(()));
    assert_eq!(fake.seconds(), 0);
}

#[test]
fn a_shaky_cable_is_borne_five_times_in_a_row() {
    let fake = Fake::new(&[("cam", REAL, &[Does::Frames(1, CameraError::Failed)])]);
    let mailbox = Mailbox::default();
    let capture = ladder(&fake, None, &mailbox);
    let mut opened = capture.open_any(None).unwrap().unwrap();
    assert_eq!(capture.capture_loop(&mut opened), Err(CameraError::Failed));
    assert_eq!(fake.now(), FRAME_WAIT / 2 * MAX_FAILURES);
}

#[test]
fn the_newest_frame_replaces_an_older_one_and_the_end_stays() {
    let mailbox = Mailbox::default();
    let frame = |level| GrayImage::from_pixel(1, 1, Luma([level]));
    assert!(mailbox.take(Duration::ZERO).is_none());
    for said in
        [CameraEvent::Opened(SourceInfo::default()), CameraEvent::Lost(CameraError::Unplugged)]
    {
        mailbox.put(said);
        mailbox.put_frame(frame(1));
        assert!(matches!(
            mailbox.take(Duration::ZERO),
            Some(CameraEvent::Opened(_) | CameraEvent::Lost(_))
        ));
    }
    mailbox.put_frame(frame(2));
    mailbox.put_frame(frame(3));
    assert_eq!(mailbox.take(Duration::ZERO), Some(CameraEvent::Frame(frame(3))));
    mailbox.put(CameraEvent::Ended(Some(CameraError::Unplugged)));
    for _ in 0..2 {
        let end = mailbox.take(Duration::ZERO);
        assert_eq!(end, Some(CameraEvent::Ended(Some(CameraError::Unplugged))));
    }
}

#[test]
fn a_driver_that_hangs_is_told_and_not_waited_for() {
    let Some(long_ago) = Instant::now().checked_sub(HANG_TIMEOUT * 2) else { return };
    let mut camera = Camera { info: SourceInfo::default(), mailbox: Arc::default() };
    assert_eq!(camera.next_frame(Duration::ZERO), Ok(NextFrame::Nothing));
    *camera.mailbox.beat.lock().unwrap() = Some(long_ago);
    assert_eq!(camera.next_frame(Duration::ZERO), Err(CameraError::Stalled.into()));
    assert_eq!(camera.next_frame(Duration::ZERO), Ok(NextFrame::Nothing));
}
