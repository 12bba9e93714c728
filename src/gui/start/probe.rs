//! What the window would find: what draws, and letters.

use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui::{self, RawInput};

use super::{on_server, toolkit, viewport};
use crate::display::{self, DisplayError, Graphics};
use crate::gui::theme;
use crate::gui::widgets::names;

/// What the toolkit's drawing part says when it begins.
static SAID: Mutex<Option<Graphics>> = Mutex::new(None);

/// Hears what draws: only the toolkit's log tells it without unsafe code.
struct Listener;

impl log::Log for Listener {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("egui_glow")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata())
            && let Some(graphics) = heard(&record.args().to_string())
        {
            *SAID.lock().unwrap_or_else(PoisonError::into_inner) = Some(graphics);
        }
    }

    fn flush(&self) {}
}

fn heard(text: &str) -> Option<Graphics> {
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map(|line| line.trim().to_owned())
    };
    Some(Graphics {
        version: value("opengl version:")?,
        renderer: value("opengl renderer:")?,
        vendor: value("opengl vendor:")?,
    })
}

/// Opens everything that a window needs, and no window. Once in a process.
///
/// # Errors
/// [`DisplayError`], as the window has it.
pub fn graphics() -> Result<Graphics, DisplayError> {
    let server = display::choose(None)?;
    // There is no other logger: what the program itself logs goes another way.
    if log::set_logger(&Listener).is_ok() {
        log::set_max_level(log::LevelFilter::Debug);
    }
    let viewport = viewport(&super::Options::default()).with_visible(false);
    let native = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        event_loop_builder: Some(Box::new(move |builder| on_server(builder, server))),
        ..Default::default()
    };
    // It can draw now, which is all that was asked.
    let enough = |_: &eframe::CreationContext<'_>| Err("enough".into());
    let ended = toolkit::run(|| eframe::run_native("keyglance", native, Box::new(enough)));
    let said = SAID.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (said, ended) {
        (Some(graphics), _) => Ok(graphics),
        (None, Err(failure)) => Err(failure.meaning(false)),
        (None, Ok(())) => Err(DisplayError::NoOpenGl),
    }
}

/// Those of the names that have a letter which no font of this computer has.
pub fn unseen(names: &[String]) -> Vec<String> {
    let ctx = egui::Context::default();
    theme::install(&ctx);
    ctx.add_font_provider(Arc::new(egui_system_font_provider::SystemFontProvider::new()));
    let mut unseen = Vec::new();
    // Fonts that are asked for in one pass are there in the next.
    for _ in 0..3 {
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let cannot = |name: &&String| !names::can_draw(ui, name);
            unseen = names.iter().filter(cannot).cloned().collect();
        });
        // Nobody paints.
        output.textures_delta.clear();
    }
    unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_draws_is_heard_from_the_toolkit() {
        let text = "\nopengl version: 4.5 (Core Profile) Mesa 22.3.6\nopengl renderer: llvmpipe \
                    (LLVM 15.0.6, 256 bits)\nopengl vendor: Mesa";
        let graphics = heard(text).unwrap();
        assert_eq!(graphics.renderer, "llvmpipe (LLVM 15.0.6, 256 bits)");
        assert!(graphics.is_software() && graphics.version.starts_with("4.5"));
        assert_eq!(heard("opengl version: 4.5"), None);
    }

    /// The program brings its own letters for these.
    #[test]
    fn names_in_common_letters_can_be_shown_everywhere() {
        assert!(unseen(&["Ana laptop", "Zoë"].map(str::to_owned)).is_empty());
        assert!(unseen(&[]).is_empty());
    }
}
