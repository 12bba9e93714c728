#!/bin/sh
# Boots a small machine with virtual cameras under emulation and runs guest.sh in it.
#
#   run.sh FOLDER PROGRAM FEEDER
#
# FOLDER keeps the kernel and what was built for it. The cameras are v4l2loopback,
# which programs feed, and the kernel's vivid, which can be unplugged.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
program=$(readlink -f "$2")
feeder=$(readlink -f "$3")
here=$(cd "$(dirname "$0")" && pwd)
cd "$folder"

package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
kernel=${package#linux-image-}
if [ ! -e "vmlinuz-$kernel" ]; then
    echo "Making a machine with Linux $kernel."
    rm -rf kernel loopback modules ./*.deb
    apt-get -qq download "$package" v4l2loopback-dkms 2>/dev/null
    dpkg -x "$package"_*.deb kernel
    dpkg -x v4l2loopback-dkms_*.deb loopback
    # Built where it was unpacked, for the guest's kernel and not for ours.
    make -s -C "/usr/src/linux-headers-$kernel" M="$(echo "$folder"/loopback/usr/src/v4l2loopback-*)" modules
    depmod -b kernel "$kernel"
    mkdir modules
    # vivid and all that it needs, numbered in the order of loading.
    modprobe -d kernel -S "$kernel" --show-depends vivid | awk '{ print $2 }' | {
        number=10
        while read -r module; do
            cp "$module" "modules/$number-$(basename "$module")"
            number=$((number + 1))
        done
        cp loopback/usr/src/v4l2loopback-*/v4l2loopback.ko "modules/$number-v4l2loopback.ko"
    }
    strip --strip-debug modules/*.ko
    cp "kernel/boot/vmlinuz-$kernel" "vmlinuz-$kernel"
fi

rm -rf guest
mkdir -p guest/bin guest/proc guest/sys guest/dev guest/tmp guest/etc
cp /bin/busybox guest/bin/
ln -s busybox guest/bin/sh
cp -r modules guest/modules
cp "$program" guest/bin/keyglance
cp "$feeder" guest/bin/camera_feed
for file in "$program" "$feeder"; do
    ldd "$file" | grep -oE '/[^ ]+' | while read -r library; do
        mkdir -p "guest$(dirname "$library")"
        cp -L "$library" "guest$library"
    done
done
cp "$here/guest.sh" guest/init
chmod +x guest/init
(cd guest && find . | cpio --quiet -o -H newc | gzip -1) > guest.gz

echo "Starting it."
timeout 900 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 1024 -smp 2 -nographic -no-reboot \
    -kernel "vmlinuz-$kernel" -initrd guest.gz -append "console=ttyS0 panic=-1 quiet loglevel=3" \
    </dev/null | sed -u 's|\r||g' | tee serial.log
grep -q '^all passed$' serial.log
