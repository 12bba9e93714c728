//! Runs a table of steps on one picture.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::binarizer::Binarizer;
use super::partial_finder::Shape;
use super::search::{Search, pixels};
use super::{filter, scale};

/// Some steps, and when they run.
pub(super) struct Stage {
    pub(super) when: When,
    /// Work that these steps must leave to later stages.
    pub(super) reserve: u64,
    pub(super) steps: &'static [Step],
}

/// One step of the reader.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) when: When,
    pub(super) action: Action,
    /// Whether the pipeline ends after this step where something was read and
    /// nothing unread looks like a code.
    pub(super) may_end: bool,
}

/// What a stage or a step waits for.
#[derive(Clone, Copy)]
pub(super) enum When {
    Always,
    /// No code was read.
    NothingRead,
    /// No code was read, in a working picture of at most this many pixels.
    NothingReadUpTo(u64),
    /// No code was read, and the working picture is smaller than the original.
    NothingReadReduced,
    /// No code was read, or something unread looks like one.
    Incomplete,
    /// The same, or so many codes were read that there may be more; and work is left.
    IncompleteOrSheet,
    /// The working picture has fewer pixels than this.
    SmallerThan(u64),
    /// The working picture has at least this many pixels.
    AtLeast(u64),
    /// No look saw noise all over.
    NotNoisy,
    /// A look saw noise all over.
    Noisy,
}

/// What a step does.
#[derive(Clone, Copy)]
pub(super) enum Action {
    /// Binarizes the picture and seeks codes in it.
    Look(Look),
    /// Fits sample grids to this many candidates whose timing patterns alternate at
    /// least this well, with this many guesses at each.
    FitGrids { min_timing: f32, candidates: usize, guesses: usize },
    /// Seeks the third finder pattern to pairs of this many, and fits grids to this
    /// many candidates.
    TwoFinders { patterns: usize, candidates: usize },
}

/// One look at the picture.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) scale: Scale,
    pub(super) filter: Filter,
    pub(super) binarizer: Binarizer,
    pub(super) polarity: Polarity,
    /// What there is of the finder patterns that are sought.
    pub(super) shape: Shape,
    /// Work by the pixel of the working picture, beyond that of every look: to make
    /// the scaled and filtered picture, unless an earlier step made it, or the means
    /// of the binarizer.
    pub(super) cost: u64,
}

/// At which size the picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// As it was given.
    Original,
    /// As it was given, or reduced where it was larger than it need be.
    Working,
    Half,
    Third,
    Quarter,
    Double,
    Triple,
}

/// What happens to the scaled picture before it is binarized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Filter {
    None,
    /// A binomial blur, where an earlier look saw noise all over.
    DenoiseIfNoisy,
    BoxBlur {
        radius: u32,
    },
    UnsharpMask {
        radius: u32,
        strength: f32,
    },
}

/// Which codes are sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Polarity {
    DarkOnLight,
    /// In what the step before with the same scale, filter and binarizer binarized.
    LightOnDark,
    /// Dark on light, then light on dark.
    Both,
}

/// What one step of the reader did: see [`WorkBudget::observed_by`].
///
/// [`WorkBudget::observed_by`]: super::WorkBudget::observed_by
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepReport {
    /// The step's name: one of [`image_steps`](super::image_steps) or
    /// [`frame_steps`](super::frame_steps).
    pub step: &'static str,
    /// The work that it did, in units of [`WorkBudget`](super::WorkBudget).
    pub work: u64,
    /// Codes that it read and no step before it.
    pub codes: usize,
}

/// One picture, and what its steps made of it.
pub(super) struct Pipeline<'p> {
    original: &'p GrayImage,
    working: &'p GrayImage,
    /// How many times smaller than the original the working picture is.
    factor: f32,
    made: Vec<(Scale, Filter, GrayImage)>,
    binarized: Vec<(Look, BitMatrix)>,
}

impl<'p> Pipeline<'p> {
    pub(super) fn new(original: &'p GrayImage, working: &'p GrayImage, factor: f32) -> Self {
        Self { original, working, factor, made: Vec::new(), binarized: Vec::new() }
    }

    pub(super) fn original(&self) -> &'p GrayImage {
        self.original
    }

    /// Runs these stages, or fewer where a step ends it.
    pub(super) fn run(&mut self, search: &mut Search<'_, '_>, stages: &[Stage]) {
        for stage in stages {
            if !self.holds(stage.when, search) {
                continue;
            }
            let reserved = search.budget.hold_back(stage.reserve);
            let is_complete = self.run_steps(search, stage.steps);
            search.budget.release(reserved);
            if is_complete {
                return;
            }
        }
    }

    /// Whether one of the steps ended the pipeline.
    fn run_steps(&mut self, search: &mut Search<'_, '_>, steps: &[Step]) -> bool {
        for (at, step) in steps.iter().enumerate() {
            if !self.holds(step.when, search) {
                continue;
            }
            let (spent, codes) = (search.budget.spent(), search.codes());
            match &step.action {
                Action::Look(look) => self.look(search, look),
                Action::FitGrids { min_timing, candidates, guesses } => {
                    search.fit_grids(self.original, *min_timing, *candidates, *guesses);
                }
                Action::TwoFinders { patterns, candidates } => {
                    search.try_two_finders(self.original, *patterns, *candidates);
                }
            }
            search.budget.report(StepReport {
                step: step.name,
                work: search.budget.spent() - spent,
                codes: search.codes() - codes,
            });
            if step.may_end && search.is_complete(self.original) {
                return true;
            }
            self.forget_all_but(steps.get(at + 1..).unwrap_or_default());
        }
        false
    }

    fn holds(&self, when: When, search: &mut Search<'_, '_>) -> bool {
        match when {
            When::Always => true,
            When::NothingRead => search.is_empty(),
            When::NothingReadUpTo(most) => search.is_empty() && pixels(self.working) <= most,
            When::NothingReadReduced => search.is_empty() && self.factor > 1.0,
            When::Incomplete => !search.is_complete(self.original),
            When::IncompleteOrSheet => {
                (!search.is_complete(self.original) || search.is_sheet())
                    && !search.budget.is_over()
            }
            When::SmallerThan(limit) => pixels(self.working) < limit,
            When::AtLeast(limit) => pixels(self.working) >= limit,
            When::NotNoisy => !search.is_noisy(),
            When::Noisy => search.is_noisy(),
        }
    }

    fn look(&mut self, search: &mut Search<'_, '_>, look: &Look) {
        let factor = self.factor_of(look.scale);
        if look.polarity == Polarity::LightOnDark {
            if let Some(mut bits) = self.take_binarized(look) {
                bits.flip_self();
                search.find_codes(&bits, factor);
            }
            return;
        }
        let Some(mut bits) =
            self.picture(search, look).and_then(|picture| search.binarize(picture, look.binarizer))
        else {
            return;
        };
        self.find(search, look.shape, &bits, false, factor);
        if look.polarity == Polarity::Both {
            bits.flip_self();
            self.find(search, look.shape, &bits, true, factor);
        } else {
            self.binarized.push((*look, bits));
        }
    }

    fn find(
        &self,
        search: &mut Search<'_, '_>,
        shape: Shape,
        bits: &BitMatrix,
        is_inverted: bool,
        factor: f32,
    ) {
        match shape {
            Shape::Whole => search.find_codes(bits, factor),
            Shape::Inner | Shape::Hollow => {
                search.find_partial_codes(bits, shape, is_inverted, factor, self.original);
            }
        }
    }

    /// How many times smaller than the original a picture of this scale is.
    fn factor_of(&self, scale: Scale) -> f32 {
        match scale {
            Scale::Original => 1.0,
            Scale::Working => self.factor,
            Scale::Half => self.factor * 2.0,
            Scale::Third => self.factor * 3.0,
            Scale::Quarter => self.factor * 4.0,
            Scale::Double => self.factor / 2.0,
            Scale::Triple => self.factor / 3.0,
        }
    }

    fn take_binarized(&mut self, look: &Look) -> Option<BitMatrix> {
        let dark = Look { polarity: Polarity::DarkOnLight, ..*look };
        let at = self.binarized.iter().position(|(old, _)| *old == dark)?;
        Some(self.binarized.swap_remove(at).1)
    }

    /// The picture that a look asks for; none where the work is more than may be done.
    fn picture(&mut self, search: &mut Search<'_, '_>, look: &Look) -> Option<&GrayImage> {
        let filter = match look.filter {
            Filter::DenoiseIfNoisy if !search.is_noisy() => Filter::None,
            filter => filter,
        };
        if self.find_made(look.scale, filter).is_none() {
            let work = pixels(self.working) * look.cost;
            if work > 0 && !search.budget.spend(work) {
                return None;
            }
            if let Some(picture) = self.make(look.scale, filter) {
                self.made.push((look.scale, filter, picture));
            }
        }
        self.find_made(look.scale, filter).or_else(|| self.given(look.scale))
    }

    fn find_made(&self, scale: Scale, filter: Filter) -> Option<&GrayImage> {
        let mut made = self.made.iter();
        made.find(|made| (made.0, made.1) == (scale, filter)).map(|(_, _, picture)| picture)
    }

    fn given(&self, scale: Scale) -> Option<&GrayImage> {
        match scale {
            Scale::Original => Some(self.original),
            Scale::Working => Some(self.working),
            _ => None,
        }
    }

    /// None where the picture as given is what is asked for.
    fn make(&self, scale: Scale, filter: Filter) -> Option<GrayImage> {
        let working = self.working;
        let scaled = match scale {
            Scale::Original | Scale::Working => None,
            Scale::Half => Some(scale::halve(working)),
            Scale::Third => Some(scale::reduce_to_third(working)),
            Scale::Quarter => Some(scale::halve(&scale::halve(working))),
            Scale::Double
                if filter != Filter::None && self.find_made(scale, Filter::None).is_some() =>
            {
                None
            }
            Scale::Double => Some(scale::double(working)),
            Scale::Triple => Some(scale::triple(working)),
        };
        let base = scaled.as_ref().or_else(|| self.find_made(scale, Filter::None));
        let base = base.or_else(|| self.given(scale));
        match filter {
            Filter::None => scaled,
            Filter::DenoiseIfNoisy => base.map(filter::binomial_blur),
            Filter::BoxBlur { radius } => base.map(|picture| filter::box_blur(picture, radius)),
            Filter::UnsharpMask { radius, strength } => {
                base.map(|picture| filter::unsharp_mask(picture, radius, strength))
            }
        }
    }

    /// Drops the pictures that none of these steps looks at.
    fn forget_all_but(&mut self, steps: &[Step]) {
        self.made.retain(|(scale, filter, _)| {
            steps.iter().any(|step| match &step.action {
                Action::Look(look) => {
                    look.scale == *scale && (look.filter == *filter || *filter == Filter::None)
                }
                _ => false,
            })
        });
    }
}
