#!/bin/sh
# wasm.sh TARGET: builds keyglance-phone for wasm32-unknown-unknown and prints the path of
# the file. TARGET is Cargo's folder of results. The same sources and compiler give the same
# bytes in every folder. Exit status 2 where no compiler is to be had.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
mkdir -p "$1"
target=$(cd "$1" && pwd -P)
rustc=$(sh "$here/compiler.sh" "$target/wasm-toolchain")
cd "$here/../../.."
export CARGO_TARGET_DIR="$target" RUSTC="$rustc"
flags=$(sh dist/rustflags)
build_std=
if [ "$rustc" = "$target/wasm-toolchain/rustc-web" ]; then
	# It brings std as source only, which Cargo builds for nightly compilers alone, and no
	# linker: that of the rustc that is installed, or else Debian's, has the same options.
	sysroot=$(rustc --print sysroot 2>/dev/null || true)
	lld=$([ -z "$sysroot" ] || find "$sysroot" -name rust-lld -type f | head -n 1)
	lld=${lld:-$(command -v lld || true)}
	[ -n "$lld" ] || { echo "skipped: lld not found" >&2; exit 2; }
	export RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$lld"
	build_std="-Z build-std=std,panic_abort"
	# Words about a panic that nobody reads are a third of the file.
	flags=$flags$(printf '\037')-Zunstable-options$(printf '\037')-Cpanic=immediate-abort
fi
# shellcheck disable=SC2086 # two arguments
CARGO_ENCODED_RUSTFLAGS="$flags" ${CARGO:-cargo} rustc --locked --quiet --package keyglance-phone \
	--profile page --crate-type cdylib --target wasm32-unknown-unknown $build_std \
	-- -C link-arg=--strip-all >&2
echo "$target/wasm32-unknown-unknown/page/keyglance_phone.wasm"
