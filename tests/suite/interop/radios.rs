//! Radios of two kinds: their programs, with radios that only note what they are sent.

use super::network::Server;
use super::python::Python;
use super::{Pair, passed, succeeded};

const NOTING_RADIO: &str = include_str!("meshtastic_radio.py");

/// The told commands set up a second channel, and neither the first one nor the region of
/// the radio is touched.
#[test]
#[ignore = "slow: make interop runs it"]
fn meshtastic() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "meshtastic") else { return };
    let files = pair.files("meshtastic-psk");
    pair.write("radio.py", NOTING_RADIO);
    let channels: Vec<String> = [&files.ana, &files.bo, &files.wrong, &files.stranger]
        .into_iter()
        .map(|told| {
            let mut radio = Server::start(python.command().args(["-u", "radio.py"]));
            let (_, line) = radio.says(false, &["port "]);
            let port = line.trim().strip_prefix("port ").unwrap().to_owned();
            // As for a radio at a cable, where the program needs no address.
            let program = format!(
                "exec {} -m meshtastic --host 127.0.0.1:{port} \"$@\"",
                python.interpreter()
            );
            pair.stand_in("meshtastic", &program);
            let places = [("NAME", "Keyglance"), ("N", "1")];
            let noted = std::cell::RefCell::new(Vec::new());
            let mut run = |template: &str| {
                let said = told.ok(template, &places);
                loop {
                    let (which, line) =
                        radio.says(false, &["channel ", "region ", "other ", "closed"]);
                    if which == 3 {
                        return String::from_utf8(said).unwrap();
                    }
                    noted.borrow_mut().push(line.trim().to_owned());
                }
            };
            run("meshtastic --ch-add NAME");
            let info = run("meshtastic --info");
            assert!(info.contains("Index 1: SECONDARY") && info.contains("EU_868"), "{info}");
            run("meshtastic --ch-index N --ch-set psk \"$(cat {file})\"");
            let so_far = noted.borrow().clone();
            let set = so_far.iter().rfind(|line| line.starts_with("channel ")).unwrap().clone();
            run("meshtastic --ch-index N --ch-del");
            let noted = noted.borrow();
            assert!(noted.iter().all(|line| !line.starts_with("region ")), "{noted:?}");
            assert!(noted.iter().all(|line| !line.starts_with("channel 0 ")), "{noted:?}");
            assert!(set.starts_with("channel 1 Keyglance "), "{noted:?}");
            set
        })
        .collect();
    assert_eq!(channels[0], channels[1]);
    assert!(channels[2] != channels[0] && channels[3] != channels[0]);

    // The link adds the same channel and holds no settings of the radio, as the library's
    // own reader sees it.
    let links = pair.files("meshtastic");
    let read = "import base64\nfrom meshtastic.protobuf import apponly_pb2\n\
        part = key.split('#')[-1]\npart += '=' * (-len(part) % 4)\n\
        channels = apponly_pb2.ChannelSet()\n\
        channels.ParseFromString(base64.b64decode(part, altchars=b'-_'))\n\
        (settings,) = channels.settings\nassert not channels.HasField('lora_config')\n\
        print('channel 1', settings.name, settings.psk.hex())";
    for (told, same) in [(&links.ana, true), (&links.bo, true), (&links.wrong, false)] {
        let said = succeeded("meshtastic", python.run(read, &[&told.shown()], b""));
        assert_eq!(String::from_utf8(said).unwrap().trim() == channels[0], same);
        assert!(told.text().starts_with("https://meshtastic.org/e/?add=true#"));
    }
    passed("meshtastic");
}

/// What one side sends in the channel, the other side's library reads.
#[test]
#[ignore = "slow: make interop runs it"]
fn meshcore() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "meshcore") else { return };
    let more: &[&str] = &["--channel", "Zo\u{eb} & Bo"];
    let files = pair.files_with("meshcore", [more, more]);
    // A text in a group, as the firmware sends it; read as the library logs a packet.
    let script = "import asyncio\nfrom urllib.parse import urlsplit, parse_qs\n\
        from Crypto.Cipher import AES\nfrom Crypto.Hash import HMAC, SHA256\n\
        from meshcore.meshcore_parser import MeshcorePacketParser\n\
        def channel(path):\n\
        \x20   link = urlsplit(open(path, encoding='utf-8').read())\n\
        \x20   assert (link.scheme, link.netloc, link.path) == ('meshcore', 'channel', '/add')\n\
        \x20   asked = parse_qs(link.query, strict_parsing=True)\n\
        \x20   (name,), (secret,) = asked['name'], asked['secret']\n\
        \x20   assert name == 'Zo\u{eb} & Bo' and len(secret) == 32\n\
        \x20   secret = bytes.fromhex(secret)\n\
        \x20   return {'channel_idx': 1, 'channel_name': name, 'channel_secret': secret,\n\
        \x20           'channel_hash': SHA256.new(secret).hexdigest()[0:2]}\n\
        sender, reader = channel(sys.argv[1]), channel(sys.argv[2])\n\
        text = bytes(5) + rest.read()\ntext += bytes(-len(text) % 16)\n\
        sealed = AES.new(sender['channel_secret'], AES.MODE_ECB).encrypt(text)\n\
        tag = HMAC.new(sender['channel_secret'], sealed, SHA256).digest()[:2]\n\
        packet = b'\\x15\\x00' + bytes.fromhex(sender['channel_hash']) + tag + sealed\n\
        parser = MeshcorePacketParser()\nparser.decrypt_channels = True\n\
        asyncio.run(parser.newChannel(reader))\n\
        log = asyncio.run(parser.parsePacketPayload(packet, {}))\n\
        print(log.get('message', ''), end='')";
    let read = |sender: &str, reader: &str| {
        succeeded("meshcore", python.run(script, &[sender, reader], super::LETTER))
    };
    let (ana, bo) = (files.ana.shown(), files.bo.shown());
    assert_eq!(read(&ana, &bo), super::LETTER);
    assert_eq!(read(&bo, &ana), super::LETTER);
    for wrong in files.wrong_ones() {
        assert_eq!(read(&ana, &wrong.shown()), b"");
    }
    passed("meshcore");
}
