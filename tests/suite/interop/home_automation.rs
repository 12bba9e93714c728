//! ESPHome, and what Home Assistant speaks with it.

use super::network::Server;
use super::python::Python;
use super::{Pair, contains, failed, finish, passed, succeeded};

/// A device is built with one side's file; the other side's key opens its API.
#[test]
#[ignore = "slow: make interop runs it"]
fn esphome() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "aioesphomeapi") else { return };
    let files = pair.files("esphome");
    pair.write("device.py", include_str!("esphome_device.py"));
    let mut command = python.command();
    let mut device = Server::start(command.args(["device.py", &files.ana.shown()]));
    let (_, line) = device.says(false, &["port "]);
    let port = line.trim().strip_prefix("port ").unwrap();
    // As Home Assistant does, with the text that somebody typed.
    let connect = "import asyncio, yaml\nfrom aioesphomeapi import APIClient\n\
        async def main():\n\
        \x20   psk = yaml.safe_load(key)['api']['encryption']['key']\n\
        \x20   client = APIClient('127.0.0.1', int(sys.argv[2]), None, noise_psk=psk)\n\
        \x20   await client.connect()\n\
        \x20   print((await client.device_info()).friendly_name)\n\
        asyncio.run(main())";
    let run = |file: &str| python.run(connect, &[file, port], b"");
    assert!(contains(&succeeded("aioesphomeapi", run(&files.bo.shown())), b"Dinner at eight"));
    for wrong in files.wrong_ones() {
        let run = run(&wrong.shown());
        failed("aioesphomeapi", &run);
        assert!(contains(&run.stderr, b"Invalid encryption key"));
    }
    passed("aioesphomeapi");
    let Some(python) = Python::with(&pair, "esphome") else { return };
    // ESPHome itself takes the lines, also as a package.
    for (name, yaml) in [
        ("pasted", files.ana.text()),
        ("package", format!("packages:\n  kg: !include \"{}\"\n", files.ana.file())),
    ] {
        let device = "esphome:\n  name: lamp\nesp8266:\n  board: d1_mini\nwifi:\n  ssid: x\n  password: '12345678'\n";
        pair.write(&format!("{name}.yaml"), format!("{device}{yaml}"));
        let mut command = python.command();
        command.args(["-m", "esphome", "config", "--show-secrets", &format!("{name}.yaml")]);
        let said = succeeded("esphome", finish(&mut command, b""));
        let text = files.bo.text();
        let key = text.split('"').nth(1).unwrap();
        assert!(contains(&said, key.as_bytes()), "{}", String::from_utf8_lossy(&said));
    }
    passed("esphome");
}
