//! Each error of the toolkit, and what it means.

use glutin::config::ConfigTemplateBuilder;
use glutin::error::ErrorKind;
use winit::error::EventLoopError;

use super::*;

/// Every kind that the graphics library has.
const KINDS: [ErrorKind; 20] = [
    ErrorKind::NotFound,
    ErrorKind::InitializationFailed,
    ErrorKind::BadAccess,
    ErrorKind::OutOfMemory,
    ErrorKind::BadAttribute,
    ErrorKind::BadContext,
    ErrorKind::BadContextState,
    ErrorKind::BadConfig,
    ErrorKind::BadCurrentSurface,
    ErrorKind::BadDisplay,
    ErrorKind::BadSurface,
    ErrorKind::BadPbuffer,
    ErrorKind::BadPixmap,
    ErrorKind::BadMatch,
    ErrorKind::BadParameter,
    ErrorKind::BadNativePixmap,
    ErrorKind::BadNativeWindow,
    ErrorKind::ContextLost,
    ErrorKind::NotSupported("the extension EGL_KHR_platform_wayland is missing"),
    ErrorKind::Misc,
];

fn no_configs(source: Box<dyn std::error::Error>) -> eframe::Error {
    eframe::Error::NoGlutinConfigs(ConfigTemplateBuilder::new().build(), source)
}

/// An error that the window library alone can make: of a display that is not there, once
/// in a process.
#[cfg(all(unix, not(target_os = "macos")))]
fn refused_by_the_desktop() -> Option<winit::error::OsError> {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    if std::env::var_os("DISPLAY").is_some() {
        println!("skipped: an error of a display, since there is one");
        return None;
    }
    let mut builder = winit::event_loop::EventLoop::builder();
    match builder.with_x11().with_any_thread(true).build() {
        Err(EventLoopError::Os(error)) => Some(error),
        other => panic!("{other:?}"),
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn refused_by_the_desktop() -> Option<winit::error::OsError> {
    None
}

fn errors() -> Vec<(eframe::Error, DisplayError)> {
    let desktop = DisplayError::Refused(Cause::Desktop);
    let program = DisplayError::Refused(Cause::Program);
    let mut errors = vec![
        (eframe::Error::AppCreation("src/gui/world.rs".into()), program.clone()),
        (eframe::Error::WinitEventLoop(EventLoopError::RecreationAttempt), program),
        (eframe::Error::WinitEventLoop(EventLoopError::ExitFailure(1)), desktop.clone()),
        (
            eframe::Error::OpenGL("egui_glow requires opengl 2.0+".to_owned().into()),
            DisplayError::NoOpenGl,
        ),
        (no_configs("dlopen: libEGL.so.1".into()), DisplayError::NoOpenGl),
    ];
    for kind in KINDS {
        errors.push((eframe::Error::Glutin(kind.into()), DisplayError::NoOpenGl));
        let inner = Box::new(glutin::error::Error::from(kind));
        errors.push((no_configs(inner), DisplayError::NoOpenGl));
    }
    errors
}

#[test]
fn each_error_of_the_toolkit_has_one_meaning() {
    let errors = errors();
    assert!(errors.len() >= 45, "{}", errors.len());
    let means = |error, meaning| {
        let failure = Failure::Error(error);
        assert_eq!(failure.meaning(false), meaning, "{}", failure.details());
        assert_eq!(failure.meaning(true), DisplayError::Lost, "{}", failure.details());
        failure
    };
    for (error, meaning) in errors {
        means(error, meaning);
    }
    // A window that is refused is no lack of OpenGL.
    let Some(error) = refused_by_the_desktop() else { return };
    let desktop = DisplayError::Refused(Cause::Desktop);
    let failure = means(eframe::Error::Winit(error), desktop.clone());
    let Failure::Error(eframe::Error::Winit(error)) = failure else { unreachable!() };
    means(no_configs(Box::new(error)), desktop);
}

#[test]
fn a_panic_of_the_toolkit_is_caught_and_means_something() {
    let text = "Library libwayland-egl.so could not be loaded.";
    let failure = run(|| panic!("{text}")).unwrap_err();
    assert!(failure.details().starts_with(text), "{}", failure.details());
    assert!(failure.details().contains("tests.rs:"), "the log says where");
    assert_eq!(failure.meaning(false), DisplayError::Refused(Cause::Desktop));
    assert_eq!(failure.meaning(true), DisplayError::Fault);
    for file in [
        "/home/ana/.cargo/registry/src/index/glutin-0.32.3/src/lib.rs:9",
        "/cargo/eframe-0.37.0/src/native/glow_integration.rs:1250",
    ] {
        let panic = Panic { file: file.to_owned(), text: String::new() };
        assert_eq!(Failure::Panic(panic).meaning(false), DisplayError::NoOpenGl);
    }
    assert!(run(|| Ok(())).is_ok());
}
