#!/bin/bash
# The life of the packages, in a tree where it harms nobody: a guest's screen on an RDP client, upgrades with a session open;
# installed, run, upgraded, downgraded, removed, purged, and cut off before each line of each maintainer script. Needs root, and
# packages that 'mvn package' made.
#   testing/packages.sh              in a copy of this machine's system that goes when this ends; fetches nothing
#   testing/packages.sh DIRECTORY    in a copy of the tree of a Debian or Ubuntu system in that directory
#   testing/packages.sh [--cache DIRECTORY] SUITE
#                                    in a tree of that suite of Debian (bookworm, trixie, testing), which mmdebstrap makes: a
#                                    host with libvirt and QEMU, on which apt-get installs the package. It is kept in the cache.
# Ends with 77 where no copy can be made.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../build/debian.sh
. "$here/build/debian.sh"
# shellcheck source=tree.sh
. "$here/testing/tree.sh"

deb=$here/packaging/target/rdpmux.deb
rpm=$here/packaging/target/rdpmux.rpm

# ---------------------------------------------------------------- outside: a tree, and this script in it

# What a KVM host has, and what shows a guest's screen.
host_packages=(libvirt-daemon-system libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 seabios iproute2 procps
  xvfb rpm rpm2cpio cpio logrotate)

outside() {
  local base=/ fetch='' status=0
  [ "$(id -u)" = 0 ] || die "this needs root"
  [ -e "$deb" ] && [ -e "$rpm" ] || die "there are no packages yet: mvn package -DskipTests"
  work=$(mktemp -d /tmp/rdpmux-packages.XXXXXX)
  trap 'trap "" INT TERM HUP; set +e; end_within "$work/root"; rm -rf --one-file-system "$work" ${new:+"$new"}' EXIT
  trap 'exit 130' INT TERM HUP
  case ${1:-/} in
    /*) base=${1:-/} ;;
    *)
      fetch=1
      base=${cache:-$work}/host-$1
      if [ ! -d "$base" ]; then
        say "making a tree of $1"
        mkdir -p "${cache:-$work}"
        new=$base.new-$$
        make_tree "$1" "$new"
        apart host "$new"
        mv "$new" "$base"
      fi
      ;;
  esac
  mkdir "$work/packages"
  repack "$work/packages"
  apart enter "$base" "$fetch" || status=$?
  exit $status
}

# apart STEP ARG...: runs a step of this script where its mounts are nobody else's, and ends what it leaves running.
apart() {
  local status=0
  unshare --mount --propagation private "$BASH" "$here/testing/packages.sh" --step "$work" "$@" &
  wait "$!" || status=$?
  end_within "$work/root"
  return $status
}

# host TREE: installs what a host has before the package comes.
host() {
  local client=freerdp3-x11
  furnish "$1" "$work/root"
  within "$1" apt-get -q update >"$work/host.log" 2>&1 </dev/null || die "apt-get has no lists: $(tail -n 6 "$work/host.log")"
  within "$1" apt-cache show "$client" >/dev/null 2>&1 || client=freerdp2-x11
  say "installing libvirt, QEMU and $client"
  within "$1" apt-get -qy --no-install-recommends install "${host_packages[@]}" "$client" >"$work/host.log" 2>&1 </dev/null ||
    die "apt-get could not make it a host: $(tail -n 6 "$work/host.log")"
  within "$1" apt-get clean
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

# enter BASE FETCH: runs the inner part of this script in a copy of a tree, on a network of its own; apt-get has installed the
# package before if FETCH is not empty.
enter() {
  local base=$1 fetch=$2 tree=$work/tree
  mkdir "$work/memory"
  if ! mount -t tmpfs -o mode=755 memory "$work/memory" || ! overlay "$base" "$work/memory" "$tree"; then
    say "LEFT OUT: the life of the packages; this machine makes no overlay of $base"
    exit 77
  fi
  furnish "$tree" "$work/root"
  mkdir "$tree/run/packages" "$tree/run/build" "$tree/run/testing"
  cp "$here/build/debian.sh" "$tree/run/build/"
  cp "$here/testing/"{packages,package-guest,tree}.sh "$tree/run/testing/"
  cp "$work/packages/"* "$tree/run/packages/"
  if [ -n "$fetch" ]; then
    say "apt-get install ./rdpmux.deb"
    within "$tree" apt-get -qy install /run/packages/rdpmux.deb >"$work/apt.log" 2>&1 </dev/null ||
      die "apt-get does not install the package: $(tail -n 12 "$work/apt.log")"
  fi
  # shellcheck disable=SC2016 # for the inner shell
  within "$tree" /bin/true && unshare --net "$BASH" -c 'ip link set lo up && . "$0" && within "$@"' "$here/testing/tree.sh" \
    "$tree" /bin/bash /run/testing/packages.sh --inside
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

# runs: the agent runs as its unit runs it, and ends when asked.
runs() {
  start_agent
  rdpmuxctl status | grep -q libvirt || fail "rdpmuxctl status gives no answer: $(rdpmuxctl status)"
  stop_agent
}

# guest: what the package is for, where the machine has what that needs.
guest() {
  if ! can_show; then
    say "LEFT OUT: a guest's screen; libvirt-daemon-system, QEMU, Xvfb or FreeRDP is not here. testing/packages.sh SUITE has them"
    return
  fi
  [[ $(status) == installed* ]] || quietly dpkg -i "$packages/rdpmux.deb"
  first_guest
}

lives() {
  local foreign drop_in
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
  if systemd-analyze security --help 2>/dev/null | grep -e --offline >/dev/null; then
    quietly systemd-analyze --no-pager security --offline=true --threshold=19 "$(dpkg -L rdpmux | grep '/rdpmux\.service$')"
    drop_in=/usr/share/doc/rdpmux/examples/proxmox.conf
    if [ -e $drop_in ]; then # there are systems that leave out all documentation
      install -D -m 644 $drop_in /etc/systemd/system/rdpmux.service.d/proxmox.conf
      quietly systemd-analyze --man=no verify rdpmux.service
      quietly systemd-analyze --no-pager security --offline=true --threshold=19 rdpmux.service
      rm -r /etc/systemd/system/rdpmux.service.d
    fi
  fi
  rdpmux --check-config --config "$conf" >"$log" 2>&1 || fail "the sample configuration is wrong"

  say "running the agent as its unit does"
  runs
  identity=$(sha256sum </var/lib/rdpmux/tls-identity.pem)
  echo 'log.level = debug' >>"$conf"
  ! command -v logrotate >/dev/null || logrotate --debug /etc/logrotate.d/rdpmux >"$log" 2>&1 || fail "logrotate does not take its configuration"

  say "upgrading, and back"
  quietly dpkg --force-confold -i "$packages/newer.deb"
  kept 'after an upgrade'
  runs
  quietly dpkg --force-confold -i "$packages/rdpmux.deb"
  kept 'after a downgrade'
  runs

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

# The RPM by the real rpm, with its scripts: installed, run, removed. The system's own packages are no RPMs, so what it depends on
# is not looked for.
rpm_lives() {
  local rpm=(rpm --dbpath "$packages/rpmdb") left
  if ! command -v rpm >/dev/null; then
    say "LEFT OUT: the RPM; there is no rpm in this tree"
    return
  fi
  if rpm --help | grep -e --force-debian >/dev/null; then rpm+=(--force-debian); fi # the rpm of some suites warns of what it is used for
  say "installing, running and removing the RPM"
  if id rdpmux >/dev/null 2>&1; then quietly userdel rdpmux; fi
  quietly "${rpm[@]}" -i --nodeps "$packages/rdpmux.rpm"
  [ "$(stat -c '%U %a' /var/lib/rdpmux)" = 'rdpmux 700' ] || fail "the RPM's state directory is not the agent's alone"
  quietly "${rpm[@]}" -V --nodeps rdpmux
  runs
  quietly "${rpm[@]}" -e --nodeps rdpmux
  for left in /usr/lib/rdpmux /usr/bin/rdpmuxctl /usr/lib/systemd/system/rdpmux.service; do
    [ ! -e "$left" ] || fail "the RPM leaves $left"
  done
  [ -e /var/lib/rdpmux/tls-identity.pem ] || fail "the removal of the RPM lost the certificate"
}

cache='' new=''
if [ "${1:-}" = --cache ]; then cache=$2 && shift 2; fi
case ${1:-} in
  --step)
    work=$2
    shift 2
    "$@"
    exit
    ;;
  --inside)
    # shellcheck source=package-guest.sh
    . "$here/testing/package-guest.sh"
    guest
    lives
    cut_off
    rpm_lives
    say "the packages are well in $(. /etc/os-release && echo "$PRETTY_NAME")"
    ;;
  -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0" ;;
  -*) die "usage: testing/packages.sh [[--cache DIRECTORY] SUITE|DIRECTORY]" ;;
  *) outside "$@" ;;
esac
