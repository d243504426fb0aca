#!/bin/bash
# The life of the packages, in a tree where it harms nobody: installed, run, upgraded, downgraded, removed, purged, and cut off
# before each line of each maintainer script. Needs root, and packages that 'mvn package' made.
#   testing/packages.sh              in a copy of this machine's system that goes when this ends; fetches nothing
#   testing/packages.sh DIRECTORY    in a copy of the tree of a Debian or Ubuntu system in that directory
#   testing/packages.sh SUITE        in a tree of that suite of Debian (bookworm, trixie, testing), which mmdebstrap makes
# Ends with 77 where no copy can be made.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../build/debian.sh
. "$here/build/debian.sh"

deb=$here/packaging/target/rdpmux.deb
rpm=$here/packaging/target/rdpmux.rpm

# ---------------------------------------------------------------- outside: a tree, and this script in it

# What apt would install with the package, but for the recommended.
depends='default-jre-headless,libvirt0,systemd,init-system-helpers,dbus,iproute2,procps,logrotate'

outside() {
  local base=/
  [ "$(id -u)" = 0 ] || die "this needs root"
  [ -e "$deb" ] && [ -e "$rpm" ] || die "there are no packages yet: mvn package -DskipTests"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  case ${1:-/} in
    /*) base=${1:-/} ;;
    *)
      base=$work/suite
      say "making a tree of $1"
      mmdebstrap --quiet --variant=apt --include="$depends" "$1" "$base" || die "there is no tree of $1"
      ;;
  esac
  mkdir "$work/packages"
  repack "$work/packages"
  # Everything is in namespaces that go with the last process in them: the tree's mounts, its network, the agent.
  unshare --mount --net --pid --fork --kill-child --propagation private \
    "$BASH" "$here/testing/packages.sh" --enter "$base" "$work"
}

# repack DIRECTORY: the package itself, a newer version, and the same without programs, for what has to be done often.
repack() {
  local to=$1 version
  cp "$deb" "$to/rdpmux.deb"
  cp "$rpm" "$to/rdpmux.rpm"
  dpkg-deb -R "$deb" "$to/new"
  version=$(dpkg-deb -f "$deb" Version)
  sed -i "s/^Version: .*/Version: $version+1/" "$to/new/DEBIAN/control"
  echo '# The newer version says more.' >>"$to/new/etc/rdpmux/rdpmux.conf"
  dpkg-deb --root-owner-group -Zgzip -z1 -b "$to/new" "$to/newer.deb" >/dev/null
  rm -r "$to/new/usr/lib/rdpmux"
  dpkg-deb --root-owner-group -Zgzip -z1 -b "$to/new" "$to/small.deb" >/dev/null
  rm -r "$to/new"
}

enter() {
  local base=$1 work=$2 tree
  tree=$work/tree
  mkdir -p "$tree" "$work/upper"
  if ! mount -t tmpfs -o mode=755 tree "$work/upper" || ! mkdir "$work/upper/changes" "$work/upper/work" ||
    ! mount -t overlay -o "lowerdir=$base,upperdir=$work/upper/changes,workdir=$work/upper/work" overlay "$tree"; then
    say "LEFT OUT: the life of the packages; this machine makes no overlay of $base"
    exit 77
  fi
  mount -t proc proc "$tree/proc"
  mount --rbind /dev "$tree/dev"
  mount -t tmpfs -o mode=755 run "$tree/run"
  mkdir "$tree/run/packages" "$tree/run/build" "$tree/run/dbus"
  cp "$here/build/debian.sh" "$tree/run/build/"
  cp "$work/packages/"* "$here/testing/packages.sh" "$tree/run/packages/"
  ip link set lo up
  exec chroot "$tree" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    /bin/bash /run/packages/packages.sh --inside
}

# ---------------------------------------------------------------- inside

packages=/run/packages
log=/run/packages/log
conf=/etc/rdpmux/rdpmux.conf
scripts=/var/lib/dpkg/info/rdpmux

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  tail -n 25 "$log" >&2
  exit 1
}

quietly() { "$@" >"$log" 2>&1 </dev/null || fail "$*"; }

status() { dpkg-query -W -f='${db:Status-Status} ${Version}' rdpmux 2>/dev/null || true; }

# kept WHEN: what the administrator changed and what the agent made are there.
kept() {
  grep -q '^log.level = debug$' "$conf" || fail "$1: $conf lost what the administrator changed"
  [ "$(sha256sum </var/lib/rdpmux/tls-identity.pem)" = "$identity" ] || fail "$1: the certificate is not the one of before"
}

# agent: runs it as its unit does, until rdpmuxctl gets an answer.
agent() {
  local unit pid try
  unit=$(dpkg -L rdpmux | grep '/rdpmux\.service$')
  install -d -m 755 -o rdpmux -g rdpmux /run/rdpmux
  # shellcheck disable=SC2046 # a list of words
  setpriv --reuid="$(sed -n 's/^User=//p' "$unit")" --regid="$(sed -n 's/^Group=//p' "$unit")" --init-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all $(sed -n 's/^ExecStart=//p' "$unit") >"$log" 2>&1 &
  pid=$!
  for ((try = 0; try < 600; try++)); do
    if rdpmuxctl status >"$packages/status" 2>&1; then break; fi
    kill -0 "$pid" 2>/dev/null || fail "the agent ended by itself"
    sleep 0.1
  done
  grep -q libvirt "$packages/status" || fail "rdpmuxctl status gives no answer: $(cat "$packages/status")"
  kill "$pid"
  wait "$pid" || true
}

lives() {
  local foreign
  dpkg --purge rdpmux >/dev/null 2>&1 || true
  rm -rf /usr/lib/rdpmux /etc/rdpmux /var/lib/rdpmux /var/log/rdpmux

  say "installing"
  quietly dpkg -i "$packages/rdpmux.deb"
  [ "$(stat -c '%U %a' /var/lib/rdpmux)" = 'rdpmux 700' ] || fail "the state directory is not the agent's alone"
  [ "$(stat -c '%U %a' "$conf")" = 'root 644' ] || fail "$conf is not the administrator's"
  id -nG rdpmux | grep -qw libvirt || fail "the agent's user is not in the group libvirt"
  # shellcheck disable=SC2046 # a list of words
  foreign=$(find $(dpkg -L rdpmux) -maxdepth 0 \( -type f -o -type d -path '*/rdpmux*' \) \( ! -user root -o ! -group root -o -perm /022 \))
  [ -z "$foreign" ] || fail "not root's alone: $foreign"
  rdpmux --check-config --config "$conf" >"$log" 2>&1 || fail "the sample configuration is wrong"

  say "running the agent as its unit does"
  agent
  identity=$(sha256sum </var/lib/rdpmux/tls-identity.pem)
  echo 'log.level = debug' >>"$conf"
  ! command -v logrotate >/dev/null || logrotate --debug /etc/logrotate.d/rdpmux >"$log" 2>&1 || fail "logrotate does not take its configuration"

  say "upgrading, and back"
  quietly dpkg --force-confold -i "$packages/newer.deb"
  kept 'after an upgrade'
  agent
  quietly dpkg --force-confold -i "$packages/rdpmux.deb"
  kept 'after a downgrade'
  agent

  say "removing"
  quietly dpkg --remove rdpmux
  [ ! -e /usr/lib/rdpmux ] && [ ! -e /usr/bin/rdpmux ] || fail "programs were left behind"
  kept 'after a removal'
}

# cut_before SCRIPT LINE: has the package's script end before that line as a power cut ends it; false where the shell would not read that.
cut_before() {
  sed "$2i kill -KILL \$\$" "$packages/$1" >"$packages/cut"
  sh -n "$packages/cut" 2>/dev/null
}

# again SCRIPT ARGUMENT: runs a maintainer script cut off before each of its lines, and then whole, as the next run of the package
# manager does. 'before' prepares, 'after' checks.
again() {
  local line lines
  cp "$scripts.$1" "$packages/$1"
  lines=$(wc -l <"$packages/$1")
  for ((line = 2; line <= lines; line++)); do
    cut_before "$1" "$line" || continue
    before
    (DPKG_MAINTSCRIPT_PACKAGE=rdpmux sh "$packages/cut" "$2" >"$log" 2>&1 </dev/null || true) 2>/dev/null
    DPKG_MAINTSCRIPT_PACKAGE=rdpmux quietly sh "$packages/$1" "$2"
    after "$1 $2, after it was cut off before line $line"
  done
}

wants=/etc/systemd/system/multi-user.target.wants/rdpmux.service

cut_off() {
  say "cutting off before each line of postinst, prerm and postrm"
  quietly dpkg --force-confold -i "$packages/small.deb"
  before() {
    rm -rf "$wants" /etc/systemd/system/rdpmux.service /var/lib/systemd/deb-systemd-helper-*/*rdpmux*
    if id rdpmux >/dev/null 2>&1; then userdel rdpmux >"$log" 2>&1; fi
    chown root:root /var/lib/rdpmux
  }
  after() {
    id -nG rdpmux 2>/dev/null | grep -qw libvirt || fail "$1: no user"
    [ "$(stat -c '%U %a' /var/lib/rdpmux)" = 'rdpmux 700' ] || fail "$1: the state directory is not the agent's alone"
    [ -L "$wants" ] || fail "$1: the unit is not enabled"
    kept "$1"
  }
  again postinst configure
  before() { :; }
  after() { kept "$1"; }
  again prerm remove
  again postrm remove
  before() {
    mkdir -p /var/lib/rdpmux /var/log/rdpmux
    echo key >/var/lib/rdpmux/tls-identity.pem
  }
  after() {
    local left
    for left in /var/lib/rdpmux /var/log/rdpmux "$wants"; do
      [ ! -e "$left" ] || fail "$1: $left is left"
    done
  }
  again postrm purge

  say "and the same by dpkg: at an installation and at a purge"
  cut_before postinst "$(grep -n '^systemd-sysusers' "$packages/postinst" | cut -d: -f1)"
  quietly dpkg --force-confold --unpack "$packages/small.deb"
  cp "$packages/cut" "$scripts.postinst"
  ! dpkg --configure rdpmux >"$log" 2>&1 || fail "the installation was not cut off"
  cp "$packages/postinst" "$scripts.postinst"
  quietly dpkg --configure rdpmux
  [[ $(status) == installed* ]] || fail "cut off at an installation: $(status)"
  cut_before postrm "$(grep -n 'rm -rf' "$packages/postrm" | cut -d: -f1)"
  cp "$packages/cut" "$scripts.postrm"
  ! dpkg --purge rdpmux >"$log" 2>&1 || fail "the purge was not cut off"
  cp "$packages/postrm" "$scripts.postrm"
  quietly dpkg --purge rdpmux
  [ -z "$(status)" ] && [ ! -e /etc/rdpmux ] && [ ! -e /var/lib/rdpmux ] || fail "cut off at a purge: something is left"
}

# The RPM's files run from wherever they lie; its scripts are read by the shell that will run them.
unpacked() {
  local root=$packages/root
  if ! command -v rpm2cpio >/dev/null || ! command -v cpio >/dev/null; then
    say "LEFT OUT: the RPM; there is no rpm2cpio or cpio in this tree"
    return
  fi
  say "running the RPM's files where they are unpacked"
  mkdir "$root"
  (cd "$root" && rpm2cpio "$packages/rdpmux.rpm" | cpio --quiet -id) || fail "the RPM cannot be unpacked"
  "$root/usr/bin/rdpmuxctl" --version >"$log" 2>&1 || fail "rdpmuxctl of the RPM does not run"
  "$root/usr/bin/rdpmux" --check-config --config "$root$conf" >"$log" 2>&1 || fail "the agent of the RPM does not run"
  if command -v rpm >/dev/null; then
    rpm -qp --scripts "$packages/rdpmux.rpm" 2>/dev/null | grep -v '^[a-z]* scriptlet' | sh -n || fail "a script of the RPM is wrong"
  fi
}

case ${1:-} in
  --enter) shift && enter "$@" ;;
  --inside)
    lives
    cut_off
    unpacked
    say "the packages are well in $(. /etc/os-release && echo "$PRETTY_NAME")"
    ;;
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0" ;;
  -*) die "usage: testing/packages.sh [SUITE|DIRECTORY]" ;;
  *) outside "$@" ;;
esac
