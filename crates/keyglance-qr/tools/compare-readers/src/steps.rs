//! What each step of our reader earns and costs: how often it ran, how many codes it was
//! the first to read, its work and its time.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use image::GrayImage;
use keyglance_qr::{
    StepReport, VideoDecoder, WorkBudget, decode_image_within, frame_steps, image_steps,
};

use crate::clock::cpu_milliseconds;
use crate::output::Output;

/// What one step did in all pictures.
#[derive(Clone, Copy, Default)]
struct Earnings {
    looks: u64,
    codes: usize,
    work: u64,
    milliseconds: f64,
}

type Sums = RefCell<HashMap<&'static str, Earnings>>;

/// The sums over all pictures, of the live and of the still reader.
#[derive(Default)]
pub(crate) struct StepTables {
    live: Sums,
    still: Sums,
}

impl StepTables {
    /// Reads a picture as a frame, on its own, and adds what each step did.
    pub(crate) fn add_frame(&self, picture: &GrayImage) {
        let watch = Watch::default();
        let observer = |report| add(&self.live, report, watch.lap());
        let mut budget = WorkBudget::live().observed_by(&observer);
        let _ = VideoDecoder::default().read(picture, &mut budget);
    }

    /// Reads a picture as a still, and adds what each step did.
    pub(crate) fn add_still(&self, picture: &GrayImage) {
        let watch = Watch::default();
        let observer = |report| add(&self.still, report, watch.lap());
        let _ = decode_image_within(picture, &mut WorkBudget::still().observed_by(&observer));
    }

    pub(crate) fn print(&self, output: &Output) {
        print(output, "live", &frame_steps(), &self.live.borrow());
        print(output, "still", &image_steps(), &self.still.borrow());
    }
}

/// The time between reports: the library has no clock, so what is done between two steps
/// counts for the later one.
struct Watch(Cell<f64>);

impl Default for Watch {
    fn default() -> Self {
        Self(Cell::new(cpu_milliseconds()))
    }
}

impl Watch {
    fn lap(&self) -> f64 {
        let now = cpu_milliseconds();
        now - self.0.replace(now)
    }
}

fn add(sums: &Sums, report: StepReport, milliseconds: f64) {
    let mut sums = sums.borrow_mut();
    let sum = sums.entry(report.step).or_default();
    sum.looks += 1;
    sum.codes += report.codes;
    sum.work += report.work;
    sum.milliseconds += milliseconds;
}

/// The steps in the order in which they run.
fn print(
    output: &Output,
    reader: &str,
    steps: &[&'static str],
    sums: &HashMap<&'static str, Earnings>,
) {
    let all: u64 = sums.values().map(|sum| sum.work).sum();
    output.line("");
    let columns = [
        "looks",
        "codes it read first",
        "share of the work",
        "M units a look",
        "ms a look",
        "ns a unit",
    ];
    output.head(reader, &columns.map(str::to_owned));
    for step in steps {
        let Earnings { looks, codes, work, milliseconds } =
            sums.get(step).copied().unwrap_or_default();
        let share = 100.0 * work as f64 / all.max(1) as f64;
        let a_look = |sum: f64| sum / looks.max(1) as f64;
        let cells = [
            looks.to_string(),
            codes.to_string(),
            format!("{share:.1} %"),
            format!("{:.2}", a_look(work as f64 / 1e6)),
            format!("{:.2}", a_look(milliseconds)),
            if work == 0 {
                "–".to_owned()
            } else {
                format!("{:.2}", milliseconds * 1e6 / work as f64)
            },
        ];
        output.row(step, cells.into_iter());
    }
}
