//! How much work a picture may cost, whoever made it.

/// Work done and work allowed, in units of about one pixel looked at: one to two
/// nanoseconds.
///
/// It is counted, not timed, so that the same picture costs the same on every
/// run; a caller with a clock can end it sooner.
pub struct WorkBudget<'a> {
    limit: u64,
    spent: u64,
    stop: &'a dyn Fn() -> bool,
}

impl std::fmt::Debug for WorkBudget<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Effort").field("limit", &self.limit).field("spent", &self.spent).finish()
    }
}

impl WorkBudget<'static> {
    /// For a picture file: about a second where nothing can be read.
    #[must_use]
    pub fn still() -> Self {
        Self { limit: 1_000_000_000, spent: 0, stop: &|| false }
    }

    /// For a frame of a camera: 33 ms.
    #[must_use]
    pub fn live() -> Self {
        Self { limit: 37_000_000, spent: 0, stop: &|| false }
    }
}

impl<'a> WorkBudget<'a> {
    /// Ends as soon as `stop` says so, and at its own limit anyway.
    #[must_use]
    pub fn until<'b>(self, stop: &'b dyn Fn() -> bool) -> WorkBudget<'b> {
        WorkBudget { limit: self.limit, spent: self.spent, stop }
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

    /// Keeps so much for later, or all that is left; gives what it kept.
    #[must_use]
    pub(super) fn hold_back(&mut self, most: u64) -> u64 {
        let held = self.left().min(most);
        self.limit -= held;
        held
    }

    /// Gives back what was held back, even where the end was reached meanwhile.
    pub(super) fn release(&mut self, held: u64) {
        self.limit += held;
    }

    /// What is left of it.
    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.spent)
    }

    /// Whether this much more may be done; if so it counts as done.
    pub(super) fn spend(&mut self, work: u64) -> bool {
        if self.spent.saturating_add(work) > self.limit || (self.stop)() {
            // What was too dear stays so: the reader comes to its end.
            self.limit = self.limit.min(self.spent);
            return false;
        }
        self.spent += work;
        true
    }

    /// Whether no more may be done.
    pub(super) fn is_over(&self) -> bool {
        self.spent >= self.limit
    }
}
