"""A screen reader for tests: tells what it is told of a window, and presses its buttons.

Reads a request a line, its parts parted by tabs, and answers with lines and an empty one:

    shows PID NAME   waits until something is called NAME, then tells the window: role,
                     name, text of a field and states of each node, from the top
    tells PID        tells the window as it is
    press PID NAME   presses what is called NAME, once it is there
    heard PID        what was announced by itself so far

Needs a session bus and the packages python3-gi, gir1.2-atspi-2.0 and at-spi2-core.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

LIMIT = 60
STATES = {
    "focused": Atspi.StateType.FOCUSED,
    "enabled": Atspi.StateType.ENABLED,
    "editable": Atspi.StateType.EDITABLE,
}
heard = []


def enable():
    """What a screen reader says when it starts."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        bus.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set",
            value, None, Gio.DBusCallFlags.NONE, -1,
        )


def listen():
    def announced(event):
        heard.append((event.source.get_process_id(), event.any_data))

    listener = Atspi.EventListener.new(announced)
    listener.register("object:announcement")
    return listener


def below(node):
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from below(child)


def nodes(pid):
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(i)
        if app is not None and app.get_process_id() == pid:
            yield from below(app)


def tell(node):
    states = node.get_state_set()
    own = [name for name, state in STATES.items() if states.contains(state)]
    name = (node.get_name() or "").replace("\n", " ")
    text = ""
    if "EditableText" in node.get_interfaces():
        text = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    return f"{node.get_role_name()}\t{name}\t{text}\t{' '.join(own)}"


def shows(pid, name):
    told = [tell(node) for node in nodes(pid)]
    return told if any(line.split("\t")[1] == name for line in told) else None


def tells(pid):
    return [tell(node) for node in nodes(pid)]


def press(pid, name):
    for node in nodes(pid):
        if node.get_name() == name and "Action" in node.get_interfaces():
            return [] if node.do_action(0) else None
    return None


def until(look):
    """Gives what `look` finds, once it does."""
    end = time.monotonic() + LIMIT
    context = GLib.MainContext.default()
    while time.monotonic() < end:
        while context.pending():
            context.iteration(False)
        try:
            found = look()
            if found is not None:
                return found
        except GLib.Error:  # It changed while it was read.
            pass
        time.sleep(0.1)
    return None


enable()
listener = listen()
for line in sys.stdin:
    what, pid, *name = line.rstrip("\n").split("\t")
    pid = int(pid)
    if what == "heard":
        until(lambda: [])
        answer = [text for of, text in heard if of == pid]
    else:
        requests = {"shows": shows, "tells": tells, "press": press}
        answer = until(lambda: requests[what](pid, *name))
        if answer is None:
            seen = until(lambda: tells(pid)) or []
            sys.exit(f"nothing is called {name}:\n" + "\n".join(seen))
    print("\n".join([*answer, ""]) if answer else "", flush=True)
