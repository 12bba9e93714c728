//! The conversation with the portal: org.freedesktop.portal.Request.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::ErrorKind;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, Proxy, connection::Builder};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Error, Message};

use super::taking;
use crate::ScreenError;
use crate::screen_access::ScreenOptions;

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SCREENSHOT: &str = "org.freedesktop.portal.Screenshot";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const REQUEST: &str = "org.freedesktop.portal.Request";
/// By it a program outside a sandbox says which app it is (in portals since 1.19).
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";

/// How long a program that finds the desktop's services waits for them.
const SERVICE_LIMIT: Duration = Duration::from_secs(10);
/// How often it is looked whether the program ends.
const POLL: Duration = Duration::from_millis(50);
/// An answer may be on its way while its request is closed.
const LATE: Duration = Duration::from_millis(300);

/// Why there is no picture.
pub(super) enum Refusal {
    /// The portal could not take one. It might if it may ask.
    Failed,
    Final(ScreenError),
}

impl From<Refusal> for ScreenError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Failed => Self::PortalFailed,
            Refusal::Final(error) => error,
        }
    }
}

/// The version of the Screenshot portal of this desktop. Takes no picture.
///
/// # Errors
/// [`ScreenError::NotSupported`] without one, `NoAnswer` where it does not answer.
pub fn portal_version(options: &ScreenOptions) -> Result<u32, ScreenError> {
    let version = || -> zbus::Result<u32> {
        let bus = connect(options, SERVICE_LIMIT)?;
        let get = &(SCREENSHOT, "version");
        let answer = bus.call_method(Some(PORTAL), PATH, Some(PROPERTIES), "Get", get)?;
        Ok(answer.body().deserialize::<OwnedValue>()?.try_into()?)
    };
    version().map_err(|error| match error {
        error if is_silence(&error) => ScreenError::NoAnswer,
        _ => ScreenError::NotSupported,
    })
}

/// Whether nobody answered in time.
fn is_silence(error: &Error) -> bool {
    match error {
        Error::InputOutput(error) => error.kind() == ErrorKind::TimedOut,
        Error::MethodError(name, ..) => name.ends_with(".NoReply"),
        _ => false,
    }
}

fn connect(options: &ScreenOptions, limit: Duration) -> zbus::Result<Connection> {
    let builder = match &options.bus {
        Some(address) => Builder::address(address.as_str())?,
        None => Builder::session()?,
    };
    builder.method_timeout(limit.min(options.limit)).build()
}

/// Asks for a picture. Gives the address of its file.
pub(super) fn ask(options: &ScreenOptions, interactive: bool) -> Result<String, Refusal> {
    let lost = |_| Refusal::Final(ScreenError::NotSupported);
    let bus = connect(options, options.limit).map_err(lost)?;
    let answer = ask_on(&bus, options, interactive);
    // Ends the thread that listens, and every question that is still asked.
    let _ = bus.close();
    answer
}

fn ask_on(bus: &Connection, options: &ScreenOptions, interactive: bool) -> Result<String, Refusal> {
    let failed = |error: Error| match error {
        error if is_silence(&error) => Refusal::Final(ScreenError::NoAnswer),
        _ => Refusal::Failed,
    };
    if let Some(app) = &options.app_id
        && let Ok(registry) = Proxy::new(bus, PORTAL, PATH, REGISTRY)
    {
        // Where there is no such thing, or no desktop entry of this app, the desktop asks
        // for all programs together.
        let none = HashMap::<&str, Value<'_>>::new();
        let _ = registry.call::<_, _, ()>("Register", &(app.as_str(), none));
    }
    // The path of the request is known before it is made, so that no answer is missed.
    let token = format!("keyglance{:08x}", random());
    let name = bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_"));
    let path = format!("{PATH}/request/{}/{token}", name.unwrap_or_default());
    let request = Proxy::new(bus, PORTAL, path, REQUEST).map_err(failed)?;
    let mut signals = request.receive_signal("Response").map_err(failed)?;
    let (sender, responses) = channel();
    let listen = move || {
        if let Some(response) = signals.next() {
            let _ = sender.send(response);
        }
    };
    let builder = thread::Builder::new().name("portal".to_owned());
    builder.spawn(listen).map_err(|_| Refusal::Failed)?;

    let portal = Proxy::new(bus, PORTAL, PATH, SCREENSHOT).map_err(failed)?;
    let asked = HashMap::from([
        ("interactive", Value::from(interactive)),
        ("handle_token", Value::from(token)),
    ]);
    portal.call::<_, _, OwnedObjectPath>("Screenshot", &("", asked)).map_err(failed)?;
    match wait(&responses, options.limit, interactive) {
        Some(response) => read(&response),
        None => {
            // What is asked on the screen goes.
            let _ = request.call::<_, _, ()>("Close", &());
            match responses.recv_timeout(LATE) {
                Ok(response) => read(&response),
                Err(_) => Err(Refusal::Final(ScreenError::NoAnswer)),
            }
        }
    }
}

/// `None` if there is no answer in time, or if the program ends while somebody is asked.
fn wait(responses: &Receiver<Message>, limit: Duration, asks: bool) -> Option<Message> {
    let end = Instant::now() + limit;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match responses.recv_timeout(left.min(POLL)) {
            Ok(response) => return Some(response),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if left.is_zero() => return None,
            Err(RecvTimeoutError::Timeout) if asks && taking::is_ending() => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn read(response: &Message) -> Result<String, Refusal> {
    let body = response.body();
    let (code, mut results) =
        body.deserialize::<(u32, HashMap<String, OwnedValue>)>().map_err(|_| Refusal::Failed)?;
    match code {
        0 => {
            let uri = results.remove("uri").and_then(|uri| String::try_from(uri).ok());
            uri.ok_or(Refusal::Failed)
        }
        1 => Err(Refusal::Final(ScreenError::Refused)),
        _ => Err(Refusal::Failed),
    }
}

/// Nobody else guesses it. std's hasher is seeded by the system.
fn random() -> u32 {
    RandomState::new().build_hasher().finish() as u32
}
