//! What is said of a contact and of a key in a word: by one rule, so that a list, a page
//! and a key's line never contradict each other.

use keyglance_core::contacts::{ConflictDecision, Contact};
use keyglance_core::trust::{KeyTrust, Trust, Verified};

use crate::gate::Refusal;

/// How things stand with a contact or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A person compared something on this profile, and it matched.
    Compared(Verified),
    /// Nothing was compared; it can be used all the same.
    NotCompared,
    /// It came under the name of another contact, and is held back.
    DifferentKey {
        /// Whether only the comparison is missing.
        decided: bool,
    },
    /// It came under the name of another contact, and a person blocked it.
    Blocked,
    /// It was compared, and differed.
    DoesNotMatch,
    /// The other device may not have the key.
    Unconfirmed,
    /// A person stopped it.
    NotInUse,
    /// What is known of its contact cannot be read.
    Unreadable,
}

impl Verdict {
    /// Of a key: why it is refused, else how far it is trusted.
    #[must_use]
    pub const fn of_key(refusal: Option<&Refusal>, trust: KeyTrust) -> Self {
        match refusal {
            Some(Refusal::Mismatch(_)) => Self::DoesNotMatch,
            Some(Refusal::HeldBack { decided, .. }) => Self::DifferentKey { decided: *decided },
            Some(Refusal::Blocked(_)) => Self::Blocked,
            Some(Refusal::Retired(_)) => Self::NotInUse,
            Some(Refusal::NotAcknowledged(_)) => Self::Unconfirmed,
            Some(Refusal::ContactUnreadable(_)) => Self::Unreadable,
            Some(Refusal::NotCompared(_) | Refusal::SharedNotCompared(_)) | None => match trust {
                KeyTrust::Verified(verified) => Self::Compared(verified),
                KeyTrust::NotCompared | KeyTrust::SeenByCamera => Self::NotCompared,
            },
        }
    }

    /// Of a contact: what is known of who it is, if that forbids everything; else what is
    /// said of its best key, since that is what one would use. `best` is none where there
    /// is no key.
    #[must_use]
    pub fn of_contact(contact: &Contact, best: Option<Self>) -> Self {
        let decision = contact.name_conflict.as_ref().and_then(|conflict| conflict.decision);
        match (contact.trust(), best) {
            (Trust::Broken, _) => Self::DoesNotMatch,
            _ if contact.is_held_back() => match decision {
                Some(ConflictDecision::Blocked) => Self::Blocked,
                decision => Self::DifferentKey { decided: decision.is_some() },
            },
            (_, Some(best)) => best,
            (Trust::Verified(verified), None) => Self::Compared(verified),
            (Trust::Unverified | Trust::SeenByCamera, None) => Self::NotCompared,
        }
    }
}

#[cfg(test)]
mod tests {
    use keyglance_core::contacts::{ContactId, NameConflict, PeerIdentity};
    use keyglance_core::crypto::{Fingerprint, PublicKey};
    use keyglance_core::jiff::Timestamp;
    use keyglance_core::trust::Method;

    use super::*;

    const VERIFIED: Verified = Verified { method: Method::CheckCode, at: Timestamp::UNIX_EPOCH };

    fn contact(trust: Trust) -> Contact {
        let identity = PeerIdentity::of(PublicKey::from_bytes([2; 32]));
        let at = Timestamp::UNIX_EPOCH;
        Contact::from_pairing("Bo".parse().unwrap(), "Bo".to_owned(), identity, trust, at)
    }

    /// Before, a page said "Does not match" and its only key's line "verified".
    #[test]
    fn no_word_about_a_key_contradicts_that_about_its_contact() {
        let compared = Verdict::of_key(None, KeyTrust::Verified(VERIFIED));
        let mismatch = Refusal::Mismatch("Bo".to_owned());
        let broken = Verdict::of_key(Some(&mismatch), KeyTrust::Verified(VERIFIED));
        assert_eq!(broken, Verdict::DoesNotMatch);
        assert_eq!(Verdict::of_contact(&contact(Trust::Broken), Some(broken)), broken);
        // A key of somebody whose identity was compared need not be compared itself.
        let imported = Verdict::of_key(None, KeyTrust::NotCompared);
        let known = contact(Trust::Verified(VERIFIED));
        assert_eq!(Verdict::of_contact(&known, Some(imported)), Verdict::NotCompared);
        assert_eq!(Verdict::of_contact(&known, Some(compared)), compared);
        assert_eq!(Verdict::of_contact(&known, None), Verdict::Compared(VERIFIED));
    }

    #[test]
    fn who_came_under_a_known_name_is_held_back_whatever_its_keys_say() {
        let compared = Verdict::Compared(VERIFIED);
        let known = ContactId::of(&Fingerprint::from_bytes([1; 32]));
        for (decision, trust, verdict) in [
            (None, Trust::Verified(VERIFIED), Verdict::DifferentKey { decided: false }),
            (
                Some(ConflictDecision::NewDevice),
                Trust::SeenByCamera,
                Verdict::DifferentKey { decided: true },
            ),
            (Some(ConflictDecision::Blocked), Trust::Verified(VERIFIED), Verdict::Blocked),
            (Some(ConflictDecision::NewDevice), Trust::Verified(VERIFIED), compared),
        ] {
            let mut new = contact(trust);
            let mut conflict = NameConflict::new(known, "Bo".parse().unwrap());
            conflict.decision = decision;
            new.name_conflict = Some(conflict);
            assert_eq!(Verdict::of_contact(&new, Some(compared)), verdict);
        }
    }
}
