#!/bin/sh
# What is tried with the cameras; the first process of the machine that run.sh boots.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
echo 'root:x:0:0::/tmp:/bin/sh' > /etc/passwd
echo 'nobody:x:65534:65534::/tmp:/bin/sh' >> /etc/passwd
chmod 1777 /tmp
cd /tmp || exit 1

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
# Waits at most so many seconds for a command to succeed.
within() { # SECONDS COMMAND…
    left=$((5 * $1))
    shift
    while ! "$@" > within.log 2>&1; do
        left=$((left - 1))
        if [ $left -le 0 ]; then
            cat within.log
            return 1
        fi
        usleep 200000
    done
}
says() { # PATTERN FILE
    grep -q -- "$1" "$2" || { tail -n 5 "$2"; return 1; }
}
ends() { # PID
    ! kill -0 "$1" 2>/dev/null
}
# Exit code and words of a program that must fail.
fails_with() { # PATTERN COMMAND…
    pattern=$1
    shift
    "$@" > fails.log 2>&1
    [ $? -eq 1 ] && grep -q -- "$pattern" fails.log || { cat fails.log; return 1; }
}
# A pairing whose exit code is kept.
pair() { # NAME CAMERA
    keyglance --profile "/tmp/$1" pair --camera "$2" --show "/tmp/$1.png" --name "$1" \
        --save-as other --skip-check > "$1.log" 2>&1 < /dev/null
    echo $? > "$1.exit"
}
feed() { # DEVICE FORMAT SIZE PICTURE
    camera_feed "$@" > "feed-$(basename "$1").log" 2>&1 &
}

check "without a camera it says so" fails_with "No camera found" keyglance cameras
check "and the doctor says what else there is" sh -c \
    "keyglance doctor | grep -q 'missing  Camera'"

for module in /modules/*; do
    case $module in
    *-vivid.ko | *-vimc.ko | *-v4l2loopback.ko) ;;
    *) insmod "$module" ;;
    esac
done

# A laptop whose camera is a bare sensor: nodes of raw pictures, and nothing else.
insmod /modules/*-vimc.ko
within 10 test -e /dev/video0
check "nodes of raw pictures are no cameras" fails_with "reached through PipeWire" keyglance cameras
check "they are shown to who asks for all" sh -c \
    "keyglance cameras --all --json | grep -q '\"index\":0,[^}]*\"kind\":\"raw\"'"
check "a pairing says what is needed" fails_with "reached through PipeWire" \
    keyglance --profile /tmp/v pair --show v.png
check "and so it does if one is named" fails_with "reached through PipeWire" \
    keyglance --profile /tmp/v pair --camera 0 --show v.png
# What stands for the helper program gives a frame of 4 by 4 pixels again and again.
printf '\4\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0................' > frame
printf '#!/bin/sh\n[ $1 = --present ] && exit 0\nprintf KGF1\nwhile cat /tmp/frame; do usleep 50000; done\n' > /bin/keyglance-pipewire
chmod +x /bin/keyglance-pipewire
check "with the helper its camera is used" sh -c \
    "keyglance doctor | grep 'PipeWire camera' | grep -q 'works.*4 × 4'"
rm /bin/keyglance-pipewire
rmmod vimc

# First those whose numbers are wanted: the others take what is left.
insmod /modules/*-v4l2loopback.ko devices=5 exclusive_caps=1,1,1,1,1 video_nr=0,1,2,3,4
insmod /modules/*-vivid.ko n_devs=1 vid_cap_nr=10
within 10 test -e /dev/video10
insmod /modules/*-vimc.ko
echo "nodes: $(ls /dev | grep -c video)"

listed() { # NUMBERS
    keyglance cameras --json | grep -o '"index":[0-9]*' | tr -dc '0-9\n' | tr '\n' ' ' > numbers
    [ "$(cat numbers)" = "$1" ] || { ls -d /dev/video*; cat numbers feed-*.log; return 1; }
}
check "only nodes that give pictures are listed" listed "10 "

feed /dev/video0 YUYV 640x480 /tmp/b.png
feed /dev/video1 MJPG 1280x720 /tmp/a.png
check "fed cameras are listed" within 30 listed "0 1 10 "
check "and said to be fed" sh -c \
    "keyglance cameras --json | grep -q '\"index\":0,[^}]*\"kind\":\"relay\"'"
check "the doctor sees raw pixels" sh -c \
    "keyglance doctor | grep 'Camera 0' | grep -q 'works.*640 × 480'"
check "the doctor sees JPEG without tables" sh -c \
    "keyglance doctor | grep 'Camera 1' | grep -q 'works.*1280 × 720'"

pair a 0 &
pair b 1 &
check "two devices pair through two cameras" within 240 sh -c \
    "[ \"\$(cat a.exit b.exit)\" = '3
3' ]"
same_key() {
    for side in a b; do
        keyglance --profile /tmp/$side keys list --json | grep -o '"key_id":"[^"]*"' > $side.key
    done
    [ -s a.key ] && cmp a.key b.key
}
check "and have the same key" same_key
tail -n 3 a.log b.log

rm -rf /tmp/a /tmp/b ./*.exit a.png b.png
touch b.png.stop
pair a 0 &
check "a camera that is silent from the start is told" within 40 \
    says "The camera sends no pictures" a.log
killall keyglance
rm -rf /tmp/a a.exit b.png.stop
pair a 0 &
check "it starts again" within 20 says "Looking for the other code" a.log
touch b.png.stop
check "a camera that goes silent is told" within 15 says "The camera sends no pictures" a.log
rm b.png.stop
pair b 1 &
check "and the pairing goes on as soon as it is back" within 240 sh -c \
    "[ \"\$(cat a.exit b.exit)\" = '3
3' ]"

pair c 10 &
check "a camera of the kernel opens" within 20 says "Looking for the other code" c.log
check "a camera in use is told" fails_with "Another app is using the camera" \
    keyglance --profile /tmp/d pair --camera 10 --show d.png
echo vivid.0 > /sys/bus/platform/drivers/vivid/unbind
check "an unplugged camera is told" within 10 says "was unplugged" c.log
echo vivid.0 > /sys/bus/platform/drivers/vivid/bind
within 10 test -e /dev/video10
held() { ls -l /proc/[0-9]*/fd | grep -q /dev/video10; }
check "and goes on when it is plugged in again" within 15 held
check "meanwhile it has not ended" test ! -e c.exit
killall keyglance
check "a program that is told to end ends within a second" within 1 sh -c "! pidof keyglance"

chmod 600 /dev/video*
check "a camera that is not allowed is told" fails_with "The camera is blocked" \
    su nobody -c "keyglance --profile /tmp/nobody pair --camera 10 --show nobody.png"

# A rate that is no whole number, which nokhwa refuses.
killall camera_feed
usleep 500000
echo '@30000/1001' > /sys/devices/virtual/video4linux/video2/format
feed /dev/video2 YUYV 640x480 /tmp/none.png
check "a fractional rate is taken as it is" within 20 sh -c \
    "keyglance doctor | grep 'Camera 2' | grep -q 'works.*at 29.97'"

# As programs on a computer send what a phone sees.
feed /dev/video3 RGB3 640x480 /tmp/none.png
feed /dev/video4 YU12 640x480 /tmp/none.png
for number in 3 4; do
    check "pictures of a phone are read ($number)" within 20 sh -c \
        "keyglance doctor | grep 'Camera $number' | grep -q 'works.*640 × 480'"
done
keyglance doctor
[ $failures -eq 0 ] && echo "all passed"
sync
poweroff -f
