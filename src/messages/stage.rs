//! How far a pairing has come, in the words that both faces use.

/// What a person is told of a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Looking,
    Seen,
    Agreed,
    SameKey,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Looking, Self::Seen, Self::Agreed, Self::SameKey];

    /// The state itself.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Looking => "Looking",
            Self::Seen => "I see them",
            Self::Agreed => "They see me",
            Self::SameKey => "Same key",
        }
    }

    /// Its name among the steps.
    pub const fn step(self) -> &'static str {
        match self {
            Self::Seen => "Seen",
            Self::Agreed => "Agreed",
            step => step.words(),
        }
    }
}
