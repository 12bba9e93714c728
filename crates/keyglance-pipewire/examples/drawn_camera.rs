//! A PipeWire camera that looks at a picture file, for tests on machines without one.
//!
//! `drawn_camera NODE I420|NV12|YUY2|UYVY|BGRx|RGB|GRAY8 WIDTHxHEIGHT PICTURE`: the
//! picture is shown in the middle of a grey frame, and again whenever the file changes.
//! Rows are filled up to multiples of 64 bytes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

use std::cell::RefCell;
use std::io::Cursor;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use keyglance_capture::image::{GrayImage, Luma, imageops};
use pipewire::context::ContextRc;
use pipewire::keys;
use pipewire::main_loop::MainLoopRc;
use pipewire::properties::PropertiesBox;
use pipewire::spa::buffer::DataType;
use pipewire::spa::param::ParamType;
use pipewire::spa::param::format::{FormatProperties, MediaSubtype, MediaType};
use pipewire::spa::param::video::VideoFormat;
use pipewire::spa::pod::serialize::PodSerializer;
use pipewire::spa::pod::{Object, Pod, Property, Value};
use pipewire::spa::sys;
use pipewire::spa::utils::{Direction, Fraction, Id, Rectangle, SpaTypes};
use pipewire::stream::{StreamFlags, StreamRc};

const ALIGNED: u32 = 64;
const INTERVAL: Duration = Duration::from_millis(66);

#[derive(Clone, Copy)]
struct Shape {
    format: VideoFormat,
    width: u32,
    height: u32,
}

impl Shape {
    fn stride(self) -> u32 {
        let step = match self.format {
            VideoFormat::YUY2 | VideoFormat::UYVY => 2,
            VideoFormat::RGB => 3,
            VideoFormat::BGRx => 4,
            _ => 1,
        };
        (self.width * step).next_multiple_of(ALIGNED)
    }

    fn size(self) -> u32 {
        let brightness = self.stride() * self.height;
        match self.format {
            VideoFormat::I420 | VideoFormat::NV12 => brightness / 2 * 3,
            _ => brightness,
        }
    }

    fn draw(self, grey: &GrayImage, bytes: &mut [u8]) {
        bytes.fill(128);
        for (row, to) in grey.rows().zip(bytes.chunks_mut(self.stride() as usize)) {
            let levels = row.map(|level| level.0[0]);
            let drawn: Vec<u8> = match self.format {
                VideoFormat::YUY2 => levels.flat_map(|level| [level, 128]).collect(),
                VideoFormat::UYVY => levels.flat_map(|level| [128, level]).collect(),
                VideoFormat::RGB => levels.flat_map(|level| [level; 3]).collect(),
                VideoFormat::BGRx => levels.flat_map(|level| [level, level, level, 7]).collect(),
                _ => levels.collect(),
            };
            to[..drawn.len()].copy_from_slice(&drawn);
        }
    }
}

/// What is filmed, read again when it changes.
struct Scene {
    path: String,
    shown: Option<SystemTime>,
    frame: GrayImage,
}

impl Scene {
    fn look(&mut self, shape: Shape) -> &GrayImage {
        let changed = fs::metadata(&self.path).and_then(|about| about.modified()).ok();
        if self.frame.is_empty() || changed != self.shown {
            let picture = keyglance_capture::image::open(Path::new(&self.path));
            // Half written, it is read the next time.
            self.shown = changed.filter(|_| picture.is_ok());
            self.frame = GrayImage::from_pixel(shape.width, shape.height, Luma([90]));
            let picture = picture.map(|picture| picture.into_luma8()).unwrap_or_default();
            let times = shape.height / picture.height().max(1);
            let (across, down, filter) = match times {
                // Too large: as it fits.
                0 => {
                    let across = picture.width() * shape.height / picture.height();
                    (across, shape.height, imageops::FilterType::Triangle)
                }
                _ => {
                    let (across, down) = (picture.width() * times, picture.height() * times);
                    (across, down, imageops::FilterType::Nearest)
                }
            };
            let shown = imageops::resize(&picture, across, down, filter);
            let left = (i64::from(shape.width) - i64::from(across)) / 2;
            let top = (i64::from(shape.height) - i64::from(down)) / 2;
            imageops::overlay(&mut self.frame, &shown, left, top);
        }
        &self.frame
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [node, format, size, picture] = arguments.as_slice() else {
        panic!("drawn_camera NODE FORMAT WIDTHxHEIGHT PICTURE");
    };
    let (width, height) = size.split_once('x').unwrap();
    let format = match format.as_str() {
        "I420" => VideoFormat::I420,
        "NV12" => VideoFormat::NV12,
        "YUY2" => VideoFormat::YUY2,
        "UYVY" => VideoFormat::UYVY,
        "BGRx" => VideoFormat::BGRx,
        "RGB" => VideoFormat::RGB,
        "GRAY8" => VideoFormat::GRAY8,
        other => panic!("{other}"),
    };
    let shape = Shape { format, width: width.parse().unwrap(), height: height.parse().unwrap() };

    pipewire::init();
    let main_loop = MainLoopRc::new(None).unwrap();
    let core = ContextRc::new(&main_loop, None).unwrap().connect_rc(None).unwrap();
    let mut properties = PropertiesBox::new();
    for (key, value) in [
        (*keys::MEDIA_CLASS, "Video/Source"),
        (*keys::MEDIA_ROLE, "Camera"),
        (*keys::NODE_NAME, node.as_str()),
    ] {
        properties.insert(key, value);
    }
    let stream = StreamRc::new(core, node, properties).unwrap();
    let scene = Rc::new(RefCell::new(Scene {
        path: picture.clone(),
        shown: None,
        frame: GrayImage::default(),
    }));
    let _listener = stream
        .add_local_listener_with_user_data(scene)
        .param_changed(move |stream, _, id, param| {
            if id == ParamType::Format.as_raw() && param.is_some() {
                let buffers = buffers(shape);
                stream.update_params(&mut [Pod::from_bytes(&buffers).unwrap()]).unwrap();
            }
        })
        .process(move |stream, scene| {
            let Some(mut buffer) = stream.dequeue_buffer() else { return };
            let data = &mut buffer.datas_mut()[0];
            let room = data.data().unwrap();
            shape.draw(scene.borrow_mut().look(shape), &mut room[..shape.size() as usize]);
            let chunk = data.chunk_mut();
            *chunk.offset_mut() = 0;
            *chunk.size_mut() = shape.size();
            *chunk.stride_mut() = shape.stride() as i32;
        })
        .register()
        .unwrap();
    let offer = offer(shape);
    stream
        .connect(
            Direction::Output,
            None,
            StreamFlags::DRIVER | StreamFlags::MAP_BUFFERS,
            &mut [Pod::from_bytes(&offer).unwrap()],
        )
        .unwrap();
    let driver = stream.clone();
    let timer = main_loop.loop_().add_timer(move |_| {
        let _ = driver.trigger_process();
    });
    let _ = timer.update_timer(Some(INTERVAL), Some(INTERVAL));
    main_loop.run();
}

fn offer(shape: Shape) -> Vec<u8> {
    let size = Rectangle { width: shape.width, height: shape.height };
    let property = |key: FormatProperties, value| Property::new(key.as_raw(), value);
    object(
        SpaTypes::ObjectParamFormat,
        ParamType::EnumFormat,
        vec![
            property(FormatProperties::MediaType, Value::Id(Id(MediaType::Video.as_raw()))),
            property(FormatProperties::MediaSubtype, Value::Id(Id(MediaSubtype::Raw.as_raw()))),
            property(FormatProperties::VideoFormat, Value::Id(Id(shape.format.as_raw()))),
            property(FormatProperties::VideoSize, Value::Rectangle(size)),
            property(
                FormatProperties::VideoFramerate,
                Value::Fraction(Fraction { num: 15, denom: 1 }),
            ),
        ],
    )
}

fn buffers(shape: Shape) -> Vec<u8> {
    let number = |key, number: u32| Property::new(key, Value::Int(number as i32));
    object(
        SpaTypes::ObjectParamBuffers,
        ParamType::Buffers,
        vec![
            number(sys::SPA_PARAM_BUFFERS_buffers, 4),
            number(sys::SPA_PARAM_BUFFERS_blocks, 1),
            number(sys::SPA_PARAM_BUFFERS_size, shape.size()),
            number(sys::SPA_PARAM_BUFFERS_stride, shape.stride()),
            number(sys::SPA_PARAM_BUFFERS_dataType, 1 << DataType::MemFd.as_raw()),
        ],
    )
}

fn object(type_: SpaTypes, id: ParamType, properties: Vec<Property>) -> Vec<u8> {
    let object = Value::Object(Object { type_: type_.as_raw(), id: id.as_raw(), properties });
    PodSerializer::serialize(Cursor::new(Vec::new()), &object).unwrap().0.into_inner()
}
