#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Assembles the boot sector guest: keys.asm -> target/keys.img. Does nothing if that is newer. Needs nasm.
# Prints the image's path.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
image=$here/target/keys.img
if [ ! -e "$image" ] || [ "$here/keys.asm" -nt "$image" ]; then
    command -v nasm > /dev/null || { echo "build-keys: nasm is not installed (Debian: apt-get install nasm)" >&2; exit 1; }
    mkdir -p "$here/target"
    nasm -f bin -o "$image.$$" "$here/keys.asm"
    mv -f "$image.$$" "$image" # whole, for those who build at the same time
fi
echo "$image"
