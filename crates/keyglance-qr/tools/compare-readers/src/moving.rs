//! A code that comes, turns, tilts and leaves before one camera.

use std::f64::consts::PI;
use std::time::Duration;

use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_qr::Code;

use crate::output::Output;
use crate::peers::Readers;
use crate::score::{Judged, Score, print_rows};

/// Frames that show the whole code; it leaves in those after them.
const WHOLE: u32 = 466;
const ALL: u32 = 500;
/// Of version 10, error correction M.
const LETTERS: usize = 210;

/// A table of readers: the frames that each read, and the first of them.
pub(crate) fn compare(readers: &mut Readers, output: &Output) {
    let names = readers.names().to_vec();
    // Our reader for stills is for stills; rqrr is asked, since a code is there.
    let ask: Vec<_> = names.iter().map(|name| name != "Keyglance, still").collect();
    let text: String = (0..LETTERS).map(|at| char::from(b'a' + (at * 7 % 26) as u8)).collect();
    let code = Code::new(&text).unwrap();
    assert_eq!(code.version(), 10);
    let mut scores = vec![Score::default(); names.len()];
    let mut first: Vec<Option<u32>> = vec![None; names.len()];
    readers.start_video();
    for at in 0..ALL {
        let frame = frame(&code, at);
        let name = format!("moving {at:03}");
        output.save(&name, &frame, std::slice::from_ref(&text));
        for (reader, outcome) in readers.read(&frame, 1, &ask).iter().enumerate() {
            let mut judged = Judged::by_texts(outcome, std::slice::from_ref(&text));
            output.outcome(&name, &names[reader], outcome, judged);
            if at >= WHOLE {
                // Half a code need not be read, but never wrongly.
                judged.reads = 0;
            }
            if judged.reads > 0 {
                first[reader].get_or_insert(at);
            }
            if ask[reader] {
                scores[reader].add(judged, outcome.milliseconds);
            }
        }
    }
    readers.end_video();
    let shown = || (0..names.len()).filter(|at| ask[*at]);
    let columns: Vec<_> = shown().map(|at| names[at].clone()).collect();
    let scores: Vec<_> = shown().map(|at| scores[at].clone()).collect();
    output.head(&format!("frames read, of {WHOLE}"), &columns);
    output.row("read", scores.iter().map(|score| score.reads.to_string()));
    let first_of = |at: usize| first[at].map_or_else(|| "–".to_owned(), |at| at.to_string());
    output.row("first", shown().map(first_of));
    print_rows(output, &scores);
}

/// Thirty of these are a second.
fn frame(code: &Code, at: u32) -> image::GrayImage {
    let part = |from: f64, to: f64| ((f64::from(at) - from) / (to - from)).clamp(0.0, 1.0);
    let (comes, turns, tilts, leaves) =
        (part(0.0, 120.0), part(120.0, 220.0), part(220.0, 400.0), part(400.0, 466.0));
    let module = 1.2 + 4.8 * comes;
    // A hand shakes.
    let shake = |period: f64| (f64::from(at) / period * 2.0 * PI).sin();
    let beyond = f64::from(at.saturating_sub(WHOLE)) * 0.03;
    // The lens seeks its focus twice.
    let seeks = |from: f64| (part(from, from + 24.0) * PI).sin();
    let view = View {
        code_fraction: code.side() as f64 * module / 720.0,
        offset: (
            -0.4 * (1.0 - comes) + 0.6 * leaves + beyond + 0.004 * shake(17.0),
            0.2 * (1.0 - comes) + 0.004 * shake(23.0),
        ),
        roll_degrees: 3.0 + 180.0 * turns + shake(40.0),
        tilt_degrees: 5.0 + 60.0 * (tilts * PI).sin(),
        lean_degrees: 4.0 + 30.0 * (tilts * 2.0 * PI).sin(),
        blur_pixels: 0.8 + 2.0 * (seeks(60.0) + seeks(300.0)),
        motion_pixels: 1.5 + 5.0 * (turns * PI).sin() + 6.0 * (leaves * PI).sin(),
        noise: 5.0,
        ..View::default()
    };
    let screen = SimulatedDisplay::new();
    screen.show(Duration::ZERO, Some(code));
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    SimulatedCamera::new(screen, view, timing, u64::from(at)).take()
}
