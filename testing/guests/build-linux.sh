#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the Linux guest from Debian's packages: target/linux/{vmlinuz,initrd}. Debian's kernel and its modules are unpacked
# here, nothing is installed. Does nothing if the result is newer than the sources. Packages are fetched by apt-get once and
# kept in target/debs; without a network, put linux-image-*-amd64, what it has of its version, and libdrm-dev there.
# Needs gcc, libc6-dev, busybox-static, cpio, dpkg. Prints the directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$here/target
out=$target/linux
# What the guest loads; what these depend on comes along.
modules='virtio_pci virtio_gpu bochs evdev uhci_hcd ehci_pci xhci_pci usbhid hid_generic virtio_input psmouse button'

die() { echo "build-linux: $*" >&2; exit 1; }

if [ -e "$out/initrd" ] && [ -e "$out/vmlinuz" ]; then
    newer=$(find "$here/linux-guest.c" "$here/linux-init" "$here/build-linux.sh" -newer "$out/initrd")
    if [ -z "$newer" ]; then echo "$out"; exit 0; fi
fi
for tool in gcc busybox cpio dpkg-deb; do
    command -v "$tool" > /dev/null || die "$tool is not installed (Debian: apt-get install gcc libc6-dev busybox-static cpio dpkg)"
done

mkdir -p "$target/debs"
work=$(mktemp -d "$target/linux-build.XXXXXX")
trap 'rm -rf "$work"' EXIT

# fetch PATTERN PACKAGE...: has the packages in target/debs, unless one of that pattern is there.
fetch() {
    pattern=$1
    shift
    if [ -n "$(find "$target/debs" -name "$pattern" -print -quit)" ]; then return; fi
    (cd "$work" && apt-get -q -q download "$@" > apt.log 2>&1) || die "cannot fetch $*: $(tail -n 1 "$work/apt.log")"
    mv "$work"/*.deb "$target/debs/"
}

# One package until Debian 13; since then the kernel, its modules and their lists have one each.
kernel_packages=$(apt-cache depends --recurse --important linux-image-amd64 2> /dev/null | grep -E '^linux-(image|base|binary|modules)-[0-9]' | sort -u)
# shellcheck disable=SC2086 # names
fetch 'linux-image-*-amd64_*.deb' ${kernel_packages:-linux-image-amd64}
fetch 'libdrm-dev_*.deb' libdrm-dev
for deb in "$target"/debs/linux-*.deb; do dpkg-deb -x "$deb" "$work/kernel"; done
for deb in "$target"/debs/libdrm-dev_*.deb; do dpkg-deb -x "$deb" "$work/headers"; done
# Since Debian 13 they stand below usr, and are compressed.
if [ -d "$work/kernel/usr/lib/modules" ]; then ln -s usr/lib "$work/kernel/lib"; fi
# shellcheck disable=SC2012 # names of releases hold no odd characters
release=$(ls -t "$work/kernel/lib/modules" | head -n 1)
[ -n "$release" ] || die "there is no kernel in $target/debs"
lib=lib/modules/$release
vmlinuz=$work/kernel/boot/vmlinuz-$release
[ -e "$vmlinuz" ] || vmlinuz=$work/kernel/$lib/vmlinuz
for directory in net sound fs drivers/net drivers/media; do rm -rf "$work/kernel/$lib/kernel/$directory"; done # most of them
find "$work/kernel/$lib/" -name '*.ko.xz' -exec busybox unxz {} +

root=$work/root
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/$lib"
cp "$(command -v busybox)" "$root/bin/busybox"
! ldd "$root/bin/busybox" > /dev/null 2>&1 || die "busybox is not static (Debian: apt-get install busybox-static)"
install -m 755 "$here/linux-init" "$root/init"
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static -I "$work/headers/usr/include/libdrm" -o "$root/bin/linux-guest" "$here/linux-guest.c"

# Debian's package leaves the list of dependencies to its installation; make it here, then take what is needed.
cp "$work/kernel/$lib"/modules.builtin* "$work/kernel/$lib"/modules.order "$root/$lib/"
(cd "$work/kernel" && busybox depmod -b . "$release")
for module in $modules; do
    echo "$module" >> "$root/modules"
    name=$(echo "$module" | sed 's/[-_]/[-_]/g')
    line=$(grep -E "(^|/)$name\.ko:" "$work/kernel/$lib/modules.dep") || continue # built in
    for file in $(echo "$line" | tr -d :); do
        mkdir -p "$root/$lib/$(dirname "$file")"
        cp "$work/kernel/$lib/$file" "$root/$lib/$file"
    done
done
(cd "$root" && busybox depmod -b . "$release")

mkdir -p "$out"
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) > "$work/initrd"
cp "$vmlinuz" "$out/vmlinuz"
mv -f "$work/initrd" "$out/initrd"
echo "$out"
