//! Codes are read in the frames of the simulated camera.

use keyglance_capture::simulated::View;
use keyglance_qr::{Code, VideoDecoder, WorkBudget, decode_frame};

use crate::samples::{camera, hard_view, screen_with, texts};

#[test]
fn ninety_nine_of_a_hundred_hard_frames_read() {
    let texts = texts();
    let missed: Vec<_> = (0..100)
        .filter(|seed| {
            let text = &texts[*seed as usize % texts.len()];
            let frame = camera(screen_with(text), hard_view(*seed), *seed).take();
            let readings = decode_frame(&frame);
            assert!(readings.iter().all(|r| r.text().as_deref() == Some(text)), "seed {seed}");
            readings.is_empty()
        })
        .collect();
    assert!(missed.len() <= 1, "not read: seeds {missed:?}");
}

/// The smallest modules, in the faults of a cheap camera.
#[test]
fn small_modules_read_through_a_poor_camera() {
    let mild = View { tilt_degrees: 0.0, lean_degrees: 0.0, ..View::default() };
    let views = [
        ("mild", mild, 2.0),
        ("defocus", View { blur_pixels: 1.5, ..mild }, 2.5),
        ("movement", View { motion_pixels: 4.0, ..mild }, 3.5),
        ("noise", View { noise: 15.0, ..mild }, 2.5),
        ("moiré", View { moire: 0.5, ..mild }, 3.0),
        ("glare", View { glare: 0.5, ..mild }, 3.0),
        ("dim", View { exposure: 0.15, noise: 4.0, ..mild }, 4.0),
    ];
    for (name, view, module) in views {
        let reads = (0..5).filter(|seed| {
            let text = &texts()[*seed as usize % texts().len()];
            let side = Code::new(text).unwrap().side() as f64;
            let view = View { code_fraction: side * module / 720.0, ..view };
            let readings = decode_frame(&camera(screen_with(text), view, *seed).take());
            assert!(readings.iter().all(|r| r.text().as_deref() == Some(text)), "{name} {seed}");
            !readings.is_empty()
        });
        assert!(reads.count() >= 4, "{name}");
    }
}

/// Hands shake, and a code is read now and then: it is sought where it was.
#[test]
fn a_code_that_was_read_is_read_more_often_afterwards() {
    let text: &String = &('a'..='z').cycle().take(150).collect();
    let side = Code::new(text).unwrap().side() as f64;
    let view = View {
        tilt_degrees: 60.0,
        lean_degrees: 0.0,
        code_fraction: side * 3.15 / 720.0,
        ..View::default()
    };
    let (mut remembering, mut anew) = (0, 0);
    for seed in 0..6 {
        let mut camera = camera(screen_with(text), view, seed);
        let mut live = VideoDecoder::default();
        for _ in 0..6 {
            let frame = camera.take();
            let readings = live.read(&frame, &mut WorkBudget::live());
            assert!(readings.iter().all(|r| r.text().as_deref() == Some(text)));
            remembering += readings.len();
            anew += decode_frame(&frame).len();
        }
    }
    assert!(remembering >= anew + 5, "{remembering} against {anew} of 36");
}
