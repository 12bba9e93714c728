//! Every kind, in the order in which they are asked. A new kind is one function in
//! `src/kinds/` and one line here.

use crate::finding::Reading;
use crate::input::Input;
use crate::kinds::*;
use crate::verdict::{Evidence, Photographed};

/// A kind and its recogniser.
pub(crate) struct Kind {
    pub(crate) id: &'static str,
    pub(crate) app: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) evidence: Evidence,
    pub(crate) photographed: Photographed,
    pub(crate) read: fn(&Input<'_>) -> Reading,
    /// Links of this form may stand on any host.
    pub(crate) any_host: bool,
}

/// A kind for those who list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindInfo {
    /// [`Verdict::id`](crate::Verdict::id).
    pub id: &'static str,
    /// [`Verdict::app`](crate::Verdict::app).
    pub app: &'static str,
    /// [`Verdict::kind`](crate::Verdict::kind).
    pub kind: &'static str,
    /// What codes of this kind prove.
    pub evidence: Evidence,
    /// What somebody can do who photographs one.
    pub photographed: Photographed,
}

/// All kinds that are told, in the order in which they are asked.
pub fn kinds() -> impl Iterator<Item = KindInfo> {
    KINDS.iter().map(|it| KindInfo {
        id: it.id,
        app: it.app,
        kind: it.kind,
        evidence: it.evidence,
        photographed: it.photographed,
    })
}

const fn kind(
    id: &'static str,
    (app, kind): (&'static str, &'static str),
    evidence: Evidence,
    photographed: Photographed,
    read: fn(&Input<'_>) -> Reading,
) -> Kind {
    Kind { id, app, kind, evidence, photographed, read, any_host: false }
}

impl Kind {
    const fn on_any_host(mut self) -> Self {
        self.any_host = true;
        self
    }
}

use Evidence::{
    Compare as COMPARE, Exchange as EXCHANGE, Fragment as FRAGMENT, Key as KEY, Login as LOGIN,
    None as NONE, Secret as SECRET, ServerSees as SERVER_SEES,
};
use Photographed::{All, Contact, Device, Join, Learn, Link, Nothing, Once, Read};

/// The kinds of our own with which a program does more than to tell of them.
pub mod ids {
    /// A device that wants to pair shows it.
    pub const PAIRING: &str = "keyglance.pairing";
    /// A part of one.
    pub const PAIRING_PART: &str = "keyglance.pairing-part";
    /// A device shows it to one contact, to be compared.
    pub const FINGERPRINT: &str = "keyglance.fingerprint";
    /// What a device is known by.
    pub const PUBLIC_KEY: &str = "keyglance.public-key";
}

#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = &[
    // Ours.
    kind(ids::PAIRING, ("Keyglance", "pairing code"), EXCHANGE, Nothing, ours::pairing),
    kind(ids::PAIRING_PART, ("Keyglance", "pairing code, part"), EXCHANGE, Nothing, ours::pairing_part),
    kind(ids::FINGERPRINT, ("Keyglance", "fingerprint code"), COMPARE, Nothing, ours::fingerprint),
    kind(ids::PUBLIC_KEY, ("Keyglance", "public key"), KEY, Contact, ours::public_key),
    kind("keyglance.shared-key", ("Keyglance", "shared key"), SECRET, All, ours::shared_key),
    // Bytes.
    kind("matrix.verification", ("Matrix", "verification"), EXCHANGE, Learn, matrix::verification),
    kind("matrix.login-4108", ("Matrix", "login MSC4108"), EXCHANGE, Link, matrix::login_4108),
    kind("matrix.login-4388", ("Matrix", "login MSC4388"), EXCHANGE, Link, matrix::login_4388),
    kind("signal.safety-number", ("Signal", "safety number"), COMPARE, Nothing, signal::safety_number),
    kind("briar.nearby", ("Briar", "nearby"), EXCHANGE, Nothing, briar::nearby),
    kind("briar.mailbox", ("Briar", "mailbox"), EXCHANGE, Device, briar::mailbox),
    // Schemes and prefixes.
    kind("deltachat.channel", ("Delta Chat", "channel invite"), EXCHANGE, Join, deltachat::channel),
    kind("deltachat.group", ("Delta Chat", "group invite"), EXCHANGE, Join, deltachat::group),
    kind("deltachat.contact", ("Delta Chat", "contact invite"), EXCHANGE, Contact, deltachat::contact),
    kind("openpgp.fingerprint", ("OpenPGP", "fingerprint"), KEY, Nothing, openpgp::fingerprint),
    kind("deltachat.account", ("Delta Chat", "account"), NONE, Once, deltachat::account),
    kind("deltachat.login", ("Delta Chat", "login"), SECRET, All, deltachat::login),
    kind("deltachat.backup", ("Delta Chat", "second device"), EXCHANGE, All, deltachat::backup),
    kind("signal.link-device", ("Signal", "link device"), EXCHANGE, Link, signal::link_device),
    kind("signal.rereg", ("Signal", "quick restore"), EXCHANGE, Link, signal::rereg),
    kind("signal.captcha", ("Signal", "captcha token"), NONE, Once, signal::captcha),
    kind("telegram.login", ("Telegram", "login"), LOGIN, Link, phone::telegram_login),
    kind("threema.contact", ("Threema", "contact"), KEY, Contact, threema::contact),
    kind("threema.group-join", ("Threema", "join device group"), EXCHANGE, All, threema::group_join),
    kind("simplex.invitation", ("SimpleX", "invitation"), EXCHANGE, Contact, simplex::invitation).on_any_host(),
    kind("simplex.address", ("SimpleX", "contact address"), EXCHANGE, Contact, simplex::address).on_any_host(),
    kind("simplex.group", ("SimpleX", "group link"), EXCHANGE, Join, simplex::group).on_any_host(),
    kind("simplex.channel", ("SimpleX", "channel link"), EXCHANGE, Join, simplex::channel).on_any_host(),
    kind("xmpp.omemo", ("XMPP", "OMEMO fingerprints"), KEY, Contact, xmpp::omemo),
    kind("xmpp.trust", ("XMPP", "trust message"), KEY, Nothing, xmpp::trust),
    kind("xmpp.invite", ("XMPP", "contact invite"), NONE, Contact, xmpp::invite),
    kind("xmpp.register", ("XMPP", "account invite"), NONE, Once, xmpp::register),
    kind("xmpp.address", ("XMPP", "address"), NONE, Contact, xmpp::address),
    kind("jami.contact", ("Jami", "contact"), KEY, Contact, peers::jami_contact),
    kind("bitchat.verify", ("bitchat", "verify"), KEY, Learn, peers::bitchat_verify),
    kind("nostr.connect", ("Nostr", "app connection"), EXCHANGE, Once, nostr::connect),
    kind("nostr.bunker", ("Nostr", "signer connection"), EXCHANGE, Once, nostr::bunker),
    kind("nostr.wallet", ("Nostr", "wallet connection"), SECRET, All, nostr::wallet),
    kind("walletconnect.session", ("WalletConnect", "session"), EXCHANGE, Link, nostr::wallet_connect),
    kind("ssb.feed", ("Scuttlebutt", "feed ID"), KEY, Contact, peers::ssb_feed),
    kind("apple.contact-key", ("Apple", "contact key"), KEY, Nothing, peers::apple_contact_key),
    kind("ssh.public-key", ("SSH", "public key"), KEY, Nothing, ssh::public_key),
    kind("ssh.fingerprint", ("SSH", "fingerprint"), KEY, Nothing, ssh::fingerprint),
    kind("did.key", ("DID", "did:key"), KEY, Nothing, identities::did_key),
    kind("dnsstamp", ("DNS stamp", "server"), KEY, Nothing, identities::dns_stamp),
    kind("tor.client-public", ("Tor", "authorized client"), KEY, Nothing, tor::client_public),
    kind("ur.part", ("BC-UR", "part of several"), NONE, All, words::ur_part),
    kind("ur.seed", ("BC-UR", "seed"), SECRET, All, words::ur_seed),
    kind("lightning.invoice", ("Lightning", "invoice"), NONE, Contact, money::lightning_invoice),
    kind("ethereum.address", ("Ethereum", "address"), NONE, Contact, money::ethereum_address),
    kind("otpauth.secret", ("otpauth", "one-time password secret"), SECRET, All, signin::otpauth_secret),
    kind("otpauth.export", ("otpauth", "authenticator export"), SECRET, All, signin::otpauth_export),
    kind("microsoft.authenticator", ("Microsoft", "authenticator activation"), LOGIN, Link, signin::microsoft_authenticator),
    kind("fido.hybrid", ("FIDO", "hybrid sign-in"), EXCHANGE, Link, signin::fido_hybrid),
    kind("nextcloud.login", ("Nextcloud", "login"), SECRET, All, signin::nextcloud_login),
    kind("mdoc.engagement", ("mdoc", "device engagement"), EXCHANGE, Once, signin::mdoc_engagement),
    kind("openid.offer", ("OpenID", "credential offer"), LOGIN, Once, signin::openid_offer),
    kind("android.adb", ("Android", "wireless debugging"), EXCHANGE, Device, networks::android_adb),
    kind("wifi.network", ("Wi-Fi", "network"), NONE, Device, networks::wifi),
    kind("wifi.dpp", ("Wi-Fi Easy Connect", "DPP"), EXCHANGE, Device, networks::dpp),
    kind("esim.activation", ("eSIM", "activation"), NONE, Once, networks::esim),
    kind("shadowsocks", ("Shadowsocks", "proxy"), SECRET, Device, networks::shadowsocks),
    kind("socks", ("SOCKS", "proxy"), NONE, Device, networks::socks),
    kind("v2ray", ("V2Ray", "proxy"), SECRET, Device, networks::v2ray),
    kind("matter.setup", ("Matter", "setup code"), EXCHANGE, Device, devices::matter),
    kind("homekit.setup", ("HomeKit", "setup code"), EXCHANGE, Device, devices::homekit),
    kind("zwave.smartstart", ("Z-Wave", "SmartStart"), EXCHANGE, Device, devices::zwave),
    kind("zigbee.install", ("Zigbee", "install code"), EXCHANGE, Device, devices::zigbee),
    kind("thread.joiner", ("Thread", "joiner"), EXCHANGE, Device, devices::thread),
    kind("lorawan.device", ("LoRaWAN", "device"), NONE, Device, devices::lorawan),
    kind("meshcore.channel", ("MeshCore", "channel"), SECRET, Read, devices::meshcore_channel),
    kind("meshcore.contact", ("MeshCore", "contact"), KEY, Contact, devices::meshcore_contact),
    kind("obsidian.livesync", ("Obsidian", "LiveSync setup"), SECRET, Read, devices::obsidian_livesync),
    kind("wormhole.transfer", ("magic-wormhole", "transfer"), EXCHANGE, Once, transfers::wormhole),
    kind("shlink", ("SMART Health Link", "health link"), FRAGMENT, Read, documents::shlink),
    kind("shc", ("SMART Health Card", "health card"), NONE, Learn, documents::shc),
    kind("hc1", ("EU Health Certificate", "certificate"), NONE, Learn, documents::hc1),
    // Pages, by exact host and path; some have a scheme beside.
    kind("signal.phone", ("Signal", "phone number link"), NONE, Contact, signal::phone),
    kind("signal.username", ("Signal", "username link"), NONE, Contact, signal::username),
    kind("signal.group", ("Signal", "group link"), FRAGMENT, Join, signal::group),
    kind("signal.call", ("Signal", "call link"), FRAGMENT, Join, signal::call),
    kind("signal.stickers", ("Signal", "sticker pack"), FRAGMENT, Read, signal::stickers),
    kind("signal.proxy", ("Signal", "proxy"), NONE, Nothing, signal::proxy),
    kind("whatsapp.link", ("WhatsApp", "link device"), EXCHANGE, Link, phone::whatsapp_link),
    kind("whatsapp.contact", ("WhatsApp", "contact"), NONE, Contact, phone::whatsapp_contact),
    kind("whatsapp.chat", ("WhatsApp", "chat link"), NONE, Contact, phone::whatsapp_chat),
    kind("whatsapp.group", ("WhatsApp", "group invite"), NONE, Join, phone::whatsapp_group),
    kind("google-messages.link", ("Google Messages", "link device"), EXCHANGE, Link, phone::google_messages),
    kind("line.link", ("LINE", "link device"), EXCHANGE, Link, phone::line_link),
    kind("discord.login", ("Discord", "login"), LOGIN, Link, phone::discord_login),
    kind("telegram.proxy", ("Telegram", "proxy"), NONE, Device, phone::telegram_proxy),
    kind("telegram.group", ("Telegram", "group invite"), NONE, Join, phone::telegram_group),
    kind("telegram.contact", ("Telegram", "contact"), NONE, Contact, phone::telegram_contact),
    kind("steam.login", ("Steam", "login"), LOGIN, Link, phone::steam_login),
    kind("wechat.login", ("WeChat", "login"), LOGIN, Link, phone::wechat_login),
    kind("wechat.contact", ("WeChat", "contact"), NONE, Contact, phone::wechat_contact),
    kind("threema.id-link", ("Threema", "ID link"), NONE, Contact, threema::id_link),
    kind("wire.user", ("Wire", "user"), NONE, Contact, peers::wire_user),
    kind("wire.join", ("Wire", "join conversation"), NONE, Join, peers::wire_join),
    kind("matrix.link", ("Matrix", "user or room link"), NONE, Contact, matrix::link),
    kind("element.call", ("Element Call", "call link"), FRAGMENT, Join, matrix::element_call),
    kind("olvid.identity", ("Olvid", "identity"), KEY, Contact, peers::olvid_identity),
    kind("berty.contact", ("Berty", "contact"), KEY, Contact, peers::berty_contact),
    kind("firefox.pairing", ("Firefox", "pairing"), EXCHANGE, Link, signin::firefox_pairing),
    kind("quickshare", ("Quick Share", "receive"), EXCHANGE, Once, networks::quick_share),
    kind("meshtastic.channel", ("Meshtastic", "channel"), SECRET, Read, devices::meshtastic_channel),
    kind("meshtastic.contact", ("Meshtastic", "contact"), KEY, Contact, devices::meshtastic_contact),
    kind("tresorit.share", ("Tresorit", "share link"), FRAGMENT, Read, shares::tresorit),
    kind("mega.file", ("MEGA", "file link"), FRAGMENT, Read, shares::mega_file),
    kind("mega.folder", ("MEGA", "folder link"), FRAGMENT, Read, shares::mega_folder),
    kind("mega.chat", ("MEGA", "chat link"), FRAGMENT, Join, shares::mega_chat),
    kind("proton.drive", ("Proton Drive", "share link"), FRAGMENT, Read, shares::proton_drive),
    kind("proton.pass", ("Proton Pass", "share link"), FRAGMENT, Read, shares::proton_pass),
    kind("bitwarden.send", ("Bitwarden", "Send"), FRAGMENT, Read, shares::bitwarden_send),
    kind("onepassword.share", ("1Password", "share link"), FRAGMENT, Read, shares::onepassword),
    kind("excalidraw.room", ("Excalidraw", "room"), FRAGMENT, Join, shares::excalidraw),
    kind("wormholeapp.file", ("Wormhole", "file link"), FRAGMENT, Read, shares::wormhole_app),
    kind("ente.album", ("Ente", "album link"), FRAGMENT, Read, shares::ente),
    kind("filen.file", ("Filen", "file link"), FRAGMENT, Read, shares::filen),
    kind("dropbox.share", ("Dropbox", "share link"), SERVER_SEES, Read, shares::dropbox),
    kind("gdrive.share", ("Google Drive", "share link"), SERVER_SEES, Read, shares::google_drive),
    kind("onedrive.share", ("OneDrive", "share link"), SERVER_SEES, Read, shares::onedrive),
    kind("wetransfer.link", ("WeTransfer", "transfer link"), SERVER_SEES, Read, shares::wetransfer),
    kind("onetimesecret.link", ("OneTimeSecret", "secret link"), SERVER_SEES, Read, shares::onetimesecret),
    kind("croc.stored", ("croc", "stored transfer"), FRAGMENT, Read, transfers::croc_stored),
    kind("croc.live", ("croc", "live transfer"), SERVER_SEES, Once, transfers::croc_live),
    kind("zoom.meeting", ("Zoom", "meeting link"), NONE, Join, meetings::zoom),
    kind("teams.meeting", ("Microsoft Teams", "meeting link"), NONE, Join, meetings::teams),
    kind("jitsi.meeting", ("Jitsi", "meeting link"), NONE, Join, meetings::jitsi),
    // PEM, INI, JSON, XML. Of several blocks the secret one is told.
    kind("openpgp.private-block", ("OpenPGP", "private key block"), SECRET, All, openpgp::private_block),
    kind("openpgp.public-block", ("OpenPGP", "public key block"), KEY, Nothing, openpgp::public_block),
    kind("age.file", ("age", "encrypted file"), NONE, Nothing, age::file),
    kind("ssh.private-key", ("SSH", "private key"), SECRET, All, ssh::private_key),
    kind("pem.private-key", ("PEM", "private key"), SECRET, All, pem::private_key),
    kind("pem.public-key", ("PEM", "public key"), KEY, Nothing, pem::public_key),
    kind("pem.certificate", ("PEM", "certificate"), KEY, Nothing, pem::certificate),
    kind("wireguard.config", ("WireGuard", "configuration"), SECRET, All, identities::wireguard_config),
    kind("jwk.private", ("JWK", "private key"), SECRET, All, jwk::private),
    kind("jwk.public", ("JWK", "public key"), KEY, Nothing, jwk::public),
    kind("jwk.symmetric", ("JWK", "symmetric key"), SECRET, All, jwk::symmetric),
    kind("jwt.token", ("JWT", "token"), NONE, Once, jwk::jwt),
    kind("esp.provisioning", ("ESP", "provisioning"), EXCHANGE, Device, devices::esp_provisioning),
    kind("keepass.keyfile", ("KeePass", "key file"), SECRET, Device, identities::keepass_keyfile),
    // Bech32 and base58.
    kind("nostr.npub", ("Nostr", "public key"), KEY, Contact, nostr::npub),
    kind("nostr.nsec", ("Nostr", "private key"), SECRET, All, nostr::nsec),
    kind("nostr.nprofile", ("Nostr", "profile"), KEY, Contact, nostr::nprofile),
    kind("nostr.ncryptsec", ("Nostr", "encrypted private key"), SECRET, Read, nostr::ncryptsec),
    kind("age.pq-recipient", ("age", "post-quantum recipient"), KEY, Nothing, age::pq_recipient),
    kind("age.pq-identity", ("age", "post-quantum identity"), SECRET, All, age::pq_identity),
    kind("age.recipient", ("age", "recipient"), KEY, Nothing, age::recipient),
    kind("age.identity", ("age", "identity"), SECRET, All, age::identity),
    kind("age.plugin-recipient", ("age", "hardware recipient"), KEY, Nothing, age::plugin_recipient),
    kind("age.plugin-identity", ("age", "plugin identity"), SECRET, Once, age::plugin_identity),
    kind("bitcoin.xpub", ("Bitcoin", "extended public key"), NONE, Learn, money::xpub),
    kind("bitcoin.xprv", ("Bitcoin", "extended private key"), SECRET, All, money::xprv),
    kind("bitcoin.wif", ("Bitcoin", "private key"), SECRET, All, money::wif),
    kind("bitcoin.address", ("Bitcoin", "address"), NONE, Contact, money::bitcoin_address),
    kind("libp2p.peer", ("libp2p", "peer ID"), KEY, Nothing, identities::libp2p_peer),
    kind("matrix.recovery", ("Matrix", "recovery key"), SECRET, All, matrix::recovery),
    // Fixed forms.
    kind("tox.id", ("Tox", "ID"), KEY, Contact, peers::tox_id),
    kind("syncthing.id", ("Syncthing", "device ID"), KEY, Nothing, peers::syncthing_id),
    kind("session.id", ("Session", "account ID"), KEY, Contact, peers::session_id),
    kind("tor.client-private", ("Tor", "client private key"), SECRET, Device, tor::client_private),
    kind("minisign.public", ("minisign", "public key"), KEY, Nothing, identities::minisign),
    kind("briar.link", ("Briar", "handshake link"), KEY, Contact, briar::link),
    kind("session.recovery", ("Session", "recovery password"), SECRET, All, peers::session_recovery),
    kind("bip39.words", ("BIP-39", "recovery words"), SECRET, All, words::bip39),
    kind("seedqr", ("SeedQR", "wallet seed"), SECRET, All, words::seedqr),
    kind("signal.recovery", ("Signal", "recovery key"), SECRET, All, signal::recovery),
    kind("onepassword.secret-key", ("1Password", "secret key"), SECRET, All, identities::onepassword_secret_key),
    kind("bitlocker.recovery", ("BitLocker", "recovery key"), SECRET, All, identities::bitlocker),
    kind("threema.web", ("Threema Web", "session"), EXCHANGE, Link, threema::web),
    kind("threema.id-backup", ("Threema", "ID backup"), SECRET, Read, threema::id_backup),
    // Links of a form that stands on any host.
    kind("privatebin.paste", ("PrivateBin", "paste"), FRAGMENT, Read, shares::privatebin).on_any_host(),
    kind("cryptpad.pad", ("CryptPad", "pad"), FRAGMENT, Read, shares::cryptpad).on_any_host(),
    kind("send.file", ("Send", "file link"), FRAGMENT, Read, shares::send).on_any_host(),
    kind("yopass.secret", ("Yopass", "secret link"), FRAGMENT, Read, shares::yopass).on_any_host(),
    kind("session.community", ("Session", "community"), KEY, Join, peers::session_community).on_any_host(),
    kind("nextcloud.share", ("Nextcloud", "share link"), SERVER_SEES, Read, shares::nextcloud).on_any_host(),
    kind("tor.onion", ("Tor", "onion address"), KEY, Contact, tor::onion),
    // Fallbacks.
    kind("fallback.fragment", ("unknown", "link with a key after #"), FRAGMENT, Read, fallback::fragment).on_any_host(),
    kind("fallback.query", ("unknown", "link with a token"), SERVER_SEES, Read, fallback::query).on_any_host(),
    kind("fallback.key", ("unknown", "32 bytes"), SECRET, All, fallback::key),
    kind("fallback.bytes", ("unknown", "binary"), NONE, Nothing, fallback::bytes),
];
