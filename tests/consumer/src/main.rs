//! Pairs two sessions by the codes that they draw and read, and keeps the key in
//! the file that is named.

use std::{error::Error, sync::Arc, time::Duration};

use keyglance_core::crypto::{IdentityKey, Purpose};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{CheckEntry, DisplayName, Phase, Session};
use keyglance_core::{SysRng, jiff::Timestamp, rand_core::UnwrapErr};
use keyglance_qr::{Code, decode_image, render_grayscale};

type Device = Session<UnwrapErr<SysRng>>;

fn device(name: &str) -> Result<Device, Box<dyn Error>> {
    let mut rng = UnwrapErr(SysRng);
    let identity = Arc::new(IdentityKey::generate(&mut rng));
    Ok(Session::new(identity, DisplayName::new(name)?, rng, Duration::ZERO))
}

/// What a camera reads on a device's screen.
fn screen(of: &Device) -> Result<String, Box<dyn Error>> {
    let code = Code::new(of.code().ok_or("the session has failed")?)?;
    let picture = render_grayscale(&code, 4)?;
    let reading = decode_image(&picture).into_iter().next().ok_or("no code in the picture")?;
    Ok(reading.into_text().ok_or("the code holds no text")?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let (mut ana, mut bo) = (device("Ana's laptop")?, device("Bo's laptop")?);
    let mut now = Duration::ZERO;
    while ana.phase() != Phase::Finished || bo.phase() != Phase::Finished {
        now += Duration::from_millis(100);
        ana.handle(now, &screen(&bo)?);
        bo.handle(now, &screen(&ana)?);
    }
    let shown = bo.check_code().ok_or("Bo shows no check code")?;
    if ana.enter_check_code(&shown.digits()) != Some(CheckEntry::Match) {
        return Err("the check codes differ".into());
    }
    println!("check code {shown}");

    let pairing = ana.pairing().ok_or("no pairing")?;
    std::fs::write(&path, KeyFile::from_pairing(pairing, Timestamp::now()).to_json())?;
    let key = KeyFile::from_json(&std::fs::read(&path)?)?;
    let purpose = Purpose::new("diary")?;
    let ours = key.exporter()?.derive32("app org.example.notes", &purpose)?;
    let pairing = bo.pairing().ok_or("no pairing")?;
    let theirs = pairing.exporter()?.derive32("app org.example.notes", &purpose)?;
    println!("key id {}", if ours == theirs { key.key_id() } else { return Err("two keys".into()) });
    Ok(())
}
