//! Opens the program's window without a console, for Windows's Start menu and for files
//! that are opened with it. A program is of one kind or the other there: one for consoles
//! would open one before its window.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::env;
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let said = match window() {
        Ok(said) => said,
        Err(error) => Some(format!("keyglance.exe: {error}")),
    };
    let Some(said) = said else { return ExitCode::SUCCESS };
    // Nobody sees what it writes.
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Keyglance")
        .set_description(said)
        .show();
    ExitCode::FAILURE
}

/// Runs until the window is closed. Gives what the program says if it fails.
fn window() -> std::io::Result<Option<String>> {
    let program =
        env::current_exe()?.with_file_name(format!("keyglance{}", env::consts::EXE_SUFFIX));
    let mut command = Command::new(program);
    command.arg("window").args(env::args_os().skip(1));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    #[cfg(windows)]
    {
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
    }
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok((!output.status.success()).then_some(said))
}
