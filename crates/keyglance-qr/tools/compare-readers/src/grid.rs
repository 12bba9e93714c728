//! The simulated camera: how small a module each reader still reads.

use std::time::Duration;

use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_qr::Code;

use crate::output::Output;
use crate::peers::Readers;
use crate::score::Judged;

/// Pixels a module, from large to small.
const SIZES: [f64; 12] = [8.0, 6.0, 5.0, 4.0, 3.5, 3.0, 2.5, 2.25, 2.0, 1.75, 1.5, 1.25];
/// Versions 4 to 15, several times.
const VERSIONS: [usize; 12] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const FRAMES: usize = 20;
/// Of the frames of one size, this many must be read: 95 in a hundred.
const ENOUGH: usize = 19;

fn rows() -> Vec<(&'static str, View)> {
    let mild = View { tilt_degrees: 0.0, lean_degrees: 0.0, ..View::default() };
    vec![
        ("ideal", View::ideal()),
        ("mild", mild),
        ("tilt 30°", View { tilt_degrees: 30.0, ..mild }),
        ("tilt 45°", View { tilt_degrees: 45.0, ..mild }),
        ("tilt 60°", View { tilt_degrees: 60.0, ..mild }),
        (
            "tilt 30°, lean 30°, roll 20°",
            View { tilt_degrees: 30.0, lean_degrees: 30.0, roll_degrees: 20.0, ..mild },
        ),
        ("defocus 1.5 px", View { blur_pixels: 1.5, ..mild }),
        ("defocus 3 px", View { blur_pixels: 3.0, ..mild }),
        ("movement 4 px", View { motion_pixels: 4.0, ..mild }),
        ("movement 8 px", View { motion_pixels: 8.0, ..mild }),
        ("noise 15", View { noise: 15.0, ..mild }),
        ("noise 30", View { noise: 30.0, ..mild }),
        ("glare", View { glare: 0.7, ..mild }),
        ("moiré", View { moire: 0.5, ..mild }),
        ("low light", View { exposure: 0.15, noise: 5.0, ..mild }),
        ("overexposed", View { exposure: 2.0, contrast: 0.4, ..mild }),
    ]
}

/// A table of rows and readers; of all rows, or of those whose names begin so. A
/// size counts while it and all larger ones are read.
pub(crate) fn compare(readers: &mut Readers, output: &Output, wanted: &[String]) {
    let names = readers.names().to_vec();
    let mut wrong = vec![0; names.len()];
    output.head("smallest module, px", &names);
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.starts_with(w));
    for (name, view) in rows().into_iter().filter(|(name, _)| is_wanted(name)) {
        let mut smallest = vec![f64::INFINITY; names.len()];
        let mut lost = vec![0; names.len()];
        for size in SIZES {
            let mut reads = vec![0; names.len()];
            let active: Vec<bool> = lost.iter().map(|lost| *lost == 0).collect();
            for at in 0..FRAMES {
                let code = code(VERSIONS[at % VERSIONS.len()], at);
                let frame = frame(&code, &view, size, at as u64);
                let picture = format!("{name} {size} {at}");
                let texts = [text(&code, at)];
                output.save(&picture, &frame, &texts);
                for (reader, outcome) in readers.read(&frame, 1, &active).iter().enumerate() {
                    let judged = Judged::by_texts(outcome, &texts);
                    reads[reader] += judged.reads;
                    wrong[reader] += judged.wrong;
                    if active[reader] {
                        output.outcome(&picture, &names[reader], outcome, judged);
                    }
                }
            }
            for reader in 0..names.len() {
                match (reads[reader] >= ENOUGH, lost[reader]) {
                    (true, 0) => smallest[reader] = size,
                    _ => lost[reader] += 1,
                }
            }
            if lost.iter().all(|lost| *lost > 0) {
                break;
            }
        }
        let cell = |size: &f64| if size.is_finite() { size.to_string() } else { "–".to_owned() };
        output.row(name, smallest.iter().map(cell));
    }
    output.row("read wrongly", wrong.iter().map(usize::to_string));
}

/// A text that fills its version, or nearly.
fn text(code: &Code, at: usize) -> String {
    text_of(usize::from(code.version()), at)
}

fn text_of(version: usize, at: usize) -> String {
    // Bytes that each version holds at level M (ISO/IEC 18004, table 7).
    const CAPACITY: [usize; 12] = [62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412];
    let length = CAPACITY[version - 4] - 2;
    let mut state = (at * 7919 + version) as u64;
    let letters = (0..length).map(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                [(state >> 58) as usize],
        )
    });
    letters.collect()
}

fn code(version: usize, at: usize) -> Code {
    let code = Code::new(&text_of(version, at)).unwrap();
    assert_eq!(usize::from(code.version()), version);
    code
}

fn frame(code: &Code, view: &View, module: f64, seed: u64) -> image::GrayImage {
    let part = |step: u64, of: u64| (seed * step % of) as f64 / of as f64 - 0.5;
    let mut view = *view;
    // What is turned comes nearer on one side, and must still fit the frame.
    let most = if view.tilt_degrees == 0.0 { 0.8 } else { 0.5 };
    view.code_fraction = (code.side() as f64 * module / f64::from(view.height)).min(most);
    view.roll_degrees += part(7, 11) * 12.0;
    // Never on a whole pixel.
    view.offset = (part(5, 13) * 0.02, part(3, 17) * 0.02);
    let screen = SimulatedDisplay::new();
    screen.show(Duration::ZERO, Some(code));
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    SimulatedCamera::new(screen, view, timing, seed).take()
}
