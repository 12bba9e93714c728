"""A desktop's Camera portal that does what a file says: allows, denies, is silent, has none.

portal.py FILE; the session bus and the runtime folder are those of the environment.
"""

import os
import socket
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PATH = "/org/freedesktop/portal/desktop"
INTERFACE = """
<node>
  <interface name="org.freedesktop.portal.Camera">
    <method name="AccessCamera">
      <arg type="a{sv}" name="options" direction="in"/>
      <arg type="o" name="handle" direction="out"/>
    </method>
    <method name="OpenPipeWireRemote">
      <arg type="a{sv}" name="options" direction="in"/>
      <arg type="h" name="fd" direction="out"/>
    </method>
    <property name="IsCameraPresent" type="b" access="read"/>
    <property name="version" type="u" access="read"/>
  </interface>
</node>
"""
allowed = set()


def mode():
    with open(sys.argv[1], encoding="utf-8") as file:
        return file.read().strip()


def called(bus, sender, _path, _interface, method, parameters, invocation):
    options = parameters.unpack()[0]
    print(sender, method, options, flush=True)
    if method == "AccessCamera":
        name = sender.lstrip(":").replace(".", "_")
        request = f"{PATH}/request/{name}/{options['handle_token']}"
        invocation.return_value(GLib.Variant("(o)", (request,)))
        if mode() in ("allow", "deny"):
            answer = 0 if mode() == "allow" else 1
            if answer == 0:
                allowed.add(sender)
            response = GLib.Variant("(ua{sv})", (answer, {}))
            bus.emit_signal(sender, request, "org.freedesktop.portal.Request", "Response", response)
    elif sender in allowed:
        remote = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        remote.connect(os.path.join(os.environ["XDG_RUNTIME_DIR"], "pipewire-0"))
        files = Gio.UnixFDList.new_from_array([remote.detach()])
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), files)
    else:
        invocation.return_dbus_error("org.freedesktop.portal.Error.NotAllowed", "not allowed")


def read(_bus, _sender, _path, _interface, name):
    if name == "IsCameraPresent":
        return GLib.Variant("b", mode() != "none")
    return GLib.Variant("u", 1)


def acquired(bus, _name):
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object(PATH, interface, called, read, None)


Gio.bus_own_name(
    Gio.BusType.SESSION,
    "org.freedesktop.portal.Desktop",
    Gio.BusNameOwnerFlags.NONE,
    acquired,
    lambda *_: print("ready", flush=True),
    lambda *_: sys.exit("no name"),
)
GLib.MainLoop().run()
