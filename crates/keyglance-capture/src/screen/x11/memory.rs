//! Memory that the X server writes and we read, so that no picture goes through
//! a socket (MIT-SHM 1.2).

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::shm::{ConnectionExt as _, Seg};
use x11rb::protocol::xproto::{ImageFormat, Window};
use x11rb::rust_connection::RustConnection;

use super::{ALL_PLANES, Image, Region};

/// The state of the memory that is shared with the server.
#[derive(Default)]
pub(super) struct Memory {
    shared: Option<Shared>,
    /// The server is on another machine, or too old.
    is_apart: bool,
    /// Room for the next picture: new memory of this size costs more than to fill it.
    room: Vec<u8>,
}

struct Shared {
    segment: Seg,
    file: File,
    bytes: u32,
}

impl Memory {
    /// The pixels of this region; `None` if no memory can be shared.
    pub(super) fn image(
        &mut self,
        connection: &RustConnection,
        window: Window,
        region: Region,
    ) -> Result<Option<Image>, ReplyError> {
        let (Ok(x), Ok(y)) = (i16::try_from(region.x), i16::try_from(region.y)) else {
            return Ok(None);
        };
        let (width, height) = (region.width, region.height);
        // Four bytes a pixel are the most that is understood.
        let bytes = u32::from(width) * u32::from(height) * 4;
        let mut room = std::mem::take(&mut self.room);
        let Some(shared) = self.at_least(bytes, connection) else { return Ok(None) };
        let format = ImageFormat::Z_PIXMAP.into();
        let asked = connection.shm_get_image(
            window,
            x,
            y,
            width,
            height,
            ALL_PLANES,
            format,
            shared.segment,
            0,
        )?;
        let reply = asked.reply()?;
        let mut data = std::mem::take(&mut room);
        data.resize(reply.size.min(bytes) as usize, 0);
        let read = shared.file.read_exact_at(&mut data, 0);
        Ok(read.is_ok().then_some(Image { depth: reply.depth, visual: reply.visual, data }))
    }

    /// Takes back the pixels that it gave.
    pub(super) fn reuse(&mut self, room: Vec<u8>) {
        self.room = room;
    }

    fn at_least(&mut self, bytes: u32, connection: &RustConnection) -> Option<&Shared> {
        if !self.is_apart && self.shared.as_ref().is_none_or(|shared| shared.bytes < bytes) {
            let made = share(bytes, connection);
            self.is_apart = made.is_none();
            if let Some(old) = std::mem::replace(&mut self.shared, made) {
                // The server releases it anyway when the connection ends.
                let _ = connection.shm_detach(old.segment);
            }
        }
        self.shared.as_ref()
    }
}

fn share(bytes: u32, connection: &RustConnection) -> Option<Shared> {
    let version = connection.shm_query_version().ok()?.reply().ok()?;
    if (version.major_version, version.minor_version) < (1, 2) {
        return None;
    }
    let segment = connection.generate_id().ok()?;
    let made = connection.shm_create_segment(segment, bytes, false).ok()?.reply().ok()?;
    Some(Shared { segment, file: File::from(made.shm_fd), bytes })
}
