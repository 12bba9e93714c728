//! From a secret to its shares, and back (SLIP-0039, "Sharing of the secret" and
//! "Encryption of the master secret").

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_core::CryptoRng;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use vsss_rs::Gf256;
use zeroize::Zeroizing;

use super::share::{SetId, Share};

/// The fewest bytes of a secret.
pub const MIN_SECRET: usize = 16;
/// The most bytes: more words than that nobody types.
pub const MAX_SECRET: usize = 64;

/// Where the secret lies on the polynomials, and where its digest does.
const SECRET: u8 = 255;
const DIGEST: u8 = 254;
/// Bytes of the digest.
const DIGEST_BYTES: usize = 4;
/// Rounds of the cipher that disguises the secret, and iterations of all of them.
const ROUNDS: u8 = 4;
const ITERATIONS: u32 = 10_000;
/// What others may ask for: two thirds of a million iterations.
pub(super) const MAX_EXPONENT: u8 = 6;

/// How many shares are made, and how many of them are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    needed: u8,
    count: u8,
}

/// Why a plan is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// One page alone would be the secret itself.
    #[error("at least two pages have to be needed; one alone would be the whole secret")]
    TooFew,
    /// More are needed than there are.
    #[error("more pages would be needed than there are")]
    TooManyNeeded,
    /// SLIP-0039 has no more than 16.
    #[error("there are at most 16 pages")]
    TooMany,
}

impl Plan {
    /// What most people want: one of three may be lost.
    pub const DEFAULT: Self = Self { needed: 2, count: 3 };

    /// `needed` of `count`.
    ///
    /// # Errors
    /// [`PlanError`].
    pub const fn new(needed: u8, count: u8) -> Result<Self, PlanError> {
        if count > 16 {
            return Err(PlanError::TooMany);
        }
        if needed < 2 {
            return Err(PlanError::TooFew);
        }
        if needed > count {
            return Err(PlanError::TooManyNeeded);
        }
        Ok(Self { needed, count })
    }

    /// How many are needed.
    #[must_use]
    pub const fn needed(self) -> u8 {
        self.needed
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u8 {
        self.count
    }
}

/// The shares of a secret, or `None` where it has a length that has none: it has an even
/// number of bytes, [`MIN_SECRET`] to [`MAX_SECRET`].
pub fn split(secret: &[u8], plan: Plan, rng: &mut (impl CryptoRng + ?Sized)) -> Option<Vec<Share>> {
    if !(MIN_SECRET..=MAX_SECRET).contains(&secret.len()) || !secret.len().is_multiple_of(2) {
        return None;
    }
    let id = (rng.next_u32() & 0x7fff) as u16;
    let set = SetId { id, extendable: true, exponent: 0 };
    let disguised = disguise(secret, set, b"", Direction::There);
    let digest_rest = random(secret.len() - DIGEST_BYTES, rng);
    let mut digest = Zeroizing::new(Vec::with_capacity(secret.len()));
    digest.extend_from_slice(&digest_of(&digest_rest, &disguised)[..]);
    digest.extend_from_slice(&digest_rest);
    let mut points: Vec<(u8, Zeroizing<Vec<u8>>)> =
        (0..plan.needed - 2).map(|index| (index, random(secret.len(), rng))).collect();
    points.push((DIGEST, digest));
    points.push((SECRET, disguised));
    let share = |index| {
        let value = value_at(&points, index)?;
        Some(Share { set, needed: plan.needed, index, value })
    };
    (0..plan.count).map(share).collect()
}

/// The secret of as many shares as are needed, of one set and with different numbers;
/// `None` where they are not shares of one secret.
pub(super) fn recover(shares: &[&Share], passphrase: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let first = shares.first()?;
    let disguised = if first.needed == 1 {
        first.value.clone()
    } else {
        let points: Vec<_> =
            shares.iter().map(|share| (share.index, share.value.clone())).collect();
        let disguised = value_at(&points, SECRET)?;
        let digest = value_at(&points, DIGEST)?;
        let (digest, rest) = digest.split_at_checked(DIGEST_BYTES)?;
        if !bool::from(digest_of(rest, &disguised)[..].ct_eq(digest)) {
            return None;
        }
        disguised
    };
    Some(disguise(&disguised, first.set, passphrase, Direction::Back))
}

fn random(bytes: usize, rng: &mut (impl CryptoRng + ?Sized)) -> Zeroizing<Vec<u8>> {
    let mut random = Zeroizing::new(vec![0; bytes]);
    rng.fill_bytes(&mut random);
    random
}

/// Where the polynomials through `points` are at `x`. Moved by `x`, since the library gives
/// what is at zero; differences are the same there.
fn value_at(points: &[(u8, Zeroizing<Vec<u8>>)], x: u8) -> Option<Zeroizing<Vec<u8>>> {
    if let Some((_, value)) = points.iter().find(|(at, _)| *at == x) {
        return Some(value.clone());
    }
    let mut moved = Zeroizing::new(Vec::with_capacity(points.len()));
    for (at, value) in points {
        let mut share = Vec::with_capacity(1 + value.len());
        share.push(at ^ x);
        share.extend_from_slice(value);
        moved.push(share);
    }
    Gf256::combine_bytes(&moved[..]).ok().map(Zeroizing::new)
}

fn digest_of(rest: &[u8], secret: &[u8]) -> Zeroizing<[u8; DIGEST_BYTES]> {
    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(rest).expect("any length");
    mac.update(secret);
    let mac = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    let mut digest = Zeroizing::new([0; DIGEST_BYTES]);
    digest.iter_mut().zip(mac.iter()).for_each(|(to, from)| *to = *from);
    digest
}

/// Which way the cipher goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    There,
    Back,
}

/// A Feistel cipher of four rounds. Without a passphrase it hides nothing from who has the
/// shares; the standard has it always.
fn disguise(
    text: &[u8],
    set: SetId,
    passphrase: &[u8],
    direction: Direction,
) -> Zeroizing<Vec<u8>> {
    let half = text.len() / 2;
    let (left, right) = text.split_at(half);
    let mut left = Zeroizing::new(left.to_vec());
    let mut right = Zeroizing::new(right.to_vec());
    let iterations = (ITERATIONS << set.exponent.min(MAX_EXPONENT)) / u32::from(ROUNDS);
    for n in 0..ROUNDS {
        let round = if direction == Direction::There { n } else { ROUNDS - 1 - n };
        let key = Zeroizing::new([&[round], passphrase].concat());
        let mut salt = Zeroizing::new(Vec::with_capacity(8 + half));
        if !set.extendable {
            salt.extend_from_slice(b"shamir");
            salt.extend_from_slice(&set.id.to_be_bytes());
        }
        salt.extend_from_slice(&right);
        let mut mask = Zeroizing::new(vec![0; half]);
        pbkdf2::pbkdf2_hmac::<Sha256>(&key, &salt, iterations, &mut mask);
        left.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
        std::mem::swap(&mut left, &mut right);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    out.extend_from_slice(&right);
    out.extend_from_slice(&left);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(bytes)
    }

    /// Of the vectors that are published with the reference implementation of SLIP-0039,
    /// whose passphrase is TREZOR: those of one group.
    #[test]
    fn the_published_shares_have_the_published_secrets() {
        let vectors: [(&[&str], &str); 4] = [
            (
                &[
                    "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard",
                ],
                "bb54aac4b89dc868ba37d9cc21b2cece",
            ),
            (
                &[
                    "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short owner flip making coding armed",
                    "shadow pistol academic acid actress prayer class unknown daughter sweater depict flip twice unkind craft early superior advocate guest smoking",
                ],
                "b43ceb7e57a0ea8766221624d01b0864",
            ),
            (
                &[
                    "theory painting academic academic armed sweater year military elder discuss acne wildlife boring employer fused large satoshi bundle carbon diagnose anatomy hamster leaves tracks paces beyond phantom capital marvel lips brave detect luck",
                ],
                "989baf9dcaad5b10ca33dfd8cc75e42477025dce88ae83e75a230086a0e00e92",
            ),
            (
                &[
                    "humidity disease academic always aluminum jewelry energy woman receiver strategy amuse duckling lying evidence network walnut tactics forget hairy rebound impulse brother survive clothes stadium mailman rival ocean reward venture always armed unwrap",
                    "humidity disease academic agency actress jacket gross physics cylinder solution fake mortgage benefit public busy prepare sharp friar change work slow purchase ruler again tricycle involve viral wireless mixture anatomy desert cargo upgrade",
                ],
                "c938b319067687e990e05e0da0ecce1278f75ff58d9853f19dcaeed5de104aae",
            ),
        ];
        for (words, secret) in vectors {
            let shares: Vec<_> =
                words.iter().map(|words| Share::from_words(words).unwrap()).collect();
            let all: Vec<_> = shares.iter().collect();
            assert_eq!(hex(&recover(&all, b"TREZOR").unwrap()), secret);
            for (share, words) in shares.iter().zip(words) {
                assert_eq!(*share.words(), *words, "and back");
            }
        }
    }

    /// Of the same: "not enough shares", "an invalid digest", and two with other numbers.
    #[test]
    fn the_published_mistakes_are_seen() {
        let digest = [
            "guilt walnut academic acid deliver remove equip listen vampire tactics nylon rhythm failure husband fatigue alive blind enemy teaspoon rebound",
            "guilt walnut academic agency brave hamster hobo declare herd taste alpha slim criminal mild arcade formal romp branch pink ambition",
        ];
        let shares = digest.map(|words| Share::from_words(words).unwrap());
        assert!(recover(&[&shares[0], &shares[1]], b"TREZOR").is_none());
    }
}
