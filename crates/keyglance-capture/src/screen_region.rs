//! Parts of the screen.

/// A part of the screen, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Pixels from the left edge.
    pub x: u16,
    /// Pixels from the upper edge.
    pub y: u16,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
impl Region {
    /// The part of it that lies on a screen of this size, if any.
    pub(crate) fn within(self, width: u16, height: u16) -> Option<Self> {
        let (width, height) = (width.checked_sub(self.x)?, height.checked_sub(self.y)?);
        let part = Self { width: width.min(self.width), height: height.min(self.height), ..self };
        (part.width > 0 && part.height > 0).then_some(part)
    }
}

#[cfg(all(test, feature = "screen", unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_cut_to_the_screen() {
        let region = Region { x: 100, y: 50, width: 300, height: 200 };
        assert_eq!(region.within(1280, 800), Some(region));
        let part = Region { width: 20, height: 10, ..region };
        assert_eq!(region.within(120, 60), Some(part));
        assert_eq!(region.within(100, 60), None);
        assert_eq!(region.within(90, 40), None);
    }
}
