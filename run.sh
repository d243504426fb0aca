#!/bin/bash
# Starts the agent in the foreground: every running domain of this host gets an RDP server. Ctrl-C ends it and leaves nothing
# behind. Works on a fresh Debian 12 as root: installs what is missing and builds first. Watches qemu:///system where a
# libvirtd answers; where none does, it runs a libvirtd of its own with a small demo domain.
#   ./run.sh [OPTION...]     options are handed to the agent; see ./run.sh --help
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
# shellcheck source=build/debian.sh
. build/debian.sh
dist=$here/agent/daemon/target/dist

need_java
need libvirt0

if [ ! -x "$dist/bin/rdpmux" ] || [ -n "$(find pom.xml plugin agent -newer "$dist/bin/rdpmux" \( -path '*/src/main/*' -o -name pom.xml \) -type f -print -quit)" ]; then
  say "building; the first time this fetches libraries and takes a minute or two"
  mvn --quiet package -DskipTests -pl agent/daemon -am || die "the build failed; its messages are above"
  touch "$dist/bin/rdpmux"
fi
case ${1:-} in --help | --version | --check-config) exec "$dist/bin/rdpmux" "$@" ;; esac

work=$(mktemp -d /tmp/rdpmux-run.XXXXXX)
own_libvirtd=''
run=''
agent=''
finish() {
  trap - EXIT INT TERM
  if [ -n "$agent" ]; then
    kill "$agent" 2>/dev/null || true
    wait "$agent" || true
  fi
  if [ -n "$own_libvirtd" ]; then
    say "ending the demo domain and its libvirtd"
    testing/bin/private-libvirtd stop "$work/libvirt" || true
  fi
  if [ "$run" = /run/rdpmux ]; then rm -rf "$run"; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

uri=qemu:///system
answers() { command -v virsh >/dev/null && timeout 5 virsh -c "$1" version >/dev/null 2>&1; }
if ! answers "$uri"; then
  [ "$(id -u)" = 0 ] || die "no libvirtd answers at $uri. Start it, or run this as root: it then starts one of its own"
  need libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 seabios nasm
  say "no libvirtd answers at $uri; starting one with a demo domain (the first start looks at QEMU for up to a minute)"
  own_libvirtd=1
  testing/bin/private-libvirtd start "$work/libvirt"
  uri=$(testing/bin/private-libvirtd uri "$work/libvirt")
  image=$(testing/guests/build-keys.sh)
  sed -e "s|@NAME@|demo|; s|@TYPE@|qemu|; s|@IMAGE@|$image|; s|@DIR@|$work/libvirt|" testing/guests/keys.xml >"$work/demo.xml"
  testing/bin/private-libvirtd virsh "$work/libvirt" create "$work/demo.xml" >/dev/null
  say "more domains: testing/bin/private-libvirtd virsh $work/libvirt define|start ..."
fi

# The control socket's usual place, so that rdpmuxctl finds it; another where that is not ours to have.
run=/run/rdpmux
if [ "$(id -u)" != 0 ] || [ -e "$run" ]; then run=$work/run; fi

"$dist/bin/rdpmux" --set "libvirt.uri=$uri" --set "runtime.directory=$run" \
  --set "state.directory=$here/agent/daemon/target/run-state" "$@" &
agent=$!
if [ "$run" = /run/rdpmux ]; then hint=''; else hint=" --socket $run/control.sock"; fi
say "in another terminal: ${dist#"$here"/}/bin/rdpmuxctl$hint list"
wait "$agent"
