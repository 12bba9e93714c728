use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_speaker_keeps_nobody_waiting() {
    let began = Instant::now();
    let speaker = Speaker::start();
    for _ in 0..100 {
        Cue::ALL.iter().for_each(|cue| speaker.play(*cue));
    }
    drop(speaker);
    assert!(began.elapsed() < Duration::from_millis(500));
}

/// Run by the next test, in a process of its own.
#[test]
#[ignore = "for the next test"]
fn plays_for_a_moment() {
    let speaker = Speaker::start();
    speaker.play(Cue::Tick);
    std::thread::sleep(Duration::from_secs(1));
}

#[test]
fn a_missing_device_is_not_complained_of() {
    let program = std::env::current_exe().unwrap();
    let args = ["--ignored", "--exact", "sound::tests::plays_for_a_moment", "--nocapture"];
    let folder = tempfile::tempdir().unwrap();
    // No server; none that may be asked; none that can be reached.
    for (name, value) in [
        ("XDG_RUNTIME_DIR", folder.path().to_str().unwrap()),
        ("PULSE_SERVER", "tcp:198.51.100.7"),
        ("PULSE_SERVER", "unix:/dev/null"),
    ] {
        let mut command = std::process::Command::new(&program);
        command.args(args).env_remove("PULSE_SERVER").env_remove("PULSE_RUNTIME_PATH");
        let run = command.env(name, value).output().unwrap();
        assert!(run.status.success());
        assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"));
        assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{name}={value}");
    }
}

#[cfg(all(feature = "sound", unix, not(target_os = "macos")))]
mod servers;
