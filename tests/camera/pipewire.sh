#!/bin/sh
# Pairs through a camera that PipeWire has, with a PipeWire, a session and a portal of its
# own: nothing of the desktop that it is started on is used.
#
#   pipewire.sh PROGRAM HELPER CAMERA
set -u
program=$(readlink -f "$1")
helper=$(readlink -f "$2")
drawn=$(readlink -f "$3")
here=$(cd "$(dirname "$0")" && pwd)

for needed in dbus-daemon pipewire wireplumber; do
    command -v $needed > /dev/null || { echo "skipped: $needed not found"; exit 0; }
done
# The system's Python has it, which need not be the first of PATH.
python=
for candidate in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! $candidate -c 'import gi' 2> /dev/null || python=$candidate
done
[ -n "$python" ] || { echo "skipped: python3-gi not found"; exit 0; }

folder=$(mktemp -d)
started=
finish() {
    for process in $started; do
        kill "$process" 2> /dev/null
    done
    wait 2> /dev/null
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM
begin() { # LOG COMMAND…
    log=$1
    shift
    "$@" > "$log" 2>&1 < /dev/null &
    begun=$!
    started="$started $begun"
}
cd "$folder" || exit 1
mkdir -m 700 run bin
ln -s "$program" bin/keyglance
# The helper is looked for in PATH; without it there is no such camera.
without=$PATH
with=$folder/bin:$PATH
export HOME="$folder" XDG_RUNTIME_DIR="$folder/run"
unset DISPLAY WAYLAND_DISPLAY PIPEWIRE_REMOTE XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME

failures=0
check() { # NAME COMMAND…
    name=$1
    shift
    if "$@" > check.log 2>&1; then
        echo "passed: $name"
    else
        echo "FAILED: $name"
        sed 's/^/    /' check.log
        failures=$((failures + 1))
    fi
}
within() { # SECONDS COMMAND…
    left=$((5 * $1))
    shift
    until "$@" > within.log 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || { cat within.log; return 1; }
        sleep 0.2
    done
}
fails_with() { # CODE PATTERN COMMAND…
    code=$1
    pattern=$2
    shift 2
    "$@" > fails.log 2>&1 < /dev/null
    ended=$?
    [ $ended -eq "$code" ] && grep -q -- "$pattern" fails.log || { echo "$ended"; cat fails.log; return 1; }
}
says() { # PATTERN FILE
    grep -q -- "$1" "$2" || { tail -n 5 "$2"; return 1; }
}

dbus-daemon --session --nofork --print-address=3 3> address > dbus.log 2>&1 &
started="$started $!"
within 10 test -s address
DBUS_SESSION_BUS_ADDRESS=$(cat address)
export DBUS_SESSION_BUS_ADDRESS
begin pipewire.log pipewire
within 20 test -S run/pipewire-0 || exit 1
begin wireplumber.log wireplumber
echo none > mode
begin portal.log "$python" "$here/portal.py" mode
within 20 says ready portal.log || exit 1

export PATH="$without"
check "without the helper no word of it" fails_with 1 "No camera found" bin/keyglance cameras
cp "$helper" bin/keyglance-pipewire
export PATH="$with"
check "no camera in the portal is no camera" fails_with 1 "No camera found" keyglance cameras
echo allow > mode
check "a camera that the portal has is listed" sh -c \
    "keyglance cameras --json | grep -q '\"name\":\"PipeWire camera\",.*\"kind\":\"pipewire\"'"
check "for nothing but that nobody was asked" sh -c "! grep AccessCamera portal.log"
echo deny > mode
check "a camera that is not allowed is told" fails_with 1 "camera is blocked" \
    keyglance --profile d pair --show d.png
echo silent > mode
begin asked.log keyglance --profile q pair --show q.png
check "while the desktop asks it says so" within 20 says "The system asks whether the camera" asked.log
kill "$begun"
check "and ends at once, with its helper" within 3 sh -c "! pgrep -f '^$folder/bin/keyglance-pipewire'"
echo allow > mode
check "without a camera in PipeWire it is told" fails_with 1 "No camera found\|sends no pictures" \
    keyglance --profile n pair --show n.png

# A camera that looks at the other device's screen, until the next.
camera() { # NAME PICTURE FORMAT SIZE
    [ -z "${filming-}" ] || kill "$filming" 2> /dev/null
    begin "$1.camera.log" "$drawn" "$1" "$3" "$4" "$2"
    filming=$begun
}
sends_frames() { # NODE: its first frame is 640 pixels wide and 480 high
    timeout 5 keyglance-pipewire --node "$1" < hold | head -c 12 | od -An -tx1 > head.txt
    grep -q '4b 47 46 31 80 02 00 00 e0 01 00 00' head.txt || { cat head.txt; return 1; }
}
# An input that does not end.
mkfifo hold
begin hold.log sh -c "exec sleep 1000 > hold"
for format in NV12 YUY2 UYVY BGRx RGB GRAY8; do
    camera "in-$format" "$folder/none.png" $format 640x480
    check "the helper gives the frames of a node in $format" within 30 sends_frames "in-$format"
done

pair() { # NAME SOURCE…
    name=$1
    shift
    keyglance --profile "$name" pair "$@" --show "$name.png" --name "$name" \
        --save-as other --skip-check > "$name.log" 2>&1 < /dev/null
    echo $? > "$name.exit"
}
camera front "$folder/b.png" I420 1280x720
pair a &
pair b --watch a.png &
check "two devices pair, one through PipeWire" within 240 sh -c \
    "[ \"\$(cat a.exit b.exit)\" = '3
3' ]"
same_key() {
    for side in a b; do
        keyglance --profile $side keys list --json | grep -o '"key_id":"[^"]*"' > $side.key
    done
    [ -s a.key ] && cmp a.key b.key
}
check "and have the same key" same_key
check "and leave no helper behind" within 3 sh -c "! pgrep -f '^$folder/bin/keyglance-pipewire'"
camera again "$folder/b.png" NV12 640x480
check "the doctor sees its pictures" sh -c "keyglance doctor | grep 'PipeWire camera' | grep -q 'works.*640 × 480'"
[ $failures -eq 0 ] || { tail -n 5 a.log b.log ./*.camera.log wireplumber.log portal.log; exit 1; }
echo "all passed"
