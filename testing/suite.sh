#!/bin/bash
# Runs the tests in a tree of a suite of Debian, so that they meet its Java, libvirt, QEMU and FreeRDP. Needs root and mmdebstrap.
#   testing/suite.sh [OPTION...] SUITE             everything, as ./test.sh does in a system of that suite
#   testing/suite.sh [OPTION...] SUITE --quick     unit tests only
#   testing/suite.sh [OPTION...] SUITE CLASS...    these end-to-end tests only
#   --cache DIRECTORY      keeps the tree, with what the tests need, there for the next time
#   --with PACKAGE,...     has these packages in the tree, too, for instance those of a desktop
# A run changes nothing but a copy of the tree, and leaves nothing behind but the logs of end-to-end tests that failed, in
# testing/target/SUITE. Libraries come from this user's ~/.m2, or else are fetched.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../build/debian.sh
. "$here/build/debian.sh"
# shellcheck source=tree.sh
. "$here/testing/tree.sh"

usage() { sed -n '3,9s/^# \{0,1\}//p' "$0"; }

# install TREE: what the tests say that they need, and what was asked for.
install() {
  furnish "$1" "$work/root"
  mkdir -p "$1/src"
  mount --bind -o ro "$here" "$1/src"
  within "$1" /src/test.sh --install
  within "$1" update-ca-certificates >"$work/certificates.log" 2>&1 || die "update-ca-certificates: $(cat "$work/certificates.log")"
  [ -z "$with" ] || within "$1" apt-get -qy --no-install-recommends install ${with//,/ } >"$work/with.log" 2>&1 ||
    die "apt-get could not install $with: $(tail -n 6 "$work/with.log")"
  within "$1" apt-get clean
}

# tests TREE ARG...: runs ./test.sh in a copy of the tree.
tests() {
  local base=$1 tree=$work/tree status=0
  shift
  mkdir -p "$work/memory" ~/.m2
  mount -t tmpfs -o mode=755,size=75% memory "$work/memory"
  overlay "$base" "$work/memory/tree" "$tree"
  furnish "$tree" "$work/root"
  overlay ~/.m2 "$work/memory/m2" "$tree/root/.m2"
  mkdir -p "$tree/src"
  (cd "$here" && git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -c 2>/dev/null) | tar -x -C "$tree/src"
  say "in $(. "$tree/etc/os-release" && echo "$PRETTY_NAME"): $(within "$tree" dpkg-query -W -f='${Package} ${Version}, ' \
    'openjdk-*-jdk-headless' libvirt-daemon qemu-system-x86 'freerdp[23]-x11' 2>/dev/null | sed 's/[a-z0-9-]* , //g; s/, $//')"
  within "$tree" /src/test.sh "$@" || status=$?
  if [ -d "$tree/src/testing/it/target/failed" ]; then
    mkdir -p "$here/testing/target/$suite"
    cp -r "$tree/src/testing/it/target/failed/." "$here/testing/target/$suite/"
    say "what the programs of the failed tests said is in testing/target/$suite"
  fi
  return $status
}

inner='' new=''
finish() {
  trap '' INT TERM HUP
  trap - EXIT
  set +e # whatever happens, all of it
  end_within "$work/root"
  if [ -n "$inner" ]; then wait "$inner" || true; fi
  rm -rf --one-file-system "$work" ${new:+"$new"}
}

# apart STEP ARG...: runs a step of this script where its mounts are nobody else's.
apart() {
  local status=0
  unshare --mount --propagation private "$BASH" "$here/testing/suite.sh" --step "$work" "$suite" "$with" "$@" &
  inner=$!
  wait "$inner" || status=$?
  inner=''
  end_within "$work/root"
  return $status
}

cache='' with=''
while :; do
  case ${1:-} in
    --cache) cache=$2 && shift 2 ;;
    --with) with=$2 && shift 2 ;;
    *) break ;;
  esac
done
case ${1:-} in
  --step)
    work=$2 suite=$3 with=$4
    shift 4
    "$@"
    exit
    ;;
  -h | --help) usage && exit ;;
  '' | -*) usage >&2 && exit 2 ;;
esac
suite=$1
shift
[ "$(id -u)" = 0 ] || die "this needs root"
need mmdebstrap
work=$(mktemp -d /tmp/rdpmux-suite.XXXXXX)
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A name that is a file's, and that mount(8) takes for one option, whatever is asked for.
base=${cache:-$work}/$suite${with:+-with-$(cksum <<<"$with" | cut -d ' ' -f 1)}
if [ ! -d "$base" ]; then
  say "making a tree of $suite"
  mkdir -p "${cache:-$work}"
  new=$base.new-$$
  make_tree "$suite" "$new"
  mv "$new" "$base"
fi
apart install "$base"
apart tests "$base" "$@"
