"""Writes kinds.jsonl: for each kind further examples, near misses, and each checksum broken.

Independent of the Rust code: every checksum is computed here. Run it in this folder:
`python3 kinds.py > kinds.jsonl`. Needs only Python 3.

Each line: {"id", "expect", "payload" | "payload_base64"}; "expect" is one of
  exact, could-be   told as this kind, so sure
  damaged           told as this kind, damaged
  other             not told as this kind
"""

import base64
import hashlib
import json
import sys
import zlib

# --- tools ---------------------------------------------------------------------------


def raw(n, label=""):
    """n bytes, the same in each run."""
    out, i = b"", 0
    while len(out) < n:
        out += hashlib.sha256(f"{label}/{n}/{i}".encode()).digest()
        i += 1
    return out[:n]


def hx(n, label=""):
    return raw(n, label).hex()


def b64(b):
    return base64.b64encode(b).decode()


def b64u(b):
    return base64.urlsafe_b64encode(b).decode().rstrip("=")


def b32(b):
    return base64.b32encode(b).decode().rstrip("=")


def flip(text, at, alphabet="abcdefghijklmnopqrstuvwxyz"):
    """One character changed to the next of its alphabet."""
    c = text[at]
    i = alphabet.index(c)
    return text[:at] + alphabet[(i + 1) % len(alphabet)] + text[at + 1:]


B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def b58(b):
    n, out = int.from_bytes(b, "big"), ""
    while n:
        n, r = divmod(n, 58)
        out = B58[r] + out
    return "1" * (len(b) - len(b.lstrip(b"\0"))) + out


def b58check(b):
    return b58(b + hashlib.sha256(hashlib.sha256(b).digest()).digest()[:4])


BECH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    gen = [0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]
    chk = 1
    for v in values:
        top = chk >> 25
        chk = (chk & 0x1FFFFFF) << 5 ^ v
        for i in range(5):
            chk ^= gen[i] if top >> i & 1 else 0
    return chk


def five(b):
    acc = bits = 0
    out = []
    for byte in b:
        acc, bits = acc << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            out.append(acc >> bits & 31)
    if bits:
        out.append(acc << 5 - bits & 31)
    return out


def bech32(hrp, data, const=1, words=None):
    words = five(data) if words is None else words
    head = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    mod = polymod(head + words + [0] * 6) ^ const
    return hrp + "1" + "".join(BECH[w] for w in words + [mod >> 5 * (5 - i) & 31 for i in range(6)])


def crc(data, poly, init=0xFFFF, out=0):
    value = init
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ poly if value & 1 else value >> 1
    return value ^ out


def crc24(data):
    value = 0xB704CE
    for byte in data:
        value ^= byte << 16
        for _ in range(8):
            value <<= 1
            if value & 0x1000000:
                value ^= 0x1864CFB
    return value & 0xFFFFFF


def keccak256(data):
    rc, r = [], 1
    for _ in range(24):
        v = 0
        for j in range(7):
            r = (r << 1 ^ (r >> 7) * 0x71) % 256
            if r & 2:
                v ^= 1 << (1 << j) - 1
        rc.append(v)
    rol = lambda x, n: (x << n | x >> 64 - n) & (1 << 64) - 1 if n else x
    data = bytearray(data + b"\x01" + b"\0" * (-(len(data) + 1) % 136))
    data[-1] |= 0x80
    a = [[0] * 5 for _ in range(5)]
    for at in range(0, len(data), 136):
        for i in range(17):
            a[i % 5][i // 5] ^= int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little")
        for k in rc:
            c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
            d = [c[(x - 1) % 5] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
            a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, cur = 1, 0, a[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                cur, a[x][y] = a[x][y], rol(cur, (t + 1) * (t + 2) // 2 % 64)
            a = [[a[x][y] ^ (~a[(x + 1) % 5][y] & a[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
            a[0][0] ^= k
    return b"".join(a[i][0].to_bytes(8, "little") for i in range(4))


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def pb(*fields):
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def cbor(value):
    def head(major, n):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 256:
            return bytes([major << 5 | 24, n])
        if n < 65536:
            return bytes([major << 5 | 25]) + n.to_bytes(2, "big")
        return bytes([major << 5 | 26]) + n.to_bytes(4, "big")

    if isinstance(value, bool):
        return bytes([0xF5 if value else 0xF4])
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(cbor(v) for v in value)
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    tag, inner = value
    return head(6, tag) + cbor(inner)


def b45(data):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    out = ""
    for i in range(0, len(data), 2):
        n = int.from_bytes(data[i:i + 2], "big")
        for _ in range(3 if i + 1 < len(data) else 2):
            n, r = divmod(n, 45)
            out += alphabet[r]
    return out


def der(tag, *content):
    body = b"".join(content)
    n = len(body)
    head = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82]) + n.to_bytes(2, "big")
    return bytes([tag]) + head + body


def spki(oid, key, parameters=b""):
    return der(0x30, der(0x30, der(6, bytes.fromhex(oid)), parameters), der(3, b"\0", key))


X25519, X448, ED25519 = "2b656e", "2b656f", "2b6570"
EC, P256 = "2a8648ce3d0201", der(6, bytes.fromhex("2a8648ce3d030107"))
P384 = der(6, bytes.fromhex("2b81040022"))


def pem(label, body, checksum=""):
    text = b64(body)
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return f"-----BEGIN {label}-----\n" + "\n".join(lines) + f"\n{checksum}-----END {label}-----\n"


def armor(label, body, damage=0):
    sum24 = b64((crc24(body) ^ damage).to_bytes(3, "big"))
    return pem(label, body, f"={sum24}\n").replace("-----\n", "-----\n\n", 1)


def ssh_string(*values):
    return b"".join(len(v).to_bytes(4, "big") + v for v in values)


def luhn32(text):
    alphabet, total = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 0
    for i, c in enumerate(text):
        n = alphabet.index(c) * (1 + i % 2)
        total += n // 32 + n % 32
    return alphabet[-total % 32]


def syncthing(key):
    text = b32(key)
    text = "".join(text[i:i + 13] + luhn32(text[i:i + 13]) for i in range(0, 52, 13))
    return "-".join(text[i:i + 7] for i in range(0, 56, 7))


def onion(key, version=3):
    check = hashlib.sha3_256(b".onion checksum" + key + bytes([version])).digest()[:2]
    return b32(key + check + bytes([version])).lower()


def onion_of_version_2(key):
    """The checksum of version 3, and another version after it."""
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return b32(key + check + b"\x02").lower()


def tox(key, nospam):
    body = key + nospam
    check = [0, 0]
    for i, byte in enumerate(body):
        check[i % 2] ^= byte
    return (body + bytes(check)).hex().upper()


def matrix_key(key, damage=0):
    body = b"\x8b\x01" + key
    parity = damage
    for byte in body:
        parity ^= byte
    text = b58(body + bytes([parity]))
    return " ".join(text[i:i + 4] for i in range(0, len(text), 4))


def bip39_numbers(entropy):
    bits = "".join(f"{b:08b}" for b in entropy)
    bits += f"{hashlib.sha256(entropy).digest()[0]:08b}"[:len(bits) // 32]
    return [int(bits[i:i + 11], 2) for i in range(0, len(bits), 11)]


def words(name, entropy):
    with open(f"../../assets/bip39/{name}.txt", encoding="utf-8") as file:
        list_ = file.read().split()
    return " ".join(list_[n] for n in bip39_numbers(entropy))


BYTEWORDS = (
    "able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias blue body brag "
    "brew bulb buzz calm cash cats chef city claw code cola cook cost crux curl cusp cyan dark data "
    "days deli dice diet door down draw drop drum dull duty each easy echo edge epic even exam exit "
    "eyes fact fair fern figs film fish fizz flap flew flux foxy free frog fuel fund gala game gear "
    "gems gift girl glow good gray grim guru gush gyro half hang hard hawk heat help high hill holy "
    "hope horn huts iced idea idle inch inky into iris iron item jade jazz join jolt jowl judo jugs "
    "jump junk jury keep keno kept keys kick kiln king kite kiwi knob lamb lava lazy leaf legs liar "
    "limp lion list logo loud love luau luck lung main many math maze memo menu meow mild mint miss "
    "monk nail navy need news next noon note numb obey oboe omit onyx open oval owls paid part peck "
    "play plus poem pool pose puff puma purr quad quiz race ramp real redo rich road rock roof ruby "
    "ruin runs rust safe saga scar sets silk skew slot soap solo song stub surf swan taco task taxi "
    "tent tied time tiny toil tomb toys trip tuna twin ugly undo unit urge user vast very veto vial "
    "vibe view visa void vows wall wand warm wasp wave waxy webs what when whiz wolf work yank yawn "
    "yell yoga yurt zaps zero zest zinc zone zoom"
).split()


def bytewords(data, damage=0):
    data += (zlib.crc32(data) ^ damage).to_bytes(4, "big")
    return "".join(BYTEWORDS[b][0] + BYTEWORDS[b][-1] for b in data)


def fido(data):
    tails = {7: 17, 6: 15, 5: 13, 4: 10, 3: 8, 2: 5, 1: 3}
    out = ""
    for i in range(0, len(data), 7):
        chunk = data[i:i + 7]
        out += str(int.from_bytes(chunk, "little")).zfill(tails[len(chunk)])
    return "FIDO:/" + out


def base38(data):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-."
    out = ""
    for i in range(0, len(data), 3):
        chunk = data[i:i + 3]
        n = int.from_bytes(chunk, "little")
        for _ in range({3: 5, 2: 4, 1: 2}[len(chunk)]):
            n, r = divmod(n, 38)
            out += alphabet[r]
    return out


def matter(passcode, version=0, padding=0, vendor=0xFFF1, product=0x8000, discriminator=3840):
    bits = version | vendor << 3 | product << 19 | discriminator << 45 | passcode << 57 | padding << 84
    return "MT:" + base38(bits.to_bytes(11, "little"))


def homekit(code, reserved=0, setup_id="AB12"):
    n, out = reserved << 39 | 5 << 31 | 2 << 27 | code, ""
    for _ in range(9):
        n, r = divmod(n, 36)
        out = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[r] + out
    return "X-HM://" + out + setup_id


def zwave(dsk, tail="", damage=0, version=1):
    rest = "003" + "".join(f"{n:05}" for n in dsk) + tail
    check = int.from_bytes(hashlib.sha1(rest.encode()).digest()[:2], "big")
    return f"90{version:02}{(check + damage) % 65536:05}" + rest


def zigbee(key, damage=0):
    return (key + (crc(key, 0x8408, out=0xFFFF) ^ damage).to_bytes(2, "little")).hex().upper()


def lorawan(text, damage=0):
    return f"{text}:C{crc(text.encode(), 0xA001) ^ damage:04X}"


def shc(token):
    return "shc:/" + "".join(f"{ord(c) - 45:02}" for c in token)


def keyglance(kind, body, low=False, damage=0):
    frame = body + hashlib.sha256(body).digest()[:4]
    frame = frame[:-1] + bytes([frame[-1] ^ damage])
    return f"k{kind.lower()}1:" + b64u(frame) if low else f"K{kind}1:" + b45(frame)


def seed_words():
    """Twelve words and the one of them that the checksum names."""
    twelve = "abbey bacon cactus dagger eagle fabrics gadget habitat icing jackets kangaroo ladder".split()
    place = zlib.crc32("".join(w[:3] for w in twelve).encode()) % 12
    wrong = twelve[(place + 1) % 12]
    return " ".join(twelve + [twelve[place]]), " ".join(twelve + [wrong])


def stamp(protocol, *values, properties=True):
    out = bytes([protocol]) + (b"\0" * 8 if properties else b"")
    for value in values:
        out += bytes([len(value)]) + value
    return "sdns://" + b64u(out)


def olvid(server, keys, name):
    value = lambda kind, body: bytes([kind]) + len(body).to_bytes(4, "big") + body
    identity = server.encode() + b"\0" + keys
    return "https://invitation.olvid.io/#" + b64u(value(3, value(0, identity) + value(0, name.encode())))


LINES = []


def put(id_, expect, payload):
    line = {"id": id_, "expect": expect}
    if isinstance(payload, bytes):
        line["payload_base64"] = b64(payload)
    else:
        line["payload"] = payload
    LINES.append(line)


def kind(id_, exact=(), could_be=(), damaged=(), other=()):
    for expect, payloads in [("exact", exact), ("could-be", could_be), ("damaged", damaged), ("other", other)]:
        for payload in payloads:
            put(id_, expect, payload)


# --- ours ------------------------------------------------------------------------------

HELLO = bytes([1, 0, 1, 0]) + raw(32, "commitment")
FRAGMENT = bytes([1, 0x40]) + raw(4, "id") + bytes([0, 2]) + raw(40, "chunk")
BOTH = lambda version: bytes([8, version, 0x12, 0x22, 0x0A, 0x20]) + raw(32, "a") + bytes([0x1A, 0x22, 0x0A, 0x20]) + raw(32, "b")

kind("keyglance.pairing", exact=[keyglance("G", HELLO), keyglance("G", HELLO, low=True)],
     damaged=[keyglance("G", HELLO, damage=1), keyglance("G", HELLO + b"\0"), "KG1:AB"],
     other=["KG:" + b45(HELLO), "KG1 " + b45(HELLO), keyglance("F", HELLO)])
kind("keyglance.pairing-part", exact=[keyglance("G", FRAGMENT)], other=[keyglance("G", HELLO), keyglance("G", FRAGMENT, damage=1)])
OURS = bech32("keyglance", raw(32, "ours"))
kind("keyglance.public-key", exact=[OURS, OURS.upper()],
     damaged=[flip(OURS, 20, "qpzry9x8gf2tvdw0s3jn54khce6mua7l"), bech32("keyglance", raw(31)),
              bech32("keyglance", raw(32), const=0x2bc830a3)],
     other=[OURS.removeprefix("keyglance1"), bech32("keyglace", raw(32, "ours"))])
SHARED = {"format": "keyglance-shared-key", "version": 1, "key_id": hx(8, "id"),
          "local": {"name": "Ana"}, "peer": {"name": "Bo"}, "exporter": b64u(raw(32, "shared"))}
kind("keyglance.shared-key", exact=[json.dumps(SHARED), json.dumps(SHARED, indent=2)],
     damaged=[json.dumps(SHARED | {"exporter": b64u(raw(31))}),
              json.dumps({k: v for k, v in SHARED.items() if k != "version"})],
     other=[json.dumps(SHARED | {"format": "keyglance-identity"}), json.dumps([SHARED])])
kind("keyglance.fingerprint", exact=["KF1:" + b45(BOTH(2)), "kf1:" + b64u(BOTH(2))],
     damaged=["KF1:" + b45(BOTH(2)[:-1]), "KF1:" + b45(b"\x09" + BOTH(2)[1:])], other=["KF:" + b45(BOTH(2)), "KG1:" + b45(BOTH(2))])

# --- messengers --------------------------------------------------------------------------

FPR, FPR6 = hx(20, "fpr").upper(), hx(32, "fpr").upper()
INVITE = "a=bo%40example.net&n=Bo+B&i=abcdefghijk&s=lmnopqrstuv"
kind("openpgp.fingerprint", exact=["OPENPGP4FPR:" + FPR6, "openpgp4fpr:" + FPR.lower()],
     damaged=["OPENPGP4FPR:" + FPR[:-1], "OPENPGP4FPR:" + FPR + "00"], other=[FPR, "OPENPGP:" + FPR])
KEY4 = bytes([4]) + (1700000000).to_bytes(4, "big") + bytes([22, 9]) + bytes.fromhex("2b06010401da470f01") + b"\x01\x07" + raw(33, "pgp")
BLOCK = bytes([0xC6, len(KEY4)]) + KEY4
kind("openpgp.public-block", exact=[armor("PGP PUBLIC KEY BLOCK", BLOCK), pem("PGP PUBLIC KEY BLOCK", bytes([0x98, len(KEY4)]) + KEY4)],
     damaged=[armor("PGP PUBLIC KEY BLOCK", BLOCK, 1), armor("PGP PUBLIC KEY BLOCK", b"\xc5" + BLOCK[1:]), armor("PGP PUBLIC KEY BLOCK", BLOCK[:-1])],
     other=[armor("PGP SIGNATURE", BLOCK), armor("PGP MESSAGE", BLOCK)])
kind("openpgp.private-block", exact=[armor("PGP PRIVATE KEY BLOCK", b"\xc5" + BLOCK[1:])],
     damaged=[armor("PGP PRIVATE KEY BLOCK", BLOCK), armor("PGP PRIVATE KEY BLOCK", b"\xc5" + BLOCK[1:], 1)], other=[armor("PGP PUBLIC KEY BLOCK", BLOCK)])
kind("deltachat.contact", exact=[f"https://i.delta.chat#{FPR}&v=3&{INVITE}", f"https://i.delta.chat/%23{FPR6}&{INVITE}", f"OPENPGP4FPR:{FPR}#{INVITE}"],
     damaged=[f"https://i.delta.chat/#{FPR[:-1]}&{INVITE}", f"https://i.delta.chat/#{FPR}&v=3&i=abcdefghijk&a=bo%40example.net", f"https://i.delta.chat.example.org/#{FPR}&{INVITE}"],
     other=["https://i.delta.chat/", f"https://delta.chat/#{FPR}&{INVITE}", f"OPENPGP4FPR:{FPR}"])
kind("deltachat.group", exact=[f"https://i.delta.chat/#{FPR}&{INVITE}&g=Garden&x=h-0oKQf2CDK"],
     damaged=[f"https://i.delta.chat/#{FPR}&{INVITE}&g=Garden", f"https://i.delta.chat/#{FPR}&a=b%40example.org&s=lmn&g=Garden&x=abc"], other=[f"https://i.delta.chat/#{FPR}&{INVITE}"])
kind("deltachat.channel", exact=[f"https://i.delta.chat/#{FPR}&a=bo%40example.net&s=lmnop&b=News&x=abc&j=def"],
     damaged=[f"https://i.delta.chat/#{FPR}&a=bo%40example.net&s=lmnop&b=News&x=abc"], other=[f"https://i.delta.chat/#{FPR}&{INVITE}&g=Garden&x=h-0oKQf2CDK"])
kind("deltachat.account", exact=["dcaccount:https://example.org/new?t=1w_7wDjgjelx", "DCACCOUNT:mail.example.net"],
     damaged=["DCACCOUNT:no host", "DCACCOUNT:"], other=["DCACCOUNTS:example.org", "ACCOUNT:example.org"])
kind("deltachat.login", exact=["dclogin://bo@example.org?p=pass&v=1"], damaged=["dclogin:bo@example.org?v=1", "dclogin:bo@example.org?p=x", "dclogin:bo?p=x&v=1"],
     other=["login:bo@example.org?p=pass&v=1", "dclogins:bo@example.org?p=pass&v=1"])
NODE = '{"node_id":"%s","relay_url":null,"direct_addresses":["192.0.2.1:1"]}' % hx(32, "node")
kind("deltachat.backup", exact=["DCBACKUP4:token_1&" + NODE, "DCBACKUP9:token_1&" + NODE], damaged=["DCBACKUP4:token_1&" + NODE.replace('"node_id":"', '"node_id":"0'), "DCBACKUP4:token_1"],
     other=["DCBACKUPX:token_1&" + NODE, "BACKUP4:token_1&" + NODE])
POINT = "BQ" + b64(b"\x05" + raw(32, "p"))[2:]
kind("signal.link-device", exact=[f"sgnl://linkdevice/?uuid=x&pub_key={b64u(bytes([5]) + raw(32, 'sig'))}"],
     damaged=[f"sgnl://linkdevice?uuid=x&pub_key={b64u(bytes([4]) + raw(32, 'sig'))}", f"sgnl://linkdevice?uuid=x&pub_key={b64u(bytes([5]) + raw(31, 'sig'))}", f"sgnl://linkdevice?pub_key={b64u(bytes([5]) + raw(32, 'sig'))}"],
     other=["sgnl://linkdevices?uuid=x", "signal://linkdevice?uuid=x"])
kind("signal.rereg", exact=[f"sgnl://rereg/?uuid=x&pub_key={b64u(bytes([5]) + raw(32, 'sig'))}"], damaged=["sgnl://rereg?uuid=x"], other=["sgnl://linkdevice?uuid=x", "sgnl://re?uuid=x"])
kind("signal.safety-number", exact=[BOTH(1), BOTH(2)], damaged=[BOTH(1)[:-1], BOTH(2) + b"\0", BOTH(1)[:40] + b"\x1b" + BOTH(1)[41:]],
     other=[BOTH(1)[1:], b"\x08\x00" + BOTH(1)[2:]])
kind("signal.phone", exact=["sgnl://signal.me/#p/+441632960961"], damaged=["https://signal.me/#p/+12", "https://signal.me/#p/15555550100", "https://s1gnal.me/#p/+15555550100"],
     other=["https://signal.me/", "https://signal.org/#p/+15555550100"])
kind("signal.username", exact=["https://signal.me/#eu/" + b64u(raw(48, "eu"))], damaged=["https://signal.me/#eu/" + b64u(raw(47, "eu")), "https://signal.me/#eu/"],
     other=["https://signal.me/eu/" + b64u(raw(48, "eu")), "https://signal.me/#ux/" + b64u(raw(48, "eu"))])
GROUP = lambda k: b64u(pb((1, pb((1, raw(k, "gk")), (2, raw(16, "gp"))))))
kind("signal.group", exact=["https://signal.group/#" + GROUP(32), "sgnl://signal.group/#" + GROUP(32)],
     damaged=["https://signal.group/#" + GROUP(31), "https://signal.group/#" + GROUP(32)[:-3], "https://xn--signl-4nf.group/#" + GROUP(32) if False else "https://signal.group.example.net/#" + GROUP(32)],
     other=["https://signal.groups/#" + GROUP(32), "https://example.org/#" + GROUP(32)])
CALL = "-".join(["bcdf", "ghkm", "npqr", "stxz"] * 2)
kind("signal.call", exact=["sgnl://signal.link/call/#key=" + CALL], damaged=["https://signal.link/call/#key=" + CALL[:-5], "https://signal.link/call/#key=" + CALL.replace("b", "a"), "https://signal.link/call/#"],
     other=["https://signal.link/#key=" + CALL, "https://example.link/call/#key=" + CALL])
kind("signal.stickers", exact=[f"sgnl://addstickers?pack_id={hx(16)}&pack_key={hx(32)}"], damaged=[f"https://signal.art/addstickers#pack_id={hx(16)}&pack_key={hx(31)}", f"https://signal.art/addstickers/#pack_id={hx(15)}&pack_key={hx(32)}"],
     other=[f"https://signal.art/#pack_id={hx(16)}&pack_key={hx(32)}", "https://signal.art/"])
REC = "".join("0123456789abcdefghijklmnopqrstuvwxyz"[b % 36] for b in raw(64, "rec"))
kind("signal.recovery", could_be=[" ".join(REC[i:i + 4] for i in range(0, 64, 4))], other=[REC[:-1], REC.upper(), hx(32, "rec")])
kind("signal.proxy", exact=["sgnl://signal.tube/#proxy.example.net"], damaged=["https://signal.tube/#no host", "https://signal.tube/"], other=["https://example.tube/#proxy.example.net", "https://proxy.example.org/#signal.tube"])
kind("signal.captcha", exact=["signalcaptcha://signal-hcaptcha.5fad97ac.registration.P1_abc"], damaged=["signalcaptcha://signal-hcaptcha.5fad", "signalcaptcha://x.y.z.a"], other=["captcha://signal-hcaptcha.a.b.c", "signal-hcaptcha.a.b.c"])
WA = lambda n=32: f"2@{b64(raw(93, 'ref'))},{b64(raw(32, 'n'))},{b64(raw(n, 'i'))},{b64(raw(32, 'a'))}"
kind("whatsapp.link", exact=[WA(), WA() + ",9", "https://wa.me/settings/linked_devices#" + WA() + ",e"], damaged=[WA(31), WA() + ",x", "https://wa.me/settings/linked_devices#1@x,y,z,a", WA() + ",1,2"],
     other=[WA()[2:], "https://wa.me/settings#" + WA(), "3" + WA()[1:]])
kind("whatsapp.contact", exact=["https://wa.me/qr/ABCDEFGH234567"], damaged=["https://wa.me/qr/ABCDEFGH23456", "https://wa.me/message/abcdefgh234567"], other=["https://wa.me/qr", "https://example.me/qr/ABCDEFGH234567"])
kind("whatsapp.chat", exact=["http://wa.me/441632960961", "https://api.whatsapp.com/send/?phone=%2B15555550100"], damaged=["https://wa.me.example.com/15555550123"], other=["https://wa.me/123", "https://api.whatsapp.com/phone=15555550123"])
kind("whatsapp.group", exact=["https://chat.whatsapp.com/invite/T7loJ5VeTRsZvjFFR0F1dz"], damaged=["https://chat.whatsapp.com/short", "https://chat.whatsapp.com/T7loJ5VeTRsZvjFFR0F1dz_-x"], other=["https://chat.whatsapp.com/", "https://whatsapp.com/T7loJ5VeTRsZvjFFR0F1dz"])
GM = lambda n: "https://support.google.com/messages/?p=web_computer#?c=" + b64(pb((1, raw(33, "g1")), (2, raw(n, "g2")), (3, raw(32, "g3"))))
kind("google-messages.link", exact=[GM(32)], damaged=[GM(31), GM(32)[:-5]], other=["https://support.google.com/messages/?p=web_computer", GM(32).replace("#?c=", "#c=")])
kind("line.link", exact=[f"https://line.me/R/au/lgn/sq/abc?secret={b64u(raw(32, 'l'))}&e2eeVersion=1"], damaged=[f"https://line.me/R/au/lgn/sq/abc?secret={b64u(raw(31, 'l'))}", "https://line.me/R/au/lgn/sq/abc"], other=["https://line.me/R/ti/p/abc", "https://line.me/"])
kind("discord.login", exact=["https://discord.com/ra/" + b64u(raw(32, "d"))], damaged=["https://discord.com/ra/" + b64u(raw(31, "d")), "https://dlscord.com/ra/" + b64u(raw(32, "d"))], other=["https://discord.com/invite/abcdef", "https://discord.gg/ra/" + b64u(raw(32, "d"))])
kind("telegram.login", exact=["tg://login?token=" + b64u(raw(16, "t"))], damaged=["tg://login?token=" + b64u(raw(15, "t")), "tg://login?token="], other=["tg://login", "tg://log?token=" + b64u(raw(16, "t"))])
kind("telegram.contact", exact=["https://telegram.me/example_person"], damaged=["https://t.me@example.org/example_person"], other=["https://t.me/abcd", "https://t.me/share", "https://t.me/example_person/12", "https://t.you/example_person"])
kind("telegram.group", exact=["https://t.me/joinchat/AAAAAEkk2WdoDrB4", "https://t.me/+tm4vIZdqGgKtqpBj"], damaged=["https://t.me/+short", "tg://join?invite=abc"], other=["https://t.me/+15555550100", "https://t.me/joinchat"])
kind("telegram.proxy", exact=["tg://socks?server=192.0.2.1&port=1080", "https://t.me/proxy?server=proxy.example.org&port=443&secret=dd00"], damaged=["tg://proxy?server=proxy.example.org", "tg://proxy?server=proxy.example.org&port=0"], other=["tg://prox?server=a.example&port=1", "https://t.me/proxies"])
kind("steam.login", exact=["https://s.team/q/1/1"], damaged=["https://s.team/q/1/99999999999999999999999", "https://s.team/q/1/x"], other=["https://s.team/p/1/123", "https://s.team/q/1"])
kind("wechat.login", exact=["https://login.weixin.qq.com/l/abcdefghij"], damaged=["https://login.weixin.qq.com/l/abc", "https://login.weixin.qq.com/l/abcdefghijklmnopqrst"], other=["https://login.weixin.qq.com/", "https://weixin.qq.com/l/abcdefghij"])
kind("wechat.contact", exact=["https://u.wechat.com/abcDEF123"], damaged=["https://u.wechat.com.example.org/abc"], other=["https://u.wechat.com/", "https://wechat.com/abc"])
kind("threema.contact", exact=["3mid:*SUPPORT," + hx(32)], damaged=["3mid:ABCD123," + hx(32), "3mid:ABCD1234," + hx(31), "3mid:ABCD1234", "3mid:ABCD1234," + hx(32) + ",soon"], other=["3mids:ABCD1234," + hx(32), "ABCD1234," + hx(32)])
WEB = lambda options=0, host=b"web.example.org": b64(b"\0\x01" + bytes([options]) + raw(96, "web") + b"\x01\xbb" + host)
kind("threema.web", exact=[WEB(), WEB(3)], other=[WEB(200), WEB(0, b"\0\0\0\0"), b64(raw(120, "web"))])
JOIN = lambda n: "threema://device-group/join#" + b64u(pb((4, 2), (2, pb((2, b""))), (3, pb((2, raw(n, "j")), (3, pb((1, 1), (3, "wss://relay.example.org/x")))))))
kind("threema.group-join", exact=[JOIN(32)], damaged=[JOIN(31), JOIN(32)[:-3], "threema://device-group/join"], other=["threema://device-group/leave#AAAA", "threema://compose?id=ABCD1234"])
kind("threema.id-link", exact=["https://threema.id/*SUPPORT"], damaged=["https://threema.id/ABC", "https://threerna.id/ABCD1234"], other=["https://threema.id/", "https://threema.ch/ABCD1234"])
BACKUP = lambda text: "-".join(text[i:i + 4] for i in range(0, 80, 4))
kind("threema.id-backup", exact=[BACKUP(b32(raw(50, "bk")))], damaged=[BACKUP(b32(raw(50, "bk"))[:-1] + "1")], other=[BACKUP(b32(raw(50, "bk")))[:-5], b32(raw(50, "bk"))])
UUID = "12345678-1234-4234-8234-1234567890ab"
kind("wire.user", exact=[f"wire://user/example.org/{UUID}", f"https://account.wire.com/user-profile/?id={UUID}"], damaged=["wire://user/example.org/12345", "https://account.wire.com/user-profile/?id=abc"], other=[f"wire://users/{UUID}", f"https://wire.com/user-profile/?id={UUID}"])
kind("wire.join", exact=["https://account.wire.com/conversation-join/?key=a1&code=b2"], damaged=["wire://conversation-join?code=abc", "wire://conversation-join?key=abc"], other=["wire://conversation?code=a&key=b", "wires://conversation-join?code=a&key=b"])
kind("session.id", exact=["05" + hx(32, "sess"), "05" + hx(32, "sess").upper()], other=["06" + hx(32, "sess"), "05" + hx(31, "sess"), "05" + hx(33, "sess")])
kind("session.community", exact=["https://community.example.net/r/books?public_key=" + hx(32)], other=["https://community.example.net/books?public_key=" + hx(31), "https://community.example.net/a/b/c?public_key=" + hx(32)])
GOOD, BAD = seed_words()
kind("session.recovery", exact=[GOOD], could_be=[hx(16, "seed")], other=[BAD, " ".join(GOOD.split()[:12]), "0" * 32])
DH = lambda n=32: base64.urlsafe_b64encode(spki(X25519, raw(n, "dh"))).decode().replace("=", "%253D")
SMP = lambda dh: "smp%3A%2F%2F1234-w%3D%3D%40smp.example.org%3A5223%2F3456-w%3D%3D%23%2F%3Fv%3D1-4%26dh%3D" + dh
RATCHET = lambda n=56: "e2e=v%3D2-3%26x3dh%3D" + "%2C".join(b64u(spki(X448, raw(n, l))) for l in "ab")
kind("simplex.invitation", exact=[f"simplex:/invitation#/?v=2-7&smp={SMP(DH())}&{RATCHET()}", f"simplex:/invitation#/?v=2-7&smp={SMP(DH()).replace('example.org', 'example.org%2Cabc.onion')}%2C{SMP(DH(31))}&{RATCHET()}", f"https://simplex.chat/invitation#/?v=2-7&smp={SMP(DH())}&{RATCHET()}", f"https://smp.example.net/i#{b64u(raw(24))}/{b64u(raw(32))}"],
     damaged=[f"simplex:/invitation#/?v=2-7&smp={SMP(DH(31))}&{RATCHET()}", f"simplex:/invitation#/?v=2-7&smp={SMP(DH())}&{RATCHET(55)}", f"simplex:/i#{b64u(raw(23))}/{b64u(raw(32))}"],
     other=[f"https://example.org/i#{b64u(raw(24))}/{b64u(raw(31))}", f"https://example.org/page/i#{b64u(raw(24))}/{b64u(raw(32))}"])
kind("simplex.address", exact=[f"simplex:/contact#/?v=2-7&smp={SMP(DH())}", f"simplex:/a#{b64u(raw(32))}?h=smp.example.org"], damaged=["simplex:/contact#/?v=2-7", f"simplex:/a#{b64u(raw(31))}"], other=[f"https://example.org/a#{b64u(raw(31))}", "https://example.org/a"])
for letter, name in [("g", "group"), ("c", "channel"), ("r", "channel")]:
    kind(f"simplex.{name}", exact=[f"https://smp.example.org/{letter}#{b64u(raw(32, letter))}"], damaged=[f"simplex:/{letter}#{b64u(raw(33))}"], other=[f"https://example.org/{letter}#{b64u(raw(31))}", f"https://example.org/{letter}"])
HAND = b32(b"\0" + raw(32, "briar")).lower()
kind("briar.link", exact=["briar://" + HAND], could_be=[HAND], damaged=["briar://" + HAND[:-1], "briar://" + b32(b"\x01" + raw(32, "briar")).lower()], other=[HAND[:-1], b32(b"\x01" + raw(32, "briar")).lower()])
NEAR = b"\x04\x60\x51\x10" + raw(16, "near")
kind("briar.nearby", exact=[NEAR + b"\x60\x21\x01\x51\x02ab\x80\x80", NEAR + b"\x60\x22\x01\x02\x11\x00\x41\x01a\x80\x80"], other=[NEAR, NEAR + b"\x80\x80", NEAR + b"\x60\x80", b"\x05" + NEAR[1:] + b"\x80"])
kind("briar.mailbox", exact=[b"\x20" + bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") + raw(32, "mb")],
     other=[b"\x21" + bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") + raw(32, "mb"), b"\x20" + b"\x02" * 32 + raw(32, "mb"), b" " + b"a" * 64])
MX = lambda mode, n, secret, version=2: b"MATRIX" + bytes([version, mode]) + n.to_bytes(2, "big") + b"$flow:example.org"[:n] + raw(64, "mx") + secret
kind("matrix.verification", exact=[MX(1, 17, b"12345678"), MX(2, 5, b"short")], damaged=[MX(0, 17, b""), MX(0, 1000, b"12345678")], could_be=[MX(9, 17, b"12345678"), MX(0, 17, b"12345678", 3)], other=[b"MATRIX film at eight", b"matrix" + MX(1, 17, b"12345678")[6:]])
URL = b"https://meet.example.org/x"
M4 = lambda mode, tail=b"": b"MATRIX\x02" + bytes([mode]) + raw(32, "m4") + len(URL).to_bytes(2, "big") + URL + tail
kind("matrix.login-4108", exact=[M4(3), M4(4, b"\0\x0bexample.org")], damaged=[M4(3, b"x"), M4(4), M4(3)[:-1]], other=[M4(0), M4(7)])
M5 = lambda intent, tail=b"", version=3: b"IO_ELEMENT_MSC4388" + bytes([version, intent]) + raw(32, "m5") + b"\0\x05abcde" + len(URL).to_bytes(2, "big") + URL + tail
kind("matrix.login-4388", exact=[M5(0)], damaged=[M5(0, b"x"), M5(2), M5(1)[:-1]], other=[b"IO_ELEMENT_MSC4388", b"IO_ELEMENT_MSC4387" + M5(0)[18:]])
kind("matrix.recovery", exact=[matrix_key(raw(32, "mr")), matrix_key(raw(32, "mr")).replace(" ", "")], damaged=[matrix_key(raw(32, "mr"), 1), matrix_key(raw(32, "mr"))[:-1]], other=[matrix_key(raw(31, "mr")).replace(" ", ""), "Es" + b58(raw(30, "mr"))])
kind("matrix.link", exact=["matrix:u/alice:example.org", "https://matrix.to/#/@alice:example.org", "matrix:r/garden:example.org?action=join"], damaged=["matrix:x/alice:example.org", "https://matrix.to/#/alice", "https://rnatrix.to/#/@alice:example.org"], other=["https://matrix.to/", "https://matrix.org/#/@alice:example.org"])
kind("element.call", exact=["https://call.element.io/room/#/garden?roomId=!a:b.example&password=0123456789abcdef"], damaged=["https://call.element.io/room/#/garden?password=short"], other=["https://call.element.io/room/#/garden", "https://element.io/room/#/garden?password=0123456789abcdef"])
kind("xmpp.omemo", exact=[f"xmpp:bo@example.org?omemo-sid-1={hx(32)}"], damaged=[f"xmpp:bo@example.org?omemo-sid-1={hx(31)}", f"xmpp:bo@example.org?omemo-sid-x={hx(32)}", f"xmpp:bo@example.org?omemo-sid-1={hx(32)};omemo-sid-2=00"], other=["xmpp:bo@example.org?omemo", "xmpp:bo@example.org"])
kind("xmpp.trust", exact=[f"xmpp:bo@example.org?trust-message;encryption=urn:xmpp:omemo:2;trust={hx(32)}"], damaged=["xmpp:bo@example.org?trust-message;encryption=x", "xmpp:bo@example.org?trust-message;trust=xyz"], other=["xmpp:bo@example.org?trust", f"xmpp:bo@example.org?message;trust={hx(32)}"])
kind("xmpp.invite", exact=["xmpp:bo@example.org?roster;preauth=abc;ibr=y"], damaged=["xmpp:bo@example.org?roster;preauth="], other=["xmpp:bo@example.org?roster", "xmpp:bo@example.org?rosters;preauth=a"])
kind("xmpp.register", exact=["xmpp:example.org?register;preauth=abc"], damaged=["xmpp:example.org?register;preauth="], other=["xmpp:example.org?register", "xmpp:example.org?roster;preauth=abc"])
kind("xmpp.address", exact=["xmpp:bo@example.org/phone", "xmpp:bo@example.org?message;body=hi"], damaged=["xmpp:@example.org", "xmpp:b o@example.org"], other=["xmp:bo@example.org", "bo@example.org"])
kind("tox.id", exact=[tox(raw(32, "tox"), raw(4, "tox")), "tox:" + tox(raw(32, "tox"), raw(4, "tox")).lower()], damaged=[flip(tox(raw(32, "tox"), raw(4, "tox")), 5, "0123456789ABCDEF"), "tox:1234"], other=[tox(raw(32, "tox"), raw(4, "tox"))[:-2], tox(raw(32, "tox"), raw(4, "tox")) + "00"])
ST = syncthing(raw(32, "st"))
kind("syncthing.id", exact=[ST, ST.replace("-", ""), ST.lower()], damaged=[flip(ST, 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), flip(ST, 62, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")], other=[ST[:-8], flip(ST.replace("-", ""), 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")])
kind("jami.contact", exact=["jami:" + hx(20).upper(), "ring:" + hx(20)], damaged=["jami:" + hx(19), "jami:name"], other=[hx(20), "jamie:" + hx(20)])
kind("olvid.identity", exact=[olvid("https://server.example.org", b"\0" + raw(32, "o1") + b"\x01" + raw(32, "o2"), "Bo")], damaged=[olvid("https://server.example.org", b"\0" + raw(31, "o1") + b"\x01" + raw(32, "o2"), "Bo"), olvid("https://server.example.org", b"\0" + raw(32, "o1") + b"\x01" + raw(32, "o2"), "Bo")[:-4]],
     other=["https://invitation.olvid.io/", "https://olvid.io/#AwAA"])
BC = f"bitchat://verify?v=1&noise={hx(32)}&sign={hx(32, 's')}&nick=Bo&ts=1767225600&nonce={b64u(raw(16))}&sig={hx(64)}"
kind("bitchat.verify", exact=[BC], damaged=[BC[:-2], BC.replace("&nick=Bo", ""), BC.replace("ts=1", "ts=x"), BC.replace(b64u(raw(16)), b64u(raw(15)))], other=["bitchat://verified?v=1", "https://bitchat.example/verify?v=1"])
BERTY = lambda n: "https://berty.tech/id#key=" + b64u(pb((1, raw(32, "b1")), (2, raw(n, "b2")))) + "&name=Bo"
kind("berty.contact", exact=[BERTY(32)], damaged=[BERTY(31), "https://berty.tech/id#key=AAAA"], other=["https://berty.tech/id", "https://berty.tech/#key=AAAA"])
kind("ssb.feed", exact=[f"@{b64(raw(32, 'ssb'))}.ed25519"], damaged=[f"@{b64(raw(31, 'ssb'))}.ed25519", "@abc.ed25519"], other=[f"%{b64(raw(32, 'ssb'))}.sha256", f"@{b64(raw(32, 'ssb'))}"])
NPUB = bech32("npub", raw(32, "np"))
ABC = BECH
kind("nostr.npub", exact=[NPUB, "nostr:" + NPUB, NPUB.upper()], damaged=[flip(NPUB, 20, ABC), bech32("npub", raw(31, "np")), bech32("npub", raw(32, "np"), 0x2BC830A3)], other=["npub1abc", "npub " + NPUB[5:]])
NSEC = bech32("nsec", raw(32, "ns"))
kind("nostr.nsec", exact=[NSEC], damaged=[flip(NSEC, 20, ABC), bech32("nsec", raw(33, "ns"))], other=["nsec1", bech32("npub", raw(32, "ns"))])
PROFILE = bytes([0, 32]) + raw(32, "pr") + bytes([1, 12]) + b"wss://r.tld/"
kind("nostr.nprofile", exact=[bech32("nprofile", PROFILE)], damaged=[flip(bech32("nprofile", PROFILE), 20, ABC), bech32("nprofile", PROFILE[:-1]), bech32("nprofile", PROFILE[34:])], other=[bech32("nevent", PROFILE), "nprofile1abc"])
kind("nostr.ncryptsec", exact=[bech32("ncryptsec", b"\x02" + raw(90))], damaged=[bech32("ncryptsec", b"\x02" + raw(89)), flip(bech32("ncryptsec", b"\x02" + raw(90)), 20, ABC)], other=[bech32("nsec", raw(32)), "ncryptsec1"])
kind("nostr.connect", exact=[f"nostrconnect://{hx(32)}?relay=wss%3A%2F%2Frelay.example.org&secret=abc"], damaged=[f"nostrconnect://{hx(31)}?relay=wss%3A%2F%2Fr.example&secret=abc", f"nostrconnect://{hx(32)}?relay=wss%3A%2F%2Fr.example", f"nostrconnect://{hx(32)}?secret=abc"], other=[f"nostr://{hx(32)}?relay=wss%3A%2F%2Fr.example&secret=a", hx(32)])
kind("nostr.bunker", exact=[f"bunker://{hx(32)}?relay=wss://a.example&relay=wss://b.example"], damaged=[f"bunker://{hx(33)}?relay=wss://a.example", f"bunker://{hx(32)}"], other=["bunkers://a", f"https://bunker.example/{hx(32)}"])
kind("nostr.wallet", exact=[f"nostr+walletconnect://{hx(32)}?relay=wss://a.example&secret={hx(32, 'w')}"], damaged=[f"nostr+walletconnect://{hx(32)}?relay=wss://a.example&secret={hx(31, 'w')}", f"nostr+walletconnect://{hx(32)}?relay=wss://a.example"], other=[f"nostr+wallet://{hx(32)}?relay=wss://a.example&secret={hx(32, 'w')}", "nostr:npub1"])
kind("walletconnect.session", exact=[f"wc:{hx(32)}@2?relay-protocol=irn&symKey={hx(32, 'k')}&expiryTimestamp=1767225600"], damaged=[f"wc:{hx(31)}@2?symKey={hx(32)}", f"wc:{hx(32)}@2", f"wc:{hx(32)}?symKey={hx(32)}"], other=["wc:", f"wcs:{hx(32)}@2?symKey={hx(32)}"][1:] + [f"https://wc.example/{hx(32)}@2?symKey={hx(32)}"])
kind("apple.contact-key", could_be=["APKTIDu" + b64u(raw(34, "ap"))[:45]], damaged=["APKTIDu" + b64u(raw(33, "ap"))[:44]], other=["APKT" + b64u(raw(36, "ap")), "apktidu" + b64u(raw(34, "ap"))[:45]])

# --- keys, identities, configurations ------------------------------------------------------

AGE = bech32("age", raw(32, "age"))
kind("age.recipient", exact=[AGE, AGE.upper()], damaged=[flip(AGE, 30, ABC), bech32("age", raw(31)), bech32("age", raw(32), 0x2BC830A3)], other=["age1abc", "age of reason"])
ASK = bech32("age-secret-key-", raw(32, "ask")).upper()
kind("age.identity", exact=[ASK], damaged=[flip(ASK, 40, ABC.upper()), bech32("age-secret-key-", raw(33)).upper()], other=["AGE-SECRET-KEY-1", "AGE-SECRET-KEY"])
kind("age.pq-recipient", exact=[bech32("age1pq", raw(1216, "pq"))], damaged=[bech32("age1pq", raw(1215, "pq")), flip(bech32("age1pq", raw(1216, "pq")), 500, ABC)], other=["age1pq1", bech32("age1x", raw(1216, "pq"))])
PQ = bech32("age-secret-key-pq-", raw(32, "pqs")).upper()
kind("age.pq-identity", exact=[PQ], damaged=[flip(PQ, 40, ABC.upper()), bech32("age-secret-key-pq-", raw(31)).upper()], other=["AGE-SECRET-KEY-PQ-1", ASK])
kind("age.plugin-recipient", exact=[bech32("age1yubikey", b"\x02" + raw(32)), bech32("age1fido2-hmac", raw(50))], damaged=[bech32("age1tag", raw(32)), flip(bech32("age1se", raw(33)), 30, ABC)], other=[AGE, "age1name1"])
kind("age.plugin-identity", exact=[bech32("age-plugin-yubikey-", raw(12)).upper()], damaged=[flip(bech32("age-plugin-se-", raw(40)).upper(), 30, ABC.upper()), bech32("age-plugin-", raw(20)).upper()], other=["AGE-PLUGIN-", "AGE-PLUGIN-X-1"])
HEADER = b"age-encryption.org/v1\n-> X25519 " + b64(raw(32)).rstrip("=").encode() + b"\n" + b64(raw(32, "b")).rstrip("=").encode() + b"\n--- " + b64(raw(32, "m")).rstrip("=").encode() + b"\n"
kind("age.file", exact=[HEADER + raw(48, "body"), pem("AGE ENCRYPTED FILE", HEADER + raw(48, "body"))], could_be=[HEADER.replace(b"v1", b"v2") + raw(48)],
     damaged=[HEADER + raw(20), HEADER[:60], pem("AGE ENCRYPTED FILE", HEADER + raw(48)).replace("-----END AGE", "-----END")], other=[b"age-encryption.org", b"age-encryption.com/v1\n" + HEADER[22:]])
ED = ssh_string(b"ssh-ed25519", raw(32, "ed"))
RSA = ssh_string(b"ssh-rsa", b"\x01\0\x01", b"\0" + raw(256, "rsa"))
kind("ssh.public-key", exact=[f"ssh-ed25519 {b64(ED)} bo@laptop", f"ssh-rsa {b64(RSA)}", "sk-ssh-ed25519@openssh.com " + b64(ssh_string(b"sk-ssh-ed25519@openssh.com", raw(32), b"ssh:"))],
     damaged=[f"ssh-ed25519 {b64(ED[:-1])}", f"ssh-ed25519 {b64(RSA)}", f"ssh-ed25519 {b64(ED + ssh_string(b'x'))}", "ssh-ed25519 AAAA"], other=["ssh-ed25519", "ssh bo@example.org"])
kind("ssh.fingerprint", exact=["SHA256:" + b64(raw(32, "fp")).rstrip("=")], damaged=["SHA256:" + b64(raw(32, "fp")).rstrip("=")[:-1] + "B", "SHA256:" + "!" * 43], other=["SHA256:" + hx(32), "MD5:" + hx(16)])
OPENSSH = lambda cipher=b"none", end=b"": b"openssh-key-v1\0" + ssh_string(cipher, b"none", b"") + b"\0\0\0\x01" + ssh_string(ED, raw(136)) + end
kind("ssh.private-key", exact=[pem("OPENSSH PRIVATE KEY", OPENSSH()), pem("OPENSSH PRIVATE KEY", OPENSSH(b"aes256-ctr"))], damaged=[pem("OPENSSH PRIVATE KEY", OPENSSH(end=b"x")), pem("OPENSSH PRIVATE KEY", OPENSSH()[1:]), pem("OPENSSH PRIVATE KEY", OPENSSH()[:80])],
     other=[pem("OPENSSH PUBLIC KEY", OPENSSH()), "-----BEGIN OPENSSH PRIVATE KEY"])
kind("pem.public-key", exact=[pem("PUBLIC KEY", spki(ED25519, raw(32))), pem("PUBLIC KEY", spki(EC, b"\x04" + raw(64), P256))], damaged=[pem("PUBLIC KEY", spki(ED25519, raw(31))), pem("PUBLIC KEY", spki(ED25519, raw(32)) + b"x"), pem("PUBLIC KEY", raw(44))], other=[pem("PUBLIC KEYS", spki(ED25519, raw(32))), pem("SIGNATURE", spki(ED25519, raw(32)))])
CERT_ = der(0x30, der(2, b"\0"))
PKCS8 = der(0x30, der(2, b"\0"), der(0x30, der(6, bytes.fromhex(ED25519))), der(4, der(4, raw(32))))
kind("pem.private-key", exact=[pem("PRIVATE KEY", PKCS8), pem("EC PARAMETERS", P256) + pem("EC PRIVATE KEY", der(0x30, der(2, b"\x01"), der(4, raw(32)))), pem("CERTIFICATE", CERT_) + pem("PRIVATE KEY", PKCS8), pem("EC PRIVATE KEY", der(0x30, der(2, b"\x01"), der(4, raw(32)))), pem("ENCRYPTED PRIVATE KEY", der(0x30, der(0x30, der(6, b"\x2a")), der(4, raw(48))))], damaged=[pem("PRIVATE KEY", PKCS8[:-1]), pem("PRIVATE KEY", PKCS8 + b"\0"), pem("RSA PRIVATE KEY", spki(ED25519, raw(32)))], other=[pem("PRIVATE KEYS", PKCS8), pem("DH PARAMETERS", PKCS8)])
NAME = der(0x30, der(0x31, der(0x30, der(6, bytes.fromhex("550403")), der(0x0C, b"test"))))
TBS = der(0x30, der(0xA0, der(2, b"\x02")), der(2, b"\x05"), der(0x30, der(6, bytes.fromhex(ED25519))), NAME, der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"350101000000Z")), NAME, spki(ED25519, raw(32)))
CERT = der(0x30, TBS, der(0x30, der(6, bytes.fromhex(ED25519))), der(3, b"\0", raw(64)))
kind("pem.certificate", exact=[pem("CERTIFICATE", CERT), pem("CERTIFICATE", CERT) + "\n" + pem("CERTIFICATE", CERT)], damaged=[pem("CERTIFICATE", CERT) + "and more", pem("CERTIFICATE", CERT[:-1]), pem("CERTIFICATE", CERT + b"\0"), pem("CERTIFICATE", der(0x30, b""))], other=[pem("CERTIFICATE REQUEST", CERT), pem("X509 CRL", CERT)])
J = lambda **k: json.dumps(k)
kind("jwk.public", exact=[J(kty="EC", crv="P-256", x=b64u(raw(32)), y=b64u(raw(32, "y"))), J(kty="RSA", n=b64u(raw(256)), e="AQAB")], damaged=[J(kty="OKP", crv="X25519", x=b64u(raw(31))), J(kty="EC", crv="P-256", x=b64u(raw(32)))], other=[J(kty="X", x="a"), J(crv="X25519", x=b64u(raw(32)))])
kind("jwk.private", exact=[J(kty="OKP", crv="Ed25519", x=b64u(raw(32)), d=b64u(raw(32, "d")))], damaged=[J(kty="OKP", crv="Ed25519", x=b64u(raw(32)), d=b64u(raw(31))), J(kty="OKP", crv="Ed25519", d=b64u(raw(32)))], other=[J(kty="OKP", crv="Ed25519", x=b64u(raw(32))), J(d=b64u(raw(32)))])
kind("jwk.symmetric", exact=[J(kty="oct", k=b64u(raw(16)))], damaged=[J(kty="oct", k="*"), J(kty="oct")], other=[J(kty="octet", k="AAAA"), J(k="AAAA")])
JWT = lambda h, c, s=b64u(raw(32)): ".".join([b64u(json.dumps(h).encode()), b64u(json.dumps(c).encode()), s])
kind("jwt.token", exact=[JWT({"alg": "ES256"}, {"exp": 1767225600.5}), JWT({"alg": "none"}, {}, "")], damaged=[JWT({"alg": "HS256"}, {}, "*"), JWT({"alg": "HS256"}, {}, "A")], other=[JWT({"typ": "JWT"}, {}), "a.b.c", JWT({"alg": "HS256"}, {}) + ".x.y"])
MINI = b64(b"Ed" + raw(40, "mini"))
kind("minisign.public", exact=[MINI, "untrusted comment: minisign public key 1234\n" + MINI], other=[b64(b"Ee" + raw(40, "mini")), b64(b"Ed" + raw(39, "mini")), MINI[:-4]])
WG = lambda a=32, b=32, c=32: f"[Interface]\nPrivateKey = {b64(raw(a, 'wa'))}\n\n[Peer]\nPublicKey = {b64(raw(b, 'wb'))}\nPresharedKey={b64(raw(c, 'wc'))}\n# Endpoint\nEndpoint = vpn.example.org:51820\n"
kind("wireguard.config", exact=[WG()], damaged=[WG(31), WG(32, 31), WG(32, 32, 33)], other=[WG().replace("[Interface]", "[interfaces]"), WG().replace("PrivateKey", "Private Key")])
ONION = onion(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
kind("tor.onion", exact=[ONION + ".onion", ONION, "https://www." + ONION + ".onion/page", ONION.upper()], damaged=[flip(ONION, 9) + ".onion", onion(raw(32), 2) + ".onion", onion_of_version_2(raw(32)) + ".onion", "facebookcorewwwi.onion", "http://" + ONION[:-1] + ".onion/"], other=[flip(ONION, 9), ONION[:-1]])
CLIENT = b32(raw(32, "tc"))
kind("tor.client-public", exact=["descriptor:x25519:" + CLIENT.lower()], damaged=["descriptor:x25519:" + CLIENT[:-1], "descriptor:x25519:" + b32(raw(31))], other=["descriptor:ed25519:" + CLIENT, "x25519:" + CLIENT])
kind("tor.client-private", exact=[ONION + ":descriptor:x25519:" + CLIENT], could_be=[CLIENT, CLIENT.lower()], damaged=[flip(ONION, 9) + ":descriptor:x25519:" + CLIENT, ONION + ":descriptor:x25519:" + CLIENT[:-1]], other=[CLIENT[:-1], CLIENT[:-1] + "B"])
PEER = b58(bytes.fromhex("002408011220") + raw(32, "peer"))
kind("libp2p.peer", exact=[PEER], damaged=[PEER[:-1], PEER[:30] + "0" + PEER[31:]], other=["12D3Koo" + PEER[8:], "Qm" + b58(raw(32))])
kind("did.key", exact=["did:key:z" + b58(bytes.fromhex("ec01") + raw(32)), "did:key:z" + b58(bytes.fromhex("8024") + b"\x02" + raw(32)) + "#z6Mk"], damaged=["did:key:z" + b58(bytes.fromhex("ed01") + raw(31)), "did:key:u" + b58(raw(34)), "did:key:z0"], other=["did:web:example.org", "did:keys:z6Mk"])
kind("dnsstamp", exact=[stamp(1, b"192.0.2.1:8443", raw(32), b"2.dnscrypt-cert.example.org"), stamp(2, b"192.0.2.1", b"", b"dns.example.org", b"/dns-query"), stamp(0x81, b"192.0.2.2", properties=False)],
     damaged=[stamp(1, b"192.0.2.1:8443", raw(31), b"2.dnscrypt-cert.example.org"), stamp(2, b"192.0.2.1", b"", b"dns.example.org", b"/dns-query", b"x", b"y"), stamp(1, b"192.0.2.1:8443", raw(32))], other=["sdn://AQ", "https://dns.example.org/dns-query"])
KF = lambda h: f'<KeyFile>\n<Meta><Version>2.0</Version></Meta>\n<Key><Data Hash="{h}">\n  {hx(16).upper()} {hx(16).upper()}\n</Data></Key></KeyFile>'
KH = hashlib.sha256(bytes.fromhex(hx(16) * 2)).hexdigest()[:8].upper()
kind("keepass.keyfile", exact=[KF(KH)], could_be=[f"<KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>{b64(raw(32))}</Data></Key></KeyFile>"], damaged=[KF(flip(KH, 0, "0123456789ABCDEF")), KF(KH).replace(hx(16).upper(), hx(15).upper(), 1)], other=["<KeyFiles></KeyFiles>", "<Key><Data>AAAA</Data></Key>"])
kind("bip39.words", could_be=[words("english", raw(32, "bip")), words("japanese", raw(16, "bip")), words("french", raw(20, "bip")).upper()], other=[words("english", raw(16, "bip"))[:-4] + "zoo zoo", " ".join(words("english", raw(16, "bip")).split()[::-1]), " ".join(["zoo"] * 12), "The key is under the mat, ask Ana about it today please soon"])
SQ = lambda e: "".join(f"{n:04}" for n in bip39_numbers(e))
kind("seedqr", exact=[SQ(raw(32, "sq")), SQ(raw(16, "sq"))], damaged=[SQ(raw(16, "sq"))[:-1] + "0", "0001" + SQ(raw(32, "sq"))[4:]], other=[SQ(raw(16, "sq"))[:-1], "2048" + SQ(raw(16, "sq"))[4:]])
SEED = cbor({1: raw(16, "ur"), 2: 1767225600})
kind("ur.seed", exact=["ur:seed/" + bytewords(SEED), ("ur:crypto-seed/" + bytewords(SEED)).upper()], damaged=["ur:seed/" + bytewords(SEED, 1), "ur:seed/" + bytewords(cbor({2: 5})), "ur:seed/" + bytewords(SEED) + "a", "ur:seed/zzzz"], other=["ur:bytes/" + bytewords(SEED), "urn:seed:" + bytewords(SEED)])
PART = lambda n, m: cbor([n, m, 40, 0x12345678, raw(20, "part")])
kind("ur.part", exact=["ur:crypto-psbt/2-5/" + bytewords(PART(2, 5)), "ur:crypto-hdkey/7-5/" + bytewords(PART(7, 5))], damaged=["ur:seed/2-5/" + bytewords(PART(2, 5), 1), "ur:seed/3-5/" + bytewords(PART(2, 5)), "ur:seed/2-5/" + bytewords(cbor([1, 2]))], other=["ur:seed/" + bytewords(PART(2, 5)), "ur:/2-5/" + bytewords(PART(2, 5))])
SEGWIT = lambda version, program, const: bech32("bc", b"", const, [version] + five(program))
kind("bitcoin.address", exact=[SEGWIT(1, raw(32, "tr"), 0x2BC830A3), b58check(b"\x05" + raw(20)), "BITCOIN:" + b58check(b"\0" + raw(20, "a"))], damaged=[SEGWIT(1, raw(32, "tr"), 1), SEGWIT(0, raw(21), 1), flip(SEGWIT(0, raw(20), 1), 12, ABC), "bitcoin:" + b58(b"\0" + raw(24))], other=[b58(b"\0" + raw(24)), b58check(b"\x30" + raw(20)), "bc1"])
XPUB = bytes.fromhex("0488b21e") + b"\0" + raw(40, "x")
kind("bitcoin.xpub", exact=[b58check(XPUB + b"\x02" + raw(32)), b58check(bytes.fromhex("04b24746") + b"\0" + raw(40) + b"\x03" + raw(32))], damaged=[flip(b58check(XPUB + b"\x02" + raw(32)), 50, B58), b58check(XPUB + b"\x05" + raw(32))], other=["xpub661", "x" + b58check(XPUB + b"\x02" + raw(32))])
kind("bitcoin.xprv", exact=[b58check(bytes.fromhex("04358394") + b"\0" + raw(40) + b"\0" + raw(32))], damaged=[flip(b58check(bytes.fromhex("0488ade4") + b"\0" + raw(40) + b"\0" + raw(32)), 50, B58), b58check(bytes.fromhex("0488ade4") + b"\0" + raw(40) + b"\x02" + raw(32))], other=["xprv9", b58check(XPUB + b"\x02" + raw(32))])
kind("bitcoin.wif", exact=[b58check(b"\x80" + raw(32)), b58check(b"\x80" + raw(32) + b"\x01")], other=[flip(b58check(b"\x80" + raw(32)), 20, B58), b58check(b"\x80" + raw(32) + b"\x02"), b58check(b"\xb0" + raw(32))])
INVOICE = lambda const=1: bech32("lnbc2500u", b"", const, [1, 13, 5, 11, 0, 0, 0] + [6, 0, 2, 1, 28] + five(raw(65, "ln"))[:104])
kind("lightning.invoice", exact=[INVOICE(), "LIGHTNING:" + INVOICE().upper()], damaged=[flip(INVOICE(), 30, ABC), INVOICE(0x2BC830A3), "lightning:lnbc1abcdef"], other=["lnbc", "lnurl" + INVOICE()[4:]])
ADDRESS = "".join(c.upper() if c.isalpha() and int(h, 16) > 7 else c for c, h in zip(hx(20, "eth"), keccak256(hx(20, "eth").encode()).hex()))
kind("ethereum.address", exact=["0x" + ADDRESS, f"ethereum:0x{ADDRESS}@1?value=1e18", "0x" + hx(20)], damaged=["0x" + ADDRESS.swapcase(), "ethereum:0x" + hx(19)], other=[hx(20), "0x" + hx(19), "0x" + hx(21)])
kind("onepassword.secret-key", could_be=["A3-ABCDEF-234567-ABCDE-23456-ABCDE-23456"], other=["A2-ABCDEF-234567-ABCDE-23456-ABCDE-23456", "A3-ABCDEF-234567-ABCDE-23456-ABCDE-2345", "A3-abcdef-234567-ABCDE-23456-ABCDE-23456"])
GROUPS = [int.from_bytes(raw(16, "bl")[i:i + 2], "big") * 11 for i in range(0, 16, 2)]
kind("bitlocker.recovery", exact=["-".join(f"{g:06}" for g in GROUPS)], damaged=["-".join(f"{g:06}" for g in [GROUPS[0] + 1] + GROUPS[1:]), "-".join(["999999"] + [f"{g:06}" for g in GROUPS[1:]]), "-".join(["720896"] + [f"{g:06}" for g in GROUPS[1:]])], other=["-".join(f"{g:06}" for g in GROUPS[1:]), " ".join(f"{g:06}" for g in GROUPS)])

# --- sign-in, devices, networks ------------------------------------------------------------

kind("otpauth.secret", exact=["otpauth://hotp/x?secret=mzxw6ytboi&counter=1", "otpauth://totp/Name%20of:a?secret=ABCDEFGHIJKLMNOPQ"], damaged=["otpauth://totp/x?issuer=y", "otpauth://totp/x?secret=ABC0", "otpauth://xotp/x?secret=ABCD"], other=["otp://totp/x?secret=ABCD", "https://totp.example/x?secret=ABCD"])
EXPORT = lambda data: "otpauth-migration://offline?data=" + b64(data).replace("+", "%2B").replace("=", "%3D")
ACCOUNT = pb((1, raw(20, "otp")), (2, "bo"), (3, "Example"), (4, 1))
kind("otpauth.export", exact=[EXPORT(pb((1, ACCOUNT), (1, ACCOUNT), (2, 1), (3, 2), (4, 1)))], damaged=[EXPORT(pb((2, 1))), EXPORT(pb((1, ACCOUNT))[:-1]), "otpauth-migration://offline"], other=["otpauth-migrate://offline?data=AAAA", "https://otpauth.example/?data=AAAA"])
kind("microsoft.authenticator", exact=["phonefactor://activate_account?code=1&url=https%3A%2F%2Fa.example%2F1"], damaged=["phonefactor://activate_account?code=x&url=https%3A%2F%2Fa.example", "phonefactor://activate_account?code=1&url=http%3A%2F%2Fa.example"], other=["phonefactor://other?code=1", "phone://activate_account?code=1"])
HYBRID = lambda key=b"\x02" + raw(32, "fido"), secret=raw(16, "fs"): cbor({0: key, 1: secret, 2: 2, 3: 1767225600, 4: False, 5: "ga"})
kind("fido.hybrid", exact=[fido(HYBRID()), fido(HYBRID()).lower()], damaged=[fido(HYBRID(b"\x05" + raw(32))), fido(HYBRID(secret=raw(15))), fido(HYBRID())[:-1], "FIDO:/12x"], other=["FIDO:12345", "FIDO2:/12345"])
FX = lambda c=16, k=32: f"https://accounts.firefox.com/pair#channel_id={hx(c)}&channel_key={b64u(raw(k))}"
kind("firefox.pairing", exact=[FX() + "&v=2", FX().replace("pair#", "pair/#")], damaged=[FX(15), FX(16, 33), "https://accounts.firefox.com/pair#"], other=["https://accounts.firefox.com/settings", FX().replace("accounts", "account")])
kind("nextcloud.login", exact=["nc://onetime-login/server:https://a.example&user:bo&password:x"], damaged=["nc://login/user:bo&password:x", "nc://login/server:https://a.example&user:bo"], other=["nc://open/1", "ncs://login/server:a"])
COSE = (24, cbor({1: 2, -1: 1, -2: raw(32, "x"), -3: raw(32, "y")}))
kind("mdoc.engagement", exact=["mdoc:" + b64u(cbor({0: "1.0", 1: [1, COSE], 2: [[2, 1, {0: False, 1: True, 11: raw(16)}]]}))], damaged=["mdoc:" + b64u(cbor({0: "1.0"})), "mdoc:" + b64u(cbor({0: "1.0", 1: [1, (24, cbor({1: 2}))]})), "mdoc:AAAA*"], other=["mdl:AAAA", "mdocs:AAAA"])
kind("openid.offer", exact=["openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2Foffer"], damaged=["openid-credential-offer://?credential_offer=x", "openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fa.example"], other=["openid://?credential_offer=x", "openid-offer://"])
kind("wifi.network", exact=["WIFI:T:SAE;S:Home\\;Net;P:correct horse battery;;", "wifi:S:Guest;;", f"WIFI:S:X;T:WPA;P:{hx(32)};;"], damaged=["WIFI:T:WPA;P:12345678;;", "WIFI:T:WPA;S:Home;P:short;;", "WIFI:T:WPA;S:Home;P:" + "x" * 65 + ";;"], other=["WIFI", "WIFI password: swordfish"[:4] + "E:x"])
DPP = lambda key, p=P256: "DPP:M:0102030405aa;K:" + b64(spki(EC, key, p)) + ";;"
kind("wifi.dpp", exact=[DPP(b"\x02" + raw(48), P384), DPP(b"\x04" + raw(64))], damaged=[DPP(b"\x02" + raw(31)), DPP(b"\x02" + raw(32), P384), "DPP:M:0102030405aa;;"], other=["DPP", "DP:K:AAAA;;"])
kind("android.adb", exact=["WIFI:S:studio-x;P:123456;T:ADB;;"], damaged=["WIFI:T:ADB;S:studio-x;;", "WIFI:T:ADB;P:x;;"], other=["WIFI:S:ADB;;", "ADB:S:x;P:y;;"])
QS = lambda b: "https://quickshare.google/qrcode#key=" + b64u(b)
kind("quickshare", exact=[QS(b"\0\0\x03" + raw(32))], damaged=[QS(b"\0\0\x04" + raw(32)), QS(b"\0\0\x03" + raw(31)), "https://quickshare.google/qrcode"], other=["https://quickshare.google/", "https://quickshare.example/qrcode#key=" + b64u(b"\0\0\x03" + raw(32))])
kind("matter.setup", exact=[matter(20202021), matter(20202021) + "*" + matter(34567890)[3:], matter(11111111)], could_be=[matter(20202021, version=1)], damaged=[matter(20202021, padding=1), matter(100000000), matter(20202021)[:-1], matter(20202021)[:-1] + "!"], other=["MT", "MTS:" + matter(20202021)[3:]])
kind("homekit.setup", exact=[homekit(51808582)], damaged=[homekit(100000000), homekit(51808582, reserved=1), homekit(51808582)[:-1]], other=["X-HM:/0052SD8YM7OSX", "HM://0052SD8YM7OSX"])
DSK = [int.from_bytes(raw(16, "zw")[i:i + 2], "big") for i in range(0, 16, 2)]
kind("zwave.smartstart", exact=[zwave(DSK), zwave(DSK, "0010" + "0123456789")], damaged=[zwave(DSK, damage=1), zwave([70000] + DSK[1:]), zwave(DSK, "0010" + "0123")], other=[zwave(DSK)[1:], "90" + "1234567890" * 3])
Z = lambda damage=0: zigbee(raw(16, "zb"), damage)
kind("zigbee.install", exact=[f"ZB10SG0D83101823480040000000000000000000F4CE36D88AB8B6FDDLK{Z()}", f"ZB10SG0D83101823480040000000000000000000F4CE36D88AB8B6FDDLK{hx(16).upper()}", f"Z:F4CE36D88AB8B6FD$I:{Z()}%M:FFFE$D:AABBCCDD"],
     damaged=[f"Z:F4CE36D88AB8B6FD$I:{Z(1)}", f"Z:F4CE36D88AB8B6$I:{Z()}", f"G$M:1$A:F4CE36D88AB8B6FD$I:{Z()[:-1]}", "Z:F4CE36D88AB8B6FD"], other=[Z(), "ZZ:F4CE36D88AB8B6FD$I:" + Z()])
kind("thread.joiner", exact=[f"v=1&&eui={hx(8)}&&cc=J01NME"], damaged=[f"v=1&&eui={hx(8)}&&cc=J01IME", f"v=1&&eui={hx(8)}&&cc=J01", f"v=1&&eui={hx(7)}&&cc=J01NME"], other=[f"eui={hx(8)}&&cc=J01NME", "v=1"])
LW = "LW:D0:70B3D57ED0000010:0018B20000000101:000AF8BE"
kind("lorawan.device", exact=[lorawan(LW + ":OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR"), lorawan(LW), LW + ":SX1"], damaged=[lorawan(LW, 1), LW[:-1], LW.replace("70B3", "70G3"), "LW:D0:70B3D57ED0000010"], other=["LW:D1:70B3D57ED0000010:0018B20000000101:000AF8BE", LW[3:]])
kind("esim.activation", exact=["LPA:1$smdp.example.org$", "lpa:1$smdp.example.org$ABC$1.3.6$1"], could_be=["LPA:2$smdp.example.org$ABC"], damaged=["LPA:1$not a host$ABC", "LPA:1"], other=["LP:1$smdp.example.org$ABC", "1$smdp.example.org$ABC"])
kind("esp.provisioning", exact=[J(ver="v1", name="PROV_1", transport="softap")], could_be=[J(ver="v2", name="PROV_1", transport="ble")], other=[J(ver="v1", name="PROV_1"), J(ver="v1", name="PROV_1", transport="bus"), J(name="x", transport="ble")])
MT = lambda *c: b64u(pb(*[(1, x) for x in c], (2, pb((8, 1)))))
kind("meshtastic.channel", exact=["https://meshtastic.org/d/#" + MT(pb((2, raw(16)), (3, "Home")), pb((2, raw(32)))), "https://meshtastic.org/e/#" + MT(pb((3, "Open")))], damaged=["https://meshtastic.org/e/#" + MT(pb((2, raw(15)))), "https://meshtastic.org/e/#" + MT(), "https://meshtastic.org/e/#" + MT(pb((2, raw(16))))[:-1], "https://meshtastic.org/e/"], other=["https://meshtastic.org/docs/", "https://mesh.example.org/e/#" + MT(pb((2, raw(16))))])
MC = lambda n: "https://meshtastic.org/v/#" + b64u(pb((1, 305419896), (2, pb((1, "!12345678"), (2, "Bo"), (8, raw(n))))))
kind("meshtastic.contact", exact=[MC(32)], damaged=[MC(31), MC(32)[:-2], "https://meshtastic.org/v/"], other=["https://meshtastic.org/vv/#AAAA", MC(32).replace("org/v", "com/v")])
kind("meshcore.channel", exact=[f"meshcore://channel/add?name=A+B&secret={hx(16)}"], damaged=[f"meshcore://channel/add?name=A&secret={hx(15)}", f"meshcore://channel/add?secret={hx(16)}"], other=["meshcore://channel/remove?name=A", f"mesh://channel/add?name=A&secret={hx(16)}"])
kind("meshcore.contact", exact=[f"meshcore://contact/add?name=B&public_key={hx(32)}&type=1"], damaged=[f"meshcore://contact/add?name=B&public_key={hx(31)}", f"meshcore://contact/add?public_key={hx(32)}"], other=["meshcore://contact?name=B", f"core://contact/add?name=B&public_key={hx(32)}"])
SS = b64u(b"aes-256-gcm:pass:word")
kind("shadowsocks", exact=[f"ss://{SS}@192.0.2.1:8388/?plugin=x#N", "ss://2022-blake3-aes-128-gcm:AAAAAAAAAAAAAAAAAAAAAA%3D%3D@a.example:1", "ss://" + b64(b"aes-256-gcm:pw@192.0.2.1:8388") + "#N"], damaged=[f"ss://{SS}@192.0.2.1", f"ss://{SS}@192.0.2.1:99999", "ss://AAAA@192.0.2.1:1"], other=["sss://a@b.example:1", "ss:hello"])
kind("socks", exact=["socks5://192.0.2.1:1080", "socks5h://u:p@proxy.example.org:1"], damaged=["socks5://proxy.example.org:0", "socks5://nohost:1080"], other=["socks6://a.example:1", "sock5://a.example:1"])
VM = lambda **k: "vmess://" + b64(json.dumps(k).encode())
kind("v2ray", exact=[VM(add="a.example", port=443, id=UUID), VM(add="a.example", port="443", id=UUID)], damaged=[VM(add="a.example", port=443, id="x"), "vless://notauuid@a.example:443", f"vless://{UUID}@a.example:443?pbk=AAAA", "trojan://a.example:443"], other=[f"vles://{UUID}@a.example:443", "trojans://x@a.example:1"])
kind("obsidian.livesync", exact=["obsidian://setuplivesync?settings=%7Bx"], damaged=["obsidian://setuplivesync", "obsidian://setuplivesync?settings="], other=["obsidian://open?vault=x", "https://obsidian.example/setuplivesync?settings=x"])

# --- share links, transfers, documents -----------------------------------------------------

K16, K32 = b64u(raw(16, "k16")), b64u(raw(32, "k32"))
kind("tresorit.share", exact=["https://web.tresorit.com/l/AbCdE/#" + K16], damaged=["https://web.tresorit.com/l/AbCdE", "https://web.tresorit.com/l/AbCdE#" + K32, "https://web.tresorlt.com/l/AbCdE#" + K16], other=["https://web.tresorit.com/login", "https://tresorit.com/l/AbCdE#" + K16])
kind("mega.file", exact=["https://mega.nz/file/AbCdEfGh", "https://mega.co.nz/#!AbCdEfGh!" + K32, "https://mega.nz/#!AbCdEfGh"], damaged=["https://mega.nz/file/AbCdEfGh#" + K16, "https://mega.nz/file/AbC#" + K32, "https://rnega.nz/file/AbCdEfGh#" + K32], other=["https://mega.nz/fm/account", "https://mega.io/file/AbCdEfGh#" + K32])
kind("mega.folder", exact=["https://mega.nz/#F!AbCdEfGh!" + K16, f"https://mega.nz/folder/AbCdEfGh#{K16}/file/IjKlMnOp"], damaged=["https://mega.nz/folder/AbCdEfGh#" + K32, "https://mega.nz/folder/A#" + K16], other=["https://mega.nz/folders", "https://mega.nz/file/AbCdEfGh#" + K32])
kind("mega.chat", exact=["https://mega.nz/chat/AbCdEfGh#" + K16], damaged=["https://mega.nz/chat/AbCdEfGh#" + K32, "https://mega.nz/chat/A#" + K16], other=["https://mega.nz/chat", "https://mega.nz/chats/AbCdEfGh#" + K16])
kind("proton.drive", exact=["https://drive.proton.me/urls/ABCDEFGH12"], damaged=["https://drive.proton.me/urls/ABCDEFGH12#short", "https://drive.proton.me/urls/ABC#abcdefghijkl"], other=["https://drive.proton.me/u/0/", "https://proton.me/urls/ABCDEFGH12#abcdefghijkl"])
kind("proton.pass", exact=["https://pass.proton.me/s/AbC_1#" + K16], damaged=["https://pass.proton.me/s/AbC_1", "https://pass.proton.me/s/AbC_1#short"], other=["https://pass.proton.me/u/0", "https://proton.me/pass/s/AbC#" + K32])
kind("bitwarden.send", exact=[f"https://send.bitwarden.com/#{b64u(raw(16))}/{K16}", f"https://vault.bitwarden.eu/#/send/{b64u(raw(16))}/{K16}"], damaged=[f"https://send.bitwarden.com/#{b64u(raw(16))}/{K32}", f"https://send.bitwarden.com/#{b64u(raw(16))}", f"https://send.bitwarden.com.example.org/#{b64u(raw(16))}/{K16}"], other=["https://vault.bitwarden.com/#/login", "https://send.bitwarden.org/#a"])
kind("onepassword.share", exact=["https://share.1password.eu/s#" + K32], damaged=["https://share.1password.com/s#" + K16, "https://share.1password.com/s", "https://share.lpassword.com/s#" + K32], other=["https://share.1password.com/", "https://1password.com/s#" + K32])
PBIN = b58(raw(32, "pbin"))
kind("privatebin.paste", exact=[f"https://bin.example.net/sub/?{hx(8)}#{PBIN}"], other=[f"https://bin.example.net/?{hx(8)}#{PBIN}A", f"https://bin.example.net/?{hx(7)}#{PBIN}", f"https://bin.example.net/?{hx(8)}"])
kind("excalidraw.room", exact=[f"https://excalidraw.com/#room={hx(10)},{K16}"], damaged=[f"https://excalidraw.com/#room={hx(9)},{K16}", f"https://excalidraw.com/#json=1,{K32}", f"https://excalidraw.com/#room={hx(10)}"], other=["https://excalidraw.com/", f"https://draw.example.com/#room={hx(10)},{K32[:-1]}"])
kind("cryptpad.pad", exact=[f"https://cryptpad.fr/pad/#/2/pad/edit/{b64u(raw(18))}/", f"https://p.example/code/#/2/code/view/{b64u(raw(24))}/p/embed/"], other=["https://cryptpad.fr/pad/#/2/pad/edit/short/", "https://cryptpad.fr/pad/", f"https://p.example/code/#/2/pad/view/{b64u(raw(24))}/"])
kind("send.file", exact=[f"https://s.example.net/download/{hx(8)}#{K16}"], other=[f"https://s.example.net/download/{hx(8)}/#{K32}", f"https://s.example.net/download/{hx(8)}", f"https://s.example.net/downloads/{hx(8)}#{K16}"])
kind("wormholeapp.file", exact=["https://wormhole.app/AbC12#" + K16], damaged=["https://wormhole.app/AbC12#" + K32, "https://worrnhole.app/AbC12#" + K16], other=["https://wormhole.app/", "https://wormhole.app/AbC12"])
kind("ente.album", exact=["https://albums.ente.io/?t=ABC#" + hx(32)], damaged=["https://albums.ente.io/?t=ABC#" + PBIN[:-3], "https://albums.ente.io/?t=ABC"], other=["https://albums.ente.io/", "https://ente.io/?t=ABC#" + PBIN])
kind("filen.file", exact=[f"https://filen.io/d/{UUID}#!{'Ab1' * 10}Cd", f"https://app.filen.io/#/f/{UUID}%23{hx(32)}"], damaged=[f"https://app.filen.io/d/{UUID}", f"https://app.filen.io/d/{UUID}#short", f"https://app.filen.io/d/1234#{hx(32)}"], other=["https://filen.io/", f"https://filen.example/d/{UUID}#{hx(16)}"])
kind("yopass.secret", exact=[f"https://y.example.org/#/f/{UUID}/{'aB3' * 7}d", f"https://yopass.se/#/c/{UUID}"], could_be=[f"https://y.example.org/#/s/{UUID}"], other=[f"https://y.example.org/#/s/{UUID}/short", f"https://y.example.org/#/x/{UUID}/{'aB3' * 7}d"])
kind("dropbox.share", exact=["https://www.dropbox.com/s/abcdefghij12345/a.pdf?dl=0", "https://dropbox.com/scl/fi/abc/a.pdf?rlkey=" + "a1" * 12 + "b"], damaged=["https://www.dropbox.com/scl/fi/abc/a.pdf?rlkey=short", "https://www.dropbox.com/scl/fi/abc/a.pdf", "https://www.dr0pbox.com/scl/fi/abc/a.pdf?rlkey=" + "a1" * 12 + "b"], other=["https://www.dropbox.com/home", "https://www.dropbox.com/s/"])
GD = b64u(raw(24, "gd"))
kind("gdrive.share", exact=[f"https://drive.google.com/drive/folders/{GD}?usp=sharing", f"https://drive.google.com/open?id={GD}", f"https://drive.google.com/drive/u/0/folders/{GD}", f"https://docs.google.com/spreadsheets/u/1/d/{GD}/edit", f"https://drive.google.com/file/d/{GD}/view?resourcekey=0-AbCdEfGh"], damaged=["https://drive.google.com/file/d/short/view", f"https://drive.goog1e.com/file/d/{GD}/view"], other=["https://drive.google.com/drive/my-drive", "https://docs.google.com/document/u/0/", f"https://docs.google.com/forms/d/e/{GD}/viewform"])
kind("onedrive.share", exact=["https://onedrive.live.com/?authkey=%21AB&id=1"], damaged=["https://1drv.ms.example.org/w/s!AB"], other=["https://onedrive.live.com/about", "https://1drv.ms/", "https://onedrive.example/?authkey=1"])
kind("wetransfer.link", exact=["https://we.tl/t-AbCdEf1234"], damaged=["https://we.tl/t-short", "https://we.tI/t-AbCdEf1234".replace("I", "1")], other=["https://we.tl/", "https://wetransfer.com/t-AbCdEf1234"])
kind("nextcloud.share", could_be=["https://c.example.org/nc/index.php/s/aB3dE6gH9jK2mN5"], other=["https://c.example.org/s/aB3dE6gH9jK2mN", "https://c.example.org/s/internationally", "https://c.example.org/s/123456789012345"])
kind("onetimesecret.link", exact=["https://us.onetimesecret.com/secret/abcdefghij0123456789"], damaged=["https://onetimesecret.com/secret/short", "https://0netimesecret.com/secret/abcdefghij0123456789"], other=["https://onetimesecret.com/", "https://onetimesecret.com/private/abcdefghij0123456789"])
kind("wormhole.transfer", exact=["wormhole-transfer:4-hurricane-equipment?version=0&rendezvous=ws%3A%2F%2Fa.example%3A4000&role=leader"], damaged=["wormhole-transfer:hurricane", "wormhole-transfer:4-a-b?role=boss", "wormhole-transfer:"], other=["wormhole:4-hurricane-equipment", "4-hurricane-equipment"])
kind("croc.live", exact=["https://getcroc.com/?code=1234-one-two"], damaged=["https://getcroc.com/?code=12-one-two-three", "https://getcroc.com/?code=1234-One"], other=["https://getcroc.com/", "https://croc.example/?code=1234-one-two-three"])
kind("croc.stored", exact=["https://getcroc.com/s/aBcDeF123456#v1." + K32], could_be=["https://getcroc.com/s/aBcDeF123456#v2." + K32], damaged=["https://getcroc.com/s/aBcDeF123456#v1." + K16, "https://getcroc.com/s/aBcDeF123456", "https://getcroc.com/s/aB#v1." + K32], other=["https://getcroc.com/about", "https://croc.example/s/aBcDeF123456"])
kind("zoom.meeting", exact=["https://example.zoom.us/w/1234567890"], damaged=["https://zoom.us/j/123", "https://zoom.us.example.org/j/91234567890"], other=["https://zoom.us/signin", "https://zoomus.example/j/91234567890"])
kind("teams.meeting", exact=["https://teams.live.com/meet/9312345678901?p=AbC", "https://teams.microsoft.com/meet/123"], damaged=["https://teams.rnicrosoft.com/meet/123"], other=["https://teams.microsoft.com/", "https://teams.microsoft.com/l/channel/19"])
kind("jitsi.meeting", exact=["https://meet.jit.si/team/Room"], damaged=["https://meet.jit.sl/Room"], other=["https://meet.jit.si/", "https://jit.si/Room"])
SHL = lambda **k: b64u(json.dumps(k).encode())
kind("shlink", exact=["https://view.example.org/a#shlink:/" + SHL(url="https://a.example/x", key=K32, exp=1767225600, flag="P"), "SHLINK:/" + SHL(url="https://a.example/x", key=K32)], damaged=["shlink:/" + SHL(url="https://a.example/x", key=K16), "shlink:/" + SHL(url="x", key=K32), "shlink:/" + SHL(key=K32)], other=["shl:/" + SHL(url="https://a.example/x", key=K32), "https://view.example.org/#shlinks:/x"])
kind("shc", exact=[shc("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA"), "shc:/1/2/" + shc("eyJhbGciOiJFUzI1NiJ9.eyJ")[5:]], damaged=["shc:/99", "shc:/123", shc("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0"), "shc:/3/2/0102"], other=["shc:0102", "shx:/0102"])
CWT = lambda tag=18: cbor((tag, [cbor({1: -7}), {}, cbor({1: "XX", 4: 1900000000}), raw(64)]))
kind("hc1", exact=["HC1:" + b45(zlib.compress(CWT())), "HC1:" + b45(CWT())], damaged=["HC1:" + b45(zlib.compress(CWT(17))), "HC1:" + b45(zlib.compress(CWT())[:-3]), "HC1:" + b45(zlib.compress(CWT()))[:-1] + "a", "HC1:A"], other=["HC2:" + b45(CWT()), b45(CWT())])

# --- further forms of sign-in, devices and shares -----------------------------------------

# From tests of zigbee-herdsman and of ZHA.
kind("zigbee.install", exact=["HUE:Z:2E5D2E5F401B82F1A45621A50B551F726101 M:001788010CE5C843 D:H2504 A:2266",
    "Z:4CC206FFFE805E7A$I:560BCC1FF50E704B9BA93A5CA817C35E799F$D:202%B:4CC206805E7A$P:613727%M:1220$F:0024",
    "RB01SG0D8310182648007000000000000000000094DEB8FFFE41F6D6DLKA87710C3E5C332E5327EE532C3C310E5DFE0",
    f"F4CE36D88AB8B6FD|{Z()}"],
    damaged=["HUE:Z:2E5D2E5F401B82F1A45621A50B551F726102 M:001788010CE5C843 D:H2504 A:2266"],
    other=["Z:\\folder\\file.txt", "Z: the last letter", f"F4CE36D88AB8B6FD|{Z()}0", "AB01SG is not a DLK"])
kind("zwave.smartstart", exact=[zwave(DSK, version=0)], could_be=[zwave(DSK, version=2)], other=[zwave(DSK, version=0, damage=1), zwave(DSK, version=2, damage=1)])
# Links from before version 2.0: other field numbers, and www.
kind("meshtastic.channel", exact=["https://www.meshtastic.org/d/#CgUYAyIBAQ"], damaged=["https://www.meshtastic.org/d/#CgUYAyIBAQE"])
kind("matter.setup", other=["MT: Meeting on Tuesday", "MT:5", "MT:103/199:TRANSFER"])
kind("wifi.network", other=["WIFI: CafeGuest", "Wifi: ask at the desk; it is free"])
kind("wifi.dpp", other=["DPP: Data Protection Policy"])
kind("esim.activation", other=["LPA: see the annex"])
kind("mdoc.engagement", other=["mdoc: a macro package for manuals"])
kind("hc1", other=["HC1: a hall on the first floor"])
kind("tresorit.share", damaged=[f"https://web.tresorit.com/l/AbCd#{b64u(raw(16))}", f"https://web.tresorit.com/l/AbCdE#{b64(raw(16))}"])
kind("mega.file", exact=[f"https://mega.nz/embed/AbCdEfGh#{K32}"], damaged=[f"https://mega.nz/file/AbCdEfGh#{K32}/file/IjKlMnOp", f"https://mega.nz/#!AbCdEfGh!{K32}!IjKlMnOp"])
kind("mega.folder", exact=[f"https://mega.nz/folder/AbCdEfGh#{K16}/folder/IjKlMnOp", f"https://mega.nz/#F!AbCdEfGh!{K16}!IjKlMnOp"], damaged=[f"https://mega.nz/folder/AbCdEfGh#{K16}/file/short"], other=[f"https://mega.nz/folder/AbCdEfGh/more#{K16}"])
kind("proton.pass", exact=[f"https://pass.proton.me/s/AbC_1#{K32}"])
kind("bitwarden.send", damaged=[f"https://send.bitwarden.com/#short/{K16}"])
kind("cryptpad.pad", exact=[f"https://cryptpad.fr/file/#/2/file/{b64u(raw(18))}/", f"https://cryptpad.fr/code/#/1/edit/ux7cTLdkhgUoTbMN-NLuvw/SohyLF7Lu6ProATIc-suV662/"], other=[f"https://p.example/app/#/2/app/edit/{b64u(raw(18))}/"])
kind("send.file", damaged=[f"https://send.vis.ee/download/{hx(8)}/#{K32}", f"https://send.vis.ee/download/{hx(7)}/#{K16}"])
kind("wormholeapp.file", other=["https://wormhole.app/about#features"])
kind("yopass.secret", damaged=["https://yopass.se/#/s/1234", "https://yopass.se/#/s/12345678-1234-4234-8234-1234567890ab/short"])
kind("dropbox.share", damaged=["https://www.dropbox.com/s/short/a.pdf"])
kind("nextcloud.share", could_be=["https://c.example.org/s/aB3dE6gH9jK2mN5/download", "https://c.example.org/cloud/s/qnSeLXwsbEtnQOs"], other=["https://drive.google.com/s/aB3dE6gH9jK2mN5", "https://c.example.org/s/aB3dE6gH9jK2mN5#section", "https://c.example.org/s/Internationales"])
kind("wormhole.transfer", damaged=["wormhole-transfer:4-", "wormhole-transfer:four-hurricane-equipment"])
kind("zoom.meeting", exact=["https://app.zoom.us/wc/join/91234567890", "https://app.zoom.us/wc/91234567890/join?pwd=AbC"])
kind("shlink", could_be=["shlink:/" + b64u(json.dumps({"url": "https://a.example/x", "key": K32, "v": 2}).encode())], damaged=["shlink:/" + b64u(json.dumps({"url": "https://a.example/x", "key": K32}).encode())[:-2] + "+/"])

# Each of these fails one check alone.
kind("fido.hybrid", damaged=["FIDO:/+" + "89962132878132862898875319509818655951233947060166026934941652203853844930597225184066237811614893181300344014421205790072080843938838513707157859599106109321447142404"])
kind("nextcloud.login", damaged=["nc://login/server:nohost&user:bo&password:x"])
kind("esim.activation", damaged=["LPA:0$smdp.example.org$ABC", "LPA:1$smdp.example.org$ABC$1.3.6$1$a$b"])
kind("shadowsocks", damaged=["ss://" + b64u(b"aes-256-gcm:") + "@192.0.2.1:8388"])
kind("socks", damaged=["socks5://nohost"])
kind("v2ray", other=["vless:hello", "trojan:horse"])
kind("proton.pass", damaged=[f"https://pass.proton.me/s/a.b#{K32}"])
kind("excalidraw.room", damaged=[f"https://excalidraw.com/#json=a.b,{K16}"])
kind("wormholeapp.file", damaged=[f"https://wormhole.app/a.b#{K16}"])
kind("dropbox.share", damaged=["https://www.dropbox.com/scl/fi/a.b/a.pdf?rlkey=a1a1a1a1a1a1a1a1a1a1a1a1b"])
kind("yopass.secret", exact=["https://y.example.org/app/#/s/12345678-1234-4234-8234-1234567890ab/aB3aB3aB3aB3aB3aB3aB3d"])
kind("croc.live", other=["https://getcroc.com/docs?code=1234-one-two-three"])
kind("shlink", other=["ftp://view.example.org/#shlink:/" + b64u(json.dumps({"url": "https://a.example/x", "key": K32}).encode())])
kind("shc", damaged=["shc:/3/2/567629595326546034602925407728043360291201567629", "shc:/1/2/02", "shc:/567629595326545:346029254077280433602912015676296754063260346029072865030120202020", "shc:/56762959532654603460292540772804336029120156762x"])
kind("mega.folder", exact=[f"https://mega.app/folder/AbCdEfGh#{K16}", f"https://www.mega.nz/folder/AbCdEfGh#{K16}"])
kind("ente.album", exact=[f"https://albums.ente.com/?t=ABC#{b58(raw(32))}"])
kind("bitwarden.send", exact=[f"https://send.bitwarden.eu/#{b64u(raw(16))}/{K16}", f"https://send.bitwarden.com/#/send/{b64u(raw(16))}/{K16}"])
kind("onetimesecret.link", exact=["https://ca.onetimesecret.com/secret/abcdefghij0123456789"])
kind("wormhole.transfer", exact=["wormhole-transfer://4-hurricane-equipment"])
kind("v2ray", exact=["vmess://12345678-1234-4234-8234-1234567890ab@a.example:443?security=tls"], damaged=["vmess://nouuid@a.example:443"])
kind("socks", exact=["socks://" + b64u(b"ada:s3cret-pw") + "@proxy.example.org:1080"])
# Pages that people open.
kind("firefox.pairing", other=["https://accounts.firefox.com/pair"])
kind("bitwarden.send", other=["https://send.bitwarden.com/", "https://send.bitwarden.com/#/"])
kind("mega.file", other=["https://mega.nz/#!"])
kind("zoom.meeting", damaged=["https://us02web.z00m.us/j/91234567890?pwd=AbC", "https://us02web.zoom.us.example.org/j/91234567890"], other=["https://z00m.us/"])
kind("wifi.network", exact=["WIFI:S:" + "x" * 32 + ";;"], damaged=["WIFI:S:" + "x" * 33 + ";;"])
kind("cryptpad.pad", other=["https://p.example/pad/#/2/pad/edit/" + "a1B" * 22 + "/", "https://p.example/pad/#/2/pad/edit/" + "=" * 24 + "/x"])

# --- fallbacks -------------------------------------------------------------------------------

kind("fallback.fragment", could_be=["https://a.example/x#key=" + hx(16), "https://a.example/x#" + b58(raw(16, "fb"))], other=["https://a.example/#/settings/profile", "https://a.example/x#:~:text=" + K32, "https://a.example/x#L10-L20", "https://a.example/wiki#A-Very-Long-Heading-About-2-Things"])
kind("fallback.query", could_be=["https://a.example/x?t=" + K32, "https://a.example/reset/" + K16], other=["https://a.example/x?t=hello", "https://a.example/a-very-long-heading-about-2-things", "https://a.example/commit/" + "3f786850e387550fdab836ed7e6dc881de23001b"])
kind("fallback.key", could_be=[hx(32), raw(32, "raw"), b64(raw(32))], other=[hx(31), hx(33), b64(raw(31))])
kind("fallback.bytes", could_be=[b"\xff\xfe\xfd", raw(33, "raw")], other=[b"plain", "é".encode(), raw(32, "raw")])
kind("jwk.private", exact=[J(kty="RSA", n=b64u(raw(256)), e="AQAB", d=b64u(raw(255, "d"))), J(kty="RSA", n=b64u(raw(256)), e="AQAB", d=b64u(raw(256, "d")))], damaged=[J(kty="RSA", n=b64u(raw(256)), e="AQAB", d=b64u(raw(257, "d")))])
kind("session.recovery", other=["123e4567e89b42d3a456426614174000"])
kind("fallback.query", other=[f"https://a.example/x?{name}=" + K32 for name in ["si", "list", "gclid", "fbclid", "utm_id", "tmeid", "ved", "ei"]], could_be=["https://a.example/x?utm_id=" + K32 + "&t=" + K32])
kind("mega.file", damaged=["https://x@mega.nz/file/AbCdEfGh#" + K32, "https://mega.nz:8443/file/AbCdEfGh#" + K32, "https://mega.nz@mega.nz/file/AbCdEfGh#" + K32], exact=["https://mega.nz:443/file/AbCdEfGh#" + K32])
kind("deltachat.contact", damaged=[f"https://x@i.delta.chat/#{hx(20).upper()}&a=a%40example.org&n=A&i=abcdefghijk&s=abcdefghijk"])
kind("age.identity", exact=[f"# created: 2026-01-02T03:04:05Z\n# public key: {bech32('age', raw(32))}\n{ASK}\n"], damaged=[f"# created: 2026-01-02T03:04:05Z\n{flip(ASK, 40, ABC.upper())}\n"], other=["# created: 2026-01-02T03:04:05Z\n"])
kind("pem.private-key", exact=["Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n" + pem("PRIVATE KEY", PKCS8), J(type="service_account", private_key=pem("PRIVATE KEY", PKCS8))], damaged=[J(type="service_account", private_key=pem("PRIVATE KEY", PKCS8[:-1]))], other=[J(private_key="x"), "They begin with -----BEGIN PRIVATE KEY-----"])
kind("wireguard.config", exact=[WG().replace("[Interface]", "[interface]").replace("[Peer]", "[PEER]")], damaged=[WG(31).replace("[Interface]", "[INTERFACE]")])
PPK = lambda e="none", n=1, end="Private-MAC: 00": f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {e}\nComment: x\nPublic-Lines: 1\n{b64(raw(33))}\nPrivate-Lines: {n}\n{b64(raw(36))}\n{end}\n"
kind("ssh.private-key", exact=[PPK(), PPK("aes256-cbc")], damaged=[PPK(n="x"), PPK(end=""), PPK().split("Private-Lines")[0]], other=["PuTTY-User-Key-File-x: y"])
SET = lambda *keys: J(keys=list(keys))
kind("jwk.private", exact=[SET(dict(kty="OKP", crv="Ed25519", x=b64u(raw(32))), dict(kty="OKP", crv="Ed25519", x=b64u(raw(32)), d=b64u(raw(32, "d")))), SET(dict(kty="oct", k=b64u(raw(32))))], damaged=[SET(dict(kty="OKP", crv="Ed25519", x=b64u(raw(32)), d=b64u(raw(31))))], other=[SET(dict(kty="OKP", crv="Ed25519", x=b64u(raw(32)))), SET(), J(keys="x")])
TWELVE = words("english", raw(16, "bip")).split()
kind("bip39.words", could_be=["\n".join(f"{n}. {word}" for n, word in enumerate(TWELVE, 1)), " ".join(f"{n}) {word}" for n, word in enumerate(TWELVE, 1)), " ".join(f"{n}:{word}" for n, word in enumerate(TWELVE, 1))], damaged=[" ".join(TWELVE[:5] + ["qwert"] + TWELVE[6:])], other=[" ".join(TWELVE[:5] + ["qwert", "asdfg"] + TWELVE[7:])])


for line in LINES:
    print(json.dumps(line, ensure_ascii=False))
print(len(LINES), "lines", file=sys.stderr)
