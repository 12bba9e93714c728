//! The steps of the reader, in the order in which they run.
//!
//! Each finds codes that the ones before it miss. `compare-readers` prints what
//! each earns and costs.

use super::binarizer::{
    Binarizer, BlockLevel, HybridBinarizer, LocalMeanBinarizer, OtsuBinarizer, Radius,
};
use super::partial_finder::Shape;
use super::pipeline::{Action, Filter, Look, Polarity, Scale, Stage, Step, When};
use super::tuning::{
    DOUBLE, DOUBLED_IMAGE_PIXELS, FRAME_RESERVE, HIGH_CONTRAST, LIKELY_TIMING, LOW_CONTRAST, MEANS,
    POSSIBLE_TIMING, SMALL_FRAME_PIXELS, TRIPLE, TRIPLED_IMAGE_PIXELS, WIDE_WINDOW,
};

// The two differ in both, so that each sees what the other does not.
const HYBRID: Binarizer = hybrid(HIGH_CONTRAST, BlockLevel::Midpoint);
const HYBRID_LOW: Binarizer = hybrid(LOW_CONTRAST, BlockLevel::Mean);
const OTSU: Binarizer = Binarizer::Otsu(OtsuBinarizer);
const WIDE_MEAN: Binarizer = local_mean(Radius::OneOver(WIDE_WINDOW));

/// For images: everything is tried where nothing was read.
pub(super) static IMAGE: [Stage; 6] = [
    stage(
        When::Always,
        &[
            look("hybrid", Scale::Working, HYBRID).both(),
            look("half, hybrid", Scale::Half, HYBRID).both().cost(1),
            look("hybrid, low contrast", Scale::Working, HYBRID_LOW).both(),
            look("half, hybrid, low contrast", Scale::Half, HYBRID_LOW).both().cost(1),
            look("Otsu", Scale::Working, OTSU).both(),
            look("local mean", Scale::Working, WIDE_MEAN).both().cost(MEANS),
            fit_grids("sample grid, more", POSSIBLE_TIMING, 12, 12),
        ],
    ),
    stage(
        When::IncompleteOrSheet,
        &[
            two_finders("two finders, more", 16, 6).when(When::NothingRead),
            look("half, hybrid, inner rings", Scale::Half, HYBRID_LOW)
                .both()
                .shape(Shape::Inner)
                .cost(1),
            look("hybrid, inner rings", Scale::Working, HYBRID).both().shape(Shape::Inner),
            look("half, hybrid, hollow centres", Scale::Half, HYBRID_LOW)
                .both()
                .shape(Shape::Hollow)
                .cost(1),
            look("third, hybrid, low contrast", Scale::Third, HYBRID_LOW).both().cost(1),
            look("quarter, hybrid, low contrast", Scale::Quarter, HYBRID_LOW).both().cost(2),
            look("local mean, 7 px", Scale::Working, mean_of(7)).both().cost(MEANS),
            look("local mean, 12 px", Scale::Working, mean_of(12)).both().cost(MEANS),
            look("local mean, 25 px", Scale::Working, mean_of(25)).both().cost(MEANS),
            look("sharpened, hybrid", Scale::Working, HYBRID).both().sharpened(2, 1.5).cost(MEANS),
            look("sharpened more, hybrid", Scale::Working, HYBRID)
                .both()
                .sharpened(4, 2.5)
                .cost(MEANS),
            // Paper with grain, and codes of which only outlines are drawn.
            look("blurred 1 px, hybrid", Scale::Working, HYBRID_LOW).both().blurred(1).cost(MEANS),
            look("blurred 1 px, Otsu", Scale::Working, OTSU).both().blurred(1).cost(MEANS),
            look("blurred 2 px, hybrid", Scale::Working, HYBRID_LOW).both().blurred(2).cost(MEANS),
            look("blurred 2 px, Otsu", Scale::Working, OTSU).both().blurred(2).cost(MEANS),
            look("blurred 4 px, hybrid", Scale::Working, HYBRID_LOW).both().blurred(4).cost(MEANS),
            look("blurred 4 px, Otsu", Scale::Working, OTSU).both().blurred(4).cost(MEANS),
        ],
    ),
    // Modules of a pixel or two.
    stage(
        When::NothingReadUpTo(DOUBLED_IMAGE_PIXELS),
        &[
            look("double, hybrid", Scale::Double, HYBRID).both().cost(DOUBLE),
            look("double, hybrid, low contrast", Scale::Double, HYBRID_LOW).both().cost(DOUBLE),
            look("double, sharpened, hybrid", Scale::Double, HYBRID)
                .both()
                .sharpened(3, 2.0)
                .cost(4 * MEANS),
        ],
    ),
    stage(
        When::NothingReadUpTo(TRIPLED_IMAGE_PIXELS),
        &[look("triple, Otsu", Scale::Triple, OTSU).both().cost(TRIPLE)],
    ),
    stage(When::Always, &[fit_grids("sample grid, again", POSSIBLE_TIMING, 12, 12)]),
    stage(
        When::NothingReadReduced,
        &[
            look("original size, hybrid", Scale::Original, HYBRID).both(),
            fit_grids("sample grid, original size", POSSIBLE_TIMING, 12, 12),
        ],
    ),
];

/// For every frame of a camera. A step that reads something ends it, unless
/// something else looks like a code.
pub(super) static FRAME: [Stage; 1] = [Stage {
    when: When::Always,
    reserve: FRAME_RESERVE,
    steps: &[
        look("small, hybrid", Scale::Working, HYBRID)
            .denoised()
            .when(When::SmallerThan(SMALL_FRAME_PIXELS))
            .may_end(),
        // As a plain reader looks: a code that it reads beside others must not be missed.
        look("hybrid", Scale::Working, HYBRID)
            .denoised()
            .when(When::AtLeast(SMALL_FRAME_PIXELS))
            .may_end(),
        look("denoised, hybrid", Scale::Working, HYBRID).denoised().when(When::Noisy).may_end(),
        look("half, hybrid, low contrast", Scale::Half, HYBRID_LOW).may_end(),
        look("third, hybrid, low contrast", Scale::Third, HYBRID_LOW).may_end(),
        fit_grids("sample grid, likeliest", LIKELY_TIMING, 1, 1),
        look("half, hybrid, light on dark", Scale::Half, HYBRID_LOW).light_on_dark().may_end(),
        look("hybrid, light on dark", Scale::Working, HYBRID)
            .denoised()
            .light_on_dark()
            .when(When::NotNoisy)
            .may_end(),
    ],
}];

/// What is made of the finder patterns that gave no reading.
pub(super) static FRAME_CANDIDATES: [Stage; 2] = [
    stage(When::Incomplete, &[fit_grids("sample grid", POSSIBLE_TIMING, 4, 4)]),
    stage(When::NothingRead, &[two_finders("two finders", 6, 2)]),
];

/// One of these more for a frame in which nothing was read, in turn: the next frame is
/// another chance. The first [`QUICK_TURNS`] are for every frame that promises a code.
pub(super) static FRAME_TURNS: [Stage; 8] = [
    turn(&[look("turn: Otsu", Scale::Working, OTSU)]),
    turn(&[look("turn: local mean", Scale::Working, WIDE_MEAN).cost(MEANS)]),
    // Codes without a quiet zone.
    stage(
        When::Incomplete,
        &[look("turn: Otsu, inner rings", Scale::Working, OTSU).both().shape(Shape::Inner)],
    ),
    // Most cameras that see badly see noise.
    turn(&[
        look("turn: blurred 1 px, hybrid", Scale::Working, HYBRID_LOW).blurred(1).cost(MEANS),
        TURN_GRIDS,
    ]),
    turn(&[
        look("turn: sharpened, hybrid", Scale::Working, HYBRID).sharpened(2, 1.5).cost(MEANS),
        TURN_GRIDS,
    ]),
    turn(&[look("turn: local mean, 12 px", Scale::Working, mean_of(12)).cost(MEANS), TURN_GRIDS]),
    turn(&[
        look("turn: blurred 3 px, Otsu", Scale::Working, OTSU).blurred(3).cost(MEANS),
        TURN_GRIDS,
    ]),
    turn(&[look("turn: hybrid, hollow centres", Scale::Working, HYBRID)
        .both()
        .shape(Shape::Hollow)]),
];

/// See [`FRAME_TURNS`].
pub(super) const QUICK_TURNS: usize = 2;
/// The first so many are for a first frame, and for one that is due for a thorough look.
pub(super) const FIRST_TURNS: usize = 3;

const TURN_GRIDS: Step = fit_grids("turn: sample grid", POSSIBLE_TIMING, 4, 4);

/// How a picture is reduced to its working size, before the first look.
pub(super) const REDUCE: &str = "reduce";

/// The names of the steps of [`decode_image`](super::decode_image) as
/// [`StepReport`](super::StepReport) has them, in the order in which they run.
#[must_use]
pub fn image_steps() -> Vec<&'static str> {
    names(frame_steps().into_iter().chain([REDUCE]).chain(names_in(&IMAGE)))
}

/// The names of the steps of [`decode_frame`](super::decode_frame) and
/// [`VideoDecoder`](super::VideoDecoder), in the order in which they run; those that
/// begin with `turn:` take turns.
#[must_use]
pub fn frame_steps() -> Vec<&'static str> {
    let (quick, costly) = FRAME_TURNS.split_at(FIRST_TURNS);
    let stages = [FRAME.as_slice(), quick, &FRAME_CANDIDATES, costly];
    names(stages.into_iter().flat_map(names_in))
}

fn names_in(stages: &'static [Stage]) -> impl Iterator<Item = &'static str> {
    stages.iter().flat_map(|stage| stage.steps).map(|step| step.name)
}

/// Each name once, where it stands first: all turns end with the same step, and an
/// image begins with the steps of a frame.
fn names(all: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for name in all {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

const fn hybrid(min_contrast: u8, level: BlockLevel) -> Binarizer {
    Binarizer::Hybrid(HybridBinarizer { min_contrast, level })
}

const fn local_mean(radius: Radius) -> Binarizer {
    Binarizer::LocalMean(LocalMeanBinarizer { radius })
}

const fn mean_of(pixels: u32) -> Binarizer {
    local_mean(Radius::Pixels(pixels))
}

const fn stage(when: When, steps: &'static [Step]) -> Stage {
    Stage { when, reserve: 0, steps }
}

const fn turn(steps: &'static [Step]) -> Stage {
    Stage { when: When::Incomplete, reserve: FRAME_RESERVE, steps }
}

/// Dark codes on light paper, unfiltered, at no more than the cost of every look.
const fn look(name: &'static str, scale: Scale, binarizer: Binarizer) -> Step {
    let (filter, polarity) = (Filter::None, Polarity::DarkOnLight);
    step(
        name,
        Action::Look(Look { scale, filter, binarizer, polarity, shape: Shape::Whole, cost: 0 }),
    )
}

const fn fit_grids(name: &'static str, min_timing: f32, candidates: usize, guesses: usize) -> Step {
    step(name, Action::FitGrids { min_timing, candidates, guesses })
}

const fn two_finders(name: &'static str, patterns: usize, candidates: usize) -> Step {
    step(name, Action::TwoFinders { patterns, candidates })
}

const fn step(name: &'static str, action: Action) -> Step {
    Step { name, when: When::Always, action, may_end: false }
}

impl Step {
    const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    const fn may_end(self) -> Self {
        Self { may_end: true, ..self }
    }

    const fn both(self) -> Self {
        self.polarity(Polarity::Both)
    }

    const fn light_on_dark(self) -> Self {
        self.polarity(Polarity::LightOnDark)
    }

    const fn denoised(self) -> Self {
        self.filter(Filter::DenoiseIfNoisy)
    }

    const fn blurred(self, radius: u32) -> Self {
        self.filter(Filter::BoxBlur { radius })
    }

    const fn sharpened(self, radius: u32, strength: f32) -> Self {
        self.filter(Filter::UnsharpMask { radius, strength })
    }

    const fn polarity(mut self, polarity: Polarity) -> Self {
        if let Action::Look(look) = &mut self.action {
            look.polarity = polarity;
        }
        self
    }

    const fn filter(mut self, filter: Filter) -> Self {
        if let Action::Look(look) = &mut self.action {
            look.filter = filter;
        }
        self
    }

    const fn shape(mut self, shape: Shape) -> Self {
        if let Action::Look(look) = &mut self.action {
            look.shape = shape;
        }
        self
    }

    const fn cost(mut self, cost: u64) -> Self {
        if let Action::Look(look) = &mut self.action {
            look.cost = cost;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use image::{GrayImage, Luma};

    use super::*;
    use crate::{StepReport, VideoDecoder, WorkBudget, decode_image_within};

    /// Each name once, where it stood first.
    fn once(reports: &RefCell<Vec<&'static str>>) -> Vec<&'static str> {
        names(reports.take().into_iter())
    }

    #[test]
    fn steps_run_in_the_order_of_their_names() {
        // Nothing is read and the picture is reduced, so no step is left out but those
        // for small or noisy pictures, and without finder patterns none ends early. The edge makes
        // it uneven.
        let edge = |x: u32| Luma([if x < 900 { 200 } else { 90 }]);
        let blank = GrayImage::from_fn(2400, 1800, |x, _| edge(x));
        let reports = RefCell::new(Vec::new());
        let observer = |report: StepReport| reports.borrow_mut().push(report.step);
        let mut budget = WorkBudget::still().observed_by(&observer);
        assert_eq!(decode_image_within(&blank, &mut budget), []);
        let (ran, mut expected) = (once(&reports), image_steps());
        let is_left_out = ["double", "triple", "small", "denoised"];
        expected.retain(|step| !is_left_out.iter().any(|name| step.starts_with(name)));
        assert_eq!(ran, expected);

        let mut budget = WorkBudget::live().observed_by(&observer);
        assert_eq!(VideoDecoder::default().read(&blank, &mut budget), []);
        let (ran, mut expected) = (once(&reports), frame_steps());
        assert_eq!(expected[0], "small, hybrid");
        expected.retain(|step| ran.contains(step));
        assert_eq!(ran, expected);
        assert!(ran.len() > 10, "{ran:?}");
    }
}
