//! Networks, proxies and what joins them.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::der::{EC, OID, P256, P384, P521, PublicKeyInfo, whole};
use crate::read::encoding::{base64, base64_of, hex_of};
use crate::read::json;
use crate::read::url::{Link, decoded};
use crate::text::{is_host, is_uuid, looks_secret, one_of};
use crate::verdict::{Algorithm, Role, WarningCode};

/// Fields `X:value;` in any order, in which a backslash takes away a meaning.
struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    fn read(text: &str) -> Self {
        let mut fields = Vec::new();
        let (mut name, mut value, mut in_value) =
            (String::new(), Zeroizing::new(String::new()), false);
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' if in_value => value.extend(letters.next()),
                ':' if !in_value => in_value = true,
                ';' => {
                    if in_value {
                        fields.push((std::mem::take(&mut name), std::mem::take(&mut value)));
                    }
                    name.clear();
                    in_value = false;
                }
                _ if in_value => value.push(letter),
                _ => name.push(letter),
            }
        }
        if in_value {
            fields.push((name, value));
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Fewer characters of a Wi-Fi password are guessed from what is heard once.
const WEAK_WIFI: usize = 12;

/// What programs write for a network's protection.
const SECURITY: &[&str] = &[
    "NOPASS",
    "NONE",
    "OPEN",
    "OWE",
    "WEP",
    "WPA",
    "WPA2",
    "WPA3",
    "SAE",
    "WPA/WPA2",
    "WPA2/WPA3",
    "WPA/WPA2/WPA3",
    "WPA-PSK",
    "WPA2-PSK",
    "EAP",
    "WPA-EAP",
    "WPA2-EAP",
    "WPA3-EAP",
    "WPA/WPA2-EAP",
];

/// A network and its password. Source: AOSP, WifiQrCode; WPA3 specification, section 7.
pub(crate) fn wifi(input: &Input<'_>) -> Reading {
    let fields = Fields::read(input.after("WIFI:")?);
    // A notice on a wall may begin with the word too.
    form(["T", "S", "P"].iter().any(|name| fields.get(name).is_some()))?;
    let kind = fields.get("T").unwrap_or("").to_ascii_uppercase();
    form(kind != "ADB")?;
    let name = fields.get("S").ok_or("the network's name is missing")?;
    // IEEE 802.11, section 9.4.2.2; Android writes quotes around some names.
    check(name.trim_matches('"').len() <= 32, "the network's name is longer than 32 bytes")?;
    let password = fields.get("P").filter(|_| kind != "NOPASS");
    let enterprise = fields.get("E").is_some() || kind.contains("EAP");
    let protected = kind.starts_with("WPA") || kind == "SAE";
    if let Some(password) = password.filter(|_| protected && !enterprise) {
        let length = password.trim_matches('"').len();
        let fits = (8..=63).contains(&length) || hex_of(password, 32).is_some() || kind == "SAE";
        check(fits, "the password does not have 8 to 63 characters")?;
    }
    let weak =
        protected && !enterprise && password.is_some_and(|password| password.len() < WEAK_WIFI);
    let open = match (password, kind.as_str()) {
        (_, "WEP") => Some("WEP protects nothing: everybody near reads what goes through."),
        (None, _) if !enterprise && !protected => Some(
            "The network has no password: everybody near reads what is not encrypted otherwise.",
        ),
        _ => None,
    };
    let key = fields.get("K").and_then(base64);
    let mut found = Finding::exact()
        .format("Wi-Fi")
        .address("network", name)
        .maybe(Role::Secret, "password", password)
        .maybe(Role::PublicKey, "key", key)
        .maybe(Role::Address, "user", fields.get("I"))
        .detail("security", if kind.is_empty() { "none" } else { one_of(&kind, SECURITY) })
        .warn_if(weak, WarningCode::Weak, "The password has fewer than 12 characters.");
    if let Some(open) = open {
        found = found.warn(WarningCode::InsecureTransport, open);
    }
    Ok(found)
}

/// What Android's tools show so that a device connects to them. Source: Android Studio,
/// 2026.
pub(crate) fn android_adb(input: &Input<'_>) -> Reading {
    let fields = Fields::read(input.after("WIFI:")?);
    form(fields.get("T").is_some_and(|kind| kind.eq_ignore_ascii_case("ADB")))?;
    Ok(Finding::exact()
        .format("Wi-Fi")
        .address("service", fields.get("S").ok_or("the service is missing")?)
        .secret("pairing password", fields.get("P").ok_or("the password is missing")?))
}

/// Brainpool's P256r1, P384r1 and P512r1 (RFC 5639).
const BRAINPOOL: &[(&[u8], usize)] = &[
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], 32),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b], 48),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d], 64),
];

/// The key by which a device without a screen is taken into a network. Source: Wi-Fi Easy
/// Connect specification, section 5.2; hostap's tests, 2026.
pub(crate) fn dpp(input: &Input<'_>) -> Reading {
    let fields = Fields::read(input.after("DPP:")?);
    form(["K", "C", "M", "V"].iter().any(|name| fields.get(name).is_some()))?;
    let text = fields.get("K").ok_or("the key is missing")?;
    let der = base64(text).ok_or("the key is not base64")?;
    let info = PublicKeyInfo::parse(&der.raw).filter(|info| info.algorithm == EC);
    let info = info.ok_or("the key is not a key of an elliptic curve to its end")?;
    let curve = whole(info.parameters, OID).ok_or("the key names no curve")?;
    let size = match curve {
        P256 => Some(32),
        P384 => Some(48),
        P521 => Some(66),
        other => BRAINPOOL.iter().find(|(curve, _)| *curve == other).map(|(_, size)| *size),
    };
    let size = size.ok_or("the key is of no curve that devices have")?;
    let fits = match info.key {
        [2 | 3, x @ ..] => x.len() == size,
        [4, xy @ ..] => xy.len() == 2 * size,
        _ => false,
    };
    check(fits, "the key is not as long as its curve's")?;
    let algorithm = if curve == P256 { Algorithm::P256 } else { Algorithm::Other };
    let places = [fields.get("M"), fields.get("C")].into_iter().flatten().collect::<Vec<_>>();
    let found = Finding::exact()
        .public("key", Content::new(text, info.key.to_vec()).of(algorithm))
        .maybe(Role::Address, "MAC and channels", Some(places.join(", ")));
    Ok(match fields.get("I") {
        Some(information) if !looks_secret(information) => found.detail("information", information),
        _ => found,
    })
}

/// What loads a telephone contract. Source: GSMA SGP.22, section 4.1.
pub(crate) fn esim(input: &Input<'_>) -> Reading {
    let text = input.after("LPA:")?;
    form(text.contains('$') || text == "1")?;
    let fields: Vec<&str> = text.split('$').collect();
    let [version, host, rest @ ..] = fields.as_slice() else {
        return Err("the server is missing".into());
    };
    if version.parse::<u32>().is_ok_and(|version| version > 1) {
        return Err(Miss::Newer);
    }
    check(*version == "1", "its version is not valid")?;
    check(is_host(host), "the server's name is not valid")?;
    check(rest.len() <= 4, "it has more values than a code has")?;
    Ok(Finding::exact()
        .address("server", *host)
        .maybe(Role::Token, "matching id", rest.first().copied())
        .detail("confirmation_code", rest.get(2) == Some(&"1")))
}

/// What a telephone shows to receive files. Source: NearDrop, PROTOCOL.md, 2026.
pub(crate) fn quick_share(input: &Input<'_>) -> Reading {
    let link = input.page("quickshare.google")?;
    form(link.segments() == ["qrcode"])?;
    let key = link.fragment_param("key").ok_or("the key is missing")?;
    let key = base64_of(&key, 35).filter(|key| matches!(key.raw.as_slice(), [0, 0, 2 | 3, ..]));
    let mut key = key.ok_or("the key is not 35 bytes of its form")?;
    key.raw = key.raw.get(2..).unwrap_or_default().to_vec().into();
    Ok(Finding::exact().public("key", key.of(Algorithm::P256)))
}

/// Host and port, as a proxy has them.
fn server(link: &Link) -> Result<String, Miss> {
    let port = link.port.as_deref().and_then(|port| port.parse::<u16>().ok());
    check(port.is_some_and(|port| port > 0), "the port is not valid")?;
    check(is_host(&link.host), "the server's name is not valid")?;
    Ok(link.host_port())
}

/// Shadowsocks, "Stream ciphers" and "AEAD ciphers"; SIP022.
const METHODS: &[&str] = &[
    "none",
    "plain",
    "table",
    "rc4",
    "rc4-md5",
    "aes-128-cfb",
    "aes-192-cfb",
    "aes-256-cfb",
    "aes-128-ctr",
    "aes-192-ctr",
    "aes-256-ctr",
    "camellia-128-cfb",
    "camellia-192-cfb",
    "camellia-256-cfb",
    "bf-cfb",
    "chacha20",
    "chacha20-ietf",
    "salsa20",
    "xchacha20",
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "chacha20-poly1305",
    "chacha20-ietf-poly1305",
    "xchacha20-poly1305",
    "xchacha20-ietf-poly1305",
    "2022-blake3-aes-128-gcm",
    "2022-blake3-aes-256-gcm",
    "2022-blake3-chacha20-poly1305",
    "2022-blake3-chacha8-poly1305",
    "2022-blake3-chacha12-poly1305",
];

/// A proxy. Source: Shadowsocks SIP002 and SIP022; chatmail/core, src/qr/qr_tests.rs,
/// 2026-08.
pub(crate) fn shadowsocks(input: &Input<'_>) -> Reading {
    let link = input.scheme("ss")?;
    form(link.has_authority)?;
    let text = |it: &str| {
        let bytes = base64(it)?;
        String::from_utf8(bytes.raw.to_vec()).ok().map(Zeroizing::new)
    };
    // The old form has all of it in base64.
    let whole =
        link.text().split_once("://").map(|(_, rest)| rest.split('#').next().unwrap_or_default());
    let old = || {
        Link::parse(&format!("ss://{}", text(whole?)?.as_str())).filter(|link| link.user.is_some())
    };
    let (link, user) = match &link.user {
        Some(user) => (None, decoded(user)),
        None => {
            let old = old().ok_or("the method and the password are missing")?;
            let user = old.user.clone().ok_or(OTHER)?;
            (Some(old), user)
        }
    };
    let plain = if user.contains(':') { Some(user) } else { text(&user) };
    let plain = plain.ok_or("the method and the password are not base64")?;
    let (method, password) = plain.split_once(':').ok_or("the password is missing")?;
    check(!password.is_empty(), "the password is missing")?;
    let link = match &link {
        Some(link) => link,
        None => input.link()?,
    };
    Ok(Finding::exact()
        .address("host", server(link)?)
        .secret("password", password)
        .detail("method", one_of(method, METHODS))
        .warn_if(
            matches!(method, "none" | "plain"),
            WarningCode::InsecureTransport,
            "The method encrypts nothing: everybody on the way reads what goes through.",
        ))
}

/// A proxy. Source: RFC 1928, RFC 1929; chatmail/core, proxy, 2026-08.
pub(crate) fn socks(input: &Input<'_>) -> Reading {
    let link = ["socks5", "socks5h", "socks4", "socks4a", "socks"]
        .iter()
        .find_map(|name| input.scheme(name).ok());
    let link = link.filter(|link| link.has_authority).ok_or(OTHER)?;
    let host = match &link.port {
        Some(_) => server(link)?,
        None => {
            check(is_host(&link.host), "the server's name is not valid")?;
            link.host.clone()
        }
    };
    let password = link.user.as_deref().and_then(|user| match user.split_once(':') {
        Some((_, password)) => Some(decoded(password)),
        // Some programs write user and password in base64, as for Shadowsocks.
        None => {
            let plain = base64(&decoded(user))?;
            let (_, password) = str::from_utf8(&plain.raw).ok()?.split_once(':')?;
            Some(Zeroizing::new(password.to_owned()))
        }
    });
    let has_password = password.as_ref().is_some_and(|password| !password.is_empty());
    Ok(Finding::exact().address("host", host).maybe(Role::Secret, "password", password).warn_if(
        has_password,
        WarningCode::InsecureTransport,
        "The password goes to the proxy without encryption.",
    ))
}

/// A proxy of V2Ray, Xray or Trojan. Form as their programs share it.
pub(crate) fn v2ray(input: &Input<'_>) -> Reading {
    let vmess = input.scheme("vmess").ok().filter(|link| link.user.is_some());
    if let Ok(rest) = input.after("vmess://")
        && vmess.is_none()
    {
        let bytes = base64(rest).ok_or("it is not base64")?;
        let object = str::from_utf8(&bytes.raw).ok().and_then(json::object);
        let object = object.ok_or("it is not JSON")?;
        let host = json::text(&object, "add").filter(|host| !host.is_empty());
        let port = match object.get("port") {
            Some(Value::Number(port)) => port.to_string(),
            Some(Value::String(port)) => port.clone(),
            _ => return Err("the port is missing".into()),
        };
        let id =
            json::text(&object, "id").filter(|id| is_uuid(id)).ok_or("the id is not a UUID")?;
        let host = format!("{}:{port}", host.ok_or("the host is missing")?);
        return Ok(Finding::exact().format("JSON").address("host", host).secret("id", id));
    }
    // VMess has this form too, in newer programs.
    let with_id = vmess.ok_or(OTHER).or_else(|_| input.scheme("vless"));
    let link = with_id.clone().or_else(|_| input.scheme("trojan"))?;
    form(link.has_authority)?;
    let user = link.user.as_deref().map(|user| decoded(user)).filter(|user| !user.is_empty());
    let user = user.ok_or("the id or password is missing")?;
    check(with_id.is_err() || is_uuid(&user), "the id is not a UUID")?;
    let key = link.param("pbk").filter(|key| !key.is_empty());
    let key = match key {
        Some(key) => Some(
            base64_of(&key, 32)
                .ok_or("the public key is not 32 bytes in base64url")?
                .of(Algorithm::X25519),
        ),
        None => None,
    };
    let unencrypted = link.param("security").is_some_and(|security| security.as_str() == "none");
    Ok(Finding::exact()
        .address("host", server(link)?)
        .secret(if with_id.is_ok() { "id" } else { "password" }, user)
        .maybe(Role::PublicKey, "key", key)
        .warn_if(unencrypted, WarningCode::InsecureTransport, "The connection is not encrypted."))
}
