//! A frame in parts, for a screen or terminal on which the whole does not fit.
//!
//! The parts are shown in turn and gathered in any order. Nothing here is secret, and
//! nothing is believed before the whole has the hash by which its parts name it; what
//! the whole says is checked like any other frame.

use std::collections::VecDeque;

use sha2::{Digest as _, Sha256};

use super::MAX_FRAME;

/// Fewest fragments of a frame.
pub(super) const MIN_FRAGMENTS: u8 = 2;
/// Most fragments of a frame.
pub(super) const MAX_FRAGMENTS: u8 = 32;
/// Most bytes of a chunk that we make: a code of version 10, the largest that a long name
/// needs too. Fewer and larger codes are read sooner (`tests/suite/sight.rs`).
const MAX_CHUNK: usize = 192;
/// Fewest characters of a code that fragments are made for: version 4 at level M. A
/// HELLO fits as a whole, and no frame has more than 32 fragments.
pub const MIN_CODE_CHARACTERS: usize = 90;
/// Most characters of one code on a screen with room: version 10 at level M.
pub const DEFAULT_CODE_CHARACTERS: usize = 311;
/// How many messages are gathered at a time; the one that was added to longest ago goes.
const MAX_MESSAGES: usize = 2;

/// By what the fragments of a frame name it: the first four bytes of the frame's
/// SHA-256, checksum included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId(pub [u8; 4]);

impl MessageId {
    pub(super) fn of(frame: &[u8]) -> Self {
        let hash: [u8; 32] = Sha256::digest(frame).into();
        let [a, b, c, d, ..] = hash;
        Self([a, b, c, d])
    }
}

/// A part of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fragment {
    /// The frame that it is a part of.
    pub message: MessageId,
    /// Its place, from 0. One that is not below `count` is left for later versions.
    pub index: u8,
    /// How many parts there are: 2 to 32.
    pub count: u8,
    /// At least one byte. All chunks but the last are equally long, and the last is not
    /// longer.
    pub chunk: Vec<u8>,
}

/// The fragments of a frame's bytes whose codes have at most so many characters.
pub(super) fn split(frame: &[u8], max_characters: usize) -> Vec<Fragment> {
    let most = chunk_for(max_characters.max(MIN_CODE_CHARACTERS)).min(MAX_CHUNK);
    // A short frame that is asked for in smaller codes than any.
    let count = frame.len().div_ceil(most).max(MIN_FRAGMENTS.into());
    let message = MessageId::of(frame);
    let chunks = frame.chunks(frame.len().div_ceil(count));
    let number = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    chunks
        .enumerate()
        .map(|(index, chunk)| Fragment {
            message,
            index: number(index),
            count: number(count),
            chunk: chunk.to_vec(),
        })
        .collect()
}

/// How many bytes of a frame fit beside the fragment's own twelve into a code of so many
/// characters: four for `KG1:`, then three for every two bytes (RFC 9285).
const fn chunk_for(characters: usize) -> usize {
    let characters = characters - 4;
    let bytes = 2 * (characters / 3) + if characters % 3 == 2 { 1 } else { 0 };
    bytes - 12
}

/// What became of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    /// It was there already, or its place is none.
    Nothing,
    /// So many of the message's parts are held now.
    Part { have: u8, count: u8 },
    /// The whole frame.
    Whole(Vec<u8>),
}

/// The fragments that were seen of frames that are not whole yet: at most
/// [`MAX_MESSAGES`] times [`MAX_FRAME`] bytes, whatever is shown to us.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragments(VecDeque<Message>);

#[derive(Clone, Debug)]
struct Message {
    id: MessageId,
    parts: Vec<Option<Vec<u8>>>,
}

impl Fragments {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn add(&mut self, fragment: Fragment) -> Gathered {
        let Fragment { message: id, index, count, chunk } = fragment;
        if index >= count {
            return Gathered::Nothing;
        }
        let held = self.0.iter().position(|message| message.id == id);
        let mut message = held
            .and_then(|at| self.0.remove(at))
            .filter(|message| message.takes(index, count, &chunk))
            .unwrap_or_else(|| Message { id, parts: vec![None; usize::from(count)] });
        let added = message.put(index, chunk);
        let have = message.parts.iter().flatten().count();
        let bytes: usize = message.parts.iter().flatten().map(Vec::len).sum();
        if bytes > MAX_FRAME {
            return Gathered::Nothing;
        }
        if have == message.parts.len() {
            let whole: Vec<u8> = message.parts.into_iter().flatten().flatten().collect();
            // With another hash it was put together from two: nothing of it is kept.
            let genuine = MessageId::of(&whole) == id;
            return if genuine { Gathered::Whole(whole) } else { Gathered::Nothing };
        }
        self.0.push_back(message);
        if self.0.len() > MAX_MESSAGES {
            self.0.pop_front();
        }
        match u8::try_from(have) {
            Ok(have) if added => Gathered::Part { have, count },
            _ => Gathered::Nothing,
        }
    }
}

impl Message {
    /// Whether a fragment belongs to what is held: the same count, the same bytes where
    /// its place is taken, and the length that its place must have.
    fn takes(&self, index: u8, count: u8, chunk: &[u8]) -> bool {
        let is_last = |place: usize| place + 1 == self.parts.len();
        let place = usize::from(index);
        usize::from(count) == self.parts.len()
            && self.parts.iter().enumerate().all(|(at, held)| match held {
                None => true,
                Some(held) if at == place => held == chunk,
                Some(held) if is_last(at) => held.len() <= chunk.len(),
                Some(held) if is_last(place) => chunk.len() <= held.len(),
                Some(held) => held.len() == chunk.len(),
            })
    }

    /// Whether the place was free.
    fn put(&mut self, index: u8, chunk: Vec<u8>) -> bool {
        match self.parts.get_mut(usize::from(index)) {
            Some(place @ None) => {
                *place = Some(chunk);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHARACTERS: usize = 122;

    fn frame(fill: u8, length: usize) -> Vec<u8> {
        (0..length).map(|at| fill.wrapping_add(at as u8)).collect()
    }

    fn add_all(store: &mut Fragments, fragments: impl IntoIterator<Item = Fragment>) -> Gathered {
        fragments.into_iter().map(|fragment| store.add(fragment)).last().unwrap()
    }

    #[test]
    fn in_any_order_doubled_and_with_strangers_between() {
        let (ours, theirs) = (frame(1, 200), frame(2, 140));
        let parts = split(&ours, CHARACTERS);
        let other = split(&theirs, CHARACTERS);
        assert_eq!((parts.len(), other.len()), (4, 3));
        let mut store = Fragments::default();
        let [a, b, c, d] = [3, 1, 0, 2].map(|at| parts[at].clone());
        assert_eq!(store.add(a.clone()), Gathered::Part { have: 1, count: 4 });
        assert_eq!(store.add(a), Gathered::Nothing);
        assert_eq!(store.add(b), Gathered::Part { have: 2, count: 4 });
        assert_eq!(store.add(other[0].clone()), Gathered::Part { have: 1, count: 3 });
        assert_eq!(store.add(c), Gathered::Part { have: 3, count: 4 });
        assert_eq!(store.add(Fragment { index: 4, ..parts[0].clone() }), Gathered::Nothing);
        assert_eq!(store.add(d), Gathered::Whole(ours));
        assert_eq!(add_all(&mut store, other[1..].to_vec()), Gathered::Whole(theirs));
    }

    #[test]
    fn what_contradicts_empties_the_message_and_begins_anew() {
        let ours = frame(1, 200);
        let parts = split(&ours, CHARACTERS);
        let part = |at: usize| parts[at].clone();
        let changed = |at: usize, change: &dyn Fn(&mut Fragment)| {
            let mut fragment = part(at);
            change(&mut fragment);
            fragment
        };
        for strange in [
            // Another chunk at a place that is held, another count, another length.
            changed(0, &|it| it.chunk[0] ^= 1),
            changed(2, &|it| it.count = 5),
            changed(2, &|it| it.chunk.truncate(20)),
            changed(3, &|it| it.chunk = vec![7; 60]),
        ] {
            let mut store = Fragments::default();
            add_all(&mut store, [part(0), part(1)]);
            let count = strange.count;
            assert_eq!(
                store.add(strange.clone()),
                Gathered::Part { have: 1, count },
                "{strange:?}"
            );
            // And the true one once more.
            let gathered = parts.iter().chain(&parts).map(|part| store.add(part.clone()));
            assert!(gathered.collect::<Vec<_>>().contains(&Gathered::Whole(ours.clone())));
        }
        // A whole with another hash.
        let mut store = Fragments::default();
        let last = changed(3, &|it| it.chunk[0] ^= 1);
        assert_eq!(add_all(&mut store, [part(0), part(1), part(2), last]), Gathered::Nothing);
        assert_eq!(add_all(&mut store, parts.clone()), Gathered::Whole(ours));
    }

    #[test]
    fn a_flood_of_messages_takes_no_more_memory() {
        let mut store = Fragments::default();
        for n in 0..100_000_u32 {
            let message = MessageId(n.to_be_bytes());
            let index = (n % 32) as u8;
            store.add(Fragment { message, index, count: 32, chunk: vec![0; 1348] });
            let held: usize =
                store.0.iter().flat_map(|it| it.parts.iter().flatten()).map(Vec::len).sum();
            assert!(store.0.len() <= MAX_MESSAGES && held <= MAX_MESSAGES * MAX_FRAME);
        }
        // Many parts of one message neither.
        for index in 0..32 {
            let message = MessageId([9; 4]);
            store.add(Fragment { message, index, count: 32, chunk: vec![index; 700] });
        }
        let held: usize =
            store.0.iter().flat_map(|it| it.parts.iter().flatten()).map(Vec::len).sum();
        assert!(held <= MAX_MESSAGES * MAX_FRAME, "{held}");
    }

    #[test]
    fn every_length_fits_and_comes_back() {
        for characters in [0, MIN_CODE_CHARACTERS, 122, 154, 213, DEFAULT_CODE_CHARACTERS, 2000] {
            for length in 2..=MAX_FRAME {
                let ours = frame(3, length);
                let parts = split(&ours, characters);
                assert!((2..=32).contains(&parts.len()), "{length} bytes: {} parts", parts.len());
                let equal = parts[0].chunk.len();
                assert_eq!(equal, length.div_ceil(parts.len()));
                assert!(equal <= chunk_for(characters.max(MIN_CODE_CHARACTERS)).min(MAX_CHUNK));
                let mut store = Fragments::default();
                assert_eq!(add_all(&mut store, parts), Gathered::Whole(ours));
            }
        }
    }
}
