//! The desktop's Camera portal (org.freedesktop.portal.Camera): asks the user, and gives
//! a connection to PipeWire that sees cameras only.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{self, OwnedObjectPath, OwnedValue, Value};

use crate::failure::Failure;

const DESKTOP: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const CAMERA: &str = "org.freedesktop.portal.Camera";
const REQUEST: &str = "org.freedesktop.portal.Request";
/// Lets the desktop know which program a process is that runs in no sandbox.
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";
const APP_ID: &str = include_str!("../../../dist/app-id");

/// How long the user may think about it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a portal's request came to.
const GRANTED: u32 = 0;

type Options<'a> = HashMap<&'a str, Value<'a>>;
type Response = (u32, HashMap<String, OwnedValue>);

/// Whether there is a camera. Nobody is asked.
pub(crate) fn is_camera_present() -> Result<bool, Failure> {
    let bus = Connection::session()?;
    Ok(Proxy::new(&bus, DESKTOP, PATH, CAMERA)?.get_property("IsCameraPresent")?)
}

/// A connection to PipeWire, once the user allows it.
pub(crate) fn open_camera() -> Result<OwnedFd, Failure> {
    let bus = Connection::session()?;
    if !Path::new("/.flatpak-info").exists() {
        // Older desktops do not have it.
        let registry = Proxy::new(&bus, DESKTOP, PATH, REGISTRY)?;
        let _: zbus::Result<()> = registry.call("Register", &(APP_ID.trim(), Options::new()));
    }
    let camera = Proxy::new(&bus, DESKTOP, PATH, CAMERA)?;
    if !camera.get_property::<bool>("IsCameraPresent")? {
        return Err(Failure::NoCamera);
    }
    ask(&bus, &camera)?;
    let remote: zvariant::OwnedFd = camera.call("OpenPipeWireRemote", &(Options::new(),))?;
    Ok(remote.into())
}

/// Asks the user, if the desktop does not know the answer.
fn ask(bus: &Connection, camera: &Proxy<'_>) -> Result<(), Failure> {
    let name = bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_"));
    let token = format!("keyglance{}", process::id());
    let expected = format!("{PATH}/request/{}/{token}", name.unwrap_or_default());
    // Listened to before it is asked, or the answer may be missed.
    let answers = listen(bus, &expected)?;
    let options = Options::from([("handle_token", Value::from(token.as_str()))]);
    let request: OwnedObjectPath = camera.call("AccessCamera", &(options,))?;
    let answers = match request.as_str() == expected {
        true => answers,
        // Portals before 0.9 choose the name.
        false => listen(bus, request.as_str())?,
    };
    match answers.recv_timeout(PATIENCE) {
        Ok(GRANTED) => Ok(()),
        Ok(_) => Err(Failure::Denied),
        Err(_) => {
            let request = Proxy::new(bus, DESKTOP, request.as_str(), REQUEST)?;
            let _: zbus::Result<()> = request.call("Close", &());
            Err(Failure::Denied)
        }
    }
}

/// The first answer of a request.
fn listen(bus: &Connection, request: &str) -> Result<std::sync::mpsc::Receiver<u32>, Failure> {
    let request = Proxy::new_owned(bus.clone(), DESKTOP, request.to_owned(), REQUEST)?;
    let mut responses = request.receive_signal("Response")?;
    let (sender, answers) = sync_channel(1);
    thread::spawn(move || {
        let response = responses.next();
        let answer = response.and_then(|message| message.body().deserialize::<Response>().ok());
        let _ = sender.send(answer.map_or(u32::MAX, |(answer, _)| answer));
    });
    Ok(answers)
}

impl From<zbus::Error> for Failure {
    fn from(error: zbus::Error) -> Self {
        Self::Portal(error.to_string())
    }
}
