//! The picture of a contact: a reminder that is the same on both devices.

use sha2::{Digest as _, Sha256};

use super::{SafetyNumber, labels};

/// How many teeth the key of a picture has.
pub const TEETH: usize = 8;

/// A picture made from a safety number: a key with eight teeth, in one of six colours.
///
/// It has 18 bits, so it is a reminder and no proof: whoever tries a quarter of a million
/// identities has one with the same picture.
///
/// ```
/// use keyglance_core::crypto::SafetyNumber;
///
/// # fn main() -> Option<()> {
/// let digits = "0123456789".repeat(6);
/// let picture = SafetyNumber::parse(&digits)?.picture();
/// assert!(picture.teeth.iter().all(|length| *length < 4) && picture.colour < 6);
/// # Some(())
/// # }
/// # main().expect("sixty digits");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContactPicture {
    /// The length of each tooth, 0 to 3: four rows, the left tooth of each before the right.
    pub teeth: [u8; TEETH],
    /// Which of six colours, 0 to 5.
    pub colour: u8,
}

impl SafetyNumber {
    /// The picture of whoever has this safety number: from
    /// SHA-256("keyglance/1 picture" ‖ 00 ‖ the sixty digits in ASCII), byte *i* modulo 4 for
    /// tooth *i* and byte 8 modulo 6 for the colour.
    #[must_use]
    pub fn picture(&self) -> ContactPicture {
        let hash =
            Sha256::new().chain_update(labels::PICTURE).chain_update(self.digits()).finalize();
        let [a, b, c, d, e, f, g, h, colour, ..] = <[u8; 32]>::from(hash);
        ContactPicture { teeth: [a, b, c, d, e, f, g, h].map(|byte| byte % 4), colour: colour % 6 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hashlib, so that other programs draw the same.
    #[test]
    fn both_devices_and_other_programs_draw_the_same_picture() {
        let number = SafetyNumber::parse(&"0123456789".repeat(6)).unwrap();
        assert_eq!(number.picture(), ContactPicture { teeth: [3, 0, 1, 0, 1, 0, 3, 1], colour: 4 });
        let other = SafetyNumber::parse(&"9876543210".repeat(6)).unwrap();
        assert_ne!(number.picture(), other.picture());
    }
}
