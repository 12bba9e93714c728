"""Every export of the published pairings, by the documents alone.

Prints assets/key-file.vectors.json. Python's standard library only, and no
code of the program's: a second opinion, not a copy.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import urllib.parse


def published(name):
    return json.loads((pathlib.Path(__file__).parent / name).read_text())["cases"][0]


# One of each suite. What does not say which is of the first.
PAIRING, POST_QUANTUM = published("pairing.json"), published("pairing-suite2.json")
SUITES = {1: "Noise_XX_25519_ChaChaPoly_SHA256", 2: "Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256"}
CREATED = "2026-11-23T04:00:00Z"
SERVICE_KEY = bytes(range(32))


def export(label, purpose="", length=32, pairing=PAIRING):
    """HKDF-Expand (RFC 5869, 2.3) over the label and the purpose's hash."""
    name = b"keyglance/1 " + label.encode()
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name
    info += b"\x20" + hashlib.sha256(purpose.encode()).digest()
    exporter, output, block = bytes.fromhex(pairing["exporter"]), b"", b""
    while len(output) < length:
        counter = bytes([len(output) // 32 + 1])
        block = hmac.new(exporter, block + info + counter, hashlib.sha256).digest()
        output += block
    return output[:length]


def x25519(secret, point=9):
    """RFC 7748, section 5. Not in constant time: the secrets are published."""
    prime = 2**255 - 19
    scalar = int.from_bytes(secret, "little") & ~7 & (2**255 - 1) | 2**254
    x2, z2, x3, z3, swapped = 1, 0, point, 1, 0
    for at in reversed(range(255)):
        bit = scalar >> at & 1
        if bit ^ swapped:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        plus, minus = x2 + z2, x2 - z2
        difference = plus**2 - minus**2
        cross, other = (x3 - z3) * plus, (x3 + z3) * minus
        x3, z3 = (cross + other) ** 2 % prime, point * (cross - other) ** 2 % prime
        z2 = difference * (plus**2 + 121665 * difference) % prime
        x2 = plus**2 * minus**2 % prime
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, prime - 2, prime) % prime).to_bytes(32, "little")


def ml_kem_768_public(d):
    """The encapsulation key of d (FIPS 203, algorithm 13); z has no part in it."""
    prime = 3329
    reverse = lambda number: int(f"{number:07b}"[::-1], 2)

    def ntt(f):
        """Algorithm 9."""
        step = 1
        for length in [128, 64, 32, 16, 8, 4, 2]:
            for start in range(0, 256, 2 * length):
                zeta, step = pow(17, reverse(step), prime), step + 1
                for at in range(start, start + length):
                    term = zeta * f[at + length]
                    f[at], f[at + length] = (f[at] + term) % prime, (f[at] - term) % prime
        return f

    def product(f, g):
        """Algorithms 11 and 12."""
        h = []
        for at in range(0, 256, 2):
            gamma = pow(17, 2 * reverse(at // 2) + 1, prime)
            h.append(f[at] * g[at] + f[at + 1] * g[at + 1] * gamma)
            h.append(f[at] * g[at + 1] + f[at + 1] * g[at])
        return h

    def uniform(seed):
        """Algorithm 7: 12 bits at a time, those below the prime."""
        stream = int.from_bytes(hashlib.shake_128(seed).digest(1536), "little")
        numbers = [stream >> at & 4095 for at in range(0, 12288, 12)]
        return [number for number in numbers if number < prime][:256]

    def binomial(seed):
        """Algorithm 8, with eta 2."""
        stream = int.from_bytes(hashlib.shake_256(seed).digest(128), "little")
        nibbles = [stream >> at & 15 for at in range(0, 1024, 4)]
        return [(n & 1) + (n >> 1 & 1) - (n >> 2 & 1) - (n >> 3) for n in nibbles]

    seeds = hashlib.sha3_512(d + b"\x03").digest()
    rho, sigma = seeds[:32], seeds[32:]
    secret = [ntt(binomial(sigma + bytes([n]))) for n in range(3)]
    encoded = b""
    for row in range(3):
        total = ntt(binomial(sigma + bytes([3 + row])))
        for column in range(3):
            terms = product(uniform(rho + bytes([column, row])), secret[column])
            total = [(one + other) % prime for one, other in zip(total, terms)]
        packed = sum(number << 12 * at for at, number in enumerate(total))
        encoded += packed.to_bytes(384, "little")
    return encoded + rho


def bech32(prefix, data):
    """BIP 173, without its limit on the length."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    groups = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for group in expanded + groups + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ group
        for at, term in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            check ^= term if top >> at & 1 else 0
    check ^= 1
    groups += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(letters[group] for group in groups)


def b64(data):
    return base64.b64encode(data).decode()


def url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def b32(data):
    return base64.b32encode(data).decode().rstrip("=")


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def pem(kind, data):
    return f"-----BEGIN {kind}-----\n{b64(data)}\n-----END {kind}-----\n"


def key_id(pairing):
    return export("key-id", length=8, pairing=pairing).hex()


def key_file(role, pairing=PAIRING):
    other = {"initiator": "responder", "responder": "initiator"}[role]
    party = lambda role: {
        "name": pairing[role]["name"],
        "public_key": url(x25519(bytes.fromhex(pairing[role]["static_secret"]))),
    }
    number = pairing["safety_number"]
    return {
        "format": "keyglance-shared-key",
        "version": 1,
        "key_id": key_id(pairing),
        "suite": SUITES[pairing["suite"]],
        "role": role,
        "created": CREATED,
        "local": party(role),
        "peer": party(other),
        "verified": {"method": "none"},
        "safety_number": " ".join(number[at : at + 5] for at in range(0, 60, 5)),
        "exporter": url(bytes.fromhex(pairing["exporter"])),
    }


def age_pq():
    """C2SP age.md: the seed is expanded to d, z and an X25519 secret."""
    seed = export("age-mlkem768x25519", pairing=POST_QUANTUM)
    expanded = hashlib.shake_256(seed).digest(96)
    recipient = bech32("age1pq", ml_kem_768_public(expanded[:32]) + x25519(expanded[64:]))
    return recipient, bech32("age-secret-key-pq-", seed).upper()


def sealed_files():
    blocks = ""
    for role in ["initiator", "responder"]:
        identity = bech32("age-secret-key-", export(f"seal-from-{role}")).upper()
        blocks += f"# created: {CREATED}\n# sealed by the {role}\n{identity}\n"
    return blocks


def onion(key):
    """rend-spec-v3, section 6."""
    checksum = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return b32(key + checksum + b"\x03").lower()


def words(secret):
    """BIP 39."""
    listed = (pathlib.Path(__file__).parents[2] / "assets/words.txt").read_text().split()
    checked = int.from_bytes(secret + hashlib.sha256(secret).digest()[:1], "big")
    checked >>= 8 - len(secret) // 4
    count = len(secret) * 3 // 4
    return " ".join(listed[checked >> 11 * at & 2047] for at in reversed(range(count)))


def git_crypt():
    """git-crypt's key.cpp: fields of a number, a length and a value."""
    keys, number = export("git-crypt", length=96), lambda value: value.to_bytes(4, "big")
    file = b"\0GITCRYPTKEY" + number(2) + number(0) + number(1) + number(4) + number(0)
    file += number(3) + number(32) + keys[:32] + number(5) + number(64) + keys[32:]
    return file + number(0)


def aes256(key, block):
    """FIPS 197. Not in constant time: the key is published with rclone."""
    double = lambda byte: (byte << 1 ^ 0x11B) if byte & 0x80 else byte << 1
    power, logarithm, value = [], {}, 1
    for exponent in range(255):
        power.append(value)
        logarithm[value] = exponent
        value ^= double(value)
    inverse = lambda byte: power[-logarithm[byte] % 255] if byte else 0
    turned = lambda byte, by: (byte << by | byte >> 8 - by) & 0xFF
    box = []
    for byte in range(256):
        byte = inverse(byte)
        box.append(byte ^ turned(byte, 1) ^ turned(byte, 2) ^ turned(byte, 3) ^ turned(byte, 4) ^ 0x63)
    columns, constant = [list(key[at : at + 4]) for at in range(0, 32, 4)], 1
    for at in range(8, 60):
        column = columns[-1]
        if at % 8 == 0:
            column = [box[byte] for byte in column[1:] + column[:1]]
            column[0], constant = column[0] ^ constant, double(constant)
        elif at % 8 == 4:
            column = [box[byte] for byte in column]
        columns.append([one ^ other for one, other in zip(column, columns[at - 8])])
    keys = [sum(columns[at : at + 4], []) for at in range(0, 60, 4)]
    state = [one ^ other for one, other in zip(block, keys[0])]
    for number, round_key in enumerate(keys[1:], 1):
        state = [box[state[(at + at % 4 * 4) % 16]] for at in range(16)]
        if number < 14:
            mixed = []
            for at in range(0, 16, 4):
                a = state[at : at + 4]
                for row in range(4):
                    one, two = a[row], a[(row + 1) % 4]
                    mixed.append(double(one) ^ double(two) ^ two ^ a[(row + 2) % 4] ^ a[(row + 3) % 4])
            state = mixed
        state = [one ^ other for one, other in zip(state, round_key)]
    return bytes(state)


assert aes256(bytes(range(32)), bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == (
    "8ea2b7ca516745bfeafc49904b496089"
), "FIPS 197, C.3"


def obscured(password, vector):
    """rclone's fs/config/obscure: AES-256 in counter mode under a published key."""
    key = bytes.fromhex("9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638")
    counter, stream = int.from_bytes(vector, "big"), b""
    for block in range(-(-len(password) // 16)):
        stream += aes256(key, ((counter + block) % 2**128).to_bytes(16, "big"))
    return url(vector + bytes(one ^ other for one, other in zip(password, stream)))


def rclone(remote):
    vectors = export("rclone-iv")
    password = obscured(url(export("rclone-password")).encode(), vectors[:16])
    password2 = obscured(url(export("rclone-password2")).encode(), vectors[16:])
    return (
        f"[keyglance]\ntype = crypt\nremote = {remote}\n"
        f"password = {password}\npassword2 = {password2}\n"
    )


def strongswan(identities=()):
    lines = "".join(f"        id-{at} = {name}\n" for at, name in enumerate(identities, 1))
    return (
        f"secrets {{\n    ike-keyglance {{\n{lines}        secret = 0s{b64(export('ike-psk'))}\n    }}\n"
        f"    ppk-keyglance {{\n        id = keyglance\n        secret = 0s{b64(export('ike-ppk'))}\n"
        "    }\n}\n"
    )


def totp(role):
    other = {"initiator": "responder", "responder": "initiator"}[role]
    peer = PAIRING[other]["name"]
    text = ""
    for label, whose in [(f"I say to {peer}", role), (f"{peer} says to me", other)]:
        secret = b32(export(f"totp-{whose}", length=20))
        text += f"otpauth://totp/Keyglance:{urllib.parse.quote(label, safe='')}?secret={secret}"
        text += "&issuer=Keyglance&algorithm=SHA1&digits=6&period=30\n"
    return text


def wireguard(role):
    labels = ["wireguard-initiator", "wireguard-responder"]
    own, peer = labels if role == "initiator" else reversed(labels)
    one, two = (1, 2) if role == "initiator" else (2, 1)
    return (
        f"[Interface]\nAddress = 10.66.0.{one}/32\nListenPort = 51820\n"
        f"PrivateKey = {b64(export(own))}\n\n[Peer]\n# {key_file(role)['peer']['name'].replace(' ', '-')}\n"
        f"PublicKey = {b64(x25519(export(peer)))}\nPresharedKey = {b64(export('wireguard-psk'))}\n"
        f"AllowedIPs = 10.66.0.{two}/32\nEndpoint = 192.0.2.{two}:51820\nPersistentKeepalive = 25\n"
    )


def keyx():
    key = export("keepassxc")
    digits = key.hex().upper()
    groups = [digits[at : at + 8] for at in range(0, 64, 8)]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<KeyFile>\n\t<Meta>\n\t\t<Version>2.0</Version>\n'
        f'\t</Meta>\n\t<Key>\n\t\t<Data Hash="{hashlib.sha256(key).hexdigest()[:8].upper()}">\n'
        f"\t\t\t{' '.join(groups[:4])}\n\t\t\t{' '.join(groups[4:])}\n\t\t</Data>\n\t</Key>\n</KeyFile>\n"
    )


def openvpn():
    digits = export("openvpn-static", length=256).hex()
    lines = "".join(digits[at : at + 32] + "\n" for at in range(0, 512, 32))
    return f"-----BEGIN OpenVPN Static key V1-----\n{lines}-----END OpenVPN Static key V1-----\n"


def wifi(ssid):
    letters = b32(export("wifi", length=15)).lower()
    return f"WIFI:T:WPA;S:{ssid};P:{'-'.join(letters[at : at + 4] for at in range(0, 24, 4))};;"


def meshtastic(name):
    settings = b"\x12\x20" + export("meshtastic") + b"\x1a" + bytes([len(name)]) + name
    return "https://meshtastic.org/e/?add=true#" + url(b"\x0a" + bytes([len(settings)]) + settings)


def jwk():
    key = url(export("jwk-oct"))
    thumbprint = hashlib.sha256(compact({"k": key, "kty": "oct"}).encode()).digest()
    return compact({"kty": "oct", "k": key, "kid": url(thumbprint), "alg": "A256GCM", "use": "enc"})


def tink():
    number = int.from_bytes(export("tink-key-id", length=4), "big") or 1
    data = {
        "typeUrl": "type.googleapis.com/google.crypto.tink.AesGcmKey",
        "value": b64(b"\x1a\x20" + export("tink-aes-gcm")),
        "keyMaterialType": "SYMMETRIC",
    }
    key = {"keyData": data, "status": "ENABLED", "keyId": number, "outputPrefixType": "TINK"}
    return compact({"primaryKeyId": number, "key": [key]})


def files():
    both = ["initiator", "responder"]

    def file(target, text, public=None, sides=both, pairing=PAIRING, **choices):
        return {
            "target": target,
            "key_id": key_id(pairing),
            "sides": sides,
            "choices": {name.replace("_", "-"): value for name, value in choices.items()},
            **({"text": text} if isinstance(text, str) else {"bytes": text.hex()}),
            "public": public,
        }

    recipient = bech32("age", x25519(export("age-x25519")))
    identity = bech32("age-secret-key-", export("age-x25519")).upper()
    pq_recipient, pq_identity = age_pq()
    secret = export("pem-x25519")
    public = bytes.fromhex("302a300506032b656e032100") + x25519(secret)
    auth = export("tor-client-auth")
    tunnel = dict(own_devices="yes")
    service = onion(SERVICE_KEY)
    return [
        file("age", f"# created: {CREATED}\n# public key: {recipient}\n{identity}\n", recipient + "\n"),
        file(
            "age-pq",
            f"# created: {CREATED}\n# public key: {pq_recipient}\n{pq_identity}\n",
            pq_recipient + "\n",
            pairing=POST_QUANTUM,
        ),
        file("sealed-files", sealed_files()),
        file("passphrase", url(export("passphrase"))),
        file("words", words(export("words", length=16))),
        file("words", words(export("words")), words="24"),
        file("git-crypt", git_crypt()),
        file("rclone", rclone("cloud:shared"), remote="cloud:shared"),
        file("syncthing-folder", url(export("syncthing-folder"))),
        file("strongswan", strongswan()),
        file("strongswan", strongswan(["ana@example.org", "bo@example.org"]), id="ana@example.org, bo@example.org"),
        file("esphome", f'api:\n  encryption:\n    key: "{b64(export("esphome-api"))}"\n'),
        file(
            "meshcore",
            f"meshcore://channel/add?name=Berg%20%C3%9F&secret={export('meshcore', length=16).hex()}",
            channel="Berg \u00df",
        ),
        file("meshtastic-psk", "base64:" + b64(export("meshtastic"))),
        file("totp", totp("initiator"), sides=both[:1]),
        file("totp", totp("responder"), sides=both[1:]),
        file("keepassxc", keyx()),
        file("wireguard", wireguard("initiator"), sides=both[:1], endpoint="192.0.2.2:51820", **tunnel),
        file("wireguard", wireguard("responder"), sides=both[1:], endpoint="192.0.2.1:51820", **tunnel),
        file("wireguard-psk", b64(export("wireguard-psk")) + "\n"),
        file("openvpn", openvpn()),
        file("tls-psk", f"pair:{export('tls-psk').hex()}\n"),
        file("tor-client-auth", f"{service}:descriptor:x25519:{b32(auth)}", onion=service + ".onion"),
        file("tor-service-auth", f"descriptor:x25519:{b32(x25519(auth))}"),
        file("wifi", wifi("Keyglance guest")),
        file("wifi", wifi("Ana\\\\Bo\\; 5\\:\\\"\\,"), ssid='Ana\\Bo; 5:",'),
        file("meshtastic", meshtastic(b"Keyglance")),
        file("meshtastic", meshtastic(b"Hut"), channel="Hut"),
        file("sqlcipher", f"x'{export('sqlcipher').hex()}'"),
        file("jwk", jwk()),
        file("tink", tink()),
        file("paseto", "k4.local." + url(export("paseto-v4-local"))),
        file(
            "pem-x25519",
            pem("PRIVATE KEY", bytes.fromhex("302e020100300506032b656e04220420") + secret),
            pem("PUBLIC KEY", public),
        ),
        file("hex", export("raw").hex() + "\n"),
        file("base64", b64(export("raw")) + "\n"),
    ]


def derivations():
    wanted = [("raw", "", 32), ("raw", "office", 32), ("raw", "B\u00fcro", 32), ("key-id", "", 8)]
    wanted += [("wireguard-psk", "office", 32), ("wifi", "", 15), ("openvpn-static", "", 256)]
    wanted = [(PAIRING, *rest) for rest in wanted] + [(POST_QUANTUM, "raw", "office", 32)]
    wanted += [(POST_QUANTUM, "age-mlkem768x25519", "", 32)]
    return [
        {
            "key_id": key_id(pairing),
            "label": label,
            "purpose": purpose,
            "length": length,
            "output": export(label, purpose, length, pairing).hex(),
        }
        for pairing, label, purpose, length in wanted
    ]


for pairing in [PAIRING, POST_QUANTUM]:
    for known in pairing["exports"]:
        output = export(known["label"], known["context"], known["length"], pairing)
        assert output.hex() == known["output"]
vectors = {
    "key_files": [
        key_file(role, pairing)
        for pairing in [PAIRING, POST_QUANTUM]
        for role in ["initiator", "responder"]
    ],
    "derivations": derivations(),
    "files": files(),
}
print(json.dumps(vectors, indent=1))
