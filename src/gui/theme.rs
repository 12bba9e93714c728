//! One type scale, one spacing scale and one accent colour, in light and dark.
//! Only this file has raw colours, except for codes, which are always black on white.

use eframe::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke,
    Style, TextStyle, ThemePreference, Ui, Vec2,
};

use keyglance_profile::{Settings, Theme};

/// The spacing scale's unit, in points.
pub const GAP: f32 = 8.0;
/// The margin around a page, in points.
pub const MARGIN: i8 = 24;
/// The greatest width of a line of text, in points.
pub const COLUMN: f32 = 560.0;

/// The type scale, in points.
const SMALL: f32 = 13.0;
const BODY: f32 = 16.0;
const HEADING: f32 = 26.0;
const DIGITS: f32 = 44.0;

const SEMIBOLD: &str = "inter-semibold";

/// The font of names and headings.
fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// Names and headings within a text.
pub fn strong() -> FontId {
    semibold(BODY)
}

/// Digits that the user compares.
pub fn digits() -> FontId {
    FontId::new(DIGITS, FontFamily::Monospace)
}

/// Digits that the user types, of this size.
pub fn digits_of(size: f32) -> FontId {
    semibold(size)
}

/// Rows of digits.
pub fn rows() -> FontId {
    FontId::new(HEADING, FontFamily::Monospace)
}

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub page: Color32,
    pub raised: Color32,
    pub line: Color32,
    pub text: Color32,
    pub weak: Color32,
    pub accent: Color32,
    pub on_accent: Color32,
    /// Done, seen, verified. Blue, since everyone can tell it from orange.
    pub good: Color32,
    /// Needs attention. Orange.
    pub problem: Color32,
}

pub const LIGHT: Palette = Palette {
    page: Color32::from_rgb(0xfa, 0xfa, 0xf8),
    raised: Color32::from_rgb(0xff, 0xff, 0xff),
    line: Color32::from_rgb(0x86, 0x8d, 0x99),
    text: Color32::from_rgb(0x1b, 0x1f, 0x27),
    weak: Color32::from_rgb(0x56, 0x5d, 0x6b),
    accent: Color32::from_rgb(0x1d, 0x5f, 0xc4),
    on_accent: Color32::WHITE,
    good: Color32::from_rgb(0x17, 0x56, 0xb4),
    problem: Color32::from_rgb(0xa3, 0x45, 0x00),
};

pub const DARK: Palette = Palette {
    page: Color32::from_rgb(0x15, 0x18, 0x1e),
    raised: Color32::from_rgb(0x20, 0x24, 0x2c),
    line: Color32::from_rgb(0x6b, 0x74, 0x85),
    text: Color32::from_rgb(0xec, 0xee, 0xf2),
    weak: Color32::from_rgb(0xa6, 0xae, 0xbc),
    accent: Color32::from_rgb(0x8a, 0xb8, 0xff),
    on_accent: Color32::from_rgb(0x0c, 0x1a, 0x30),
    good: Color32::from_rgb(0x8a, 0xb8, 0xff),
    problem: Color32::from_rgb(0xff, 0xb0, 0x66),
};

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

/// Applies the theme, the size and the motion of the settings.
pub fn apply(ctx: &Context, settings: &Settings) {
    ctx.set_theme(match settings.theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
    ctx.set_zoom_factor(f32::from(settings.text_size.clamp(75, 250)) / 100.0);
    let usual = Style::default();
    ctx.all_styles_mut(|style| {
        style.animation_time = if settings.reduced_motion { 0.0 } else { usual.animation_time };
        style.visuals.text_cursor.blink = !settings.reduced_motion;
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
        (TextStyle::Heading, semibold(HEADING)),
        (TextStyle::Monospace, FontId::new(BODY, FontFamily::Monospace)),
    ]
    .into();
    style.spacing.item_spacing = Vec2::splat(GAP);
    style.spacing.button_padding = Vec2::new(GAP * 2.0, GAP);
    style.spacing.interact_size.y = GAP * 5.0;
    style.spacing.icon_width = GAP * 2.5;
    style.spacing.icon_width_inner = GAP * 1.5;
    style.spacing.icon_spacing = GAP;
    style.spacing.menu_margin = Margin::same(8);

    let mut visuals =
        if dark { eframe::egui::Visuals::dark() } else { eframe::egui::Visuals::light() };
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.weak);
    visuals.panel_fill = palette.page;
    visuals.window_fill = palette.raised;
    visuals.extreme_bg_color = palette.raised;
    visuals.text_edit_bg_color = Some(palette.raised);
    visuals.faint_bg_color = palette.raised;
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(2.0, palette.accent);
    visuals.window_stroke = Stroke::new(1.0, palette.line);
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
    widgets.hovered.bg_stroke = Stroke::new(2.0, palette.accent);
    widgets.active.bg_stroke = Stroke::new(2.0, palette.accent);
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
            for behind in [palette.page, palette.raised] {
                for text in
                    [palette.text, palette.weak, palette.accent, palette.good, palette.problem]
                {
                    let contrast = contrast(text, behind);
                    assert!(contrast >= 4.5, "{text:?} on {behind:?}: {contrast:.2}");
                }
            }
            assert!(contrast(palette.on_accent, palette.accent) >= 4.5);
            for behind in [palette.page, palette.raised] {
                // The outlines of controls: WCAG 2.2, 1.4.11.
                assert!(contrast(palette.line, behind) >= 3.0);
            }
        }
    }
}
