#!/bin/sh
# compiler.sh DIR: prints the path of a rustc that builds for wasm32-unknown-unknown.
# Where the rustc that is installed has that target's library: that one. Else Debian's
# rustc-web, which cannot be installed beside another rustc but can be unpacked: under
# DIR, nothing is installed. Exit status 2 where neither is to be had.
set -eu

libdir=$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null || true)
if [ -n "$libdir" ] && ls "$libdir"/libstd-*.rlib >/dev/null 2>&1; then
	command -v rustc
	exit 0
fi

mkdir -p "$1"
dir=$(cd "$1" && pwd)
rustc=$dir/rustc-web
if [ -x "$rustc" ] && "$rustc" --version >/dev/null 2>&1; then
	echo "$rustc"
	exit 0
fi

missing() {
	echo "skipped: no compiler for wasm32 found" >&2
	exit 2
}
command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || missing
# The compiler, the libraries it is linked with, and the source of std, which has no
# package that is compiled for wasm32.
needed=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
	--no-breaks --no-replaces --no-enhances rustc-web 2>/dev/null |
	grep -oE '^(rustc-web|libstd-rust-web[-.0-9a-z]*|libllvm[0-9]+)$' | sort -u)
[ -n "$needed" ] || missing
mkdir -p "$dir/packages"
cd "$dir/packages"
for package in $needed rust-web-src; do
	ls "$package"_*.deb >/dev/null 2>&1 || apt-get download -q "$package" >&2 || missing
done
for package in *.deb; do dpkg -x "$package" "$dir/root"; done
lib=$(echo "$dir"/root/usr/lib/*-linux-gnu)
printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$lib" "$dir/root/usr/bin/rustc" >"$rustc"
chmod +x "$rustc"
"$rustc" --version >/dev/null || missing
echo "$rustc"
