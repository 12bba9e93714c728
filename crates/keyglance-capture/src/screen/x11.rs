//! What is on an X11 screen, read from its root window.

mod memory;

use std::env;
use std::io::ErrorKind;
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::GrayImage;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ConnectError, ReplyError};
use x11rb::protocol::xproto::{
    ConnectionExt as _, Depth, GetImageReply, ImageFormat, ImageOrder, Setup, VisualClass,
    Visualid, Visualtype, Window,
};
use x11rb::rust_connection::RustConnection;

use super::Region;
use crate::{CaptureError, NextFrame, ScreenError, SourceInfo};

/// A screen changes slowly, and a large one is costly to read.
const INTERVAL: Duration = Duration::from_millis(90);

const ALL_PLANES: u32 = u32::MAX;

/// A screen that changes its size fails now and then; one that is gone, always.
const MAX_FAILURES: u32 = 20;

/// The screen of an X11 desktop, all monitors as one picture, or a region of it.
///
/// At most eleven frames per second. If the screen changes its size, a region gives
/// the part of it that is left.
pub(super) struct Display {
    info: SourceInfo,
    connection: RustConnection,
    root: Window,
    region: Option<Region>,
    due: Instant,
    failures: u32,
    memory: memory::Memory,
}

impl Display {
    /// Opens the display of this name, or that of this program. Gives whether there is
    /// something on it: Wayland's X server has a root that nothing is ever drawn on.
    /// `wayland`: there is a Wayland compositor beside it.
    pub(super) fn open(display: Option<&str>, wayland: bool) -> Result<Opened, ScreenError> {
        let (connection, number) = RustConnection::connect(display).map_err(|e| refused(&e))?;
        let root = connection.setup().roots.get(number).ok_or(ScreenError::NoScreen)?.root;
        let name = display.map(str::to_owned).or_else(|| env::var("DISPLAY").ok());
        let info = SourceInfo {
            name: name.unwrap_or_default(),
            frames_per_second: Some(1.0 / INTERVAL.as_secs_f64()),
            ..SourceInfo::default()
        };
        let mut screen = Self {
            info,
            connection,
            root,
            region: None,
            due: Instant::now(),
            failures: 0,
            memory: memory::Memory::default(),
        };
        let first = screen.grab()?;
        let bridge =
            wayland || matches!(screen.connection.extension_information("XWAYLAND"), Ok(Some(_)));
        let black = first.is_some_and(|picture| picture.iter().all(|level| *level == 0));
        Ok(if bridge && black { Opened::Bridge } else { Opened::Screen(Box::new(screen)) })
    }

    pub(super) const fn only(&mut self, region: Region) {
        self.region = Some(region);
    }

    pub(super) const fn info(&self) -> &SourceInfo {
        &self.info
    }

    pub(super) fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError> {
        let early = self.due.saturating_duration_since(Instant::now());
        if early > wait {
            sleep(wait);
            return Ok(NextFrame::Nothing);
        }
        sleep(early);
        self.due = Instant::now() + INTERVAL;
        Ok(match self.grab()? {
            Some(picture) => NextFrame::Frame(picture),
            None => NextFrame::Nothing,
        })
    }

    /// What is on the screen now; `None` if the region lies outside it, or if its
    /// size has just changed.
    fn grab(&mut self) -> Result<Option<GrayImage>, ScreenError> {
        match self.image() {
            Ok(Some((image, region))) => {
                self.failures = 0;
                let layout = Layout::of(self.connection.setup(), &image)
                    .ok_or(ScreenError::ColourDepth(image.depth))?;
                (self.info.width, self.info.height) =
                    (u32::from(region.width), u32::from(region.height));
                let picture = layout.to_grayscale(&image.data, region.width, region.height);
                self.memory.reuse(image.data);
                picture.map(Some).ok_or(ScreenError::ColourDepth(image.depth))
            }
            Ok(None) => {
                self.failures = 0;
                Ok(None)
            }
            Err(ReplyError::X11Error(_)) if self.failures < MAX_FAILURES => {
                self.failures += 1;
                Ok(None)
            }
            Err(_) => Err(ScreenError::Lost),
        }
    }

    fn image(&mut self) -> Result<Option<(Image, Region)>, ReplyError> {
        // Asked each time: the setup keeps the size that it had at first.
        let size = self.connection.get_geometry(self.root)?.reply()?;
        let whole = Region { x: 0, y: 0, width: size.width, height: size.height };
        let Some(region) = self.region.unwrap_or(whole).within(size.width, size.height) else {
            return Ok(None);
        };
        let (Ok(x), Ok(y)) = (i16::try_from(region.x), i16::try_from(region.y)) else {
            return Ok(None);
        };
        let (width, height) = (region.width, region.height);
        if let Some(image) = self.memory.image(&self.connection, self.root, region)? {
            return Ok(Some((image, region)));
        }
        let (root, format) = (self.root, ImageFormat::Z_PIXMAP);
        let image = self.connection.get_image(format, root, x, y, width, height, ALL_PLANES)?;
        let GetImageReply { depth, visual, data, .. } = image.reply()?;
        Ok(Some((Image { depth, visual, data }, region)))
    }
}

/// The pixels of a part of the screen.
struct Image {
    depth: u8,
    visual: Visualid,
    data: Vec<u8>,
}

/// What a display is.
pub(super) enum Opened {
    Screen(Box<Display>),
    /// The black root of an X server that stands before Wayland.
    Bridge,
}

/// Why the display cannot be reached.
fn refused(error: &ConnectError) -> ScreenError {
    match error {
        ConnectError::SetupFailed(_) | ConnectError::SetupAuthenticate(_) => ScreenError::Denied,
        ConnectError::IoError(error) if error.kind() == ErrorKind::PermissionDenied => {
            ScreenError::Denied
        }
        _ => ScreenError::NoScreen,
    }
}

/// The layout of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// Bytes of a pixel.
    pixel: usize,
    /// The length of each row is a multiple of this many bytes.
    row: usize,
    red: usize,
    green: usize,
    blue: usize,
}

impl Layout {
    /// `None` for everything but three bytes of colour: palettes, 16 and 30 bits.
    fn of(setup: &Setup, image: &Image) -> Option<Self> {
        if !matches!(image.depth, 24 | 32) {
            return None;
        }
        let format = setup.pixmap_formats.iter().find(|format| format.depth == image.depth)?;
        let depths = setup.roots.iter().flat_map(|screen| &screen.allowed_depths);
        let mut visuals = depths.flat_map(|depth: &Depth| &depth.visuals);
        let visual = visuals.find(|visual| visual.visual_id == image.visual)?;
        Self::new(visual, format.bits_per_pixel, format.scanline_pad, setup.image_byte_order)
    }

    fn new(visual: &Visualtype, bits: u8, pad: u8, order: ImageOrder) -> Option<Self> {
        if !matches!(visual.class, VisualClass::TRUE_COLOR | VisualClass::DIRECT_COLOR) {
            return None;
        }
        let pixel = usize::from(bits / 8);
        let byte = |mask: u32| {
            let from_low = mask.trailing_zeros() as usize / 8;
            let whole = mask == 0xff_u32.checked_shl(8 * u32::try_from(from_low).ok()?)?;
            let place = if order == ImageOrder::LSB_FIRST {
                from_low
            } else {
                pixel.checked_sub(1 + from_low)?
            };
            (whole && place < pixel).then_some(place)
        };
        Some(Self {
            pixel,
            row: usize::from(pad / 8).max(1),
            red: byte(visual.red_mask)?,
            green: byte(visual.green_mask)?,
            blue: byte(visual.blue_mask)?,
        })
    }

    /// The brightness of each pixel (ITU-R BT.709), as in a picture file.
    /// `None` where the bytes are too few.
    fn to_grayscale(self, bytes: &[u8], width: u16, height: u16) -> Option<GrayImage> {
        let (columns, rows) = (usize::from(width), usize::from(height));
        let stride = (columns * self.pixel).next_multiple_of(self.row);
        if bytes.len() < stride * rows {
            return None;
        }
        let [red, green, blue] = [self.red, self.green, self.blue].map(|byte| 8 * byte);
        // 2126, 7152 and 722 ten-thousandths as 32,768ths, which fit the quickest
        // multiplication that processors have for many numbers.
        let brightness = |pixel: u32| {
            let [r, g, b] = [red, green, blue].map(|shift| pixel >> shift & 0xff);
            ((6_966 * r + 23_436 * g + 2_366 * b) >> 15) as u8
        };
        let mut grey = Vec::with_capacity(columns * rows);
        for row in bytes.chunks_exact(stride).take(rows) {
            match self.pixel {
                4 => grey.extend(
                    row.as_chunks::<4>()
                        .0
                        .iter()
                        .take(columns)
                        .map(|pixel| brightness(u32::from_le_bytes(*pixel))),
                ),
                3 => grey.extend(
                    row.as_chunks::<3>()
                        .0
                        .iter()
                        .take(columns)
                        .map(|[a, b, c]| brightness(u32::from_le_bytes([*a, *b, *c, 0]))),
                ),
                _ => return None,
            }
        }
        GrayImage::from_raw(u32::from(width), u32::from(height), grey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visual(class: VisualClass, masks: [u32; 3]) -> Visualtype {
        let [red_mask, green_mask, blue_mask] = masks;
        let bits_per_rgb_value = 8;
        Visualtype {
            visual_id: 1,
            class,
            bits_per_rgb_value,
            colormap_entries: 256,
            red_mask,
            green_mask,
            blue_mask,
        }
    }

    const RGB: [u32; 3] = [0xff_0000, 0xff00, 0xff];

    #[test]
    fn each_byte_order_gives_the_same_brightness() {
        let colour = visual(VisualClass::TRUE_COLOR, RGB);
        let of = |bits, pad, order| Layout::new(&colour, bits, pad, order).unwrap();
        let little = of(32, 32, ImageOrder::LSB_FIRST);
        let big = of(32, 32, ImageOrder::MSB_FIRST);
        // Red, green, blue, white; the fourth byte means nothing.
        let bgrx = [[0, 0, 255, 9], [0, 255, 0, 9], [255, 0, 0, 9], [255, 255, 255, 9]];
        let xrgb = bgrx.map(|[b, g, r, x]| [x, r, g, b]);
        let grey =
            |layout: Layout, bytes: &[u8]| layout.to_grayscale(bytes, 2, 2).unwrap().into_raw();
        assert_eq!(grey(little, &bgrx.concat()), [54, 182, 18, 255]);
        assert_eq!(grey(big, &xrgb.concat()), [54, 182, 18, 255]);

        // Three bytes a pixel: rows are filled up to four.
        let packed = of(24, 32, ImageOrder::LSB_FIRST);
        let row = |pixels: [[u8; 4]; 2]| {
            let [a, b] = pixels.map(|[b, g, r, _]| [b, g, r]);
            [&a[..], &b[..], &[7, 7]].concat()
        };
        let rows = [row([bgrx[0], bgrx[1]]), row([bgrx[2], bgrx[3]])].concat();
        assert_eq!(grey(packed, &rows), [54, 182, 18, 255]);
    }

    #[test]
    fn fewer_bytes_than_pixels_are_no_frame() {
        let colour = visual(VisualClass::TRUE_COLOR, RGB);
        let layout = Layout::new(&colour, 32, 32, ImageOrder::LSB_FIRST).unwrap();
        assert!(layout.to_grayscale(&[0; 15], 2, 2).is_none());
        assert!(layout.to_grayscale(&[], u16::MAX, u16::MAX).is_none());
    }

    #[test]
    fn palettes_and_odd_colours_are_not_understood() {
        let layout = |class, masks, bits| {
            Layout::new(&visual(class, masks), bits, 32, ImageOrder::LSB_FIRST)
        };
        assert_eq!(layout(VisualClass::PSEUDO_COLOR, [0; 3], 8), None);
        assert_eq!(layout(VisualClass::TRUE_COLOR, [0; 3], 32), None);
        assert_eq!(layout(VisualClass::TRUE_COLOR, [0xf800, 0x07e0, 0x1f], 16), None);
        let ten_bits = [0x3ff << 20, 0x3ff << 10, 0x3ff];
        assert_eq!(layout(VisualClass::TRUE_COLOR, ten_bits, 32), None);
    }
}
