//! The camera nodes of a Linux system: which give pictures that can be used as they are.
//!
//! A node belongs to a driver, and what it is for is told by sysfs, before a driver is
//! asked: on many laptops the camera is a sensor whose raw pictures only libcamera or a
//! maker's service turns into pictures, and its nodes are listed like any other's.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::openers::Openers;
use crate::{CameraError, CameraInfo, CameraKind};

/// A driver that says nothing of its node for this long is left behind. Its node is
/// listed by what sysfs says.
const ANSWER: Duration = Duration::from_secs(2);

/// Parts of the names of drivers whose nodes give raw pictures of a sensor, where none of
/// their sub-devices is shown: Intel IPU3 to IPU7, Rockchip, Qualcomm, NXP, Raspberry Pi.
const RAW_DRIVERS: [&str; 12] = [
    "isys", "ipu3", "ipu6", "ipu7", "vimc", "rkisp", "camss", "csi", "mxc-isi", "unicam",
    "rp1-cfe", "pispbe",
];

/// What a node's driver says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) driver: String,
    /// It gives pictures.
    pub(super) captures: bool,
    /// It gives them in grey only.
    pub(super) grey: bool,
}

/// Where the nodes are, and how their drivers are asked.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    /// `/dev`.
    pub(super) devices: PathBuf,
    /// `/sys/class/video4linux`.
    pub(super) about: PathBuf,
    /// Asks a node's driver.
    pub(super) ask: fn(&Path) -> Result<Answer, CameraError>,
    pub(super) patience: Duration,
    pub(super) openers: Openers,
}

impl Nodes {
    pub(super) fn new(ask: fn(&Path) -> Result<Answer, CameraError>) -> Self {
        Self {
            devices: PathBuf::from("/dev"),
            about: PathBuf::from("/sys/class/video4linux"),
            ask,
            patience: ANSWER,
            openers: Openers::default(),
        }
    }

    pub(super) fn path(&self, index: usize) -> PathBuf {
        self.devices.join(format!("video{index}"))
    }

    /// The cameras by number, those that give raw pictures too.
    pub(super) fn cameras(&self) -> Vec<CameraInfo> {
        let Ok(nodes) = fs::read_dir(&self.devices) else { return Vec::new() };
        let numbers = nodes.flatten().filter_map(|node| number(node.file_name().to_str()?));
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort_unstable();
        // All are asked before the first answer is waited for.
        let asked: Vec<_> = numbers
            .into_iter()
            .map(|index| {
                let about = About::read(&self.about, index);
                let answer = match about.is_raw {
                    true => None,
                    false => {
                        let (ask, path) = (self.ask, self.path(index));
                        self.openers.call(index, move || ask(&path))
                    }
                };
                (index, about, answer)
            })
            .collect();
        let until = Instant::now() + self.patience;
        let cameras = asked.into_iter().filter_map(|(index, about, answer)| {
            let left = until.saturating_duration_since(Instant::now());
            let answer = answer.and_then(|answer| answer.recv_timeout(left).ok());
            let answer = answer.unwrap_or(Err(CameraError::Stalled));
            let kind = about.kind(answer)?;
            let name = about.name.unwrap_or_else(|| format!("camera {index}"));
            Some(CameraInfo {
                index,
                name,
                description: self.path(index).display().to_string(),
                kind,
            })
        });
        cameras.collect()
    }

    /// Whether it can be unplugged: not what is soldered in, nor what a program feeds.
    pub(super) fn is_pluggable(&self, index: usize) -> bool {
        let Ok(place) = fs::canonicalize(self.about.join(format!("video{index}"))) else {
            // Gone, so it could be.
            return true;
        };
        let is_bus = |name: &str| name.starts_with("usb");
        let mut folders = place.ancestors().filter_map(|folder| folder.file_name()?.to_str());
        // The nearest is the camera's own; hubs have one, too.
        let removable =
            place.ancestors().find_map(|folder| fs::read_to_string(folder.join("removable")).ok());
        folders.any(is_bus) && removable.is_none_or(|said| said.trim() != "fixed")
    }
}

/// The number in a node's name.
fn number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("video")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// What sysfs says of a node.
struct About {
    name: Option<String>,
    /// The first node of its device, as far as is known.
    is_first: bool,
    is_raw: bool,
    /// No hardware is behind it.
    is_software: bool,
    /// A program feeds it now.
    is_fed: bool,
}

impl About {
    fn read(class: &Path, index: usize) -> Self {
        let about = class.join(format!("video{index}"));
        let said = |what: &str| fs::read_to_string(about.join(what)).ok();
        let name = said("name").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let place = fs::canonicalize(&about).unwrap_or_default();
        let driver = fs::canonicalize(about.join("device/driver")).unwrap_or_default();
        let driver = driver.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Self {
            is_first: said("index").is_none_or(|index| index.trim() == "0"),
            is_raw: is_raw_driver(driver) || has_sub_devices(&place),
            is_software: is_software(&place),
            // v4l2loopback: "capture" while somebody writes, else "output"; before version
            // 0.13 a format while somebody writes, else none.
            is_fed: match said("state") {
                Some(state) => state.trim() == "capture",
                None => said("format").is_some_and(|format| !format.trim().is_empty()),
            },
            name,
        }
    }

    /// What the node is good for; `None` if it gives no pictures: a camera has nodes for
    /// what it knows of them, too, and some nodes take pictures.
    fn kind(&self, answer: Result<Answer, CameraError>) -> Option<CameraKind> {
        if self.is_raw {
            return Some(CameraKind::Raw);
        }
        let by_name = self.name.as_deref().map_or(CameraKind::Real, CameraKind::of_name);
        match answer {
            Ok(answer) if !answer.captures => return None,
            Ok(answer) if is_raw_driver(&answer.driver) => return Some(CameraKind::Raw),
            Ok(answer) if answer.grey => return Some(CameraKind::Infrared),
            Ok(_) => {}
            // Which nodes give pictures cannot be known; the first of a device does.
            Err(CameraError::Denied | CameraError::Busy | CameraError::Stalled)
                if self.is_first => {}
            Err(_) => return None,
        }
        let obs = self.name.as_deref().is_some_and(|name| name.to_lowercase().contains("obs"));
        Some(match by_name {
            CameraKind::Real | CameraKind::Virtual if self.is_software => match self.is_fed && !obs
            {
                true => CameraKind::Relay,
                false => CameraKind::Virtual,
            },
            kind => kind,
        })
    }
}

fn is_raw_driver(driver: &str) -> bool {
    let driver = driver.to_lowercase();
    RAW_DRIVERS.iter().any(|part| driver.contains(part))
}

/// Whether a sub-device belongs to the same device: then the node is one end of a chain
/// of media entities, which must be linked and set up before it gives anything.
fn has_sub_devices(place: &Path) -> bool {
    let beside = place.parent().and_then(|parent| fs::read_dir(parent).ok());
    beside
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with("v4l-subdev")))
}

/// Whether it is below `/sys/devices/virtual`, where no hardware is.
fn is_software(place: &Path) -> bool {
    let mut parts = place.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
    parts.next() == Some("video4linux") && parts.next() == Some("virtual")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::sync::Mutex;

    /// A system's folders, with nodes that are added one by one.
    struct Folders {
        root: tempfile::TempDir,
    }

    impl Folders {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            for folder in ["dev", "class"] {
                fs::create_dir(root.path().join(folder)).unwrap();
            }
            Self { root }
        }

        /// Adds `video0` or `v4l-subdev0` of the device whose folder is `parent`.
        fn add(&self, node: &str, parent: &str, name: &str) -> PathBuf {
            let place =
                self.root.path().join("devices").join(parent).join("video4linux").join(node);
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join("name"), format!("{name}\n")).unwrap();
            symlink("../..", place.join("device")).unwrap();
            symlink(&place, self.root.path().join("class").join(node)).unwrap();
            fs::write(self.root.path().join("dev").join(node), "").unwrap();
            place
        }

        fn driver(&self, parent: &str, driver: &str) {
            let drivers = self.root.path().join("drivers").join(driver);
            fs::create_dir_all(&drivers).unwrap();
            symlink(drivers, self.root.path().join("devices").join(parent).join("driver")).unwrap();
        }

        fn nodes(&self, ask: fn(&Path) -> Result<Answer, CameraError>) -> Nodes {
            Nodes {
                devices: self.root.path().join("dev"),
                about: self.root.path().join("class"),
                patience: Duration::from_secs(20),
                ..Nodes::new(ask)
            }
        }
    }

    fn captures(_: &Path) -> Result<Answer, CameraError> {
        Ok(Answer { driver: "uvcvideo".to_owned(), captures: true, grey: false })
    }

    fn kinds(nodes: &Nodes) -> Vec<(usize, CameraKind)> {
        nodes.cameras().into_iter().map(|camera| (camera.index, camera.kind)).collect()
    }

    #[test]
    fn nodes_are_told_by_their_names() {
        assert_eq!(number("video12"), Some(12));
        for name in ["video", "videodev", "video1a", "vbi0", "video99999999999999999999999"] {
            assert_eq!(number(name), None, "{name}");
        }
    }

    #[test]
    fn a_node_beside_sub_devices_gives_raw_pictures_whatever_its_driver() {
        let folders = Folders::new();
        let (sensor, webcam) =
            ("pci0000:00/0000:00:05.0/somebody.isp.40", "pci0000:00/usb1/1-8/1-8:1.0");
        folders.add("video0", sensor, "Capture 0");
        folders.add("video1", sensor, "Capture 1");
        folders.add("v4l-subdev0", sensor, "CSI-2 receiver");
        folders.add("video2", webcam, "Webcam");
        // A sub-device of another device says nothing of this one.
        folders.add("v4l-subdev1", "pci0000:00/i2c-5/5-0036", "ov8856");
        folders.add("video3", "pci0000:00/i2c-5", "Tuner");
        use CameraKind::{Raw, Real};
        assert_eq!(kinds(&folders.nodes(captures)), [(0, Raw), (1, Raw), (2, Real), (3, Real)]);
    }

    #[test]
    fn a_node_of_a_driver_for_sensors_gives_raw_pictures() {
        for driver in [
            "intel_ipu6_isys.isys",
            "intel-ipu7-isys",
            "ipu3-cio2",
            "vimc",
            "rkisp1",
            "qcom-camss",
            "imx7-csi",
            "unicam",
        ] {
            let folders = Folders::new();
            folders.add("video0", "platform/isp.0", "Capture 0");
            folders.driver("platform/isp.0", driver);
            assert_eq!(kinds(&folders.nodes(captures)), [(0, CameraKind::Raw)], "{driver}");
        }
        // Where sysfs names no driver, the driver does.
        let folders = Folders::new();
        folders.add("video0", "platform/isp.0", "Capture 0");
        let isys =
            |_: &Path| Ok(Answer { driver: "ipu6-isys".to_owned(), captures: true, grey: false });
        assert_eq!(kinds(&folders.nodes(isys)), [(0, CameraKind::Raw)]);
        for driver in ["uvcvideo", "v4l2 loopback", "bm2835 mmal", "em28xx", "vivid"] {
            assert!(!is_raw_driver(driver), "{driver}");
        }
    }

    #[test]
    fn no_driver_of_a_raw_node_is_asked() {
        static ASKED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
        let folders = Folders::new();
        folders.add("video0", "platform/isp.0", "Capture 0");
        folders.driver("platform/isp.0", "rkisp1");
        folders.add("video1", "pci0/usb2/2-1", "Webcam");
        folders
            .nodes(|path| {
                ASKED.lock().unwrap().push(path.to_owned());
                captures(path)
            })
            .cameras();
        assert_eq!(*ASKED.lock().unwrap(), [folders.root.path().join("dev/video1")]);
    }

    #[test]
    fn a_fed_loopback_is_a_relay_and_another_is_virtual() {
        let folders = Folders::new();
        let add = |node: &str, name: &str, state: &str| {
            let place = folders.add(node, "virtual", name);
            let file = if state.is_empty() || state.contains(':') { "format" } else { "state" };
            fs::write(place.join(file), format!("{state}\n")).unwrap();
        };
        add("video0", "Intel MIPI Camera", "capture");
        add("video1", "Dummy video device (0x0001)", "output");
        add("video2", "Phone", "capture");
        add("video3", "OBS Virtual Camera", "capture");
        folders.add("video4", "virtual", "Some software");
        // Older versions.
        add("video5", "Phone", "YUYV:640x480@30");
        add("video6", "Dummy video device (0x0006)", "");
        use CameraKind::{Relay, Virtual};
        let found = kinds(&folders.nodes(captures));
        let expected = [Relay, Virtual, Relay, Virtual, Virtual, Relay, Virtual];
        assert_eq!(found, expected.into_iter().enumerate().collect::<Vec<_>>());
    }

    #[test]
    fn a_node_that_says_nothing_is_listed_if_it_is_the_first_of_its_device() {
        let folders = Folders::new();
        for (node, index) in [("video0", "0"), ("video1", "1")] {
            let place = folders.add(node, "pci0/usb1/1-1", "Webcam");
            fs::write(place.join("index"), index).unwrap();
        }
        for error in [CameraError::Denied, CameraError::Busy] {
            let ask: fn(&Path) -> _ = match error {
                CameraError::Denied => |_| Err(CameraError::Denied),
                _ => |_| Err(CameraError::Busy),
            };
            assert_eq!(kinds(&folders.nodes(ask)), [(0, CameraKind::Real)]);
        }
        assert!(kinds(&folders.nodes(|_| Err(CameraError::Unplugged))).is_empty());
        assert!(kinds(&folders.nodes(|_| Ok(Answer::default()))).is_empty());
        let grey = |_: &Path| Ok(Answer { captures: true, grey: true, ..Answer::default() });
        assert!(kinds(&folders.nodes(grey)).iter().all(|(_, kind)| *kind == CameraKind::Infrared));
    }

    #[test]
    fn a_driver_that_hangs_hides_no_other_camera() {
        static HANG: Mutex<()> = Mutex::new(());
        let held = HANG.lock().unwrap();
        let folders = Folders::new();
        folders.add("video0", "pci0/usb1/1-1", "Hanging");
        folders.add("video1", "pci0/usb1/1-2", "Webcam");
        let ask = |path: &Path| {
            if path.ends_with("video0") {
                drop(HANG.lock());
                return Ok(Answer::default());
            }
            captures(path)
        };
        // Time for the other to answer on a machine that is busy.
        let nodes = Nodes { patience: Duration::from_secs(3), ..folders.nodes(ask) };
        use CameraKind::Real;
        assert_eq!(kinds(&nodes), [(0, Real), (1, Real)]);
        // It is not waited for again.
        let began = Instant::now();
        assert_eq!(kinds(&nodes), [(0, Real), (1, Real)]);
        assert!(began.elapsed() < Duration::from_secs(3));
        drop(held);
    }

    #[test]
    fn only_what_is_in_a_usb_socket_can_be_plugged_in_again() {
        let folders = Folders::new();
        folders.add("video0", "pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0", "Webcam");
        folders.add("video1", "pci0000:00/0000:00:14.0/usb1/1-8/1-8:1.0", "Built in");
        let port = folders.root.path().join("devices/pci0000:00/0000:00:14.0/usb1/1-8");
        fs::write(port.join("removable"), "fixed\n").unwrap();
        // What is in a socket of a hub that is soldered in.
        fs::write(port.join("../removable"), "fixed\n").unwrap();
        fs::write(port.join("../1-3/removable"), "removable\n").unwrap();
        folders.add("video2", "pci0000:00/0000:00:05.0", "Sensor");
        folders.add("video3", "virtual", "Loopback");
        let nodes = folders.nodes(captures);
        let pluggable: Vec<_> = (0..5).filter(|index| nodes.is_pluggable(*index)).collect();
        // The last is gone, so it was plugged in.
        assert_eq!(pluggable, [0, 4]);
    }
}
