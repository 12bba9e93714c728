//! The constants of the reader that are not fixed by ISO/IEC 18004.
//!
//! Each says where it came from:
//!
//! - *geometry*: it follows from the views that are to be read;
//! - *measured*: a quantity that was measured, as the doc says;
//! - *cost*: work in units of [`WorkBudget`](super::WorkBudget), from the time
//!   that the step takes (`compare-readers --steps`);
//! - *cap*: it bounds the work on hostile pictures (`compare-readers --hostile`)
//!   and is above what real pictures need;
//! - *trial*: it was chosen by the tables of docs/reading.md, which pin the sum of
//!   these choices, not each of them.

use std::ops::RangeInclusive;

// Sizes of pictures.

/// Frames with more pixels are read at half their size. *Trial*: 1280 × 720 and
/// 1920 × 1080 stay whole.
pub(super) const MAX_FRAME_PIXELS: u64 = 2_500_000;
/// Images with more pixels are halved until they have no more. *Trial.*
pub(super) const MAX_IMAGE_PIXELS: u64 = 4_000_000;
/// Frames with fewer pixels are looked at whole before they are looked at halved.
/// *Trial.*
pub(super) const SMALL_FRAME_PIXELS: u64 = 400 * 400;
/// Images with at most this many pixels are also tried enlarged, for modules of a
/// pixel or two. *Cost*: enlarged, they are no larger than [`MAX_IMAGE_PIXELS`], or
/// hardly.
pub(super) const DOUBLED_IMAGE_PIXELS: u64 = 1300 * 800;
/// Images with at most this many pixels are enlarged to three times their size as
/// well. *Cost*, as for [`DOUBLED_IMAGE_PIXELS`].
pub(super) const TRIPLED_IMAGE_PIXELS: u64 = 640 * 480;

// The binarizers and filters of the steps.

/// Greys between the darkest and the lightest pixel of a block that is not flat:
/// ZXing's value. *Trial*, also against noise.
pub(super) const HIGH_CONTRAST: u8 = 24;
/// The same for dim pictures and those whose noise was averaged away. *Trial.*
pub(super) const LOW_CONTRAST: u8 = 8;
/// Greys by which a pixel must be darker than the mean around it: noise on even
/// paper stays light. *Trial.*
pub(super) const LOCAL_MEAN_MARGIN: u32 = 2;
/// The widest window of local means is this fraction of the longer side, to each
/// side of a pixel. *Trial.*
pub(super) const WIDE_WINDOW: u32 = 16;

// What a look at a whole picture costs, by the pixel.

/// Pixels that are halved for one unit. *Cost.*
pub(super) const HALVE: u64 = 2;
/// Two passes over the pixels, and a few for the thresholds. *Cost.*
pub(super) const LOOK: u64 = 3;
/// The means around all pixels. *Cost.*
pub(super) const MEANS: u64 = 1;
/// Enlarging to twice the width and height by Catmull-Rom. *Cost.*
pub(super) const DOUBLE: u64 = 140;
/// Enlarging to three times the width and height. *Cost.*
pub(super) const TRIPLE: u64 = 20;

// The search for finder patterns.

/// Rows are scanned this far apart: the centre of a finder pattern is three
/// modules high, and the smallest module that is read has a pixel or more.
/// *Geometry.*
pub(super) const ROW_STEP: usize = 3;
/// Scan lines that look like a partial finder pattern, across and down. *Cap.*
pub(super) const MAX_PARTIAL_CROSSINGS: usize = 2_000;
/// Looking down at one that looks like one across. *Cost.*
pub(super) const PARTIAL_CROSSING: u64 = 40;
/// Work for the timing patterns between partial finder patterns in one picture: letters
/// look like such patterns. *Cap.*
pub(super) const PARTIAL_TIMING_WORK: u64 = 5_000_000;
/// The same as a fraction of the work that is left: a frame has little. *Cap.*
pub(super) const PARTIAL_TIMING_SHARE: u64 = 4;
/// Candidates of partial finder patterns that are read. *Cap.*
pub(super) const MAX_PARTIAL_CANDIDATES: usize = 6;
/// The timing patterns between three finder patterns, for each module between them.
/// *Cost.*
pub(super) const TIMING_MODULE: u64 = 100;
/// Finder patterns that are kept: a sheet of a hundred codes has 300. *Cap.*
pub(super) const MAX_PATTERNS: usize = 320;
/// The search ends with this many patterns, of which the largest are kept. *Cap.*
pub(super) const MAX_FOUND: usize = 640;
/// Scan lines that look like a finder pattern, most of which cross none. *Cap.*
pub(super) const MAX_CROSSINGS: usize = 6_000;
/// Fewer pixels than this for each such scan line are noise all over. *Trial*, on
/// noise and on codes in noise.
pub(super) const NOISE_PIXELS: u64 = 700;
/// Locating the centre of one pattern. *Cost.*
pub(super) const LOCATE: u64 = 1_500;
/// With at most this many patterns, each is combined with all others: more than
/// one code has, with what happens to look like a pattern around it. *Cap.*
pub(super) const FEW_PATTERNS: usize = 64;
/// With more, each is combined with this many of its nearest neighbours of similar
/// size. *Trial*, on sheets of labels.
pub(super) const NEIGHBOURS: usize = 24;
/// Sets of three patterns that are kept. *Cap.*
pub(super) const MAX_SETS: usize = 1_200;
/// Looking at one set of three patterns. *Cost.*
pub(super) const COMBINE: u64 = 10;
/// Looking for the timing patterns of one set. *Cost.*
pub(super) const RANK: u64 = 1_000;
/// How many times larger than the smallest pattern of a code its largest may seem: from
/// 60° aside, and so near that the code fills the frame, 2.5 times. *Geometry*, rounded up.
pub(super) const MAX_SIZE_RATIO: i32 = 3;
/// How many times longer one side of a code may seem than the other, as from 60°
/// aside, and some room. *Geometry.*
pub(super) const MAX_SIDE_RATIO: f32 = 2.5;
/// The cosine of 45°: a corner seems to have between 45° and 135°. *Geometry.*
pub(super) const MAX_CORNER_COSINE: f32 = 0.7072;
/// Modules along a side, by the size of the patterns, which is known to a third:
/// 21 to 177, widened by as much. *Geometry.*
pub(super) const MODULES_BY_PATTERN_SIZE: RangeInclusive<f32> = 19.0..=265.0;
/// The largest patterns of a look that are kept one by one, for the two-finder
/// step. *Cap.*
pub(super) const MAX_SINGLE_PATTERNS: usize = 12;

// Sampling by rxing.

/// Finding out that three patterns are no code, with [`SAMPLE_PIXEL`] for each pixel of
/// a pattern's width. *Cost.*
pub(super) const SAMPLE: u64 = 5_000;
/// See [`SAMPLE`]. *Cost.*
pub(super) const SAMPLE_PIXEL: u64 = 150;
/// Sampling and decoding one module, where they may be one. *Cost.*
pub(super) const SAMPLE_MODULE: u64 = 35;
/// Finding out that the modules are no code, beside that. *Cost.*
pub(super) const DECODE: u64 = 20_000;

// The search of one picture.

/// Work of one look on sets of patterns that give nothing: thousands that are refused at
/// once, or a hundred that look like small codes. *Cap.*
pub(super) const LOOK_FAILURES: u64 = 10_000_000;
/// And not more than this fraction of the work that is left: what sees patterns
/// everywhere leaves something to the other looks. *Trial*, on sheets of labels and
/// hostile pictures.
pub(super) const LOOK_SHARE: u64 = 3;
/// Candidates that are kept for the sample grid. *Cap.*
pub(super) const MAX_CANDIDATES: usize = 12;
/// Finder patterns that are kept for codes of which another is not found. *Cap.*
pub(super) const MAX_KEPT_PATTERNS: usize = 16;
/// From this many codes on a picture is taken for a sheet, which has more of them.
/// *Trial.*
pub(super) const SHEET: usize = 5;
/// Work of a frame that is reserved for the sample grid: noise all over must not
/// use up what a likely code needs. *Trial*, at noise 15 and 30.
pub(super) const FRAME_RESERVE: u64 = 8_000_000;
/// Frames for which a code that was read is assumed to be where it was: half a
/// second. *Trial.*
pub(super) const REMEMBERED_FRAMES: u32 = 15;
/// How far a code may have moved since, of its own size. *Trial.*
pub(super) const MOVEMENT: f32 = 0.2;

// What a camera sees in the large.

/// Blocks of this side, in pixels: a code that can be read covers some. *Geometry.*
pub(super) const SCENE_BLOCK: usize = 16;
/// Frames with fewer blocks are cheap to look at. *Cost.*
pub(super) const FEWEST_BLOCKS: usize = 256;
/// Pixels whose share in the means of the blocks is one unit. *Cost.*
pub(super) const SCENE: u64 = 4;
/// Greys from one block to the next where nothing is but light that fades. *Geometry*: a
/// lens that is darker by 40 greys at its edges.
pub(super) const EVEN: f32 = 1.5;
/// The same, by the noise of the pixels: five deviations of the difference of two means
/// of 256 pixels each. *Geometry.*
pub(super) const EVEN_BY_NOISE: f32 = 0.4;
/// Greys by which a block changes where something moves. *Trial*, on dim codes.
pub(super) const CHANGE: f32 = 3.0;
/// The same, by what most blocks change: noise, and lamps that flicker. *Trial.*
pub(super) const CHANGE_BY_NOISE: f32 = 6.0;
/// Frames without a change, a reading or a promise after which a camera is taken to look
/// at nothing: a second. *Trial.*
pub(super) const CALM_FRAMES: u32 = 30;
/// Then one of this many frames is looked at. *Cost.*
pub(super) const CALM_STRIDE: u32 = 4;
/// And one of this many thoroughly: more than two a second. *Cost.*
pub(super) const CALM_THOROUGH: u32 = 12;
/// A frame that promises a code is looked at thoroughly for this many frames: half a
/// second. *Trial.*
pub(super) const PROMISE_FRAMES: u32 = 15;
/// Afterwards one in this many is. *Cost.*
pub(super) const PROMISE_STRIDE: u32 = 4;

// Candidates.

/// How well the timing patterns alternate where there is a code, from −2 to 2.
/// *Measured*: three patterns by chance have something near zero between them.
pub(super) const LIKELY_TIMING: f32 = 0.6;
/// Below this there is no code. *Measured*, as [`LIKELY_TIMING`].
pub(super) const POSSIBLE_TIMING: f32 = 0.3;
/// Greys by which even paper differs from place to place. *Trial.*
pub(super) const PAPER_NOISE: f32 = 8.0;
/// The number of modules is known to this fraction of it, and [`SIDE_SLACK`]
/// modules: a pattern's width is known to a pixel or so. *Trial.*
pub(super) const SIDE_SLACK_RATIO: f32 = 0.2;
/// See [`SIDE_SLACK_RATIO`]. *Trial.*
pub(super) const SIDE_SLACK: f32 = 5.0;
/// Guesses at the number of modules. *Trial.*
pub(super) const SIDE_GUESSES: usize = 2;
/// Guesses at the alignment pattern near the fourth corner. *Trial.*
pub(super) const ALIGNMENT_GUESSES: usize = 3;
/// The alignment pattern is sought this many half modules around its place.
/// *Trial.*
pub(super) const ALIGNMENT_REACH: i32 = 8;
/// How much less an alignment pattern counts at the edge of that reach, in
/// standard deviations of grey. *Trial.*
pub(super) const ALIGNMENT_DISTANCE_PENALTY: f32 = 0.2;
/// Looking at one of the 25 modules of an alignment pattern. *Cost.*
pub(super) const ALIGNMENT_MODULE: u64 = 10;
/// How much faster the modules shrink along a side than without foreshortening is
/// believed up to these bounds. *Geometry*, with room for noise.
pub(super) const FORESHORTENING: RangeInclusive<f32> = 0.6..=1.6;

// The sample grid.

/// How far around each module its neighbours are asked in each fitting step, in
/// modules: at first many, then few. *Trial*, on crumpled codes.
pub(super) const FIT_RADII: [usize; 6] = [7, 5, 4, 3, 2, 2];
/// Where an edge is sought between two module centres, as a fraction of the way.
/// *Trial.*
pub(super) const EDGE_SAMPLES: [f32; 9] = [-0.2, 0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2];
/// Greys of contrast from which an edge is trusted fully. *Trial.*
pub(super) const FULL_CONTRAST: f32 = 32.0;
/// How far one fitting step moves a module at most, in pixels. *Trial.*
pub(super) const MAX_FIT_STEP: f32 = 3.0;
/// Deconvolutions that are tried, by the blur's standard deviation in modules.
/// *Trial*, on codes out of focus.
pub(super) const BLURS: [f32; 5] = [0.0, 0.45, 0.6, 0.75, 0.9];
/// Iterations of the deconvolution. *Trial.*
pub(super) const DECONVOLUTION_ROUNDS: usize = 12;
/// The share of a code's function patterns that must be right before the grid is
/// fitted. *Measured*: 0.84 for the worst code that was ever read, 0.6 by chance.
pub(super) const MIN_FUNCTION_PATTERN_SCORE: f32 = 0.75;
/// The share of the finder patterns that must be right before all modules are looked at.
/// *Trial*: less than [`MIN_FUNCTION_PATTERN_SCORE`], and half by chance.
pub(super) const MIN_FINDER_SCORE: f32 = 0.65;
/// One look at three finder patterns. *Cost.*
pub(super) const FINDERS_LOOK: u64 = 10_000;
/// One look at all modules, by the module. *Cost.*
pub(super) const GRID_MODULE: u64 = 120;

// The two-finder step.

/// Following the corners of one finder pattern. *Cost.*
pub(super) const FINDER_CORNERS: u64 = 2_000;
/// Where the third pattern should be is known to this many modules. *Trial.*
pub(super) const THIRD_FINDER_SLACK: i32 = 3;
/// How much less a third pattern counts at the edge of that slack, in standard
/// deviations of grey. *Trial.*
pub(super) const THIRD_FINDER_DISTANCE_PENALTY: f32 = 0.1;
/// Modules between the centres of two patterns of a code, 14 to 170, with room for
/// perspective. *Geometry.*
pub(super) const FINDER_DISTANCE: RangeInclusive<f32> = 12.0..=175.0;
/// How large one pattern may seem beside the other. *Geometry*, as
/// [`MAX_SIZE_RATIO`].
pub(super) const MAX_MODULE_RATIO: f32 = 2.0;
/// Two patterns lie side by side if the shorter of the two distances between them,
/// along the axes of one of them, is less than this part of the longer. *Geometry.*
pub(super) const SIDE_BY_SIDE: f32 = 0.3;
/// They lie on a diagonal if it is more than this part. *Geometry.*
pub(super) const DIAGONAL: f32 = 0.6;

/// Work for each pixel of a picture file that is decoded once more.
pub(super) const DECODING_WORK: u64 = 8;
