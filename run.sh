#!/bin/bash
# Starts the agent in the foreground: every running domain of this host gets an RDP server. Ctrl-C ends it and leaves nothing
# behind. Works on a fresh Debian 12 or newer as root: installs what is missing and builds first. Watches qemu:///system where a
# libvirtd answers; where none does, it runs a libvirtd of its own with a small demo domain.
#   ./run.sh [OPTION...]     options are handed to the agent
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
# shellcheck source=build/debian.sh
. build/debian.sh
dist=$here/agent/daemon/target/dist

if [[ ${1:-} == @(-h|--help) ]]; then
  sed -n '2,5s/^# \{0,1\}//p' run.sh
  if [ -e "$dist/lib/rdpmux-daemon.jar" ]; then echo && exec "$dist/bin/rdpmux" --help; fi
  echo "The agent's options can be shown once it is built: run ./run.sh first."
  exit
fi

work=''
own_libvirtd=''
run=''
agent=''
finish() {
  trap '' INT TERM HUP # impatience must not leave anything behind
  trap - EXIT
  if [ -n "$agent" ]; then
    kill "$agent" 2>/dev/null || true
    wait "$agent" || true
  fi
  if [ -n "$own_libvirtd" ]; then
    say "ending the demo domain and its libvirtd"
    testing/bin/private-libvirtd stop "$work/libvirt" || true
  fi
  if [ -n "$run" ]; then rmdir "$run" 2>/dev/null || true; fi # unless another agent has it
  if [ -n "$work" ]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck disable=SC2046 # a list of words
need $(java_packages) libvirt0 'libopenh264-7|libopenh264-8'

built=$here/agent/daemon/target/built # made when a build is whole
if [ ! -e "$built" ] || [ -n "$(find pom.xml plugin agent -newer "$built" \( -path '*/src/main/*' -o -name pom.xml \) -print -quit)" ]; then
  [ -w . ] || die "this has to be built first, and $here belongs to $(stat -c %U .): run it as that user once, or clone it anew"
  say "building; the first time this fetches libraries and takes a minute or two"
  rm -f "$built"
  maven package -DskipTests -pl agent/daemon -am || die "the build failed; Maven's messages are above"
  touch "$built"
fi
case ${1:-} in -V | --version | --check-config) exec "$dist/bin/rdpmux" "$@" ;; esac
# What is wrong with the options is said before anything is started.
if [ $# -gt 0 ]; then "$dist/bin/rdpmux" --check-config "$@" >/dev/null; fi

work=$(mktemp -d /tmp/rdpmux-run.XXXXXX)

# Whether a libvirtd answers; if not, $silence says why. Without virsh a socket has to do: the agent will see.
answers() {
  if command -v virsh >/dev/null; then
    silence=$(timeout --foreground 10 virsh -q -c qemu:///system version 2>&1 >/dev/null) && return
    silence=${silence##*error: }
  else
    silence='libvirt is not installed'
    [ -n "$(find /run/libvirt -maxdepth 1 -name '*-sock' -print -quit 2>/dev/null)" ] && return
  fi
  return 1
}

# given KEY OPTION...: the value that the agent's options set a key to; empty if they do not.
given() {
  local key=$1 value='' setting
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --set) setting=${2:-} ;;
      --set=*) setting=${1#--set=} ;;
      *) setting='' ;;
    esac
    if [[ $setting =~ ^[[:space:]]*"$key"[[:space:]]*=[[:space:]]*(.*)$ ]]; then value=${BASH_REMATCH[1]}; fi
    shift
  done
  printf '%s\n' "$value"
}

options=("$@")
if [[ " $*" != *[\ =]libvirt.uri=* && " $*" != *' --config'* ]] && ! answers; then
  [ "$(id -u)" = 0 ] || die "no libvirtd answers at qemu:///system: ${silence:-it takes too long}
rdpmux: start it, or become one of its users (Debian: the group libvirt); or run this as root, which then starts one of its own"
  say "no libvirtd answers at qemu:///system, so this starts one of its own with a demo domain"
  need libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 seabios nasm mount
  say "starting libvirtd; the first time it looks at QEMU, which may take a minute"
  own_libvirtd=1
  testing/bin/private-libvirtd start "$work/libvirt"
  options=(--set "libvirt.uri=$(testing/bin/private-libvirtd uri "$work/libvirt")" "$@")
  image=$(testing/guests/build-keys.sh)
  # Always the same UUID, so that it keeps its port.
  sed -e "s|@NAME@</name>|&<uuid>5d4e1f0c-3f0a-4c1e-9a52-7264706d7578</uuid>|; s|@NAME@|demo|; s|@TYPE@|qemu|; s|@IMAGE@|$image|; s|@DIR@|$work/libvirt|" testing/guests/keys.xml >"$work/demo.xml"
  # Without a terminal, where virsh's agent of polkit would complain that there is no polkit.
  setsid -w testing/bin/private-libvirtd virsh "$work/libvirt" create "$work/demo.xml" >/dev/null
  say "more domains: testing/bin/private-libvirtd virsh $work/libvirt define|start ..."
fi

# The control socket's usual place, so that rdpmuxctl finds it, and this checkout for what is kept from run to run (ports, the
# certificate); others where those are not ours to have, or where another agent has them.
ctl() { "$dist/bin/rdpmuxctl" --socket "$run/control.sock" "$@"; }
run=$(given runtime.directory "$@")
state=$here/agent/daemon/target/run-state
if [ -n "$run" ]; then
  state=$work/state
elif [ "$(id -u)" != 0 ]; then
  run=$work/run
elif run=/run/rdpmux && [ -e "$run" ] && ctl status >/dev/null 2>&1; then
  run=$work/run state=$work/state
fi
if ! mkdir -p "$state" 2>/dev/null || [ ! -O "$state" ]; then state=$work/state; fi

# Guests built with librdpmux register on the system bus, which a machine without systemd may lack.
[ -S /run/dbus/system_bus_socket ] || options=(--set librdpmux.enabled=no "${options[@]}")

# Endpoints ask who comes. Whoever tries this out needs a user to be, who goes with the work directory: one who is there from
# the beginning, so that the agent misses nobody, with a hash that belongs to no password until the agent can make one.
password=$(tr -dc 'a-km-z2-9' </dev/urandom | head -c 10 || true)
(umask 077 && printf 'demo:%s:\n' "$(tr -dc '0-9a-f' </dev/urandom | head -c 32 || true)" >"$work/users")

options=(--set "security.users-file=$work/users" "${options[@]}")
"$dist/bin/rdpmux" --set "runtime.directory=$run" --set "state.directory=$state" "${options[@]}" &
agent=$!
if [ "$run" = /run/rdpmux ]; then hint=''; else hint=" --socket $run/control.sock"; fi
say "in another terminal: ${dist#"$here"/}/bin/rdpmuxctl$hint list"

for ((try = 0; try < 150; try++)); do
  if ctl status >/dev/null 2>&1 || ! kill -0 "$agent" 2>/dev/null; then break; fi
  sleep 0.2
done
if [ "$(given security.users-file "${options[@]}")" != "$work/users" ] || [ "$(given security.policy "$@")" = none ]; then
  : # they know whom they let in
elif kill -0 "$agent" 2>/dev/null && printf '%s\n' "$password" | ctl user passwd demo >/dev/null; then
  say "log in as demo with the password $password"
fi
wait "$agent"
