//! Links to what is stored: with the key after `#`, which browsers do not send (RFC 3986,
//! section 3.5), or with a token that the server sees.

use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::hosts;
use crate::input::Input;
use crate::read::encoding::{base58, base64, base64url_of, hex_of, is_alphanumeric, is_base64url};
use crate::read::url::Link;
use crate::text::{has_word, is_uuid};
use crate::verdict::Role;

/// What stands after `#`, unless nothing does.
fn key_text(link: &Link) -> Option<&str> {
    link.fragment().filter(|fragment| !fragment.is_empty())
}

const KEY_16: &str = "the key is not 16 bytes in base64url";
const KEY_32: &str = "the key is not 32 bytes in base64url";
const NO_KEY: &str = "the key after # is missing";
const NO_ID: &str = "the id is not of its form";

/// A file or folder. Source: published links, 2026-11; Tresorit's support, "Create and share
/// links".
pub(crate) fn tresorit(input: &Input<'_>) -> Reading {
    let link = input.page("web.tresorit.com")?;
    let segments = link.segments();
    let ["l", id] = segments.as_slice() else { return Err(OTHER) };
    check(is_alphanumeric(id) && id.len() == 5, NO_ID)?;
    let key = base64url_of(key_text(link).ok_or(NO_KEY)?, 16).ok_or(KEY_16)?;
    Ok(Finding::exact().address("link id", *id).secret("key", key))
}

/// What a MEGA link leads to: `/WORD/ID#KEY`, or `/#MARK!ID!KEY` as it once was. A place
/// within a folder may follow the key. Source of the forms: MEGA's own browser extension and
/// programs that read its links, 2021 to 2025.
fn mega(input: &Input<'_>, word: &str, mark: Option<&str>, bytes: usize) -> Reading {
    let hosts = ["mega.nz", "www.mega.nz", "mega.app", "www.mega.app", "mega.co.nz"];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    let segments = link.segments();
    let (id, key, within) = match segments.as_slice() {
        [first, id] if *first == word || (*first == "embed" && word == "file") => {
            let key = key_text(link);
            match key.and_then(|key| key.split_once('/')) {
                Some((key, within)) => (*id, Some(key), Some(within)),
                None => (*id, key, None),
            }
        }
        [] => {
            let mark = mark.ok_or(OTHER)?;
            let rest = link.fragment().and_then(|it| it.strip_prefix(mark)?.strip_prefix('!'));
            let mut values = rest.ok_or(OTHER)?.splitn(3, ['!', '?']);
            (values.next().unwrap_or_default(), values.next(), values.next())
        }
        _ => return Err(OTHER),
    };
    form(!id.is_empty())?;
    let is_id = |id: &str| id.len() == 8 && is_base64url(id);
    check(is_id(id), "the id does not have 8 letters")?;
    let within = within.map(|it| {
        let place = it.strip_prefix("file/").or_else(|| it.strip_prefix("folder/"));
        place.unwrap_or(it)
    });
    let fits = within.is_none_or(|it| word == "folder" && is_id(it));
    check(fits, "what follows the key is not a place in a folder")?;
    let found = Finding::exact().address("id", id);
    let Some(key) = key.filter(|key| !key.is_empty()) else { return Ok(found.without_key()) };
    let reason = if bytes == 16 { KEY_16 } else { KEY_32 };
    let key = base64url_of(key, bytes).ok_or(reason)?;
    Ok(found.secret("key", key).maybe(Role::Address, "place within", within))
}

/// A file. Form as published; MEGA's help, "What is a file or folder link".
pub(crate) fn mega_file(input: &Input<'_>) -> Reading {
    mega(input, "file", Some(""), 32)
}

/// A folder. Form as published.
pub(crate) fn mega_folder(input: &Input<'_>) -> Reading {
    mega(input, "folder", Some("F"), 16)
}

/// A conversation. Form as published.
pub(crate) fn mega_chat(input: &Input<'_>) -> Reading {
    mega(input, "chat", None, 16)
}

/// A file or folder, under a password that the link holds. Source: published links,
/// 2026-11; proton.me/support.
pub(crate) fn proton_drive(input: &Input<'_>) -> Reading {
    let link = input.page("drive.proton.me")?;
    let segments = link.segments();
    let ["urls", id] = segments.as_slice() else { return Err(OTHER) };
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    check(id.len() == 10 && id.bytes().all(letter), NO_ID)?;
    let found = Finding::exact().address("id", *id);
    let Some(password) = key_text(link) else { return Ok(found.without_key()) };
    let fits = password.len() == 12 && is_alphanumeric(password);
    check(fits, "the password is not 12 letters and digits")?;
    Ok(found.secret("password", password))
}

/// An entry of a password safe. Source: proton.me/support/pass-secure-link-security,
/// 2026-11.
pub(crate) fn proton_pass(input: &Input<'_>) -> Reading {
    let link = input.page("pass.proton.me")?;
    let segments = link.segments();
    let ["s", id] = segments.as_slice() else { return Err(OTHER) };
    let key = key_text(link).ok_or(NO_KEY)?;
    check(key.len() >= 22 && is_base64url(key), "the key does not have 22 letters or more")?;
    check(is_base64url(id), NO_ID)?;
    let key = base64(key).unwrap_or_else(|| key.into());
    Ok(Finding::exact().address("id", *id).secret("link key", key))
}

/// A text or file. Source: bitwarden.com/help/send-encryption, 2026-11.
pub(crate) fn bitwarden_send(input: &Input<'_>) -> Reading {
    let send = input.page("send.bitwarden.com").or_else(|_| input.page("send.bitwarden.eu"));
    let fragment = if let Ok(link) = send {
        let fragment = key_text(link).filter(|it| *it != "/").ok_or(OTHER)?;
        fragment.strip_prefix("/send/").unwrap_or(fragment)
    } else {
        let vault =
            input.page("vault.bitwarden.com").or_else(|_| input.page("vault.bitwarden.eu"))?;
        key_text(vault).and_then(|it| it.strip_prefix("/send/")).ok_or(OTHER)?
    };
    let (id, key) = fragment.trim_matches('/').split_once('/').ok_or(NO_KEY)?;
    check(id.len() == 22 && is_base64url(id), NO_ID)?;
    Ok(Finding::exact().address("id", id).secret("key", base64url_of(key, 16).ok_or(KEY_16)?))
}

/// An entry of a password safe. Source: published links, 2026-11.
pub(crate) fn onepassword(input: &Input<'_>) -> Reading {
    let hosts = ["share.1password.com", "share.1password.eu", "share.1password.ca"];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    form(link.segments() == ["s"])?;
    let key = base64url_of(key_text(link).ok_or(NO_KEY)?, 32).ok_or(KEY_32)?;
    Ok(Finding::exact().secret("key", key))
}

/// 32 bytes in base58.
fn base58_key(text: &str) -> Option<Content> {
    let bytes = base58(text).filter(|bytes| bytes.len() == 32)?;
    Some(Content::new(text, bytes))
}

/// A text, on any host. Source: PrivateBin, js/privatebin.js, 2026.
pub(crate) fn privatebin(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let id = link.query().map(|query| query.split('&').next().unwrap_or_default());
    let id = id.and_then(|id| hex_of(id, 8)).ok_or(OTHER)?;
    let key = link.fragment().ok_or(OTHER)?;
    // A hyphen asks before what is burnt after reading is read.
    let key = base58_key(key.strip_prefix('-').unwrap_or(key)).ok_or(OTHER)?;
    Ok(Finding::exact().address("id", id).secret("key", key))
}

/// A drawing, alone or together. Form as published, 2026.
pub(crate) fn excalidraw(input: &Input<'_>) -> Reading {
    let link = input.page("excalidraw.com")?;
    let fragment = link.fragment().ok_or(OTHER)?;
    let (id, key) = if let Some(rest) = fragment.strip_prefix("room=") {
        let (id, key) = rest.split_once(',').ok_or(NO_KEY)?;
        check(hex_of(id, 10).is_some(), "the room does not have 20 hexadecimal digits")?;
        (id, key)
    } else {
        let (id, key) =
            fragment.strip_prefix("json=").ok_or(OTHER)?.split_once(',').ok_or(NO_KEY)?;
        check(is_base64url(id), NO_ID)?;
        (id, key)
    };
    Ok(Finding::exact().address("room", id).secret("key", base64url_of(key, 16).ok_or(KEY_16)?))
}

/// The pages of CryptPad that have documents.
const CRYPTPAD: [&str; 13] = [
    "code",
    "diagram",
    "doc",
    "drive",
    "file",
    "form",
    "kanban",
    "pad",
    "poll",
    "presentation",
    "sheet",
    "slide",
    "whiteboard",
];

/// A document, on any host: `/pad/#/2/pad/edit/KEY/[p/]`, `/file/#/2/file/KEY/`, or
/// `/pad/#/1/edit/CHANNEL/KEY/` as it once was. Source: published links, 2026-11; CryptPad's
/// developer guide, "Understanding document URLs". Its base64 has `-` for `/`.
pub(crate) fn cryptpad(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let fragment = link.fragment().and_then(|it| it.strip_prefix('/')).ok_or(OTHER)?;
    let fields: Vec<&str> = fragment.split('/').filter(|field| !field.is_empty()).collect();
    let segments = link.segments();
    let page = segments.last().filter(|page| CRYPTPAD.contains(page)).ok_or(OTHER)?;
    let (mode, key, options) = match fields.as_slice() {
        ["2", "file", key, options @ ..] if *page == "file" => ("view", *key, options),
        ["2", kind, mode @ ("edit" | "view"), key, options @ ..] if kind == page => {
            (*mode, *key, options)
        }
        ["1", mode @ ("edit" | "view"), _channel, key, options @ ..] => (*mode, *key, options),
        _ => return Err(OTHER),
    };
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'_');
    let letters = key.trim_end_matches('=');
    form((22..=64).contains(&letters.len()) && letters.bytes().all(letter))?;
    let raw = base64(key).or_else(|| base64(&Zeroizing::new(key.replace('-', "/"))));
    let raw = raw.map_or_else(|| key.as_bytes().to_vec(), |it| it.raw.to_vec());
    Ok(Finding::exact()
        .secret("key", Content::new(key, raw))
        .detail("type", *page)
        .detail("mode", mode)
        .detail("asks_for_a_password", options.contains(&"p")))
}

/// A file, on any host. Source: ffsend; send.vis.ee, 2026-11.
pub(crate) fn send(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let segments = link.segments();
    let ["download", id] = segments.as_slice() else { return Err(OTHER) };
    // Only where the host is Send's is another form damage.
    let elsewhere = |miss: Miss| if link.host == "send.vis.ee" { miss } else { OTHER };
    check(hex_of(id, 8).is_some(), "the id does not have 16 hexadecimal digits")
        .map_err(elsewhere)?;
    let key = key_text(link).ok_or_else(|| elsewhere(NO_KEY.into()))?;
    let key = base64url_of(key, 16).ok_or_else(|| elsewhere(KEY_16.into()))?;
    Ok(Finding::exact().address("id", *id).secret("key", key))
}

/// A file. Form as published, 2026-11.
pub(crate) fn wormhole_app(input: &Input<'_>) -> Reading {
    let link = input.page("wormhole.app")?;
    let segments = link.segments();
    let [id] = segments.as_slice() else { return Err(OTHER) };
    // The site has pages too, and sections on them.
    let key = key_text(link).filter(|key| key.len() >= 16).ok_or(OTHER)?;
    check(is_base64url(id), NO_ID)?;
    Ok(Finding::exact().address("id", *id).secret("key", base64url_of(key, 16).ok_or(KEY_16)?))
}

/// An album of photographs. Source: programs that read ente's links, 2026-11.
pub(crate) fn ente(input: &Input<'_>) -> Reading {
    let link = input.page("albums.ente.io").or_else(|_| input.page("albums.ente.com"))?;
    let token = link.param("t").filter(|token| !token.is_empty()).ok_or(OTHER)?;
    let key = key_text(link).ok_or(NO_KEY)?;
    let key =
        base58_key(key).or_else(|| hex_of(key, 32)).ok_or("the key is not 32 bytes in base58")?;
    Ok(Finding::exact().token("access token", token).secret("key", key))
}

/// A file or folder. Source: filen's programs, 2026-11.
pub(crate) fn filen(input: &Input<'_>) -> Reading {
    let hosts = ["app.filen.io", "drive.filen.io", "filen.io"];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    // The whole may stand after a first `#` too.
    let fragment = link.fragment().unwrap_or_default();
    let (path, key) = match fragment.strip_prefix('/') {
        Some(inner) => {
            let inner = inner.replace("%23", "#");
            let (path, key) = inner.split_once('#').unwrap_or((&inner, ""));
            (path.to_owned(), key.to_owned())
        }
        None => (link.path().to_owned(), fragment.to_owned()),
    };
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let ["d" | "f", id] = segments.as_slice() else { return Err(OTHER) };
    check(is_uuid(id), "the id is not a UUID")?;
    let key = key.strip_prefix('!').unwrap_or(&key);
    check(!key.is_empty(), NO_KEY)?;
    let key = match hex_of(key, 32) {
        Some(key) => key,
        None if key.len() == 32 && is_base64url(key) => Content::from(key),
        None => return Err("the key is not 32 characters or 64 hexadecimal digits".into()),
    };
    Ok(Finding::exact().address("id", *id).secret("key", key))
}

/// A secret or a file, on any host. Source: yopass's programs, 2026-11.
pub(crate) fn yopass(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let fragment = link.fragment().and_then(|it| it.strip_prefix('/')).ok_or(OTHER)?;
    let fields: Vec<&str> = fragment.trim_end_matches('/').split('/').collect();
    let (id, key) = match fields.as_slice() {
        ["s" | "f", id, key] => (id, Some(*key)),
        ["s" | "f" | "c" | "d", id] => (id, None),
        _ => return Err(OTHER),
    };
    let elsewhere = |miss: Miss| if link.host == "yopass.se" { miss } else { OTHER };
    check(is_uuid(id), "the id is not a UUID").map_err(elsewhere)?;
    match key {
        Some(key) => {
            let fits = key.len() == 22 && is_base64url(key);
            check(fits, "the key does not have 22 letters").map_err(elsewhere)?;
            Ok(Finding::exact().address("id", *id).secret("key", key))
        }
        None if link.host == "yopass.se" => Ok(Finding::exact().address("id", *id).without_key()),
        None => Ok(Finding::could_be().address("id", *id).without_key()),
    }
}

/// A file or folder. Form as published; help.dropbox.com, 2026-11.
pub(crate) fn dropbox(input: &Input<'_>) -> Reading {
    let link = input.page("www.dropbox.com").or_else(|_| input.page("dropbox.com"))?;
    let note = "No key is in the link. Dropbox offers end-to-end encryption for team folders of \
                some plans; a link does not show it.";
    let segments = link.segments();
    match segments.as_slice() {
        ["scl", "fi" | "fo", id, ..] => {
            check(is_base64url(id), NO_ID)?;
            let key = link.param("rlkey").ok_or("the rlkey, which lets in, is missing")?;
            let fits = key.len() == 25 && is_alphanumeric(&key);
            check(fits, "the rlkey does not have 25 letters and digits")?;
            Ok(Finding::exact().address("id", *id).token("rlkey", key).note(note))
        }
        // As links were until 2023: the id itself lets in.
        ["s" | "sh", id, ..] => {
            check(id.len() == 15 && is_alphanumeric(id), NO_ID)?;
            Ok(Finding::exact().token("id", *id).note(note))
        }
        _ => Err(OTHER),
    }
}

const GOOGLE_DOCS: [&str; 6] =
    ["document", "drawings", "file", "forms", "presentation", "spreadsheets"];

/// A file, folder or document, open to who has the link. Form as published.
pub(crate) fn google_drive(input: &Input<'_>) -> Reading {
    let link = input.page("drive.google.com").or_else(|_| input.page("docs.google.com"))?;
    let segments = link.segments();
    // The number of the account that is signed in may stand in between.
    let segments: Vec<&str> = match segments.as_slice() {
        [app, "u", _, rest @ ..] => std::iter::once(app).chain(rest).copied().collect(),
        _ => segments,
    };
    let in_query = link.param("id");
    let id = match (link.host.as_str(), segments.as_slice()) {
        ("drive.google.com", ["file", "d", id, ..] | ["drive", "folders", id, ..]) => *id,
        ("drive.google.com", ["open" | "uc"]) => in_query.as_deref().ok_or(OTHER)?,
        // `/d/e/` is published: a form that anybody fills in, a page that anybody reads.
        ("docs.google.com", [_, "d", "e", ..]) => return Err(OTHER),
        ("docs.google.com", [app, "d", id, ..]) if GOOGLE_DOCS.contains(app) => *id,
        _ => return Err(OTHER),
    };
    let fits = (25..=60).contains(&id.len()) && is_base64url(id);
    check(fits, "the id does not have 25 to 60 letters")?;
    let key = link.param("resourcekey");
    Ok(Finding::exact().token("id", id).maybe(Role::Token, "resource key", key))
}

/// A file or folder. Form as published.
pub(crate) fn onedrive(input: &Input<'_>) -> Reading {
    if let Ok(link) = input.page("1drv.ms") {
        let segments = link.segments();
        let token = segments.last().filter(|_| segments.len() >= 2).ok_or(OTHER)?;
        return Ok(Finding::exact().token("token", *token));
    }
    let link = input.page("onedrive.live.com")?;
    let token = link.param("authkey").filter(|token| !token.is_empty()).ok_or(OTHER)?;
    Ok(Finding::exact().token("token", token))
}

/// Files that wait to be fetched. Form as published.
pub(crate) fn wetransfer(input: &Input<'_>) -> Reading {
    let link = input.page("we.tl")?;
    let segments = link.segments();
    let [token] = segments.as_slice() else { return Err(OTHER) };
    let letters = token.strip_prefix("t-").ok_or(OTHER)?;
    let fits = letters.len() == 10 && is_alphanumeric(letters);
    check(fits, "the token is not 10 letters and digits")?;
    Ok(Finding::exact().token("token", *token))
}

/// A file or folder, on any host: its form is that of many others. Source: nextcloud
/// server, share links: 15 letters and digits by chance.
pub(crate) fn nextcloud(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    form(!hosts::is_known(&link.host) && key_text(link).is_none())?;
    let segments = link.segments();
    let segments = segments.strip_suffix(&["download"]).unwrap_or(&segments);
    let ([.., "index.php", "s", token] | ["s", token] | [_, "s", token]) = segments else {
        return Err(OTHER);
    };
    form(token.len() == 15 && is_alphanumeric(token) && !has_word(token.as_bytes()))?;
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(test);
    form(has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase))?;
    Ok(Finding::could_be().token("token", *token))
}

/// A secret that is shown once. Form as published.
pub(crate) fn onetimesecret(input: &Input<'_>) -> Reading {
    let hosts = [
        "onetimesecret.com",
        "ca.onetimesecret.com",
        "eu.onetimesecret.com",
        "nz.onetimesecret.com",
        "us.onetimesecret.com",
    ];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    let segments = link.segments();
    let ["secret", token] = segments.as_slice() else { return Err(OTHER) };
    check(token.len() >= 20 && is_alphanumeric(token), "the token is cut off")?;
    Ok(Finding::exact().token("token", *token))
}
