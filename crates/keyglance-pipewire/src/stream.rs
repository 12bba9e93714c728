//! Frames from a PipeWire node.

use std::cell::RefCell;
use std::io::Cursor;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::Instant;

use keyglance_capture::frame_stream::{MAX_PIXELS, MAX_SIDE, TimedFrame};
use keyglance_capture::pixels::{PixelFormat, RgbLayout, luma};
use pipewire::buffer::Buffer;
use pipewire::context::ContextRc;
use pipewire::main_loop::MainLoopRc;
use pipewire::properties::PropertiesBox;
use pipewire::spa::buffer::ChunkFlags;
use pipewire::spa::param::ParamType;
use pipewire::spa::param::format::{FormatProperties, MediaSubtype, MediaType};
use pipewire::spa::param::format_utils::parse_format;
use pipewire::spa::param::video::{VideoFormat, VideoInfoRaw};
use pipewire::spa::pod::serialize::PodSerializer;
use pipewire::spa::pod::{ChoiceValue, Object, Pod, Property, Value};
use pipewire::spa::utils::{
    Choice, ChoiceEnum, ChoiceFlags, Direction, Fraction, Id, Rectangle, SpaTypes,
};
use pipewire::stream::{StreamBox, StreamFlags, StreamState};
use pipewire::{Error, keys};

use crate::failure::Failure;
use crate::output::Output;

/// Which camera.
pub(crate) enum Target {
    /// The one that the session gives, over the portal's connection.
    Portal(OwnedFd),
    /// The one whose node has this name, over a connection of our own.
    Node(String),
}

/// PipeWire's names of the formats that are understood, the cheapest first.
const FORMATS: [(VideoFormat, PixelFormat); 18] = [
    (VideoFormat::NV12, PixelFormat::Planar),
    (VideoFormat::I420, PixelFormat::Planar),
    (VideoFormat::YV12, PixelFormat::Planar),
    (VideoFormat::NV21, PixelFormat::Planar),
    (VideoFormat::Y42B, PixelFormat::Planar),
    (VideoFormat::GRAY8, PixelFormat::Grey),
    (VideoFormat::YUY2, PixelFormat::Yuyv),
    (VideoFormat::UYVY, PixelFormat::Uyvy),
    (VideoFormat::RGBx, PixelFormat::Rgb(RgbLayout::Rgbx)),
    (VideoFormat::RGBA, PixelFormat::Rgb(RgbLayout::Rgbx)),
    (VideoFormat::BGRx, PixelFormat::Rgb(RgbLayout::Bgrx)),
    (VideoFormat::BGRA, PixelFormat::Rgb(RgbLayout::Bgrx)),
    (VideoFormat::xRGB, PixelFormat::Rgb(RgbLayout::Xrgb)),
    (VideoFormat::ARGB, PixelFormat::Rgb(RgbLayout::Xrgb)),
    (VideoFormat::xBGR, PixelFormat::Rgb(RgbLayout::Xbgr)),
    (VideoFormat::ABGR, PixelFormat::Rgb(RgbLayout::Xbgr)),
    (VideoFormat::RGB, PixelFormat::Rgb(RgbLayout::Rgb)),
    (VideoFormat::BGR, PixelFormat::Rgb(RgbLayout::Bgr)),
];

/// What is asked for first, as of other cameras.
const SIZE: Rectangle = Rectangle { width: 1280, height: 720 };
const RATE: Fraction = Fraction { num: 30, denom: 1 };

/// What was agreed on with the camera.
#[derive(Clone, Copy)]
struct Agreed {
    format: PixelFormat,
    size: (u32, u32),
}

/// Puts frames out until the camera fails.
pub(crate) fn run(target: Target, output: Output) -> Result<(), Failure> {
    pipewire::init();
    let main_loop = MainLoopRc::new(None)?;
    let context = ContextRc::new(&main_loop, None)?;
    let mut properties = PropertiesBox::new();
    properties.insert(*keys::MEDIA_TYPE, "Video");
    properties.insert(*keys::MEDIA_CATEGORY, "Capture");
    properties.insert(*keys::MEDIA_ROLE, "Camera");
    let core = match target {
        Target::Portal(remote) => context.connect_fd_rc(remote, None)?,
        Target::Node(name) => {
            properties.insert(*keys::TARGET_OBJECT, name);
            context.connect_rc(None)?
        }
    };

    let end = Rc::new(RefCell::new(None));
    let ends = {
        let (end, main_loop) = (Rc::clone(&end), main_loop.clone());
        move |why: Failure| {
            end.borrow_mut().get_or_insert(why);
            main_loop.quit();
        }
    };
    let lost = ends.clone();
    // Zero is the connection itself: other objects' errors come through their own.
    let _listener = core
        .add_listener_local()
        .error(move |id, _, _, message| {
            if id == 0 {
                lost(Failure::PipeWire(message.to_owned()));
            }
        })
        .register();

    let stream = StreamBox::new(&core, "keyglance", properties)?;
    let began = Instant::now();
    let (refused, agreed) = (ends.clone(), None::<Agreed>);
    let _stream_listener = stream
        .add_local_listener_with_user_data(agreed)
        .state_changed(move |_, _, old, new| match (old, new) {
            (StreamState::Streaming, StreamState::Error(_) | StreamState::Unconnected) => {
                ends(Failure::Unplugged);
            }
            (_, StreamState::Error(why)) if why.contains("no more input formats") => {
                ends(Failure::Format);
            }
            (_, StreamState::Error(_)) => ends(Failure::NoCamera),
            _ => {}
        })
        .param_changed(move |_, agreed, id, param| {
            let Some(param) = param.filter(|_| id == ParamType::Format.as_raw()) else { return };
            *agreed = agreement(param);
            if agreed.is_none() {
                refused(Failure::Format);
            }
        })
        .process(move |stream, agreed| {
            // What waits is older than what came last.
            let mut newest = None;
            while let Some(buffer) = stream.dequeue_buffer() {
                newest = Some(buffer);
            }
            let frame =
                newest.zip(*agreed).and_then(|(mut buffer, agreed)| frame(&mut buffer, agreed));
            if let Some(frame) = frame {
                output.put(TimedFrame { frame, time: began.elapsed() });
            }
        })
        .register()?;

    let offers = [raw_formats()?, jpeg_format()?];
    let mut offers: Vec<&Pod> = offers.iter().filter_map(|bytes| Pod::from_bytes(bytes)).collect();
    let flags = StreamFlags::AUTOCONNECT | StreamFlags::MAP_BUFFERS;
    stream.connect(Direction::Input, None, flags, &mut offers)?;
    main_loop.run();
    let why = end.borrow_mut().take();
    Err(why.unwrap_or_else(|| Failure::PipeWire("it ended".to_owned())))
}

/// The format that PipeWire chose; `None` if it is none that was offered.
fn agreement(param: &Pod) -> Option<Agreed> {
    match parse_format(param).ok()? {
        (MediaType::Video, MediaSubtype::Mjpg) => {
            // Each picture says its own size.
            Some(Agreed { format: PixelFormat::Jpeg, size: (0, 0) })
        }
        (MediaType::Video, MediaSubtype::Raw) => {
            let mut info = VideoInfoRaw::new();
            info.parse(param).ok()?;
            let known = FORMATS.iter().find(|(theirs, _)| *theirs == info.format());
            let size = (info.size().width, info.size().height);
            known.map(|(_, format)| Agreed { format: *format, size })
        }
        _ => None,
    }
}

/// The brightness of a buffer; `None` if it is damaged or too short.
fn frame(buffer: &mut Buffer<'_>, agreed: Agreed) -> Option<keyglance_capture::image::GrayImage> {
    // The first plane has the brightness.
    let data = buffer.datas_mut().first_mut()?;
    if data.as_raw().chunk.is_null() {
        return None;
    }
    let chunk = data.chunk();
    if chunk.flags().contains(ChunkFlags::CORRUPTED) || chunk.size() == 0 {
        return None;
    }
    let (offset, size) = (chunk.offset() as usize, chunk.size() as usize);
    let stride = usize::try_from(chunk.stride()).unwrap_or_default();
    let bytes = data.data()?.get(offset..)?;
    let bytes = bytes.get(..size).unwrap_or(bytes);
    let (width, height) = agreed.size;
    let count = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_SIDE || count > MAX_PIXELS {
        return None;
    }
    luma(bytes, (width, height), stride, agreed.format)
}

/// All raw formats that are understood, in any size that is taken.
fn raw_formats() -> Result<Vec<u8>, Failure> {
    let formats: Vec<_> = FORMATS.iter().map(|(format, _)| Id(format.as_raw())).collect();
    let default = Id(VideoFormat::NV12.as_raw());
    let formats = ChoiceEnum::Enum { default, alternatives: formats };
    offer(
        MediaSubtype::Raw,
        Some(property(
            FormatProperties::VideoFormat,
            Value::Choice(ChoiceValue::Id(Choice(ChoiceFlags::empty(), formats))),
        )),
    )
}

fn jpeg_format() -> Result<Vec<u8>, Failure> {
    offer(MediaSubtype::Mjpg, None)
}

fn offer(subtype: MediaSubtype, format: Option<Property>) -> Result<Vec<u8>, Failure> {
    let side = |side| Rectangle { width: side, height: side };
    let sizes = ChoiceEnum::Range { default: SIZE, min: side(16), max: side(4096) };
    let rates = ChoiceEnum::Range {
        default: RATE,
        min: Fraction { num: 0, denom: 1 },
        max: Fraction { num: 240, denom: 1 },
    };
    let mut properties = vec![
        property(FormatProperties::MediaType, Value::Id(Id(MediaType::Video.as_raw()))),
        property(FormatProperties::MediaSubtype, Value::Id(Id(subtype.as_raw()))),
    ];
    properties.extend(format);
    properties.extend([
        property(
            FormatProperties::VideoSize,
            Value::Choice(ChoiceValue::Rectangle(Choice(ChoiceFlags::empty(), sizes))),
        ),
        property(
            FormatProperties::VideoFramerate,
            Value::Choice(ChoiceValue::Fraction(Choice(ChoiceFlags::empty(), rates))),
        ),
    ]);
    let object = Value::Object(Object {
        type_: SpaTypes::ObjectParamFormat.as_raw(),
        id: ParamType::EnumFormat.as_raw(),
        properties,
    });
    let written = PodSerializer::serialize(Cursor::new(Vec::new()), &object);
    let (bytes, _) = written.map_err(|error| Failure::PipeWire(format!("{error:?}")))?;
    Ok(bytes.into_inner())
}

fn property(key: FormatProperties, value: Value) -> Property {
    Property::new(key.as_raw(), value)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::PipeWire(error.to_string())
    }
}
