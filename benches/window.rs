//! What the window costs, beside an empty window of the same toolkit in the
//! same run: until it is painted, in memory, while idle, while it scans.
//!
//! A program rather than a criterion bench: each measurement is a process on an
//! X server of its own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

#[cfg(all(target_os = "linux", feature = "gui", feature = "screen"))]
fn main() {
    linux::main();
}

#[cfg(not(all(target_os = "linux", feature = "gui", feature = "screen")))]
fn main() {
    println!("skipped: measured on Linux only");
}

#[cfg(all(target_os = "linux", feature = "gui", feature = "screen"))]
mod linux {
    use std::io::{BufRead as _, BufReader};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use eframe::egui;
    use keyglance_capture::{FrameSource as _, NextFrame, Screen};

    const EMPTY: &str = "KEYGLANCE_BENCH_EMPTY";
    const ROUNDS: usize = 7;

    pub(super) fn main() {
        if std::env::var_os(EMPTY).is_some() {
            empty();
            return;
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        for program in ["Xvfb", "xdotool"] {
            if !std::env::split_paths(&path).any(|folder| folder.join(program).is_file()) {
                println!("skipped: {program} not found");
                return;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile");
        let made = Command::new(env!("CARGO_BIN_EXE_keyglance"))
            .args(["identity", "--name", "Ana", "--profile"])
            .arg(&profile)
            .output();
        assert!(made.unwrap().status.success());

        let mut paints = [Vec::new(), Vec::new()];
        let mut memory = [Vec::new(), Vec::new()];
        let mut idle = [0.0, 0.0];
        for round in 0..ROUNDS {
            for (i, ours) in [false, true].into_iter().enumerate() {
                let run = Run::start(&profile, ours, &[]);
                paints[i].push(run.painted.as_secs_f64() * 1000.0);
                sleep(Duration::from_secs(2));
                memory[i].push(run.memory());
                if round == 0 {
                    idle[i] = run.cpu(Duration::from_secs(5));
                }
            }
        }
        let [paints, memory] = [paints, memory].map(|pair| pair.map(median));
        println!(
            "first painted frame  {:6.0} ms  empty {:6.0} ms  ratio {:.2}",
            paints[1],
            paints[0],
            paints[1] / paints[0]
        );
        println!(
            "memory idle          {:6.0} MB  empty {:6.0} MB  ratio {:.2}",
            memory[1],
            memory[0],
            memory[1] / memory[0]
        );
        println!("CPU idle             {:6.1} %   empty {:6.1} %", idle[1], idle[0]);

        let mut run = Run::start(&profile, true, &["--screen", "-vvv"]);
        sleep(Duration::from_secs(1));
        run.key("ctrl+n");
        sleep(Duration::from_secs(2));
        println!(
            "CPU scanning         {:6.1} %   (this 1280x720 screen, at most 10 frames a second)",
            run.cpu(Duration::from_secs(5))
        );
        let mut passes = run.passes();
        passes.sort_by(f64::total_cmp);
        let at = |share: f64| passes[((passes.len() - 1) as f64 * share).round() as usize];
        println!(
            "ui pass              {:6.1} ms p50  {:.1} ms p99  {:.1} ms longest  of {}",
            at(0.5),
            at(0.99),
            at(1.0),
            passes.len()
        );
    }

    fn empty() {
        struct Empty;
        impl eframe::App for Empty {
            fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
                egui::CentralPanel::default().show(ui, |_| {});
            }
        }
        let options = eframe::NativeOptions {
            viewport: egui::ViewportBuilder::default().with_inner_size([1000.0, 680.0]),
            renderer: eframe::Renderer::Glow,
            ..Default::default()
        };
        eframe::run_native("Keyglance", options, Box::new(|_| Ok(Box::new(Empty)))).unwrap();
    }

    struct Run {
        server: Child,
        child: Child,
        display: String,
        painted: Duration,
        /// What it says to standard error. A pipe that nobody reads would stop it.
        log: PathBuf,
    }

    impl Run {
        fn start(profile: &Path, ours: bool, args: &[&str]) -> Self {
            let mut server = Command::new("Xvfb")
                .args(["-noreset", "-displayfd", "1", "-nolisten", "tcp"])
                .args(["-screen", "0", "1280x720x24"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut number = String::new();
            BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
            let display = format!(":{}", number.trim());
            let mut screen = Screen::open_display(&display).unwrap();
            let mut command = if ours {
                let mut command = Command::new(env!("CARGO_BIN_EXE_keyglance"));
                command.arg("--profile").arg(profile).arg("window").args(args);
                command
            } else {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.env(EMPTY, "1");
                command
            };
            let log = profile.with_extension("log");
            let began = Instant::now();
            let child = command
                .env("DISPLAY", &display)
                .env_remove("WAYLAND_DISPLAY")
                .stderr(std::fs::File::create(&log).unwrap())
                .spawn()
                .unwrap();
            // The root is black; both windows are not.
            let painted = loop {
                let frame = screen.next_frame(Duration::from_secs(1)).unwrap();
                if let NextFrame::Frame(frame) = frame
                    && frame.get_pixel(500, 500).0[0] > 0
                {
                    break began.elapsed();
                }
                assert!(began.elapsed() < Duration::from_secs(60), "nothing was painted");
            };
            Self { server, child, display, painted, log }
        }

        /// Resident, in MB.
        fn memory(&self) -> f64 {
            let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
            let status = status.unwrap();
            let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
        }

        /// Of one core, in percent.
        fn cpu(&self, time: Duration) -> f64 {
            let ticks = || {
                let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
                let stat = stat.unwrap();
                let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split(' ').collect();
                fields[12].parse::<f64>().unwrap() + fields[13].parse::<f64>().unwrap()
            };
            let before = ticks();
            sleep(time);
            // A tick is a hundredth of a second on every Linux that matters.
            (ticks() - before) / time.as_secs_f64()
        }

        fn key(&self, keys: &str) {
            let xdotool = |args: &[&str]| {
                Command::new("xdotool").args(args).env("DISPLAY", &self.display).output().unwrap()
            };
            let pid = self.child.id().to_string();
            let found = xdotool(&["search", "--all", "--pid", &pid, "--name", "Keyglance"]);
            let id = String::from_utf8(found.stdout).unwrap();
            xdotool(&["windowfocus", "--sync", id.lines().next().unwrap()]);
            xdotool(&["key", keys]);
        }

        /// How long each pass of the ui took, in milliseconds, as the program logged it.
        fn passes(&mut self) -> Vec<f64> {
            let _ = self.child.kill();
            let log = std::fs::read_to_string(&self.log).unwrap();
            let pass = |line: &str| {
                let (_, took) = line.split_once("ui pass ")?;
                took.strip_suffix(" us")?.parse::<f64>().ok()
            };
            log.lines().filter_map(pass).map(|took| took / 1000.0).collect()
        }
    }

    impl Drop for Run {
        fn drop(&mut self) {
            for process in [&mut self.child, &mut self.server] {
                let _ = process.kill();
                let _ = process.wait();
            }
        }
    }

    fn median(mut all: Vec<f64>) -> f64 {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    }
}
