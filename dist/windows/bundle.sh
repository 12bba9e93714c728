#!/bin/sh
# bundle.sh TARGET: builds both programs for Windows, with icon and manifest, and lays in
# TARGET/windows what is handed on: keyglance.exe for consoles, and keyglance-window.exe,
# which opens the window without one. On Windows in the shell that comes with Git;
# elsewhere for the target in BUILD_TARGET.
#
# The resources are linked in here and by no build script, which every build on every
# system would have to compile first.
set -eu
cd "$(dirname "$0")/../.."

target=$1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
made=$target/windows
rm -rf "$made"
mkdir -p "$made"
made=$(cd "$made" && pwd)

sed -e "s/@VERSION@/$version/g" -e "s/@NUMBERS@/$(echo "$version" | sed 's/-.*//; s/\./,/g'),0/g" \
	dist/windows/keyglance.rc.in >"$made/keyglance.rc"
# By the kind of linker that Rust calls: Microsoft's takes .res files, the others objects.
case ${BUILD_TARGET:-$(rustc -vV | sed -n 's/^host: //p')} in
*-msvc)
	resource=$made/keyglance.res
	llvm-rc /FO "$resource" /I . "$made/keyglance.rc" || rc.exe -nologo -fo "$resource" "$made/keyglance.rc"
	;;
*)
	resource=$made/keyglance.o
	windres=x86_64-w64-mingw32-windres
	command -v $windres >/dev/null || windres=windres
	$windres --codepage 65001 --include-dir . --input "$made/keyglance.rc" --output "$resource"
	;;
esac
# Programs of Windows know paths of Windows only.
if command -v cygpath >/dev/null; then
	resource=$(cygpath -m "$resource")
fi

flags=$(sh dist/rustflags)
for program in keyglance keyglance-window; do
	CARGO_ENCODED_RUSTFLAGS=$flags "${CARGO:-cargo}" rustc --release --locked --target-dir "$target" ${BUILD_TARGET:+--target "$BUILD_TARGET"} \
		--features launcher --bin $program -- -C "link-arg=$resource"
	cp "$target/${BUILD_TARGET:+$BUILD_TARGET/}release/$program.exe" "$made/"
done
cp LICENSE-APACHE LICENSE-MIT "$made/"
[ ! -e "$target/phone/SHA256SUMS" ] || cp -R "$target/phone" "$made/"
rm "$made/keyglance.rc" "$resource"
echo "$made"
