//! Frames of a camera before which there is no code: what waiting costs.

use crate::drawn::scenes;
use crate::output::Output;
use crate::peers::Readers;
use crate::score::{Judged, Score};

/// Of each scene, a second and a third.
const FRAMES: u32 = 40;

/// A table of scenes and readers: the median and the 95th percentile, in CPU
/// milliseconds a frame.
pub(crate) fn compare(readers: &mut Readers, output: &Output, wanted: &[String]) {
    let names = readers.names().to_vec();
    // Nobody reads frames with our reader for stills, and rqrr is no reader for clutter.
    let ask: Vec<_> =
        names.iter().map(|name| name != "Keyglance, still" && name != "rqrr").collect();
    let kept = |at: &usize| ask[*at];
    let shown: Vec<usize> = (0..names.len()).filter(kept).collect();
    let columns: Vec<_> = shown.iter().map(|at| names[*at].clone()).collect();
    output.head("CPU ms a frame, p50 / p95", &columns);
    let times = |score: &Score| format!("{:.2} / {:.2}", score.within(0.5), score.within(0.95));
    let mut all = vec![Score::default(); names.len()];
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.starts_with(w));
    for (name, scene) in scenes::without_codes().iter().filter(|(name, _)| is_wanted(name)) {
        let mut scores = vec![Score::default(); names.len()];
        readers.start_video();
        for at in 0..FRAMES {
            let frame = scene.frame(at);
            output.save(&format!("{name} {at}"), &frame, &[]);
            let outcomes = readers.read(&frame, 1, &ask);
            for (reader, outcome) in outcomes.iter().enumerate().filter(|(at, _)| ask[*at]) {
                let judged = Judged::by_texts(outcome, &[]);
                output.outcome(&format!("{name} {at}"), &names[reader], outcome, judged);
                scores[reader].add(judged, outcome.milliseconds);
                all[reader].add(judged, outcome.milliseconds);
            }
        }
        readers.end_video();
        output.row(name, shown.iter().map(|at| times(&scores[*at])));
    }
    output.row("all", shown.iter().map(|at| times(&all[*at])));
    output.row("worst", shown.iter().map(|at| format!("{:.1}", all[*at].within(1.0))));
    output.row("texts", shown.iter().map(|at| all[*at].wrong.to_string()));
    if let Some(peer) = names.iter().position(|name| name == "ZXing-C++") {
        let ratio = |at: &usize| {
            let of = |part: f64| all[*at].within(part) / all[peer].within(part);
            format!("{:.2} / {:.2}", of(0.5), of(0.95))
        };
        output.row("times ZXing-C++", shown.iter().map(ratio));
    }
}
