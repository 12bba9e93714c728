//! Drawn pictures, row by row: how many codes each reader reads.

use crate::drawn::{Dice, Draw, Drawn};
use crate::output::Output;
use crate::peers::Readers;
use crate::score::{Judged, Score, print_rows};

const PICTURES: u64 = 24;

/// A table of rows and readers, of all rows or of those whose names begin so.
pub(crate) fn compare(
    readers: &mut Readers,
    output: &Output,
    rows: &[(&str, Draw)],
    wanted: &[String],
) {
    let names = readers.names().to_vec();
    let all = vec![true; names.len()];
    let mut scores = vec![Score::default(); names.len()];
    output.head("codes read, of", &names);
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.starts_with(w));
    for (row, draw) in rows.iter().filter(|(name, _)| is_wanted(name)) {
        let (mut reads, mut total) = (vec![0; names.len()], 0);
        for seed in first_seed()..first_seed() + PICTURES {
            let Drawn { picture, texts } = draw(&mut Dice::new(seed));
            let name = format!("{row} {seed}");
            output.save(&name, &picture, &texts);
            total += texts.len();
            for (at, outcome) in readers.read(&picture, 1, &all).iter().enumerate() {
                let judged = Judged::by_texts(outcome, &texts);
                output.outcome(&name, &names[at], outcome, judged);
                reads[at] += judged.reads;
                scores[at].add(judged, outcome.milliseconds);
            }
        }
        output.row(&format!("{row}, {total}"), reads.iter().map(usize::to_string));
    }
    print_rows(output, &scores);
}

/// Other pictures of the same rows show whether a change was tuned to these.
fn first_seed() -> u64 {
    std::env::var("FIRST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}
