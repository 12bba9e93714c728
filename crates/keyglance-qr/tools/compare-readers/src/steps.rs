//! What each step of our reader earns: how often it ran, how many codes it was the
//! first to read, and its share of the work.

use std::cell::RefCell;
use std::collections::HashMap;

use image::GrayImage;
use keyglance_qr::{
    StepReport, VideoDecoder, WorkBudget, decode_image_within, frame_steps, image_steps,
};

/// What one step did in all pictures.
#[derive(Clone, Copy, Default)]
struct Earnings {
    looks: u64,
    codes: usize,
    work: u64,
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
        let observer = |report| add(&self.live, report);
        let mut budget = WorkBudget::live().observed_by(&observer);
        let _ = VideoDecoder::default().read(picture, &mut budget);
    }

    /// Reads a picture as a still, and adds what each step did.
    pub(crate) fn add_still(&self, picture: &GrayImage) {
        let observer = |report| add(&self.still, report);
        let _ = decode_image_within(picture, &mut WorkBudget::still().observed_by(&observer));
    }

    pub(crate) fn print(&self) {
        print("live", &frame_steps(), &self.live.borrow());
        print("still", &image_steps(), &self.still.borrow());
    }
}

fn add(sums: &Sums, report: StepReport) {
    let mut sums = sums.borrow_mut();
    let sum = sums.entry(report.step).or_default();
    sum.looks += 1;
    sum.codes += report.codes;
    sum.work += report.work;
}

/// The steps in the order in which they run.
fn print(reader: &str, steps: &[&'static str], sums: &HashMap<&'static str, Earnings>) {
    let all: u64 = sums.values().map(|sum| sum.work).sum();
    println!("\n| {reader} | looks | codes it read first | share of the work |");
    println!("|---|---|---|---|");
    for step in steps {
        let Earnings { looks, codes, work } = sums.get(step).copied().unwrap_or_default();
        let share = 100.0 * work as f64 / all.max(1) as f64;
        println!("| {step} | {looks} | {codes} | {share:.1} % |");
    }
}
