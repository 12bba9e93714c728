//! Kinds of codes that readers miss, drawn by chance from seeds.

use keyglance_qr::{decode_frame, decode_image};

use crate::drawn::{Dice, Draw, kinds};

/// How many of the codes in these pictures of a row must be read.
const ROWS: [(&str, &[u64], usize); 9] = [
    ("no quiet zone, dark around, on a screen", &[0, 1, 2], 3),
    ("no quiet zone, dark around, photographed", &[0], 1),
    ("no quiet zone at one side, on a screen", &[0, 1], 2),
    ("no quiet zone, light code on light, on a screen", &[0, 1], 2),
    ("no quiet zone, light code on light, photographed", &[1], 1),
    ("squares with a hole", &[0], 1),
    ("round squares", &[0], 1),
    ("from 60° aside, dark frames beside", &[0], 1),
    ("one of two in a light frame", &[0], 2),
];

#[test]
fn codes_of_each_hard_kind_are_read_and_none_wrongly() {
    for (name, seeds, least) in ROWS {
        let draw = draw(name);
        let mut reads = 0;
        for seed in seeds {
            let drawn = draw(&mut Dice::new(*seed));
            let read = decode_image(&drawn.picture);
            for reading in &read {
                let is_there = drawn.texts.iter().any(|text| text.as_bytes() == reading.bytes);
                assert!(is_there, "{name} {seed}: {reading:?}");
            }
            for live in decode_frame(&drawn.picture) {
                let in_the_image = read.iter().any(|one| one.bytes == live.bytes);
                assert!(in_the_image, "{name} {seed}: a frame is read where an image is not");
            }
            let is_read = |text: &&String| read.iter().any(|one| one.bytes == text.as_bytes());
            reads += drawn.texts.iter().filter(is_read).count();
        }
        assert!(reads >= least, "{name}: {reads} of {least}");
    }
}

fn draw(name: &str) -> Draw {
    kinds::ROWS.iter().find(|(row, _)| *row == name).unwrap_or_else(|| panic!("no row {name}")).1
}
