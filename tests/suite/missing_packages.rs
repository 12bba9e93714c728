//! What a checkout does about packages that a system lacks, on systems played by a folder
//! of false programs.

use std::path::Path;
use std::process::{Command, Output};

use keyglance_capture::test_util::found;

/// A system by what its programs do. `log` in them tells what was installed.
struct System(tempfile::TempDir);

impl System {
    /// One that has the usual tools, no package and no Rust.
    fn new(programs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tools = ["sh", "awk", "cat", "dirname", "env", "find", "head", "sed", "sort", "tr"];
        let real = ["uname", "xargs", "make", "grep"];
        for tool in tools.iter().chain(&real) {
            let places = ["/usr/bin", "/bin"];
            let place = places.iter().map(|place| Path::new(place).join(tool));
            if let Some(place) = place.into_iter().find(|place| place.exists()) {
                std::os::unix::fs::symlink(place, folder.path().join(tool)).unwrap();
            }
        }
        let system = Self(folder);
        for (program, does) in programs {
            system.write(program, does);
        }
        system
    }

    fn write(&self, program: &str, does: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.path().join(program);
        std::fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        Command::new(self.0.path().join(program))
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_clear()
            .env("PATH", self.0.path())
            .env("LOG", self.log())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    fn packages(&self, packages: &[&str]) -> Output {
        self.run("sh", &[&[".ci/packages"], packages].concat())
    }

    fn log(&self) -> std::path::PathBuf {
        self.0.path().join("log")
    }

    fn installed(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

fn is_checkout() -> bool {
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/packages").exists();
    if !there {
        println!("skipped: workspace not found");
    }
    there
}

const NOTHING_INSTALLED: (&str, &str) = ("dpkg-query", "exit 1");
const ALL_INSTALLED: (&str, &str) = ("dpkg-query", "printf installed");
const RUST: (&str, &str) = ("cargo", "echo 'cargo 1.99.0 (0000000 2026-11-01)'");
const USER: (&str, &str) = ("id", "echo 1000");
const ROOT: (&str, &str) = ("id", "echo 0");
const APT: (&str, &str) = ("apt-get", "echo \"$@\" >> $LOG");

#[test]
fn what_is_there_needs_no_word() {
    if !is_checkout() {
        return;
    }
    let system = System::new(&[ALL_INSTALLED, USER, RUST]);
    let run = system.packages(&["gcc", "libegl1", "rust"]);
    assert_eq!((run.status.code(), said(&run).as_str()), (Some(0), ""));
}

/// Without rights there is one stop, which names all of it, and nothing is said to be done.
#[test]
fn without_rights_one_line_installs_everything() {
    if !is_checkout() || !found("make") {
        return;
    }
    for sudo in [None, Some(("sudo", "exit 1"))] {
        let system = System::new(&[NOTHING_INSTALLED, USER, APT]);
        if let Some((program, does)) = sudo {
            system.write(program, does);
        }
        for goals in [&[][..], &["run"], &["test", "interop", "fuzz"]] {
            let run = system.run("make", goals);
            let said = said(&run);
            assert_eq!(run.status.code(), Some(2), "{said}");
            let lines: Vec<_> = said.lines().filter(|line| line.contains("apt-get")).collect();
            let [line] = lines[..] else { panic!("{said}") };
            for package in ["gcc", "libc6-dev", "libclang1"] {
                assert!(line.contains(&format!(" {package}")), "{package}: {line}");
            }
            let window = ["libwayland-egl1", "libgl1-mesa-dri", "libxkbcommon-x11-0"];
            assert!(window.iter().all(|package| line.contains(package)), "{line}");
            assert_eq!(line.contains("xvfb"), goals.contains(&"test"), "{line}");
            assert_eq!(said.matches("rustup.rs").count(), 1, "{said}");
            assert!(said.contains("Rust 1.") && !said.contains("Installing"), "{said}");
            assert_eq!(system.installed(), "");
        }
    }
}

#[test]
fn who_may_install_does_and_is_told_only_of_rust() {
    if !is_checkout() {
        return;
    }
    let system = System::new(&[NOTHING_INSTALLED, ROOT, APT]);
    let run = system.packages(&["gcc", "libegl1", "rust"]);
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
    assert!(said(&run).starts_with("Installing gcc libegl1\nRust 1."), "{}", said(&run));
    let installed = system.installed();
    assert!(installed.ends_with("install -y --no-install-recommends gcc libegl1\n"), "{installed}");

    // With sudo that asks for nothing; lists that are too old are read anew first.
    let sudo = ("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"");
    let apt = "echo \"$@\" >> $LOG; case $* in *install*) [ -e $LOG.new ];; *) : > $LOG.new;; esac";
    let system =
        System::new(&[NOTHING_INSTALLED, USER, RUST, sudo, ("apt-get", apt), ("true", "")]);
    let run = system.packages(&["gcc", "rust"]);
    assert_eq!((run.status.code(), said(&run).as_str()), (Some(0), "Installing gcc\n"));
    let installed = system.installed();
    let steps: Vec<_> = installed.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(steps, ["install", "update", "install"]);

    // What cannot be had is not said to be there.
    let system = System::new(&[NOTHING_INSTALLED, ROOT, RUST, ("apt-get", "exit 100")]);
    let run = system.packages(&["no-such-package"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(said(&run).contains("no-such-package\nAs root, run: apt-get"), "{}", said(&run));
}

#[test]
fn other_distributions_are_told_their_own_names() {
    if !is_checkout() {
        return;
    }
    let asked = ["gcc", "libc6-dev", "libclang1", "libegl1", "libwayland-egl1", "strace"];
    // gcc is there.
    let rpm = ("rpm", "[ \"$3\" = gcc ]");
    let fedora = System::new(&[rpm, ("dnf", ":"), USER, RUST]);
    let run = fedora.packages(&asked);
    let line = "dnf install clang-libs glibc-devel libwayland-egl mesa-libEGL strace\n";
    assert_eq!(run.status.code(), Some(2));
    assert!(said(&run).starts_with(&format!("As root, run: {line}")), "{}", said(&run));
    assert!(said(&run).contains("SKIP_PACKAGES=1"));

    let pacman =
        ("pacman", "shift; for p; do [ $p = gcc ] || { echo $p; m=1; }; done; exit ${m:-0}");
    let arch = System::new(&[pacman, USER, RUST]);
    let run = arch.packages(&asked);
    assert_eq!(run.status.code(), Some(2));
    let line = "As root, run: pacman -S --needed clang mesa strace wayland\n";
    assert!(said(&run).starts_with(line), "{}", said(&run));
    let run = arch.packages(&["gcc", "rust"]);
    assert_eq!((run.status.code(), said(&run).as_str()), (Some(0), ""));

    // Where nothing is known, it goes on.
    let other = System::new(&[USER, RUST]);
    let run = other.packages(&["gcc", "rust"]);
    assert_eq!(run.status.code(), Some(0));
    assert!(said(&run).contains("these Debian packages: gcc\n"), "{}", said(&run));
}

/// What `keyglance doctor` advises is what a checkout installs.
#[test]
fn each_package_has_a_name_on_each_system() {
    if !is_checkout() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let makefile = std::fs::read_to_string(root.join("Makefile")).unwrap();
    let names = std::fs::read_to_string(root.join(".ci/package-names")).unwrap();
    let rows: Vec<Vec<&str>> = names
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(rows.iter().all(|row| row.len() == 3), "{names}");
    for list in ["BUILD_PACKAGES", "RUN_PACKAGES"] {
        let line = makefile.lines().find(|line| line.starts_with(list)).unwrap();
        for package in line.split_whitespace().skip(2).filter(|package| *package != "rust") {
            assert!(rows.iter().any(|row| row[0] == package), "{package} in {list}");
        }
    }
}

/// So that it starts on every system, whatever that lacks; the rest is opened when it is
/// used.
#[test]
fn the_program_stands_on_the_c_library_alone() {
    if !found("readelf") {
        return;
    }
    let program = env!("CARGO_BIN_EXE_keyglance");
    let run = Command::new("readelf").args(["-d", program]).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let needed: Vec<_> = text
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| line.split(['[', ']']).nth(1))
        .collect();
    assert!(needed.contains(&"libc.so.6"), "{text}");
    for library in needed {
        let usual = ["libc.so.", "libm.so.", "libgcc_s.so.", "ld-linux"];
        assert!(usual.iter().any(|usual| library.starts_with(usual)), "{library}");
    }
}
