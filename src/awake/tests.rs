//! On a bus of their own, with services that write down what they are asked.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use zbus::blocking::connection::Builder;

use super::Awake;
use super::hold::{Held, hold_on};
use keyglance_capture::test_util::{Bus, found};

const PYTHON: &str = "/usr/bin/python3";

/// Each argument is a service: `portal`, `saver`, `login`, or `deaf`, a portal that never
/// answers.
const SERVICES: &str = r#"
import os, sys
from gi.repository import Gio, GLib
XML = """<node>
<interface name='org.freedesktop.portal.Inhibit'><method name='Inhibit'>
<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='a{sv}' direction='in'/>
<arg type='o' direction='out'/></method></interface>
<interface name='org.freedesktop.portal.Request'><method name='Close'/></interface>
<interface name='org.freedesktop.ScreenSaver'>
<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>
<arg type='u' direction='out'/></method>
<method name='UnInhibit'><arg type='u' direction='in'/></method></interface>
<interface name='org.freedesktop.login1.Manager'><method name='Inhibit'>
<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>
<arg type='s' direction='in'/><arg type='h' direction='out'/></method></interface>
</node>"""
interfaces = {i.name.split('.')[2] + i.name.split('.')[-1]: i
              for i in Gio.DBusNodeInfo.new_for_xml(XML).interfaces}
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
loop = GLib.MainLoop()
say = lambda *words: print(*words, flush=True)

def call(bus, sender, path, interface, method, parameters, invocation):
    name = interface.split('.')[-1]
    say(name, method, *parameters.unpack())
    if 'deaf' in sys.argv:
        return
    if name == 'Inhibit':
        invocation.return_value(GLib.Variant('(o)', ('/request/7',)))
    elif name == 'Manager':
        ours, theirs = os.pipe()
        files = Gio.UnixFDList.new()
        files.append(theirs)
        os.close(theirs)
        GLib.io_add_watch(ours, GLib.IO_HUP, lambda *_: say('Manager released'))
        invocation.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), files)
    elif method == 'Inhibit':
        invocation.return_value(GLib.Variant('(u)', (42,)))
    else:
        invocation.return_value(None)

def serve(name, *objects):
    for path, interface in objects:
        bus.register_object(path, interfaces[interface], call, None, None)
    bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                  'RequestName', GLib.Variant('(su)', (name, 0)), None, 0, -1, None)

if 'portal' in sys.argv or 'deaf' in sys.argv:
    serve('org.freedesktop.portal.Desktop',
          ('/org/freedesktop/portal/desktop', 'portalInhibit'), ('/request/7', 'portalRequest'))
if 'saver' in sys.argv:
    serve('org.freedesktop.ScreenSaver',
          ('/org/freedesktop/ScreenSaver', 'ScreenSaverScreenSaver'))
if 'login' in sys.argv:
    serve('org.freedesktop.login1', ('/org/freedesktop/login1', 'login1Manager'))
say('ready')
loop.run()
"#;

/// A bus with services on it, ended with the test.
struct Desktop {
    services: Child,
    bus: Bus,
    said: Receiver<String>,
}

impl Desktop {
    fn new(services: &[&str]) -> Option<Self> {
        let able = Command::new(PYTHON).args(["-c", "import gi"]).stderr(Stdio::null()).status();
        let able = able.is_ok_and(|status| status.success());
        if !able && !found("python3-gi") {
            return None;
        }
        let bus = Bus::start()?;
        let mut python = Command::new(PYTHON)
            .args(["-c", SERVICES])
            .args(services)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(python.stdout.take().unwrap()).lines();
        let (sender, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|l| drop(sender.send(l))));
        let desktop = Self { services: python, bus, said };
        assert_eq!(desktop.next(), "ready");
        Some(desktop)
    }

    fn next(&self) -> String {
        self.said.recv_timeout(Duration::from_secs(30)).expect("it is told")
    }

    fn hold(&self) -> impl FnOnce() -> Held + Send + use<> {
        let address = self.bus.address.clone();
        let bus = move || Builder::address(address.as_str());
        let other = bus.clone();
        move || hold_on(bus, other)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.services.kill();
        let _ = self.services.wait();
    }
}

const LOGIN: &str = "Manager Inhibit idle Keyglance Pairing with another device block";

#[test]
fn the_desktop_is_asked_and_told_of_the_end() {
    let Some(desktop) = Desktop::new(&["portal", "saver", "login"]) else { return };
    let awake = Awake::start_with(desktop.hold());
    assert_eq!(desktop.next(), "Inhibit Inhibit  12 {'reason': 'Pairing with another device'}");
    assert_eq!(desktop.next(), LOGIN);
    drop(awake);
    let mut told = [desktop.next(), desktop.next()];
    told.sort();
    assert_eq!(told, ["Manager released", "Request Close"]);
}

#[test]
fn where_there_is_no_portal_the_screen_saver_is_asked() {
    let Some(desktop) = Desktop::new(&["saver"]) else { return };
    let awake = Awake::start_with(desktop.hold());
    assert_eq!(desktop.next(), "ScreenSaver Inhibit Keyglance Pairing with another device");
    drop(awake);
    assert_eq!(desktop.next(), "ScreenSaver UnInhibit 42");
}

/// Nobody there, somebody who does not answer, and somebody who leaves: nobody waits, and
/// nothing is said.
#[test]
fn what_cannot_be_had_is_no_trouble() {
    let Some(nobody) = Desktop::new(&[]) else { return };
    let held = nobody.hold()();
    assert!(format!("{held:?}").contains("None"), "{held:?}");

    let Some(deaf) = Desktop::new(&["deaf"]) else { return };
    let began = Instant::now();
    let awake = Awake::start_with(deaf.hold());
    deaf.next();
    drop(awake);
    assert!(began.elapsed() < Duration::from_secs(3));

    let Some(leaving) = Desktop::new(&["saver"]) else { return };
    let held = leaving.hold()();
    drop(leaving);
    drop(held);
}
