//! Links to what is stored: with the key after `#`, which browsers do not send (RFC 3986,
//! section 3.5), or with a token that the server sees.

use crate::finding::{Content, Finding, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{base58, base64_of, hex_of, is_alphanumeric, is_base64url, is_digits};
use crate::read::url::Link;
use crate::text::is_uuid;

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
    check(is_alphanumeric(id) && (4..=12).contains(&id.len()), NO_ID)?;
    let key = base64_of(key_text(link).ok_or(NO_KEY)?, 16).ok_or(KEY_16)?;
    Ok(Finding::exact().address("link id", *id).secret("key", key))
}

/// The id and the key of a MEGA link: `/WORD/ID#KEY`, or `/#MARK!ID!KEY`.
fn mega(input: &Input<'_>, word: &str, mark: Option<&str>, bytes: usize) -> Reading {
    let link = input.page("mega.nz").or_else(|_| input.page("mega.co.nz"))?;
    let segments = link.segments();
    let (id, key) = match segments.as_slice() {
        [first, id, ..] if *first == word => ((*id).to_owned(), key_text(link)),
        [] => {
            let mark = mark.ok_or(OTHER)?;
            let rest = link.fragment().and_then(|it| it.strip_prefix(mark)?.strip_prefix('!'));
            let (id, key) = rest.map(|it| it.split_once('!').unwrap_or((it, ""))).ok_or(OTHER)?;
            (id.to_owned(), Some(key).filter(|key| !key.is_empty()))
        }
        _ => return Err(OTHER),
    };
    check(id.len() == 8 && is_base64url(&id), "the id does not have 8 letters")?;
    let found = Finding::exact().address("id", id);
    // A place within a folder may follow the key.
    let Some(key) = key.and_then(|key| key.split(['/', '?', '!']).next()) else {
        return Ok(found.without_key());
    };
    let reason = if bytes == 16 { KEY_16 } else { KEY_32 };
    Ok(found.secret("key", base64_of(key, bytes).ok_or(reason)?))
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
    Ok(Finding::exact().address("id", *id).secret("link key", key))
}

/// A text or file. Source: bitwarden.com/help/send-encryption, 2026-11.
pub(crate) fn bitwarden_send(input: &Input<'_>) -> Reading {
    let fragment = if let Ok(link) = input.page("send.bitwarden.com") {
        key_text(link).ok_or(NO_KEY)?
    } else {
        let vault =
            input.page("vault.bitwarden.com").or_else(|_| input.page("vault.bitwarden.eu"))?;
        key_text(vault).and_then(|it| it.strip_prefix("/send/")).ok_or(OTHER)?
    };
    let (id, key) = fragment.trim_matches('/').split_once('/').ok_or(NO_KEY)?;
    let id = base64_of(id, 16).ok_or(NO_ID)?;
    Ok(Finding::exact().address("id", id).secret("key", base64_of(key, 16).ok_or(KEY_16)?))
}

/// An entry of a password safe. Source: published links, 2026-11.
pub(crate) fn onepassword(input: &Input<'_>) -> Reading {
    let hosts = ["share.1password.com", "share.1password.eu", "share.1password.ca"];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    form(link.segments() == ["s"])?;
    let key = base64_of(key_text(link).ok_or(NO_KEY)?, 32).ok_or(KEY_32)?;
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
    Ok(Finding::exact().address("room", id).secret("key", base64_of(key, 16).ok_or(KEY_16)?))
}

/// A document, on any host: `#/2/TYPE/edit/KEY/`. Source: published links, 2026-11.
pub(crate) fn cryptpad(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let fragment = link.fragment().and_then(|it| it.strip_prefix('/')).ok_or(OTHER)?;
    let fields: Vec<&str> = fragment.split('/').collect();
    let [version, kind, mode, key, ..] = fields.as_slice() else { return Err(OTHER) };
    form(matches!(*version, "1" | "2" | "3") && matches!(*mode, "edit" | "view"))?;
    form(link.segments().last() == Some(kind))?;
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'_' | b'=');
    form(key.len() >= 22 && key.bytes().all(letter))?;
    Ok(Finding::exact().secret("key", *key).detail("type", *kind).detail("mode", *mode))
}

/// A file, on any host. Source: ffsend; send.vis.ee, 2026-11.
pub(crate) fn send(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let segments = link.segments();
    let ["download", id] = segments.as_slice() else { return Err(OTHER) };
    form(hex_of(id, 8).is_some() || hex_of(id, 5).is_some())?;
    let key = base64_of(link.fragment().ok_or(OTHER)?, 16).ok_or(OTHER)?;
    Ok(Finding::exact().address("id", *id).secret("key", key))
}

/// A file. Form as published, 2026-11.
pub(crate) fn wormhole_app(input: &Input<'_>) -> Reading {
    let link = input.page("wormhole.app")?;
    let segments = link.segments();
    let [id] = segments.as_slice() else { return Err(OTHER) };
    let key = key_text(link).ok_or(OTHER)?;
    Ok(Finding::exact().address("id", *id).secret("key", base64_of(key, 16).ok_or(KEY_16)?))
}

/// An album of photographs. Source: programs that read ente's links, 2026-11.
pub(crate) fn ente(input: &Input<'_>) -> Reading {
    let link = input.page("albums.ente.io")?;
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
    form(is_uuid(id))?;
    match key {
        Some(key) => {
            form(key.len() == 22 && is_alphanumeric(key))?;
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
            let key = link.param("rlkey").ok_or("the token is missing")?;
            let fits = key.len() == 25 && is_alphanumeric(&key);
            check(fits, "the token is not 25 letters and digits")?;
            Ok(Finding::exact().address("id", *id).token("rlkey", key).note(note))
        }
        ["s" | "sh", id, ..] if id.len() >= 10 && is_alphanumeric(id) => {
            Ok(Finding::exact().token("id", *id).note(note))
        }
        _ => Err(OTHER),
    }
}

/// A file, folder or document, open to who has the link. Form as published.
pub(crate) fn google_drive(input: &Input<'_>) -> Reading {
    let drive = input.page("drive.google.com");
    let link = drive.clone().or_else(|_| input.page("docs.google.com"))?;
    let segments = link.segments();
    let id = match segments.as_slice() {
        ["file", "d", id, ..] | ["drive", "folders", id, ..] => (*id).to_owned(),
        ["drive", "u", _, "folders", id, ..] => (*id).to_owned(),
        ["open" | "uc"] => link.param("id").ok_or(OTHER)?.to_string(),
        [_, "d", "e", id, ..] | [_, "d", id, ..] if drive.is_err() => (*id).to_owned(),
        _ => return Err(OTHER),
    };
    let fits = (25..=60).contains(&id.len()) && is_base64url(&id);
    check(fits, "the id does not have 25 to 60 letters")?;
    Ok(Finding::exact().token("id", id))
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
/// server, share links.
pub(crate) fn nextcloud(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let segments = link.segments();
    let ([.., "index.php", "s", token] | ["s", token]) = segments.as_slice() else {
        return Err(OTHER);
    };
    let classes = [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit];
    let mixed = classes.iter().filter(|class| token.bytes().any(|b| class(&b))).count() >= 2;
    form(token.len() == 15 && is_alphanumeric(token) && mixed && !is_digits(token))?;
    // Words in capitals at the beginning are names of pages.
    form(token.bytes().skip(1).any(|b| !b.is_ascii_lowercase()))?;
    Ok(Finding::could_be().token("token", *token))
}

/// A secret that is shown once. Form as published.
pub(crate) fn onetimesecret(input: &Input<'_>) -> Reading {
    let hosts = ["onetimesecret.com", "eu.onetimesecret.com", "us.onetimesecret.com"];
    let link = hosts.iter().find_map(|host| input.page(host).ok()).ok_or(OTHER)?;
    let segments = link.segments();
    let ["secret", token] = segments.as_slice() else { return Err(OTHER) };
    check(token.len() >= 20 && is_alphanumeric(token), "the token is cut off")?;
    Ok(Finding::exact().token("token", *token))
}
