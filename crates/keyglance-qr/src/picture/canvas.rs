//! What the frames of an animation are painted on.

use image::GrayImage;

use super::PictureError;

/// A frame's place, in pixels of the picture; it may reach beyond.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// How a frame leaves the picture to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposal {
    /// As it is.
    Keep,
    /// Its place is cleared.
    Clear,
    /// As it was before.
    Restore,
}

/// The grey picture so far. It needs no alpha: what is painted over something clear is
/// blended with the background, and blending twice is the same as blending both first.
#[derive(Debug)]
pub(super) struct Canvas {
    picture: GrayImage,
    background: u8,
    /// Where the next frame's picture is made if the one before is to be restored.
    before: Option<GrayImage>,
    clear: Option<Place>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, background: u8) -> Result<Self, PictureError> {
        let pixels = vec![background; width as usize * height as usize];
        let picture = GrayImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?;
        Ok(Self { picture, background, before: None, clear: None })
    }

    /// Begins a frame. Where it is opaque by order, what is below it is cleared first.
    pub(super) fn begin(&mut self, place: Place, disposal: Disposal, replaces: bool) {
        if let Some(before) = self.before.take() {
            self.picture = before;
        }
        if let Some(place) = self.clear.take() {
            self.fill(place);
        }
        match disposal {
            Disposal::Keep => {}
            Disposal::Clear => self.clear = Some(place),
            Disposal::Restore => self.before = Some(self.picture.clone()),
        }
        if replaces {
            self.fill(place);
        }
    }

    /// The picture with all that was painted.
    pub(super) fn picture(&mut self) -> &mut GrayImage {
        &mut self.picture
    }

    /// The part of a frame's row that lies in the picture.
    pub(super) fn row(&mut self, place: Place, y: u32) -> Option<&mut [u8]> {
        let width = self.picture.width();
        let (left, y) = (place.x, place.y.checked_add(y)?);
        let right = left.checked_add(place.width)?.min(width);
        let start = y as usize * width as usize;
        let range = start + left as usize..start + right as usize;
        if left >= right { None } else { self.picture.as_mut().get_mut(range) }
    }

    fn fill(&mut self, place: Place) {
        let background = self.background;
        for y in 0..place.height.min(self.picture.height()) {
            let Some(row) = self.row(place, y) else { break };
            row.fill(background);
        }
    }
}
