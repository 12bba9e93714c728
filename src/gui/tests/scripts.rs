//! Names in every script: seen, joined, and in the order in which they are read.
//!
//! The fonts are the machine's, as in the window: a test whose font is absent says so.

use std::sync::Arc;

use eframe::egui::epaint::text::MissingGlyphPolicy;
use eframe::egui::{Color32, Context, Shape, Vec2};
use egui_kittest::Harness;
use image::RgbaImage;

use super::software_renderer::SoftwareRenderer;
use super::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::route::Route;
use crate::gui::screens::{export, restore, seal, what_code};
use crate::gui::theme;
use crate::gui::widgets::names;
use keyglance_core::exports::Program;
use keyglance_core::keyfile::WorkFactor;
use keyglance_core::test_util::passphrase;

fn with_system_fonts(ctx: &Context) {
    theme::install(ctx);
    ctx.add_font_provider(Arc::new(egui_system_font_provider::SystemFontProvider::new()));
}

/// How a name is drawn, black on white; none where this machine has no font for it.
fn drawn(name: &'static str, font_of: &str) -> Option<RgbaImage> {
    let (picture, can_draw) = drawn_with(name, with_system_fonts);
    if !can_draw {
        println!("skipped: {font_of} not found");
    }
    can_draw.then_some(picture)
}

/// How a name is drawn with these fonts, and whether each letter has a glyph.
fn drawn_with(name: &'static str, fonts: fn(&Context)) -> (RgbaImage, bool) {
    let mut harness = Harness::builder()
        .with_size(Vec2::new(400.0, 48.0))
        .with_context_setup(fonts)
        .renderer(SoftwareRenderer::default())
        .build_ui_state(
            move |ui, can_draw: &mut Option<bool>| {
                // Not before a missing letter is a box, as in the window.
                let Some(can_draw) = can_draw else { return };
                *can_draw = names::can_draw(ui, name);
                let rect = ui.max_rect();
                ui.painter().rect_filled(rect.expand(40.0), 0.0, Color32::WHITE);
                names::label(ui, name, theme::strong(), Color32::BLACK);
            },
            None,
        );
    harness.ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    harness.run_steps(2);
    *harness.state_mut() = Some(false);
    harness.run_steps(4);
    let picture = harness.render().unwrap();
    let can_draw = harness.state().unwrap_or_default();
    (picture, can_draw)
}

/// Which columns have ink, from the left: each run of them as its first and last.
fn inked(picture: &RgbaImage) -> Vec<(u32, u32)> {
    let dark = |x: u32| (0..picture.height()).any(|y| picture.get_pixel(x, y).0[0] < 128);
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for x in (0..picture.width()).filter(|x| dark(*x)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == x => *last = x,
            _ => runs.push((x, x)),
        }
    }
    runs
}

/// The same, where gaps of a few columns are within a word.
fn words(picture: &RgbaImage) -> Vec<u32> {
    let mut words: Vec<(u32, u32)> = Vec::new();
    for (first, last) in inked(picture) {
        match words.last_mut() {
            Some((_, end)) if first - *end <= 3 => *end = last,
            _ => words.push((first, last)),
        }
    }
    words.into_iter().map(|(first, last)| last - first + 1).collect()
}

fn width(picture: &RgbaImage) -> u32 {
    let runs = inked(picture);
    runs.last().map_or(0, |(_, last)| last + 1) - runs.first().map_or(0, |(first, _)| *first)
}

#[test]
fn no_name_draws_nothing() {
    for (name, font) in [
        ("Ana’s laptop", "Inter"),
        ("Компьютер", "Inter"),
        ("Υπολογιστής", "Inter"),
        ("مريم", "an Arabic font"),
        ("دنیا", "an Arabic font"),
        ("דנה", "a Hebrew font"),
        ("山田太郎", "a Chinese or Japanese font"),
        ("陈伟", "a Chinese font"),
        ("김민준", "a Korean font"),
        ("สมชาย", "a Thai font"),
        ("कमल", "a Devanagari font"),
        ("💻", "egui's emoji"),
        ("🦊", "an emoji font"),
    ] {
        let Some(picture) = drawn(name, font) else { continue };
        let ink: usize = picture.pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!(ink > 25, "{name}: {ink} dark pixels");
    }
}

#[test]
fn letters_join_and_run_from_right_to_left() {
    let font = "an Arabic font";
    let Some(name) = drawn("مريم", font) else { return };
    // Joined, the letters have other forms than alone, and are narrower.
    let alone = ["م", "ر", "ي"].map(|letter| width(&drawn(letter, font).unwrap()));
    assert!(width(&name) < alone[0] * 2 + alone[1] + alone[2], "not joined");
    // The first letter, a stroke that joins nothing after it, is at the right end.
    let stroke = width(&drawn("ا", font).unwrap());
    let runs = inked(&drawn("ابب", font).unwrap());
    let (first, last) = runs.last().unwrap();
    assert!(last - first <= stroke, "the first letter is not at the right: {runs:?}");
    let (first, last) = runs.first().unwrap();
    assert!(last - first > 2 * stroke, "{runs:?}");
    // So is the first word.
    assert_eq!(words(&drawn("مريم ا", font).unwrap()).first(), Some(&stroke));
}

#[test]
fn hebrew_words_and_numbers_stand_in_their_order() {
    let font = "a Hebrew font";
    let Some(short) = drawn("י", font) else { return };
    let (short, long) = (width(&short), width(&drawn("שלום", font).unwrap()));
    let both = words(&drawn("שלום י", font).unwrap());
    assert_eq!(both.first(), Some(&short), "the second word is at the left: {both:?}");
    assert!(both.iter().skip(1).sum::<u32>() + 8 > long, "{both:?}");
    // Digits keep their order, and come after the word, to its left.
    let number = drawn("שלום 17", font).unwrap();
    let digits = drawn("17", font).unwrap();
    let (start, end) = (inked(&number)[0].0, inked(&digits)[0].0);
    let crop = |picture: &RgbaImage, from: u32| {
        let wide = width(&digits);
        image::imageops::crop_imm(picture, from, 0, wide, picture.height()).to_image()
    };
    assert_eq!(crop(&number, start), crop(&digits, end), "the digits are turned round");
}

fn home_with(bench: &mut TestHarness, name: &str) {
    bench.window().update(Message::Go(Route::Pair));
    bench.face(&mut peer(name, 1, 1), 12);
    bench.window().update(Message::Go(Route::Home));
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
}

#[test]
fn letters_without_glyphs_are_boxes() {
    // The fonts of the program alone.
    let (one, can_draw) = drawn_with("ก", theme::install);
    assert!(!can_draw && !inked(&one).is_empty(), "a blank instead of a box");
    let (three, _) = drawn_with("กมล", theme::install);
    assert!(width(&three) > 2 * width(&one), "one box a letter");
}

#[test]
fn a_name_without_glyphs_is_told_by_its_number() {
    // No font of the machine: boxes.
    let mut bench = TestHarness::new();
    bench.harness().ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    bench.settle();
    let mut bench = bench.called_ana();
    home_with(&mut bench, "กมล");
    let view = &bench.window().app.model.contacts.contacts[0];
    let digits = view.safety_number[..4].to_owned();
    assert!(bench.sees(&format!("{digits} \u{b7} Not compared")));
    bench.click("กมล");
    assert!(bench.sees(&format!("Its safety number begins with {digits}.")));
}

#[test]
fn what_can_be_drawn_needs_no_number() {
    let mut bench = TestHarness::ana();
    home_with(&mut bench, "Компьютер 💻");
    let view = &bench.window().app.model.contacts.contacts[0];
    let digits = view.safety_number[..4].to_owned();
    assert!(bench.sees("Not compared") && !bench.sees(&digits));
}

/// A screen reader gets the words in the order of the text, whatever the eye sees.
#[test]
fn a_screen_reader_hears_a_name_as_it_is_written() {
    let mut bench = TestHarness::new();
    bench.harness().ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    bench.settle();
    let mut bench = bench.called_ana();
    home_with(&mut bench, "דנה כהן");
    bench.click("דנה כהן");
    assert!(bench.sees("דנה כהן"), "the heading");
    bench.click("Back to Home");
    bench.click("Check a contact…");
    assert!(bench.sees("Check \u{201c}דנה כהן\u{201d}"));
}

/// Every text that is painted.
fn painted(bench: &mut TestHarness) -> Vec<String> {
    fn read(shape: &Shape, texts: &mut Vec<String>) {
        match shape {
            Shape::Text(text) => texts.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| read(shape, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for clipped in &bench.harness().output().shapes {
        read(&clipped.shape, &mut texts);
    }
    texts
}

/// Left to itself egui puts the second word of such a name behind the first.
#[test]
fn a_name_within_a_sentence_stands_in_its_own_order() {
    const NAME: &str = "דנה כהן";
    let mut bench = TestHarness::new();
    bench.harness().ctx.set_missing_glyph_policy(MissingGlyphPolicy::Tofu);
    bench.settle();
    let mut bench = bench.called_ana();
    home_with(&mut bench, NAME);
    let id = bench.profile().find_contact(NAME).unwrap().id();
    let stored = bench.profile().find_key(NAME).unwrap();
    let key = stored.file.key_id();
    let [plain, file] = ["report.pdf", "dana.keyglance"].map(|name| bench.folder().join(name));
    std::fs::write(&plain, "x").unwrap();
    std::fs::write(&file, stored.file.to_json()).unwrap();
    let backup = bench.folder().join("all.age");
    let own = bench.profile().unlock_identity(None).unwrap();
    let now = "2026-05-02T12:00:00Z".parse().unwrap();
    let word = passphrase("word");
    bench.profile().back_up(&backup, &own, &word, WorkFactor::Log2(2), now).unwrap();
    let restic = Program::find("restic").unwrap();
    let mut wrong = Vec::new();
    for message in [
        Message::Go(Route::Contact(id)),
        Message::Go(Route::Export(key)),
        Message::Export(export::Message::Program(restic)),
        Message::Export(export::Message::Continue),
        Message::Export(export::Message::Protect(false)),
        Message::Export(export::Message::Path(bench.folder().join("x").display().to_string())),
        Message::Export(export::Message::Save),
        Message::Go(Route::Phone(Some(key))),
        Message::Go(Route::Seal(id, Some(plain))),
        Message::Seal(seal::Message::Encrypt),
        Message::Go(Route::Import(file)),
        Message::Go(Route::Settings),
        Message::Go(Route::WhatCode),
        Message::WhatCode(what_code::Message::Pasted(NAME.to_owned())),
        Message::Go(Route::Restore),
        Message::Restore(restore::Message::Path(backup.display().to_string())),
        Message::Restore(restore::Message::Passphrase("word".into())),
        Message::Restore(restore::Message::Look),
        Message::Go(Route::Verify(id)),
    ] {
        let page = format!("{message:?}");
        bench.window().update(message);
        bench.settle();
        let texts = painted(&mut bench).into_iter();
        wrong.extend(texts.filter(|text| text.contains(NAME)).map(|text| (page.clone(), text)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
