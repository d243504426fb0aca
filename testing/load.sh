#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# load.sh [ATTACK...]
#
# What another person notices while somebody attacks the agent: the time of a log-in, and from a key or a click to its
# picture, p50/p99 in milliseconds, before, during and after. Each attack has an agent of its own, all inside a network
# namespace of their own; some 30 seconds each, four minutes in all. Prints a table. As root.
#   idle-consoles  100 consoles of 1920x1080 appear
#   silent         200 connections from two addresses, which stop at every stage before the log-in, and 20 more a second
#   fifo           a console's password file is a pipe that nobody writes to, and 8 clients ask for that console
#   small-pdus     two view-only clients send the smallest PDUs as fast as they can
#   channels       four users of the console flood their dynamic channels: graphics advertised again and again, frames acknowledged
#                  that were never sent, windows of ever other sizes, and garbage
#   copy-rects     a VNC server sends CopyRects without end
#   seats          a view-only account asks for 70 seats of the person's console
#   dead-viewer    a viewer's network fails while it holds a button and Ctrl; the person clicks instead of typing
#   typos          20 people behind the person's address mistype their password
#   DIST           the agent's installation (default: agent/daemon/target/dist)
# Debian: iproute2, util-linux
set -u
here=$(cd "$(dirname "$0")" && pwd)
all=(idle-consoles silent fifo small-pdus channels copy-rects seats dead-viewer typos)
. "$here/bench/tools/start.sh"
if [ "${LOAD_INSIDE:-}" != yes ]; then
  compile_java "$here/.."
  LOAD_INSIDE=yes exec timeout 900 unshare --net "$0" "$@"
fi
[ $# -gt 0 ] || set -- "${all[@]}"
dist=$(realpath "${DIST:-$here/../agent/daemon/target/dist}")
work=$(mktemp -d) started=()
finish() {
  for p in "${started[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
tool() { run_java "$here/bench" "$@"; }

ip link set lo up
for address in 10.9.0.1 10.9.5.5 10.9.5.6 10.9.7.7 10.9.8.8; do ip addr add "$address/32" dev lo; done
tool Load guests >"$work/guests" & started+=($!)
mkdir "$work/idle"
tool VncServers "$work/idle" 100 1920x1080 >"$work/idle.out" & started+=($!)
await copies "$work/guests"
await ready "$work/idle.out"
read -r _ echo _ copies <"$work/guests"
mkfifo -m 600 "$work/pipe"

# NUMBER: starts an agent.
agent() {
  mkdir -p "$work/$1/state" "$work/$1/run"
  chmod 700 "$work/$1/state"
  cat >"$work/$1/rdpmux.conf" <<CONF
libvirt.uri =
librdpmux.enabled = no
listen.address = 10.9.0.1
listen.ports = 20000-20400
state.directory = $work/$1/state
runtime.directory = $work/$1/run
security.policy = tls
security.users-file = $work/users.txt
console.web = vnc://127.0.0.1:$echo
console.web.port = 20000
console.copies = vnc://127.0.0.1:$copies
console.copies.port = 20001
console.fifo = vnc://127.0.0.1:$echo
console.fifo.port = 20002
console.fifo.password-file = $work/pipe
CONF
  "$dist/bin/rdpmux" --config "$work/$1/rdpmux.conf" >"$work/$1/log" 2>&1 & agent=$!
  started+=("$agent")
  for _ in $(seq 300); do
    [ -S "$work/$1/run/control.sock" ] && return
    sleep 0.1
  done
  die "the agent does not start: $(tail -n 3 "$work/$1/log")"
}

agent users
for user in alice mallory; do
  echo "$user-secret" | RDPMUX_CONTROL=$work/users/run/control.sock "$dist/bin/rdpmuxctl" user add "$user" >/dev/null || die "no user"
done
echo eve-secret | RDPMUX_CONTROL=$work/users/run/control.sock "$dist/bin/rdpmuxctl" user add eve --view-only >/dev/null || die "no user"
kill "$agent"
wait "$agent"

echo "| attack | | before | during | after | agent MB before / during / after |"
echo "|---|---|---|---|---|---|"
for attack; do
  ip addr add 10.9.6.6/32 dev lo 2>/dev/null
  agent "$attack"
  (export LOAD_IDLE="$work/idle" && tool Load "$attack" 10.9.0.1 20000,20001,20002 \
    "$work/$attack/run/control.sock" "$agent") 2>"$work/$attack/err" ||
    echo "| $attack | failed | $(tail -n 1 "$work/$attack/err") | | | |"
  kill "$agent" 2>/dev/null
  wait "$agent"
  [ -z "${LOAD_KEEP:-}" ] || cp "$work/$attack/log" "$LOAD_KEEP/$attack.log"
done
