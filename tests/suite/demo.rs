//! How soon two devices that face each other have the key, in simulated time,
//! as the demo shows it.

use std::thread;

use crate::program::Home;

/// The simulated seconds of the demo with each seed; none where it gave up.
fn seconds(seeds: std::ops::Range<u64>, args: &[&str]) -> Vec<Option<f64>> {
    let half = u64::midpoint(seeds.start, seeds.end);
    let run = |seeds: std::ops::Range<u64>| {
        let home = Home::new();
        seeds
            .map(|seed| {
                let seed = seed.to_string();
                let run = home.run(["demo", "--json", "--seed", &seed].iter().chain(args));
                if run.code != Some(0) {
                    return None;
                }
                let demo = run.json();
                assert_eq!(demo["agree"], true);
                assert_eq!(demo["key_ids"][0], demo["key_ids"][1]);
                demo["simulated_seconds"].as_f64()
            })
            .collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let first = scope.spawn(|| run(seeds.start..half));
        let mut all = run(half..seeds.end);
        all.extend(first.join().unwrap());
        all
    })
}

fn median(seconds: Vec<Option<f64>>) -> f64 {
    let mut all: Vec<f64> = seconds.into_iter().map(|s| s.unwrap_or(f64::INFINITY)).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

#[test]
fn two_devices_have_the_key_within_seven_tenths_of_a_second() {
    let median = median(seconds(0..20, &["--fps", "30", "--tilt", "0"]));
    assert!(median <= 0.7, "{median}");
}

/// The demo's cameras are blurred and noisy besides.
#[test]
fn at_thirty_degrees_nearly_every_pairing_succeeds() {
    let finished = seconds(0..100, &["--tilt", "30"]).into_iter().flatten().count();
    assert!(finished >= 99, "{finished} of 100");
}
