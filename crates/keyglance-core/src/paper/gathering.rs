//! Shares that come one by one, in any order, until there are enough.

use std::fmt;

use zeroize::Zeroizing;

use super::share::{SetId, Share};
use super::split::recover;

/// The shares of one set that were read so far.
#[derive(Default)]
pub struct Gathering {
    shares: Vec<Share>,
}

/// What became of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is one more.
    New,
    /// It was there already.
    Known,
}

/// Why a share was not taken, or the secret is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GatherError {
    /// It is of another set than those that were read.
    #[error("this page is of the set “{other}”, and those before are of “{set}”")]
    OtherSet {
        /// The set of those before.
        set: SetId,
        /// The set of this one.
        other: SetId,
    },
    /// It says that it is a share that is there already, and is another one.
    #[error("this page does not belong to those before, though it is called like them")]
    Differs,
    /// So many are there, and so many are needed.
    #[error("{have} of {needed} pages are there")]
    Missing {
        /// How many are there.
        have: u8,
        /// How many are needed.
        needed: u8,
    },
    /// There are enough, and they are not of one secret.
    #[error("the pages do not belong together, or one of them is forged")]
    Forged,
}

impl Gathering {
    /// Takes a share.
    ///
    /// # Errors
    /// [`GatherError::OtherSet`], [`GatherError::Differs`]: what was there stays.
    pub fn add(&mut self, share: Share) -> Result<Added, GatherError> {
        if let Some(first) = self.shares.first() {
            if first.set != share.set {
                return Err(GatherError::OtherSet { set: first.set, other: share.set });
            }
            if first.needed != share.needed || first.value.len() != share.value.len() {
                return Err(GatherError::Differs);
            }
        }
        match self.shares.iter().find(|known| known.index == share.index) {
            Some(known) if *known.value == *share.value => Ok(Added::Known),
            Some(_) => Err(GatherError::Differs),
            None => {
                self.shares.push(share);
                Ok(Added::New)
            }
        }
    }

    /// Which set it is, once there is a share.
    #[must_use]
    pub fn set(&self) -> Option<SetId> {
        self.shares.first().map(Share::set)
    }

    /// The numbers of the shares that are there, in the order in which they came.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        self.shares.iter().map(Share::number)
    }

    /// How many are there.
    #[must_use]
    pub fn have(&self) -> u8 {
        u8::try_from(self.shares.len()).unwrap_or(u8::MAX)
    }

    /// How many are needed, once there is one that says so.
    #[must_use]
    pub fn needed(&self) -> Option<u8> {
        self.shares.first().map(Share::needed)
    }

    /// Whether there are enough.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.needed().is_some_and(|needed| self.have() >= needed)
    }

    /// The secret.
    ///
    /// # Errors
    /// [`GatherError::Missing`], [`GatherError::Forged`].
    pub fn secret(&self) -> Result<Zeroizing<Vec<u8>>, GatherError> {
        let needed = self.needed().unwrap_or(2);
        if self.have() < needed {
            return Err(GatherError::Missing { have: self.have(), needed });
        }
        let chosen: Vec<_> = self.shares.iter().take(needed.into()).collect();
        recover(&chosen, b"").ok_or(GatherError::Forged)
    }
}

impl fmt::Debug for Gathering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gathering {{ have: {}, set: {:?}, … }}", self.have(), self.set())
    }
}
