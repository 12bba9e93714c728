//! What holds for every page in every size: nothing overlaps, nothing is cut, the filled
//! button is in view, there is one heading and a focus, and Tab follows the eye.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Rect, Vec2, pos2};
use egui_kittest::kittest::NodeT as _;

use super::TestHarness;
use super::every_screen::tour;
use super::harness::paired;
use crate::gui::focus;

/// In points: the smallest window, the windows of large text, and a large screen.
const SIZES: [[f32; 2]; 6] = [
    [480.0, 400.0],
    [480.0, 320.0],
    [512.0, 320.0],
    [640.0, 800.0],
    [900.0, 600.0],
    [3840.0, 2160.0],
];

struct Part {
    role: Role,
    name: String,
    rect: Rect,
    /// The bar or the dialog that it is in; else it is in the part that scrolls.
    region: Option<Role>,
    level: Option<usize>,
}

fn parts(bench: &mut TestHarness) -> Vec<Part> {
    let root = bench.harness().root();
    root.children_recursive()
        .filter_map(|node| {
            let node = node.accesskit_node();
            let bounds = node.bounding_box()?;
            let mut above = Some(node);
            let mut region = None;
            while let Some(node) = above {
                let role = node.role();
                region = region.or(matches!(role, Role::Toolbar | Role::Dialog).then_some(role));
                above = node.parent();
            }
            let [x0, y0, x1, y1] = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|x| x as f32);
            let name = node.label().or_else(|| node.value()).unwrap_or_default();
            let rect = Rect::from_min_max(pos2(x0, y0), pos2(x1, y1));
            Some(Part { role: node.role(), name, rect, region, level: node.data().level() })
        })
        .collect()
}

fn acts(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::RadioButton
            | Role::TextInput
            | Role::PasswordInput
            | Role::ComboBox
            | Role::Link
    )
}

/// Looks at every page in every size: gives what is wrong there, and fails if anything is.
fn in_every_size(look: impl Fn(&mut TestHarness, Vec2) -> Vec<String>) {
    let (mut bench, _) = paired();
    let mut faults = Vec::new();
    for size in SIZES.map(Vec2::from) {
        bench.harness().set_size(size);
        bench.settle();
        tour(&mut bench, |bench, screen| {
            let wrong = look(bench, size).into_iter();
            faults.extend(wrong.map(|what| format!("{screen} {}x{}: {what}", size.x, size.y)));
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_overlaps_and_nothing_is_cut() {
    in_every_size(|bench, size| {
        let mut faults = Vec::new();
        let parts = parts(bench);
        let shown: Vec<&Part> = parts
            .iter()
            .filter(|part| acts(part.role) || matches!(part.role, Role::Label | Role::Heading))
            .filter(|part| part.rect.area() > 0.0)
            .collect();
        for (i, one) in shown.iter().enumerate() {
            let cut = one.rect.left() < -1.0 || one.rect.right() > size.x + 1.0;
            // A word that stands letter below letter.
            let squeezed = acts(one.role) && one.rect.width() < 20.0;
            if cut || squeezed {
                faults.push(format!("{:?} is cut", one.name));
            }
            for other in shown.iter().skip(i + 1) {
                let both = one.rect.shrink(1.0).intersect(other.rect.shrink(1.0));
                // What scrolls goes under what does not.
                if both.is_positive() && one.region == other.region {
                    faults.push(format!("{:?} and {:?} overlap", one.name, other.name));
                }
            }
        }
        faults
    });
}

#[test]
fn the_filled_button_is_in_view() {
    in_every_size(|bench, size| {
        let window = Rect::from_min_size(pos2(0.0, 0.0), size).expand(1.0);
        let filled = focus::filled(&bench.harness().ctx);
        let hidden = filled.filter(|rect| !window.contains_rect(*rect));
        hidden.map(|rect| format!("{rect:?}")).into_iter().collect()
    });
}

/// Nobody scrolls to where they are to type.
#[test]
fn what_has_the_focus_is_in_view() {
    in_every_size(|bench, size| {
        let ctx = bench.harness().ctx.clone();
        let focused = ctx.memory(|memory| memory.focused());
        let Some(focused) = focused.and_then(|id| ctx.read_response(id)) else {
            return Vec::new();
        };
        let rect = focused.rect.shrink(4.0);
        let mut window = Rect::from_min_size(pos2(0.0, 0.0), size);
        let bar = parts(bench).into_iter().find(|part| part.role == Role::Toolbar);
        if let Some(bar) = bar.filter(|bar| !bar.rect.intersects(rect)) {
            window.max.y = bar.rect.top();
        }
        if window.contains_rect(rect) { Vec::new() } else { vec![format!("{rect:?}")] }
    });
}

#[test]
fn every_page_has_one_heading_and_a_focus() {
    let (mut bench, _) = paired();
    let mut faults = Vec::new();
    tour(&mut bench, |bench, screen| {
        let headings: Vec<String> = parts(bench)
            .into_iter()
            .filter(|part| part.role == Role::Heading && part.level == Some(1))
            .map(|part| part.name)
            .collect();
        if headings.len() != 1 {
            faults.push(format!("{screen}: the headings are {headings:?}"));
        }
        if bench.harness().ctx.memory(|memory| memory.focused()).is_none() {
            faults.push(format!("{screen}: nothing has the focus"));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Down the page, or to the right. Settings and Help come last, though they are at the top.
#[test]
fn tab_follows_the_eye() {
    let (mut bench, _) = paired();
    let mut faults = Vec::new();
    tour(&mut bench, |bench, screen| {
        let mut way: Vec<(String, Rect)> = Vec::new();
        let ctx = bench.harness().ctx.clone();
        for _ in 0..60 {
            bench.harness().key_press_modifiers(Modifiers::NONE, Key::Tab);
            bench.harness().step();
            let Some(id) = ctx.memory(|memory| memory.focused()) else { continue };
            let Some(response) = ctx.read_response(id) else { continue };
            let name = format!("{id:?}");
            if way.first().is_some_and(|(first, _)| *first == name) {
                break;
            }
            way.push((name, response.rect));
        }
        let jumps = way
            .windows(2)
            .filter(|pair| {
                let [(_, before), (_, after)] = pair else { return false };
                let up = after.bottom() <= before.top() + 1.0;
                // Into the next column.
                let right = after.left() >= before.right() - 1.0;
                up && !right
            })
            .count();
        // Once around: from the last back to the first.
        if jumps > 1 {
            faults.push(format!("{screen}: {way:?}"));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
