#!/bin/sh
# Boots a small machine with virtual cameras under emulation and runs guest.sh in it.
#
#   run.sh FOLDER PROGRAM FEEDER
#
# FOLDER keeps the kernel and what was built for it. The cameras are v4l2loopback,
# which programs feed, the kernel's vivid, which can be unplugged, and vimc, whose nodes
# give raw pictures of a sensor, as those of laptops with MIPI cameras do.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
program=$(readlink -f "$2")
feeder=$(readlink -f "$3")
here=$(cd "$(dirname "$0")" && pwd)
cd "$folder"

package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
kernel=${package#linux-image-}
source=$(apt-cache depends linux-source | awk '/Depends: linux-source/ { print $2; exit }')
if [ ! -e "vmlinuz-$kernel" ] || [ ! -e modules.made ]; then
    echo "Making a machine with Linux $kernel."
    rm -rf kernel loopback modules modules.made vimc ./*.deb
    apt-get -qq download "$package" "$source" v4l2loopback-dkms 2>/dev/null
    dpkg -x "$package"_*.deb kernel
    dpkg -x v4l2loopback-dkms_*.deb loopback
    # Debian's kernel has vivid and not vimc: its source is all that is taken of Linux's.
    dpkg --fsys-tarfile "$source"_*.deb | tar -xO "./usr/src/$source.tar.xz" | xz -dc |
        tar -x --strip-components 4 "$source/drivers/media/test-drivers/vimc"
    # Built where they were unpacked, for the guest's kernel and not for ours.
    make -s -C "/usr/src/linux-headers-$kernel" M="$(echo "$folder"/loopback/usr/src/v4l2loopback-*)" modules
    make -s -C "/usr/src/linux-headers-$kernel" M="$folder/vimc" CONFIG_VIDEO_VIMC=m modules
    cp loopback/usr/src/v4l2loopback-*/v4l2loopback.ko vimc/vimc.ko "kernel/lib/modules/$kernel/"
    depmod -b kernel "$kernel"
    mkdir modules
    # What they need, numbered in the order of loading.
    for module in vivid vimc v4l2loopback; do
        modprobe -d kernel -S "$kernel" --show-depends $module
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | {
        number=10
        while read -r module; do
            cp "$module" "modules/$number-$(basename "$module")"
            number=$((number + 1))
        done
    }
    strip --strip-debug modules/*.ko
    touch modules.made
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
timeout 1800 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 1024 -smp 2 -nographic -no-reboot \
    -kernel "vmlinuz-$kernel" -initrd guest.gz -append "console=ttyS0 panic=-1 quiet loglevel=3" \
    </dev/null | sed -u 's|\r||g' | tee serial.log
grep -q '^all passed$' serial.log
