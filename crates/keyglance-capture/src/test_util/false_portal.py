"""A Screenshot portal that does as it is told, on the session bus of its environment.

Its arguments are what it does at one call after another; the last one goes on:
  give SOURCE PATH   writes a copy of SOURCE to PATH and names that
  slow SOURCE PATH   the same after a second and a half
  name URI           names what is there already, or is not
  answer CODE        1: the user said no, 2: something else
  error              fails at once
  silent             never answers
It prints "ready", then each call, and each request that is closed.
"""
import os
import sys
import urllib.parse
from gi.repository import Gio, GLib

XML = """<node><interface name='org.freedesktop.portal.Screenshot'>
<property name='version' type='u' access='read'/>
<method name='Screenshot'><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>
<arg type='o' direction='out'/></method></interface>
<interface name='org.freedesktop.portal.Request'><method name='Close'/></interface></node>"""
PORTAL = '/org/freedesktop/portal/desktop'
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
screenshot, request = Gio.DBusNodeInfo.new_for_xml(XML).interfaces
steps = [step.split(' ') for step in sys.argv[1:]]


def say(*words):
    print(*words, flush=True)


def respond(path, code, uri=None):
    results = {'uri': GLib.Variant('s', uri)} if uri else {}
    body = GLib.Variant('(ua{sv})', (code, results))
    bus.emit_signal(None, path, 'org.freedesktop.portal.Request', 'Response', body)


def give(path, source, target):
    with open(source, 'rb') as file:
        picture = file.read()
    with open(target, 'wb') as file:
        file.write(picture)
    respond(path, 0, 'file://' + urllib.parse.quote(target))


def call(bus, sender, path, interface, method, parameters, invocation):
    if method == 'Close':
        say('closed')
        return invocation.return_value(None)
    # The true one looks up who asks, and gives nothing to whom it cannot look up.
    pid = bus.call_sync(
        'org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
        GLib.Variant('(s)', (sender,)), None, 0, -1, None).unpack()[0]
    os.readlink(f'/proc/{pid}/root')
    options = parameters.unpack()[1]
    say('interactive' if options['interactive'] else 'quiet')
    step = steps.pop(0) if len(steps) > 1 else steps[0]
    if step[0] == 'error':
        return invocation.return_dbus_error('org.freedesktop.portal.Error.Failed', 'told so')
    name = sender.lstrip(':').replace('.', '_')
    path = f"{PORTAL}/request/{name}/{options['handle_token']}"
    bus.register_object(path, request, call, None, None)
    # The answer before the reply: whoever listens only after it misses it.
    if step[0] == 'answer':
        respond(path, int(step[1]))
    elif step[0] == 'name':
        respond(path, 0, step[1])
    elif step[0] == 'give':
        give(path, step[1], step[2])
    elif step[0] == 'slow':
        GLib.timeout_add(1500, lambda: give(path, step[1], step[2]))
    invocation.return_value(GLib.Variant('(o)', (path,)))


bus.register_object(PORTAL, screenshot, call, lambda *_: GLib.Variant('u', 2), None)
Gio.bus_own_name_on_connection(
    bus, 'org.freedesktop.portal.Desktop', Gio.BusNameOwnerFlags.NONE,
    lambda *_: say('ready'), None)
GLib.MainLoop().run()
