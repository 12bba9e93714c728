//! Where no window can be opened: one right sentence and what to install, or another display.
//! Libraries are taken away by an empty file in their place, which only the program sees.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Home, Run, Running};
use crate::windows::Display;
use keyglance_capture::test_util::{XServer, found};

/// What no user is to read: types and places of whoever built the program.
const FOREIGN: [&str; 8] =
    ["::", ".rs", "/src/", "Error", "panicked", "glutin", "winit", "ConfigTemplate"];

/// `command` where these libraries cannot be opened; a name may end with `*`. None, with a
/// word, where nobody may take them away.
pub fn without(libraries: &[&str], command: &Command) -> Option<Command> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        println!("skipped: unshare -rm not found, or not allowed");
        return None;
    }
    let mut hidden = Command::new("unshare");
    let script = "set -e
        for name in $LIBRARIES; do
            for file in $(ldconfig -p | sed 's/.* => //' | grep \"/$name$\") $name; do
                [ ! -e \"$file\" ] || mount --bind /dev/null \"$(readlink -f \"$file\")\"
            done
        done
        exec \"$@\"";
    hidden.args(["-rm", "sh", "-c", script, "sh"]).arg(command.get_program());
    hidden.args(command.get_args()).env("LIBRARIES", libraries.join(" "));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => hidden.env(name, value),
            None => hidden.env_remove(name),
        };
    }
    hidden.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Some(hidden)
}

/// What is said where there is no window.
fn says(run: Run, sentence: &str, advice: &str) {
    let run = run.ended(1);
    // The drivers' own libraries write what they want.
    let ours: Vec<_> =
        run.err.lines().skip_while(|line| !line.starts_with("keyglance: ")).collect();
    assert_eq!(ours[0], format!("keyglance: {sentence}"), "{run:?}");
    assert!(ours[1].starts_with(advice), "{run:?}");
    for foreign in FOREIGN {
        assert!(!ours.join("\n").contains(foreign), "{foreign}: {run:?}");
    }
}

/// A compositor without a screen.
struct Compositor {
    process: Child,
    folder: tempfile::TempDir,
}

impl Compositor {
    fn start() -> Option<Self> {
        if !found("weston") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let args = ["--backend=headless-backend.so", "--socket=wayland-7", "--idle-time=0"];
        let process = Command::new("weston")
            .args(args)
            .env("XDG_RUNTIME_DIR", folder.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let compositor = Self { process, folder };
        let began = Instant::now();
        while UnixStream::connect(compositor.folder.path().join("wayland-7")).is_err() {
            if began.elapsed() > Duration::from_secs(30) {
                println!("skipped: weston does not start here");
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(compositor)
    }

    /// The program's window on it alone.
    fn command(&self, home: &Home) -> Command {
        let mut command = home.command(["window"]);
        command.env("XDG_RUNTIME_DIR", self.folder.path()).env("WAYLAND_DISPLAY", "wayland-7");
        command
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_display_that_does_not_answer_is_named() {
    let home = Home::new();
    let run = |variables: &[(&str, &str)]| {
        let mut command = home.command(["window"]);
        command.envs(variables.iter().copied());
        Running::start(&mut command).end()
    };
    let elsewhere = "Open the window from the desktop";
    says(run(&[("DISPLAY", ":4095")]), "The display :4095 does not answer.", elsewhere);
    let wayland = ("WAYLAND_DISPLAY", "wayland-4095");
    says(run(&[wayland]), "The display wayland-4095 does not answer.", elsewhere);
    says(run(&[wayland, ("DISPLAY", ":4095")]), "The display :4095 does not answer.", elsewhere);
    says(run(&[]), "There is no display to open a window on.", "In the terminal: keyglance pair");
}

#[test]
fn files_that_no_window_can_show_are_opened_in_the_terminal() {
    let home = Home::new();
    home.write("-my key.keyglance", "{}");
    let run = home.run(["window", "--", "-my key.keyglance"]);
    let here = "In the terminal: keyglance './-my key.keyglance'";
    says(run, "There is no display to open a window on.", here);
    let address = format!("file://{}", home.path("-my key.keyglance").display());
    let address = address.replace(' ', "%20");
    for file in ["-my key.keyglance", &address] {
        let opened = home.run(["--", file]).ended(1);
        assert!(opened.err.contains("key file"), "it was opened: {opened:?}");
    }
    let elsewhere = home.run(["window", "file://server/a.keyglance"]).ended(1);
    assert!(elsewhere.err.contains("There is no file"), "{elsewhere:?}");
    let gone = home.run(["window", "gone.keyglance"]).ended(1);
    assert!(gone.err.starts_with("keyglance: There is no file gone.keyglance."), "{gone:?}");
    let within = home.run(["window", "."]).ended(1);
    assert!(within.err.starts_with("keyglance: . is a folder."), "{within:?}");
}

#[test]
fn each_library_that_x11_lacks_is_named_with_its_package() {
    let Some(server) = XServer::start("640x480x24") else { return };
    let home = Home::new();
    let mut command = home.command(["window"]);
    command.env("DISPLAY", &server.name);
    for library in [
        "libX11.so.6",
        "libX11-xcb.so.1",
        "libXcursor.so.1",
        "libXi.so.6",
        "libxkbcommon.so.0",
        "libxkbcommon-x11.so.0",
    ] {
        let Some(mut hidden) = without(&[library], &command) else { return };
        let sentence = format!("The library {library} is missing.");
        says(Running::start(&mut hidden).end(), &sentence, "Install");
    }
    let mesa = ["libGLX_mesa.so.0", "libEGL_mesa.so.0"];
    for libraries in [["libGL.so.1", "libEGL.so.1"], mesa] {
        let Some(mut hidden) = without(&libraries, &command) else { return };
        let run = Running::start(&mut hidden).end();
        says(run, "This computer has no working OpenGL.", "Install");
    }
}

#[test]
fn each_library_that_wayland_lacks_is_named_with_its_package() {
    let Some(compositor) = Compositor::start() else { return };
    let home = Home::new();
    let command = compositor.command(&home);
    for library in ["libwayland-client.so.0", "libwayland-egl.so.1", "libxkbcommon.so.0"] {
        let Some(mut hidden) = without(&[library], &command) else { return };
        let sentence = format!("The library {library} is missing.");
        says(Running::start(&mut hidden).end(), &sentence, "Install");
    }
    for library in ["libEGL.so.1", "libEGL_mesa.so.0"] {
        let Some(mut hidden) = without(&[library], &command) else { return };
        let run = Running::start(&mut hidden).end();
        says(run, "This computer has no working OpenGL.", "Install");
    }
}

/// As after `su`, in a terminal multiplexer, over ssh.
#[test]
fn where_wayland_fails_the_window_opens_on_x11() {
    let Some(display) = Display::start() else { return };
    let home = Home::new();
    let mut stale = home.command(["window"]);
    stale.env("WAYLAND_DISPLAY", "wayland-4095");
    drop(display.place(&mut stale, 0));

    // One that answers, and on which nothing can be drawn: known only once it was tried.
    let Some(compositor) = Compositor::start() else { return };
    let mut command = compositor.command(&home);
    command.env("DISPLAY", &display.server.name);
    for library in ["libwayland-egl.so.1", "libEGL_mesa.so.0"] {
        let Some(mut hidden) = without(&[library], &command) else { return };
        drop(display.place(&mut hidden, 0));
    }
    // Neither: of the display that the desktop uses.
    let Some(mut hidden) = without(&["libEGL.so.1", "libGL.so.1"], &command) else { return };
    let run = Running::start(&mut hidden).end();
    says(run, "This computer has no working OpenGL.", "Install");
}

/// A person who types it sits before the desktop; a script, and whoever is far away, is not
/// before a window.
#[test]
fn a_file_opens_in_a_window_from_a_terminal_on_a_desktop() {
    let Some(display) = Display::start() else { return };
    let home = Home::new();
    home.run(["identity", "--name", "Cleo"]).ended(0);
    home.write("odd", b"\x7fELF");
    let Some(mut command) = home.on_terminal(&["odd"]) else { return };
    // `script` starts the program, so the window is another process's.
    let mut terminal = command.env("DISPLAY", &display.server.name).spawn().unwrap();
    let window = crate::windows::until("a window", || {
        let windows = display.xdotool(&["search", "--name", "Keyglance"]);
        windows.lines().next().map(str::to_owned)
    });
    keyglance_capture::test_util::ask_to_close(&display.server, window.parse().unwrap());
    assert!(terminal.wait().unwrap().success());

    let mut piped = home.command(["odd"]);
    let run = Running::start(piped.env("DISPLAY", &display.server.name)).end().ended(1);
    assert!(run.err.contains("nothing that Keyglance opens"), "{run:?}");
}
