"""The real program on a real Wayland compositor, which draws into memory: sway.

    python3 tests/wayland/run.py FOLDER KEYGLANCE

Opens windows natively and through XWayland, at the scales 1, 1.5 and 2, types and pastes into
them, reads the clipboard, and lets the desktop's own portal take pictures of the screen. What
is pressed is found by its name, as a screen reader finds it (tests/accessibility.py). Pictures
of what was to be seen are in FOLDER. What needs a program that is absent is skipped, by name.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

APP = "org.keyglance.Keyglance"
WIFI = "WIFI:T:WPA;S:Guests;P:correct horse;;"
# Where the portal of wlroots leaves its pictures.
LEFT = pathlib.Path("/tmp/out.png")
LIMIT = 60
NOBODY = 65534
HERE = pathlib.Path(__file__).resolve().parent


def needs(*programs):
    """Whether they are there; says so where one is not."""
    absent = [program for program in programs if not shutil.which(program)]
    for program in absent:
        print(f"skipped: {program} not found")
    return not absent


def until(what, look):
    """Gives what `look` finds, once it does."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


class Desktop:
    """A compositor, a message bus, and a screen reader on it."""

    def __init__(self, folder, program):
        self.out, self.program = folder, program
        self.running = []
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="keyglance-wayland-"))
        self.place.chmod(0o700)
        config = self.place / "sway"
        config.write_text(
            "output HEADLESS-1 mode 1280x800 scale 1\n"
            "default_border none\nfocus_follows_mouse no\nseat * hide_cursor 1\n"
            "xwayland force\n"
        )
        keep = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_DATA_DIRS")
        self.env = {name: os.environ[name] for name in keep if name in os.environ} | {
            "HOME": str(self.place),
            "XDG_RUNTIME_DIR": str(self.place),
            "XDG_CURRENT_DESKTOP": "sway",
            "WLR_BACKENDS": "headless",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        self.start(["sway", "--config", str(config)], "sway.log")
        socket = until("sway", lambda: next(self.place.glob("sway-ipc.*"), None))
        self.env["SWAYSOCK"] = str(socket)
        self.env["WAYLAND_DISPLAY"] = until("a display", self.wayland).name
        # What sway starts knows the display of its X server.
        told = self.place / "display"
        self.sway("exec", f"echo $DISPLAY > {told}")
        self.x11 = until("XWayland", lambda: told.exists() and told.read_text().strip())
        # The portal of wlroots does not start without it.
        if shutil.which("pipewire"):
            self.start(["pipewire"], "pipewire.log")
            until("PipeWire", (self.place / "pipewire-0").exists)
        bus = self.start(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"], "bus.log", out=True
        )
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self.reader = None
        # Where no keyboard is there, no window has it.
        self.start(["wtype", "-s", "3600000"])

    def wayland(self):
        sockets = [path for path in self.place.glob("wayland-*") if path.suffix != ".lock"]
        return sockets[0] if sockets else None

    def start(self, command, log=None, out=False, **env):
        running = subprocess.Popen(
            command, env=self.env | env, text=True, cwd=self.place,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE if out else subprocess.DEVNULL,
            stderr=open(self.out / log, "a") if log else subprocess.DEVNULL,
        )
        self.running.append(running)
        return running

    def screen_reader(self):
        # It ends where it does not find what it is asked for.
        if not self.reader or self.reader.poll() is not None:
            script = str(HERE.parent / "accessibility.py")
            self.reader = self.start(["/usr/bin/python3", script], "reader.log", out=True)
        return self.reader

    def run(self, *command, ok=0, **env):
        done = subprocess.run(
            command, env=self.env | env, text=True, cwd=self.place, timeout=LIMIT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        assert ok is None or done.returncode == ok, f"{command}: {done}"
        return done

    def sway(self, *words):
        return self.run("swaymsg", *words).stdout

    def nodes(self, node=None):
        """Every container of the compositor."""
        node = node or json.loads(self.sway("-t", "get_tree"))
        yield node
        for child in node["nodes"] + node["floating_nodes"]:
            yield from self.nodes(child)

    def picture(self, name):
        time.sleep(1)  # What moves has arrived.
        self.run("grim", str(self.out / f"{name}.png"))

    def clipboard(self):
        return self.run("wl-paste", "--no-newline", ok=None).stdout

    def end(self):
        for running in reversed(self.running):
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
        shutil.rmtree(self.place, ignore_errors=True)


class Window:
    """A window of the program, with a profile of its own."""

    def __init__(self, desktop, name, *args, **env):
        self.desktop, self.name = desktop, name
        command = [desktop.program, "--profile", str(desktop.place / name), "window", *args]
        self.process = desktop.start(command, f"{name}.log", **env)
        self.node = until(f"the window of {name}", self.find)

    def find(self):
        assert self.process.poll() is None, f"{self.name} has ended: {self.process.returncode}"
        ours = [node for node in self.desktop.nodes() if node.get("pid") == self.process.pid]
        return ours[0] if ours else None

    def ask(self, what, name=None):
        """A request to the screen reader, and its answer: the nodes of this window."""
        reader = self.desktop.screen_reader()
        words = [what, str(self.process.pid)] + ([name] if name else [])
        reader.stdin.write("\t".join(words) + "\n")
        reader.stdin.flush()
        lines = []
        while line := reader.stdout.readline():
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n").split("\t"))
        raise AssertionError(f"{self.name}: no answer to {words}, see reader.log")

    def shows(self, name):
        return self.ask("shows", name)

    def press(self, name):
        self.ask("press", name)

    def says(self, text):
        return until(text, lambda: any(text in node[1] for node in self.ask("tells")))

    def focus(self):
        self.desktop.sway(f"[con_id={self.node['id']}]", "focus")
        time.sleep(0.3)

    def types(self, *keys):
        self.focus()
        # A client binds the keyboard when there is one: wtype brings its own, and waits.
        self.desktop.run("wtype", "-s", "500", *keys)

    def reach(self, name):
        """Goes there by Tab."""

        def reached():
            if any(node[1] == name and "focused" in node[3] for node in self.ask("tells")):
                return True
            self.types("-k", "Tab")

        until(name, reached)

    def close(self):
        self.desktop.sway(f"[con_id={self.node['id']}]", "kill")
        return self.process.wait(LIMIT)


def first_start(desktop, name):
    window = Window(desktop, name)
    window.shows("Begin")
    return window


def named(desktop, name, *args):
    """A window of a device that has a name."""
    profile = str(desktop.place / name)
    desktop.run(desktop.program, "--profile", profile, "device", "name", name)
    window = Window(desktop, name, *args)
    window.shows("Pair a device")
    return window


def opens_natively_at_every_scale(desktop):
    window = first_start(desktop, "scales")
    assert window.node["app_id"] == APP, window.node
    assert window.node["shell"] == "xdg_shell", window.node
    for scale in ("1", "1.5", "2"):
        desktop.sway("output", "HEADLESS-1", "scale", scale)
        width = round(1280 / float(scale))
        until(f"scale {scale}", lambda: window.find()["rect"]["width"] in (width, width + 1))
        desktop.picture(f"first-start-at-{scale}")
    desktop.sway("output", "HEADLESS-1", "scale", "1")
    assert window.close() == 0


def is_used_by_keyboard_alone(desktop):
    window = first_start(desktop, "keyboard")
    window.types("-M", "ctrl", "a", "-m", "ctrl", "Ana on Wayland", "-k", "Return")
    window.shows("Pair a device")
    window.types("-k", "F1")
    window.shows("Help")
    window.types("-k", "Escape")
    window.types("-M", "ctrl", "n", "-m", "ctrl")
    window.shows("Our code")
    desktop.picture("pairing")
    assert window.close() == 0
    profile = str(desktop.place / "keyboard")
    told = desktop.run(desktop.program, "--profile", profile, "device", "--json").stdout
    assert json.loads(told)["name"] == "Ana on Wayland", told


def copies_and_pastes(desktop):
    if not needs("wl-copy", "wl-paste"):
        return
    window = named(desktop, "clipboard")
    copy = desktop.start(["wl-copy", "--foreground", WIFI])
    until("the clipboard", lambda: desktop.clipboard() == WIFI)
    window.types("-M", "ctrl", "v", "-m", "ctrl")
    window.says("Wi-Fi")
    desktop.picture("pasted")
    window.press("Show the password")
    window.reach("Copy the password")
    window.types("-k", "space", "-s", "1000")
    until("the secret", lambda: desktop.clipboard() == "correct horse")
    copy.wait(LIMIT)
    # It leaves by itself, while another window has the keyboard.
    other = named(desktop, "another")
    other.focus()
    until("an empty clipboard", lambda: desktop.clipboard() == "")
    assert other.close() == 0
    window.types("-k", "space", "-s", "1000")
    until("the secret", lambda: desktop.clipboard() == "correct horse")
    assert window.close() == 0
    assert desktop.clipboard() == "", "nor does it outlive the window"


def opens_by_xwayland_where_wayland_is_not_there(desktop):
    window = Window(desktop, "xwayland", WAYLAND_DISPLAY="wayland-nowhere", DISPLAY=desktop.x11)
    assert window.node["shell"] == "xwayland", window.node
    window.shows("Begin")
    desktop.picture("xwayland")
    assert window.close() == 0


def reads_codes_on_the_screen(desktop):
    if not has_portal(desktop):
        return
    other, window = named(desktop, "Bo"), named(desktop, "Ana")
    other.press("Pair a device")
    # What helps without a camera opens by itself, over the code.
    other.press("Close")
    other.shows("Our code")
    window.press("What is this code?")
    window.press("This screen")
    window.says("Takes one picture of your whole screen")
    desktop.picture("before-the-first-picture")
    window.press("Take it")
    window.says("Keyglance:")
    desktop.picture("read-from-the-screen")
    assert not LEFT.exists(), LEFT
    # Through XWayland the root is black, and the portal is asked as well.
    for ways in ({}, {"DISPLAY": desktop.x11}):
        seen = desktop.run(desktop.program, "scan", "--screen", **ways)
        assert seen.stdout.startswith("KG"), seen
        assert "deletes it" in seen.stderr, seen
        assert not LEFT.exists(), LEFT
    told = desktop.run(desktop.program, "inspect", "--screen", "--json").stdout
    assert json.loads(told.splitlines()[0])["kind"], told
    assert not LEFT.exists(), LEFT
    for each in (window, other):
        assert each.close() == 0


def pairs_by_pictures_of_the_screen(desktop):
    if not has_portal(desktop):
        return
    windows = [named(desktop, "Cleo"), named(desktop, "Dan")]
    for window in windows:
        window.press("Pair a device")
        # There is no camera, so what helps is open.
        window.press("This screen")
        window.press("Take it")
        window.shows("Look at this screen again")

    def paired():
        for window in windows:
            names = {node[1] for node in window.ask("tells")}
            if "Look at this screen again" in names:
                window.press("Look at this screen again")
        time.sleep(2)
        return all("Compare the check code" in {n[1] for n in w.ask("tells")} for w in windows)

    until("the same key on both", paired)
    desktop.picture("paired-by-the-screen")
    assert not LEFT.exists(), LEFT
    for window in windows:
        assert window.close() == 0


def has_portal(desktop):
    services = [pathlib.Path("/usr/libexec", name) for name in
                ("xdg-desktop-portal", "xdg-desktop-portal-wlr")]
    for service in services:
        if not service.exists():
            print(f"skipped: {service.name} not found")
    if LEFT.exists():
        print(f"skipped: {LEFT} is there already")
    return all(service.exists() for service in services) and not LEFT.exists()


def main(folder, program):
    if not needs("sway", "swaymsg", "grim", "wtype", "Xwayland", "dbus-daemon"):
        return 0
    folder = pathlib.Path(folder).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        # sway does not start as root.
        os.chown(folder, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    only = os.environ.get("ONLY", "")
    desktop = Desktop(folder, str(pathlib.Path(program).resolve()))
    failed = 0
    try:
        for test in (
            opens_natively_at_every_scale,
            is_used_by_keyboard_alone,
            copies_and_pastes,
            opens_by_xwayland_where_wayland_is_not_there,
            reads_codes_on_the_screen,
            pairs_by_pictures_of_the_screen,
        ):
            name = test.__name__.replace("_", " ")
            if only not in name:
                continue
            began = time.monotonic()
            try:
                test(desktop)
                print(f"ok: {name} ({time.monotonic() - began:.0f} s)", flush=True)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED: {name}: {error}", flush=True)
                desktop.run("grim", str(folder / f"failed-{failed}.png"), ok=None)
                for node in list(desktop.nodes()):
                    if node.get("pid"):
                        desktop.sway(f"[con_id={node['id']}]", "kill")
    finally:
        desktop.end()
    print(f"Look at the pictures in {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
