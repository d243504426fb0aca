#!/bin/bash
# Runs every test, from a clean clone on Debian 12 or newer as root: installs what the tests need, builds, runs the unit tests on the
# build's Java and on the newest one present, and the end-to-end tests with real libvirt, QEMU and RDP clients. What fails is
# told at the end, too; the exit code is 1 then.
#   ./test.sh            everything
#   ./test.sh --quick    unit tests only, on one Java
#   ./test.sh CLASS...   these end-to-end tests only, on one Java
#   ./test.sh --install  no test: installs what the tests need
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=build/debian.sh
. build/debian.sh

quick=
classes=
case $* in
  '' | --install) ;;
  --quick) quick=1 ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' test.sh && exit ;;
  -*) die "usage: ./test.sh [--quick | --install | CLASS...]" ;;
  *) classes=$(IFS=, && echo "$*") ;;
esac

packages=(nasm gcc libc6-dev pkg-config shellcheck iproute2 procps curl 'libopenh264-7|libopenh264-8')
if [ -z "$quick" ]; then
  packages+=(libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils seabios dbus
    mount xvfb x11-utils xdotool imagemagick 'freerdp2-x11|freerdp3-x11' rdesktop 'winpr-utils|winpr3-utils' socat tigervnc-standalone-server x11vnc xclip
    libnanomsg-dev libzmq3-dev libglib2.0-dev libvncserver-dev libx11-dev libxext-dev busybox-static cpio rpm rpm2cpio lintian systemd logrotate openssl nmap sslscan hydra)
fi
# shellcheck disable=SC2046 # a list of words
need $(java_packages) "${packages[@]}"
if [ -z "$quick" ]; then
  need_xfreerdp3
  # QEMU's D-Bus display; a package of its own since Debian 13.
  compgen -G '/usr/lib/*/qemu/ui-dbus.so' >/dev/null || need qemu-system-modules-opengl
fi
if [ "${1:-}" = --install ]; then exit; fi

export MAVEN_OPTS="${MAVEN_OPTS:--Xmx1g}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Where FreeRDP 2 is gone, its successor takes its place.
for program in xfreerdp winpr-hash; do
  if ! command -v "$program" >/dev/null && command -v "${program}3" >/dev/null; then
    mkdir -p "$scratch/bin"
    ln -s "$(command -v "${program}3")" "$scratch/bin/$program"
    PATH=$scratch/bin:$PATH
  fi
done
failed=() # what failed, with what is known of it

# tests_failed: the test classes that failed since $scratch/begin was touched, each with how: where runs are far away, what is
# printed at the end is all that is left of them.
tests_failed() {
  find . -path '*/target/*-reports/TEST-*.xml' -newer "$scratch/begin" -exec grep -lE '<(failure|error)[ />]' {} + | sort | while read -r report; do
    sed -E 's|^\./(.*)/target/.*/TEST-(.*)\.xml$|  \1: \2|' <<<"$report"
    sed -E 's|/TEST-(.*)\.xml$|/\1.txt|' <<<"$report" | xargs sed -E '1,4d; /^\tat /{/org\.rdpmux/!d}' | head -n 60 | sed 's/^/    /'
  done || true
}

# step WHAT MAVEN-ARG...: runs Maven; a failure is kept for the end, so that it hides nothing that comes after it. A test that
# fails does not fail its module for Maven, which would leave out every module that builds on it. Maven then says so in a line
# of its own, as it does when the virtual machine of the tests ends by itself.
step() {
  local what=$1 log=$scratch/log
  shift
  touch "$scratch/begin"
  if mvn -Dstyle.color=never -Dmaven.test.failure.ignore=true "$@" 2>&1 | tee "$log" &&
    ! grep -q '^\[ERROR\]' "$log"; then return; fi
  failed+=("$what" "$(tests_failed)" "$(grep -E '^\[INFO\] .* (FAILURE \[|SKIPPED$)' "$log" | sed 's/^\[INFO\]/ /' || true)")
}

# script WHAT SCRIPT: runs a script of tests; of one that fails, what it said last is told at the end. 77 stands for not possible here.
script() {
  local code=0
  "$2" 2>&1 | tee "$scratch/log" || code=$?
  [ $code = 0 ] || [ $code = 77 ] || failed+=("$1 ($2 ends with $code)" "$(tail -n 15 "$scratch/log" | sed 's/^/  /')")
}

if [ -z "$classes" ]; then
  say "checking the shell scripts"
  find . -name target -prune -o -type f \( -name '*.sh' -o -path '*/bin/*' -o -path ./.ci/run -o -path '*/after_vm_set_ticket/*' -o -path './libvirt-hooks/libvirt/*' \) -print0 |
    xargs -0r shellcheck --external-sources --source-path=SCRIPTDIR --severity=warning --exclude=SC3013 ||
    failed+=('shell scripts (shellcheck)')

  say "checking style"
  step 'style (mvn spotless:apply mends the format)' --fail-never spotless:check checkstyle:check
fi

say "building, and testing on $(java -version 2>&1 | head -n 1)"
checked=(-Dspotless.check.skip -Dcheckstyle.skip)
if [ -n "$classes" ]; then
  step 'tests' --fail-at-end verify "${checked[@]}" -DskipITs=false -Dtests.excluded=none -Dit.test="$classes" -Dtest=none \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
  for class in "$@"; do
    [ -n "$(find . -path "*/failsafe-reports/TEST-*.${class%%#*}.xml" -newer "$scratch/begin")" ] || failed+=("$class (no such test)")
  done
elif [ -n "$quick" ]; then
  step 'unit tests' --fail-at-end verify "${checked[@]}" -DskipITs
else
  step 'tests' --fail-at-end verify "${checked[@]}" -DskipITs=false -Dtests.excluded=none
fi

if [ -z "$quick$classes" ]; then
  say "the hooks"
  script 'hooks' testing/hooks.sh
  say "the packages: what lintian finds, and their life in a copy of this system"
  lintian --fail-on error,warning packaging/target/rdpmux.deb || failed+=('packages (lintian)')
  script 'packages' testing/packages.sh
fi

newest=$(newest_java)
if [ -z "$quick$classes" ] && [ -n "$newest" ] && [ "$(readlink -f "$newest")" != "$(readlink -f "$(command -v java)")" ]; then
  version=$("$newest" -version 2>&1 | head -n 1)
  say "unit tests and some of the end-to-end tests once more, on $version"
  step "tests on $version" --fail-at-end verify "${checked[@]}" -Djvm="$newest" -DskipITs=false \
    -Dit.test='SharingIT,StillScreenIT' -Dfailsafe.failIfNoSpecifiedTests=false
fi

if [ ${#failed[@]} -gt 0 ]; then
  say "failed:"
  printf '%s\n' "${failed[@]}" | sed '/^$/d' >&2
  exit 1
fi
say "all tests passed"
