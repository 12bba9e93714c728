#!/bin/sh
# run.sh TARGET [PROGRAM]: tests the phone page that is built in TARGET/phone.
#
# PROGRAM is a keyglance to pair with. KEYGLANCE_PHONE_TESTS names some of the files, such
# as "library look", instead of all. Everything is written to TARGET/phone-tests, pictures
# of the screens included. What is missing is skipped by its name.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: run.sh TARGET [PROGRAM]" >&2; exit 2; }
mkdir -p "$1/phone-tests"
target=$(cd "$1" && pwd)
work=$target/phone-tests
program=${2:-}
[ -z "$program" ] || program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

for needed in node npm; do
	command -v "$needed" >/dev/null || { echo "skipped: $needed not found"; exit 0; }
done
[ -f "$target/phone/index.html" ] || { echo "no page in $target/phone: build it with make phone" >&2; exit 2; }
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || echo "skipped: chromium not found"
if [ -n "$program" ] && [ ! -x "$program" ]; then
	echo "no program: $program" >&2
	exit 2
fi
[ -n "$program" ] || echo "skipped: keyglance not found"

# The checkout stays clean: packages are installed beside a copy of the tests.
rm -rf "$work/tests" "$work/pictures"
mkdir -p "$work/tests" "$work/pictures"
cp -R "$here/." "$work/tests/"
if ! cmp -s "$here/package-lock.json" "$work/installed.json" || [ ! -d "$work/node_modules" ]; then
	cp "$here/package.json" "$here/package-lock.json" "$work/"
	if ! npm ci --prefix "$work" --silent --no-audit --no-fund --ignore-scripts; then
		echo "skipped: JavaScript's packages could not be installed"
		exit 0
	fi
	cp "$here/package-lock.json" "$work/installed.json"
fi

KEYGLANCE_SOURCE=$(cd "$here/../../../.." && pwd)
KEYGLANCE_PHONE_PAGE=$target/phone
KEYGLANCE_PHONE_WORK=$work
KEYGLANCE_PROGRAM=$program
export CHROMIUM KEYGLANCE_SOURCE KEYGLANCE_PHONE_PAGE KEYGLANCE_PHONE_WORK KEYGLANCE_PROGRAM

failed=
began=$(date +%s)
for name in ${KEYGLANCE_PHONE_TESTS:-library hostile build types pairing phones screens offline look}; do
	case $name in
	library | hostile | build | types) ;;
	*) [ -n "$CHROMIUM" ] || continue ;;
	esac
	start=$(date +%s)
	(cd "$work/tests" && node --test "$name.test.mjs") || failed="$failed $name"
	echo "$name: $(($(date +%s) - start)) s"
done
echo "all: $(($(date +%s) - began)) s"
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
