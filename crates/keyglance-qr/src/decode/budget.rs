//! How much work one picture may cost.

use super::pipeline::StepReport;

/// Work done and work allowed, in units of about one pixel looked at: about half a
/// nanosecond, and three times that in the costliest steps.
///
/// Work is counted, not timed, so that the same picture costs the same on every
/// run; a caller with a clock can end it sooner.
pub struct WorkBudget<'a> {
    limit: u64,
    spent: u64,
    stop: &'a dyn Fn() -> bool,
    observer: Option<&'a dyn Fn(StepReport)>,
}

impl std::fmt::Debug for WorkBudget<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkBudget")
            .field("limit", &self.limit)
            .field("spent", &self.spent)
            .finish_non_exhaustive()
    }
}

impl WorkBudget<'static> {
    /// For a picture file: 700 million units, which take about half a second.
    #[must_use]
    pub fn still() -> Self {
        Self::of(700_000_000)
    }

    /// For a frame of a camera: 37 million units, which take 20 to 40 ms.
    #[must_use]
    pub fn live() -> Self {
        Self::of(37_000_000)
    }

    /// So many units, for a machine on which even [`WorkBudget::live`] takes too long.
    ///
    /// ```
    /// use keyglance_qr::{Code, VideoDecoder, WorkBudget, render_grayscale};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let frame = render_grayscale(&Code::new("hello")?, 6)?;
    /// let mut budget = WorkBudget::of(5_000_000);
    /// assert_eq!(VideoDecoder::default().read(&frame, &mut budget)[0].bytes, b"hello");
    /// assert!(budget.spent() <= 5_000_000);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of(units: u64) -> Self {
        Self { limit: units, spent: 0, stop: &|| false, observer: None }
    }
}

impl<'a> WorkBudget<'a> {
    /// Ends as soon as `stop` returns true, and at its own limit in any case.
    ///
    /// `stop` is asked thousands of times for a picture: it should be quick.
    #[must_use]
    pub fn until<'b>(self, stop: &'b dyn Fn() -> bool) -> WorkBudget<'b>
    where
        'a: 'b,
    {
        WorkBudget { stop, ..self }
    }

    /// Tells `observer` of each step of the reader: what it cost and what it read.
    ///
    /// ```
    /// use std::cell::Cell;
    ///
    /// use keyglance_qr::{Code, WorkBudget, decode_image_within, render_grayscale};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let first = Cell::new(None);
    /// let observer = |report: keyglance_qr::StepReport| {
    ///     if report.codes > 0 && first.get().is_none() {
    ///         first.set(Some(report.step));
    ///     }
    /// };
    /// let picture = render_grayscale(&Code::new("hello")?, 4)?;
    /// let _ = decode_image_within(&picture, &mut WorkBudget::still().observed_by(&observer));
    /// assert_eq!(first.get(), Some("small, hybrid"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observed_by<'b>(self, observer: &'b dyn Fn(StepReport)) -> WorkBudget<'b>
    where
        'a: 'b,
    {
        WorkBudget { observer: Some(observer), ..self }
    }

    /// The work done so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// The work that may be done.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn report(&self, report: StepReport) {
        if let Some(observer) = self.observer {
            observer(report);
        }
    }

    /// Reserves this much for later, or all that is left; returns what it reserved.
    #[must_use]
    pub(super) fn hold_back(&mut self, most: u64) -> u64 {
        let held = self.left().min(most);
        self.limit -= held;
        held
    }

    /// Reserves all but this much for later; returns what it reserved.
    #[must_use]
    pub(super) fn hold_back_all_but(&mut self, least: u64) -> u64 {
        self.hold_back(self.left().saturating_sub(least))
    }

    /// Gives back what was reserved, even where the limit was reached meanwhile.
    pub(super) fn release(&mut self, held: u64) {
        self.limit += held;
    }

    /// Work that may still be done.
    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.spent)
    }

    /// Whether this much more may be done; if so it counts as done.
    pub(super) fn spend(&mut self, work: u64) -> bool {
        if self.spent.saturating_add(work) > self.limit || (self.stop)() {
            // What could not be afforded once never can be: the reader stops soon.
            self.limit = self.limit.min(self.spent);
            return false;
        }
        self.spent += work;
        true
    }

    /// Takes back work that [`spend`](Self::spend) counted before it was known how much
    /// of it there would be.
    pub(super) fn refund(&mut self, work: u64) {
        self.spent = self.spent.saturating_sub(work);
    }

    /// Whether this much more may be done.
    pub(super) fn affords(&self, work: u64) -> bool {
        work <= self.left()
    }

    /// Whether no more may be done.
    pub(super) fn is_over(&self) -> bool {
        self.spent >= self.limit
    }
}
