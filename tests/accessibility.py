"""Prints what a screen reader sees of Keyglance: role and name, a line each.

Waits until a node is called as the argument says. Needs a session bus and the
packages python3-gi, gir1.2-atspi-2.0 and at-spi2-core.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402


def nodes(node):
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from nodes(child)


def tree():
    try:
        return [(n.get_role_name(), n.get_name() or "") for n in nodes(Atspi.get_desktop(0))]
    except GLib.Error:  # It changed while it was read.
        return []


if sys.argv[1] == "--enable":
    # What a screen reader says when it starts.
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        bus.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set",
            value, None, Gio.DBusCallFlags.NONE, -1,
        )
    sys.exit()

end = time.monotonic() + 40
while time.monotonic() < end:
    seen = tree()
    if any(name == sys.argv[1] for _, name in seen):
        for role, name in seen:
            print(f"{role}\t{name}")
        sys.exit()
    time.sleep(0.2)
sys.exit(f"nothing is called {sys.argv[1]!r}")
