#!/bin/sh
# page.sh TARGET: makes TARGET/phone/, the page for phones with all that it needs, and says
# its hash and how large it is as a server sends it. TARGET is Cargo's folder of results.
# Exit status 2, and one sentence, where what makes it is not to be had.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
command -v python3 >/dev/null || { echo "skipped: python3 not found" >&2; exit 2; }
wasm=$(sh "$here/wasm.sh" "$1")
compiler=$("$(sh "$here/compiler.sh" "$1/wasm-toolchain")" --version)
python3 "$here/../page/build.py" "$wasm" "$1/phone" "$compiler"
cat "$1/phone/SHA256SUMS"
echo "$(gzip -9 -n -c "$1/phone/index.html" | wc -c) bytes gzipped"
