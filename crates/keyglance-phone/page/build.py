#!/usr/bin/env python3
"""Makes the page of one module: python3 build.py WASM OUTDIR [COMPILER].

Writes OUTDIR/{index.html, sw.js, manifest.webmanifest, icon-192.png, icon-512.png,
SHA256SUMS}. The same input gives the same bytes. COMPILER is the version of what made
the module; it stands in SHA256SUMS. Needs the standard library only.
"""

import base64
import gzip
import hashlib
import json
import pathlib
import re
import struct
import sys
import zlib

PAGE = pathlib.Path(__file__).resolve().parent
# Most bytes of index.html as a server sends it.
LIMIT = 600_000
# In this order, as one closure.
SCRIPTS = [
    "words.js",
    "module.js",
    "screen.js",
    "draw.js",
    "camera.js",
    "pair.js",
    "compare.js",
    "key.js",
    "use.js",
    "files.js",
    "about.js",
    "main.js",
]


def packed(data: bytes) -> bytes:
    """gzip without a date and without the compressing system's name."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body.compress(data) + body.flush() + tail


def without_comments(text: str) -> str:
    """Without comments and indentation that fill lines of their own."""
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def hash_of(text: str) -> str:
    """As a content policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def page(wasm: bytes) -> str:
    """index.html with everything in it."""
    template = (PAGE / "index.html").read_text(encoding="utf-8")
    style = without_comments((PAGE / "style.css").read_text(encoding="utf-8"))
    parts = [without_comments((PAGE / name).read_text(encoding="utf-8")) for name in SCRIPTS]
    script = "(()=>{'use strict';\n" + "\n".join(parts) + "\n})();"
    # The page reckons its own hash of these.
    values = {
        "__WASM__": base64.b64encode(packed(wasm)).decode(),
        "__TEMPLATE__": json.dumps(template, ensure_ascii=False)[1:-1].replace("</", "<\\/"),
    }
    for name, value in values.items():
        quoted = f"'{name}'"
        if script.count(quoted) != 1:
            raise SystemExit(f"build.py: {quoted} must be in the scripts once")
        mark = "'" if name == "__WASM__" else '"'
        script = script.replace(quoted, mark + value + mark)
    for text, end in ((script, "</script"), (style, "</style")):
        if end in text.lower() or "<!--" in text:
            raise SystemExit(f"build.py: {end} or <!-- would end the element")
    for name, value in {
        "SCRIPT_HASH": hash_of(script),
        "STYLE_HASH": hash_of(style),
        "STYLE": style,
        "SCRIPT": script,
    }.items():
        template = template.replace("{{" + name + "}}", value, 1)
    return template


def main() -> None:
    if len(sys.argv) not in (3, 4):
        raise SystemExit("usage: build.py WASM OUTDIR [COMPILER]")
    wasm = pathlib.Path(sys.argv[1]).read_bytes()
    if wasm[:4] != b"\0asm":
        raise SystemExit(f"build.py: {sys.argv[1]} is no WebAssembly module")
    out = pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    files = {"index.html": page(wasm).encode()}
    for name in ("sw.js", "manifest.webmanifest", "icon-192.png", "icon-512.png"):
        files[name] = (PAGE / name).read_bytes()
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    compiler = f"# compiler: {' '.join(sys.argv[3].split())}\n" if len(sys.argv) == 4 else ""
    # Another zlib may pack the same module into other bytes.
    compiler += f"# zlib: {zlib.ZLIB_RUNTIME_VERSION}\n"
    files["SHA256SUMS"] = (compiler + "".join(sums)).encode()
    for name, data in files.items():
        (out / name).write_bytes(data)
    index = files["index.html"]
    size = len(gzip.compress(index, 9, mtime=0))
    print(f"sha256 {hashlib.sha256(index).hexdigest()}")
    print(f"index.html {len(index)} bytes, {size} gzipped, module {len(wasm)} bytes")
    if size > LIMIT:
        raise SystemExit(f"build.py: {size} bytes gzipped are more than {LIMIT}")


if __name__ == "__main__":
    main()
