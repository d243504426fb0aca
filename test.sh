#!/bin/bash
# Runs every test, from a clean clone on Debian 12 as root: installs what the tests need, builds, runs the unit tests on the
# build's Java and on the newest one present, and the end-to-end tests with real libvirt, QEMU and RDP clients.
#   ./test.sh            everything
#   ./test.sh --quick    unit tests only, on one Java
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=build/debian.sh
. build/debian.sh

quick=
case $* in
  '') ;;
  --quick) quick=1 ;;
  -h | --help) sed -n '2,5s/^# \{0,1\}//p' test.sh && exit ;;
  *) die "usage: ./test.sh [--quick]" ;;
esac

packages=(nasm gcc libc6-dev pkg-config shellcheck iproute2 procps)
if [ -z "$quick" ]; then
  packages+=(libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils seabios dbus
    xvfb x11-utils xdotool imagemagick freerdp2-x11 rdesktop winpr-utils socat tigervnc-standalone-server x11vnc
    libnanomsg-dev libzmq3-dev libglib2.0-dev libvncserver-dev libx11-dev libxext-dev busybox-static cpio openssl nmap sslscan hydra)
fi
# shellcheck disable=SC2046 # a list of words
need $(java_packages) "${packages[@]}"
if [ -z "$quick" ]; then need_xfreerdp3; fi

say "checking the shell scripts"
find . -name target -prune -o -type f \( -name '*.sh' -o -path '*/bin/*' -o -path ./.ci/run \) -print0 |
  xargs -0r shellcheck --external-sources --source-path=SCRIPTDIR --severity=warning --exclude=SC3013

say "building, and testing on $(java -version 2>&1 | head -n 1)"
export MAVEN_OPTS="${MAVEN_OPTS:--Xmx1g}"
if [ -n "$quick" ]; then
  exec mvn verify -DskipITs
fi
mvn verify -DskipITs=false -Dtests.excluded=none

newest=$(newest_java)
if [ -n "$newest" ] && [ "$(readlink -f "$newest")" != "$(readlink -f "$(command -v java)")" ]; then
  say "unit tests and some of the end-to-end tests once more, on $("$newest" -version 2>&1 | head -n 1)"
  mvn verify -Djvm="$newest" -DskipITs=false -Dit.test='SharingIT,StillScreenIT' -Dfailsafe.failIfNoSpecifiedTests=false
fi
say "all tests passed"
