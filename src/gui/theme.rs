//! One type scale, one spacing scale and one accent colour, in light and dark.
//! Only this file has raw colours, except for codes, which are always black on white.

use eframe::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke,
    Style, TextStyle, ThemePreference, Ui, Vec2,
};

use keyglance_profile::{Settings, Theme};

/// The spacing scale's unit, in points.
pub const GAP: f32 = 8.0;
/// The least margin around a page, in points.
pub const MARGIN: i8 = 16;
/// The margin around a page that has room, in points.
pub const AROUND: f32 = 40.0;
/// The greatest width of a page, in points.
pub const COLUMN: f32 = 800.0;
/// The greatest width of a paragraph and of a field, in points.
pub const MEASURE: f32 = 560.0;
/// The width below which buttons and verbs shorten and pictures go, in points.
pub const NARROW: f32 = 560.0;
/// The height of a control, in points.
pub const CONTROL: f32 = GAP * 5.0;

/// The type scale, in points.
const SMALL: f32 = 13.0;
const BODY: f32 = 16.0;
const SECTION: f32 = 20.0;
const HEADING: f32 = 28.0;
const STATE: f32 = 40.0;
const SAME_KEY: f32 = 48.0;
const DIGITS: f32 = 96.0;

const SEMIBOLD: &str = "inter-semibold";

/// The font of names and headings.
fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// Names and headings within a text.
pub fn strong() -> FontId {
    semibold(BODY)
}

/// Small words.
pub fn small() -> FontId {
    FontId::new(SMALL, FontFamily::Proportional)
}

/// An icon of this size.
pub fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Small words that stand out.
pub fn small_strong() -> FontId {
    semibold(SMALL)
}

/// The heading of a section.
pub fn section() -> FontId {
    semibold(SECTION)
}

/// A page's heading.
pub fn heading() -> FontId {
    semibold(HEADING)
}

/// A heading of this size, in points.
pub fn heading_of(size: f32) -> FontId {
    semibold(size)
}

/// Paragraphs.
pub fn body() -> FontId {
    FontId::new(BODY, FontFamily::Proportional)
}

/// The state of a pairing, to be read from two metres.
pub fn state() -> FontId {
    semibold(STATE)
}

/// The words "Same key".
pub fn same_key() -> FontId {
    semibold(SAME_KEY)
}

/// The check code, at its largest, in points.
pub const DIGITS_SIZE: f32 = DIGITS;

/// The check code, at its smallest, in points.
pub const DIGITS_LEAST: f32 = 44.0;

/// Digits that are typed or compared, of this size.
pub fn digits_of(size: f32) -> FontId {
    semibold(size)
}

/// Digits of a safety number, of this size.
pub fn digits_plain(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The colours of one theme. Gold is never text, and never alone a state.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub page: Color32,
    pub raised: Color32,
    pub sunken: Color32,
    /// The outline of cards; decoration.
    pub hair: Color32,
    /// The outline of controls.
    pub line: Color32,
    pub text: Color32,
    pub weak: Color32,
    /// What can be pressed; done, seen, compared. Blue, since everyone can tell it from orange.
    pub accent: Color32,
    pub on_accent: Color32,
    /// Behind something chosen or done.
    pub soft: Color32,
    /// Needs attention. Orange.
    pub attention: Color32,
    /// Behind something that needs attention.
    pub soft_attention: Color32,
    /// The two screens of the picture, and what is drawn on them.
    pub our_screen: Color32,
    pub their_screen: Color32,
    pub on_our_screen: Color32,
    pub on_their_screen: Color32,
    pub gold: Color32,
}

pub const LIGHT: Palette = Palette {
    page: Color32::from_rgb(0xf6, 0xf8, 0xfc),
    raised: Color32::from_rgb(0xff, 0xff, 0xff),
    sunken: Color32::from_rgb(0xeb, 0xf0, 0xf9),
    hair: Color32::from_rgb(0xdc, 0xe3, 0xf0),
    line: Color32::from_rgb(0x7c, 0x87, 0x9b),
    text: Color32::from_rgb(0x16, 0x1b, 0x27),
    weak: Color32::from_rgb(0x51, 0x5b, 0x6e),
    accent: Color32::from_rgb(0x24, 0x57, 0xd6),
    on_accent: Color32::WHITE,
    soft: Color32::from_rgb(0xe4, 0xec, 0xff),
    attention: Color32::from_rgb(0x9a, 0x42, 0x00),
    soft_attention: Color32::from_rgb(0xff, 0xf1, 0xe0),
    our_screen: Color32::from_rgb(0x24, 0x57, 0xd6),
    their_screen: Color32::from_rgb(0x5b, 0x8b, 0xef),
    on_our_screen: Color32::WHITE,
    on_their_screen: Color32::from_rgb(0x0b, 0x1b, 0x3a),
    gold: GOLD,
};

pub const DARK: Palette = Palette {
    page: Color32::from_rgb(0x12, 0x15, 0x1c),
    raised: Color32::from_rgb(0x1c, 0x21, 0x2b),
    sunken: Color32::from_rgb(0x17, 0x1b, 0x24),
    hair: Color32::from_rgb(0x2b, 0x32, 0x40),
    line: Color32::from_rgb(0x72, 0x7e, 0x94),
    text: Color32::from_rgb(0xed, 0xf0, 0xf6),
    weak: Color32::from_rgb(0xa8, 0xb1, 0xc2),
    accent: Color32::from_rgb(0x8f, 0xb5, 0xff),
    on_accent: Color32::from_rgb(0x0b, 0x1b, 0x3a),
    soft: Color32::from_rgb(0x1e, 0x2c, 0x4c),
    attention: Color32::from_rgb(0xff, 0xb0, 0x66),
    soft_attention: Color32::from_rgb(0x35, 0x28, 0x1a),
    our_screen: Color32::from_rgb(0x5f, 0x92, 0xff),
    their_screen: Color32::from_rgb(0xbf, 0xd5, 0xff),
    on_our_screen: Color32::WHITE,
    on_their_screen: Color32::from_rgb(0x0b, 0x1b, 0x3a),
    gold: GOLD,
};

const GOLD: Color32 = Color32::from_rgb(0xff, 0xc5, 0x3d);

/// The moment of success: the light theme's accent, whichever theme is on.
pub const SUCCESS: Color32 = LIGHT.accent;

/// The mark on [`SUCCESS`].
pub const ON_SUCCESS: Palette = Palette {
    text: Color32::WHITE,
    weak: Color32::from_rgb(0xd6, 0xe2, 0xff),
    accent: Color32::WHITE,
    on_accent: Color32::from_rgb(0x24, 0x57, 0xd6),
    our_screen: Color32::WHITE,
    their_screen: Color32::from_rgb(0xbf, 0xd5, 0xff),
    ..LIGHT
};

/// The colours of contact pictures, which are the same in every theme.
pub const CONTACT_PICTURES: [Color32; 6] = [
    Color32::from_rgb(0x24, 0x57, 0xd6),
    Color32::from_rgb(0x0b, 0x74, 0x80),
    Color32::from_rgb(0x6a, 0x48, 0xc9),
    Color32::from_rgb(0xa8, 0x35, 0x7a),
    Color32::from_rgb(0x8a, 0x56, 0x00),
    Color32::from_rgb(0x4b, 0x56, 0x6b),
];

/// The colours in use.
pub fn palette(ctx: &Context) -> Palette {
    match ctx.theme() {
        eframe::egui::Theme::Light => LIGHT,
        eframe::egui::Theme::Dark => DARK,
    }
}

/// Installs fonts and styles; called once.
pub fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 3] = [
        ("inter", include_bytes!("../../assets/inter-regular.otf")),
        (SEMIBOLD, include_bytes!("../../assets/inter-semibold.otf")),
        ("icons", include_bytes!("../../assets/icons.ttf")),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), FontData::from_static(bytes).into());
    }
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        family.insert(0, "inter".to_owned());
        family.insert(1, "icons".to_owned());
    }
    // Characters that Inter lacks come from egui's own fonts.
    let mut semibold = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    semibold.insert(0, SEMIBOLD.to_owned());
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), semibold);
    ctx.set_fonts(fonts);
    ctx.set_style_of(eframe::egui::Theme::Light, style(&LIGHT, false));
    ctx.set_style_of(eframe::egui::Theme::Dark, style(&DARK, true));
}

/// Applies the theme and the size of the settings. While it is `still`, every change is a
/// cut.
pub fn apply(ctx: &Context, settings: &Settings, still: bool) {
    ctx.set_theme(match settings.theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
    ctx.set_zoom_factor(f32::from(settings.text_size.clamp(75, 250)) / 100.0);
    let usual = Style::default();
    ctx.all_styles_mut(|style| {
        style.animation_time = if still { 0.0 } else { usual.animation_time };
    });
}

/// Whether every change is to be a cut.
pub fn is_motion_reduced(ui: &Ui) -> bool {
    ui.style().animation_time == 0.0
}

fn style(palette: &Palette, dark: bool) -> Style {
    let mut style = Style::default();
    let font = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, font(SMALL)),
        (TextStyle::Body, font(BODY)),
        (TextStyle::Button, font(BODY)),
        (TextStyle::Heading, heading()),
        (TextStyle::Monospace, FontId::new(BODY, FontFamily::Monospace)),
    ]
    .into();
    style.spacing.item_spacing = Vec2::splat(GAP);
    style.spacing.button_padding = Vec2::new(GAP * 2.0, GAP);
    style.spacing.interact_size.y = CONTROL;
    style.spacing.icon_width = GAP * 2.5;
    style.spacing.icon_width_inner = GAP * 1.5;
    style.spacing.icon_spacing = GAP;
    style.spacing.menu_margin = Margin::same(8);

    let mut visuals =
        if dark { eframe::egui::Visuals::dark() } else { eframe::egui::Visuals::light() };
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.weak);
    // A cursor that blinks would draw the window twice a second for nothing.
    visuals.text_cursor.blink = false;
    visuals.panel_fill = palette.page;
    visuals.window_fill = palette.raised;
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.extreme_bg_color = palette.raised;
    visuals.text_edit_bg_color = Some(palette.raised);
    visuals.faint_bg_color = palette.raised;
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(2.0, palette.accent);
    visuals.window_stroke = Stroke::new(1.0, palette.hair);
    let radius = CornerRadius::same(8);
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = radius;
        widget.bg_fill = palette.raised;
        widget.weak_bg_fill = palette.raised;
        widget.bg_stroke = Stroke::new(1.0, palette.line);
        widget.fg_stroke = Stroke::new(1.5, palette.text);
        widget.expansion = 0.0;
    }
    widgets.hovered.weak_bg_fill = palette.soft;
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.accent);
    widgets.active.weak_bg_fill = palette.soft;
    widgets.active.bg_stroke = Stroke::new(2.0, palette.accent);
    widgets.open.bg_stroke = Stroke::new(1.0, palette.accent);
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.hair);
    style.visuals = visuals;
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2's relative luminance.
    fn luminance(colour: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_what_is_behind_it() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
        for palette in [LIGHT, DARK] {
            for behind in [palette.page, palette.raised, palette.sunken] {
                for text in [palette.text, palette.weak, palette.accent, palette.attention] {
                    let contrast = contrast(text, behind);
                    assert!(contrast >= 4.5, "{text:?} on {behind:?}: {contrast:.2}");
                }
                // The outlines of controls: WCAG 2.2, 1.4.11.
                assert!(contrast(palette.line, behind) >= 3.0, "a line on {behind:?}");
            }
            for behind in [palette.soft, palette.soft_attention] {
                for text in [palette.text, palette.weak, palette.accent, palette.attention] {
                    assert!(contrast(text, behind) >= 4.5, "{text:?} on {behind:?}");
                }
            }
            assert!(contrast(palette.on_accent, palette.accent) >= 4.5);
            // A filled button stands out from the page by itself.
            assert!(contrast(palette.accent, palette.raised) >= 3.0);
        }
        for text in [ON_SUCCESS.text, ON_SUCCESS.weak, ON_SUCCESS.accent] {
            assert!(contrast(text, SUCCESS) >= 4.5, "{text:?}");
        }
        for colour in CONTACT_PICTURES {
            assert!(contrast(colour, Color32::WHITE) >= 4.5, "{colour:?}");
        }
    }
}
