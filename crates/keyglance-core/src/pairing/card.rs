//! What a device tells of itself inside CONFIRM and DONE: public identifiers of
//! other programs' keys.
//!
//! A card reaches whoever is at the other end before anything was compared, and it
//! is a claim: the peer need not hold the private keys, nor own a host name.

use super::DisplayName;

/// Most bytes of a card.
pub const MAX_CARD: usize = 1024;

/// What stands in a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardItemKind(pub u8);

impl CardItemKind {
    /// An SSH host key, Ed25519: 32 bytes.
    pub const SSH_HOST_KEY: Self = Self(1);
    /// An SSH user key, Ed25519: 32 bytes.
    pub const SSH_USER_KEY: Self = Self(2);
    /// A Syncthing device ID: 32 bytes.
    pub const SYNCTHING_DEVICE: Self = Self(3);
    /// A WireGuard public key: 32 bytes.
    pub const WIREGUARD_KEY: Self = Self(4);
    /// An OpenPGP fingerprint: 20 or 32 bytes.
    pub const OPENPGP_FINGERPRINT: Self = Self(5);
    /// An age recipient, X25519: 32 bytes.
    pub const AGE_RECIPIENT: Self = Self(6);
    /// A host name: 1 to 63 bytes of UTF-8, by the rules of a name.
    pub const HOST_NAME: Self = Self(7);
    /// A minisign public key: 42 bytes.
    pub const MINISIGN_KEY: Self = Self(8);

    /// Whether `value` can be of this kind. Anything can be of a kind that a later
    /// version knows.
    fn allows(self, value: &[u8]) -> bool {
        match self {
            Self::SSH_HOST_KEY
            | Self::SSH_USER_KEY
            | Self::SYNCTHING_DEVICE
            | Self::WIREGUARD_KEY
            | Self::AGE_RECIPIENT => value.len() == 32,
            Self::OPENPGP_FINGERPRINT => matches!(value.len(), 20 | 32),
            Self::HOST_NAME => {
                let text = str::from_utf8(value).unwrap_or_default();
                // What is not NFC would become another text.
                let name = DisplayName::new(text);
                name.is_ok_and(|name| !text.is_empty() && name.as_str() == text)
            }
            Self::MINISIGN_KEY => value.len() == 42,
            Self(_) => true,
        }
    }
}

/// One entry of a card.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardItem {
    /// What it is.
    pub kind: CardItemKind,
    /// Its bytes: at most 255.
    pub value: Vec<u8>,
}

/// Why bytes, or items, are no card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// Over [`MAX_CARD`].
    #[error("the card is longer than {MAX_CARD} bytes")]
    TooLong,
    /// An item is cut off.
    #[error("the card is damaged")]
    Damaged,
    /// The kinds do not rise, or an item stands there twice.
    #[error("the items of the card are not in order")]
    Order,
    /// A value that its kind does not allow.
    #[error("the card has an item that cannot be what it claims to be")]
    Value,
}

/// Public identifiers that a device shares when it pairs. Empty by default.
///
/// On the wire each item is its kind, its length and its value, one byte for each
/// of the first two. Kinds rise; one may repeat, an item may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Card(Vec<CardItem>);

impl Card {
    /// A card of these items, in their right order.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn new(mut items: Vec<CardItem>) -> Result<Self, CardError> {
        items.sort();
        Self(items).check()
    }

    /// Of any items, as a hostile device may send them.
    #[cfg(any(test, feature = "test-util"))]
    #[must_use]
    pub const fn unchecked(items: Vec<CardItem>) -> Self {
        Self(items)
    }

    /// The items, by kind.
    #[must_use]
    pub fn items(&self) -> &[CardItem] {
        &self.0
    }

    /// Whether nothing is shared.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for CardItem { kind, value } in &self.0 {
            // `check` keeps every value to 255 bytes.
            bytes.extend([kind.0, u8::try_from(value.len()).unwrap_or(u8::MAX)]);
            bytes.extend(value);
        }
        bytes
    }

    /// Reads [`Card::to_bytes`]. Kinds that this version does not know are kept.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardError> {
        let mut items = Vec::new();
        let mut rest = bytes;
        while let Some(([kind, length], after)) = rest.split_first_chunk() {
            let (value, after) =
                after.split_at_checked(usize::from(*length)).ok_or(CardError::Damaged)?;
            items.push(CardItem { kind: CardItemKind(*kind), value: value.to_vec() });
            rest = after;
        }
        if !rest.is_empty() {
            return Err(CardError::Damaged);
        }
        Self(items).check()
    }

    fn check(self) -> Result<Self, CardError> {
        let length: usize = self.0.iter().map(|item| 2 + item.value.len()).sum();
        if length > MAX_CARD || self.0.iter().any(|item| item.value.len() > 255) {
            return Err(CardError::TooLong);
        }
        if !self.0.iter().all(|item| item.kind.allows(&item.value)) {
            return Err(CardError::Value);
        }
        if !self.0.is_sorted_by_key(|item| item.kind) {
            return Err(CardError::Order);
        }
        let twice = self
            .0
            .iter()
            .enumerate()
            .any(|(i, item)| self.0.iter().skip(i + 1).any(|other| other == item));
        if twice { Err(CardError::Order) } else { Ok(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: u8, value: impl Into<Vec<u8>>) -> CardItem {
        CardItem { kind: CardItemKind(kind), value: value.into() }
    }

    #[test]
    fn a_card_is_read_as_it_was_written() {
        let items = vec![
            item(200, b"a later type".to_vec()),
            item(7, "büro.example"),
            item(1, [2; 32]),
            item(1, [1; 32]),
        ];
        let card = Card::new(items).unwrap();
        assert_eq!(Card::from_bytes(&card.to_bytes()).unwrap(), card);
        let kinds: Vec<u8> = card.items().iter().map(|item| item.kind.0).collect();
        assert_eq!(kinds, [1, 1, 7, 200]);
    }

    #[test]
    fn what_breaks_the_rules_is_no_card() {
        let long = [200, 255].iter().copied().chain([0; 255]).collect::<Vec<u8>>();
        for (bytes, error) in [
            (vec![1], CardError::Damaged),
            (vec![200, 3, 0, 0], CardError::Damaged),
            (vec![1, 1, 0], CardError::Value),
            (vec![7, 0], CardError::Value),
            (vec![7, 1, 0x1b], CardError::Value),
            (vec![7, 1, 0xff], CardError::Value),
            (vec![7, 3, b'e', 0xcc, 0x81], CardError::Value),
            (vec![201, 0, 200, 0], CardError::Order),
            (vec![200, 0, 200, 0], CardError::Order),
            (
                [&long[..], &[200, 255], &[1; 255], &[200, 255], &[2; 255], &[200, 255], &[3; 255]]
                    .concat(),
                CardError::TooLong,
            ),
        ] {
            assert_eq!(Card::from_bytes(&bytes), Err(error), "{bytes:?}");
        }
        // A kind may repeat, also with values that do not rise.
        assert!(Card::from_bytes(&[200, 1, 2, 200, 1, 1]).is_ok());
    }
}
