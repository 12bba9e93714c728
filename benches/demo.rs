//! How long a whole pairing takes: two devices, two simulated cameras, one program.
#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn demo(criterion: &mut Criterion) {
    let mut seeds = 0_u64..;
    criterion.bench_function("a demo pairing", |b| {
        b.iter(|| {
            let seed = seeds.next().unwrap().to_string();
            let mut demo = Command::new(env!("CARGO_BIN_EXE_keyglance"));
            let output = demo.args(["demo", "--json", "--seed", &seed]).output().unwrap();
            assert!(output.status.success());
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20);
    targets = demo
}
criterion_main!(benches);
