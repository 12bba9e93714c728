#!/bin/sh
# bundle.sh TARGET: makes TARGET/macos/Keyglance.app of the program that Cargo built in
# TARGET/release. macOS lets a program use the camera only if its bundle says what for.
#
# What is not there elsewhere than on a Mac, the icon's format and the signature, is left
# out and named. To hand the bundle to others, sign it with a certificate of your own in
# IDENTITY and have it notarised.
set -eu
cd "$(dirname "$0")/../.."

target=$1
app=$target/macos/Keyglance.app
app_id=$(cat dist/app-id)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp "$target/release/keyglance" "$app/Contents/MacOS/keyglance"
cp LICENSE-APACHE LICENSE-MIT "$app/Contents/Resources/"
[ ! -e "$target/phone/SHA256SUMS" ] || cp -R "$target/phone" "$app/Contents/Resources/phone"
sed -e "s/@APP_ID@/$app_id/g" -e "s/@VERSION@/$version/g" dist/macos/Info.plist.in >"$app/Contents/Info.plist"

if command -v iconutil >/dev/null; then
	icons=$target/macos/keyglance.iconset
	rm -rf "$icons"
	mkdir -p "$icons"
	for size in 16 32 128 256 512; do
		cp "dist/icons/$size.png" "$icons/icon_${size}x$size.png"
		twice=dist/icons/$((2 * size)).png
		[ ! -f "$twice" ] || cp "$twice" "$icons/icon_${size}x$size@2x.png"
	done
	iconutil --convert icns --output "$app/Contents/Resources/keyglance.icns" "$icons"
	rm -rf "$icons"
else
	echo "skipped: iconutil not found (the icon)"
fi

# Without any signature an arm64 Mac starts no program; "-" is nobody's.
if command -v codesign >/dev/null; then
	codesign --force --options runtime --entitlements dist/macos/entitlements.plist --sign "${IDENTITY:--}" "$app"
else
	echo "skipped: codesign not found (the signature)"
fi
echo "$app"
