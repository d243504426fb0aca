#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# build.sh [DIR]: compiles painters, guest and observer into DIR (default: target/tools of the module).
# Debian: gcc pkg-config libx11-dev libxext-dev libvncserver-dev libglib2.0-dev libnanomsg-dev libzmq3-dev
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../target/tools}
mkdir -p "$out"

compile() { # NAME LIBRARIES...
  local name=$1
  shift
  [ "$out/$name" -nt "$here/$name.c" ] && [ "$out/$name" -nt "$here/scenes.h" ] && return
  echo "compiling $name" >&2
  gcc -O2 -Wall -Wextra -o "$out/$name" "$here/$name.c" "$@"
}

compile observe
compile link
compile paint_x11 -lX11 -lXext
compile paint_vnc -lvncserver
# shellcheck disable=SC2046
compile guest_librdpmux $(pkg-config --cflags --libs gio-2.0 libzmq) -lnanomsg
# shellcheck disable=SC2046
compile register_many $(pkg-config --cflags --libs gio-2.0)
if [ ! "$out/fault_in_guest.so" -nt "$here/fault_in_guest.c" ]; then
  echo "compiling fault_in_guest.so" >&2
  gcc -O2 -Wall -Wextra -shared -fPIC -o "$out/fault_in_guest.so" "$here/fault_in_guest.c" -ldl
fi
if [ ! "$out/guest_in_qemu.so" -nt "$here/guest_in_qemu.c" ] || [ ! "$out/guest_in_qemu.so" -nt "$here/guest_librdpmux.c" ]; then
  echo "compiling guest_in_qemu.so" >&2
  # shellcheck disable=SC2046
  gcc -O2 -Wall -Wextra -shared -fPIC -Dmain=guest_main -o "$out/guest_in_qemu.so" "$here/guest_in_qemu.c" \
    "$here/guest_librdpmux.c" $(pkg-config --cflags --libs gio-2.0 libzmq) -lnanomsg -pthread
fi
