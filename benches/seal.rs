//! How long a file takes to be sealed and opened, beside rage, and age, on the
//! same file in the same run.
//!
//! `KEYGLANCE_SEAL_MB` is the file's size, 1024 unless it is set. The programs
//! are taken in turn, five times; the median counts. Ours is the program too:
//! reading the profile is part of it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const ROUNDS: usize = 5;

struct Peer<'a> {
    name: &'a str,
    seal: Vec<String>,
    open: Vec<String>,
    times: [Vec<Duration>; 2],
}

fn main() {
    // `cargo test --benches` only builds it.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let megabytes: u64 =
        std::env::var("KEYGLANCE_SEAL_MB").ok().and_then(|mb| mb.parse().ok()).unwrap_or(1024);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let letter = at("letter");
    write(Path::new(&letter), megabytes);

    let profile = at("profile");
    let ours = |args: &[&str]| -> Vec<String> {
        let program = [env!("CARGO_BIN_EXE_keyglance"), "--profile", &profile];
        program.iter().chain(args).map(|arg| (*arg).to_owned()).collect()
    };
    // A pair's key, from the demo's two devices.
    run(&ours(&["demo", "--seed", "1", "--out", &at("demo")]));
    let key = std::fs::read_dir(at("demo"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "keyglance"))
        .unwrap();
    run(&ours(&["import", key.to_str().unwrap(), "--name", "pair"]));
    let identity = at("age.txt");
    run(&ours(&["export", "pair", "--for", "age", "--plain", "--out", &identity]));
    let recipients = format!("{identity}.pub");

    let (sealed, opened) = (at("sealed"), at("opened"));
    let mut peers = vec![Peer {
        name: "keyglance",
        seal: ours(&["seal", &letter, "--for", "pair", "--out", &sealed]),
        open: ours(&["open", &sealed, "--out", &opened]),
        times: Default::default(),
    }];
    for name in ["rage", "age"] {
        if Command::new(name).arg("--version").output().is_err() {
            println!("skipped: {name} not found");
            continue;
        }
        let words = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect();
        peers.push(Peer {
            name,
            seal: words(&[name, "-R", &recipients, "-o", &sealed, &letter]),
            open: words(&[name, "-d", "-i", &identity, "-o", &opened, &sealed]),
            times: Default::default(),
        });
    }
    for _ in 0..ROUNDS {
        for peer in &mut peers {
            for (command, times) in [&peer.seal, &peer.open].into_iter().zip(&mut peer.times) {
                // Nobody waits for what another one left to the disk. What we
                // write is on the disk at the end, which the others leave to the
                // system: that is part of our time.
                let _ = Command::new("sync").status();
                let began = Instant::now();
                run(command);
                times.push(began.elapsed());
            }
            assert_eq!(std::fs::metadata(&opened).unwrap().len(), megabytes << 20);
            std::fs::remove_file(&sealed).unwrap();
            std::fs::remove_file(&opened).unwrap();
        }
    }
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let medians: Vec<[f64; 2]> =
        peers.iter().map(|peer| [median(&peer.times[0]), median(&peer.times[1])]).collect();
    println!("{megabytes} MiB, median of {ROUNDS}, in brackets our time as a share of theirs:");
    for (peer, [seal, open]) in peers.iter().zip(&medians) {
        let [ours_seal, ours_open] = medians[0];
        let (a, b) = (ours_seal / seal, ours_open / open);
        println!("{:<10} seal {seal:6.2} s ({a:.2})  open {open:6.2} s ({b:.2})", peer.name);
    }
}

fn run(command: &[String]) {
    let output = Command::new(&command[0]).args(&command[1..]).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Bytes that nothing compresses, the same each time.
fn write(path: &Path, megabytes: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut block = vec![0; 1 << 20];
    for _ in 0..megabytes {
        rng.fill_bytes(&mut block);
        file.write_all(&block).unwrap();
    }
    file.flush().unwrap();
}
