//! Whether the system wishes for less motion, and when that changes.

#[cfg(target_os = "linux")]
pub use linux::watch;

/// Elsewhere nobody is asked.
#[cfg(not(target_os = "linux"))]
pub fn watch(_told: impl FnMut(bool)) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;

    use zbus::blocking::{Connection, Proxy};
    use zbus::zvariant::OwnedValue;

    /// By namespace and key, as the desktop's settings portal has them.
    type Settings = HashMap<String, HashMap<String, OwnedValue>>;

    /// What all desktops are to say, and what GNOME said before.
    const APPEARANCE: (&str, &str) = ("org.freedesktop.appearance", "reduced-motion");
    const GNOME: (&str, &str) = ("org.gnome.desktop.interface", "enable-animations");

    /// Tells that the system wishes for less motion, and whenever that changes. Returns where
    /// there is nobody to ask.
    pub fn watch(told: impl FnMut(bool)) {
        if let Err(error) = Connection::session().and_then(|bus| watch_on(&bus, told)) {
            tracing::debug!("whether motion is to be reduced is not known: {error}");
        }
    }

    fn watch_on(bus: &Connection, mut told: impl FnMut(bool)) -> zbus::Result<()> {
        // XDG Desktop Portal, org.freedesktop.portal.Settings. ReadAll is in every version.
        let portal = Proxy::new(
            bus,
            "org.freedesktop.portal.Desktop",
            "/org/freedesktop/portal/desktop",
            "org.freedesktop.portal.Settings",
        )?;
        let mut changes = portal.receive_signal("SettingChanged")?;
        let mut last = false;
        loop {
            let settings: Settings =
                portal.call("ReadAll", &([APPEARANCE.0, GNOME.0].as_slice(),))?;
            let wish = wishes_less(&settings);
            if last != wish {
                told(wish);
                last = wish;
            }
            if changes.next().is_none() {
                return Ok(());
            }
        }
    }

    /// Whether one of them says so. What is unknown is no wish.
    fn wishes_less(settings: &Settings) -> bool {
        let value = |(namespace, key): (&str, &str)| settings.get(namespace)?.get(key);
        let reduced = value(APPEARANCE).and_then(|value| u32::try_from(value).ok()) == Some(1);
        let animated = value(GNOME).and_then(|value| bool::try_from(value).ok());
        reduced || animated == Some(false)
    }

    #[cfg(test)]
    mod tests {
        use std::io::{BufRead as _, BufReader};
        use std::process::{Command, Stdio};

        use super::*;
        use keyglance_capture::test_util::{Bus, found};

        fn settings(appearance: Option<u32>, animated: Option<bool>) -> Settings {
            let mut settings = Settings::new();
            let mut add = |(namespace, key): (&str, &str), value: OwnedValue| {
                settings.entry(namespace.to_owned()).or_default().insert(key.to_owned(), value);
            };
            appearance.into_iter().for_each(|value| add(APPEARANCE, value.into()));
            animated.into_iter().for_each(|value| add(GNOME, value.into()));
            settings
        }

        #[test]
        fn less_motion_is_wished_for_where_a_desktop_says_so() {
            for (appearance, animated, wished) in [
                (None, None, false),
                (Some(0), None, false),
                (Some(1), None, true),
                // The specification: what is unknown is no preference.
                (Some(7), Some(true), false),
                (None, Some(false), true),
                (Some(0), Some(false), true),
                (Some(1), Some(true), true),
            ] {
                let settings = settings(appearance, animated);
                assert_eq!(wishes_less(&settings), wished, "{appearance:?} {animated:?}");
            }
            let mut odd = settings(None, None);
            let text = zbus::zvariant::Value::from("yes").try_to_owned().unwrap();
            odd.entry(APPEARANCE.0.to_owned()).or_default().insert(APPEARANCE.1.to_owned(), text);
            assert!(!wishes_less(&odd));
        }

        /// Says 1, then that something has changed, and then 0.
        const PORTAL: &str = r#"
from gi.repository import Gio, GLib
XML = """<node><interface name='org.freedesktop.portal.Settings'>
<method name='ReadAll'><arg type='as' direction='in'/>
<arg type='a{sa{sv}}' direction='out'/></method>
<signal name='SettingChanged'><arg type='s'/><arg type='s'/><arg type='v'/></signal>
</interface></node>"""
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
loop = GLib.MainLoop()
values = [0, 1]

def call(bus, sender, path, interface, method, parameters, invocation):
    value = GLib.Variant('u', values.pop() if values else 0)
    all = {'org.freedesktop.appearance': {'reduced-motion': value}}
    invocation.return_value(GLib.Variant('(a{sa{sv}})', (all,)))
    changed = GLib.Variant('(ssv)', ('org.freedesktop.appearance', 'contrast', value))
    if values:
        bus.emit_signal(None, path, interface, 'SettingChanged', changed)

interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
bus.register_object('/org/freedesktop/portal/desktop', interface, call, None, None)
Gio.bus_own_name_on_connection(
    bus, 'org.freedesktop.portal.Desktop', Gio.BusNameOwnerFlags.NONE,
    lambda *_: print('ready', flush=True), None)
loop.run()
"#;

        #[test]
        fn the_desktop_is_asked_and_listened_to() {
            let python = "/usr/bin/python3";
            let able =
                Command::new(python).args(["-c", "import gi"]).stderr(Stdio::null()).status();
            let able = able.is_ok_and(|status| status.success());
            if !able && !found("python3-gi") {
                return;
            }
            let Some(desktop) = Bus::start() else { return };
            let bus = zbus::blocking::connection::Builder::address(&*desktop.address).unwrap();
            let bus = bus.build().unwrap();
            // Nobody is there to ask.
            assert!(watch_on(&bus, |_| panic!("nothing is known")).is_err());
            let mut portal = Command::new(python)
                .args(["-c", PORTAL])
                .env("DBUS_SESSION_BUS_ADDRESS", &desktop.address)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut ready = String::new();
            BufReader::new(portal.stdout.take().unwrap()).read_line(&mut ready).unwrap();
            let (sender, told) = std::sync::mpsc::channel();
            std::thread::spawn(move || watch_on(&bus, |wish| sender.send(wish).unwrap()));
            let limit = std::time::Duration::from_secs(30);
            let wishes = [(); 2].map(|()| told.recv_timeout(limit));
            portal.kill().unwrap();
            portal.wait().unwrap();
            assert_eq!(wishes, [Ok(true), Ok(false)]);
        }
    }
}
