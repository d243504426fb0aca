#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# idle-consoles.sh [COUNT] [WIDTHxHEIGHT]
#
# The agent's memory with many consoles that nobody looks at (default: 500 of 1920x1080), each with a VNC server behind it.
# README.md says what the figures mean.
#   DIST     the agent's installation (default: agent/daemon/target/dist)
#   FLIP     MILLISECONDS:WIDTHxHEIGHT: every screen changes to the other size and back, after so much time
#   WATCH    how many of the consoles a client looks at (default: 0)
#   SECONDS_EACH  how long (default: 60)
# Debian: iproute2
set -u
here=$(cd "$(dirname "$0")" && pwd)
count=${1:-500} size=${2:-1920x1080}
dist=${DIST:-$here/../../agent/daemon/target/dist} each=${SECONDS_EACH:-60}
work=$(mktemp -d) started=()

finish() {
  for p in "${started[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

. "$here/tools/start.sh"

ctl() { RDPMUX_CONTROL=$work/run/control.sock "$dist/bin/rdpmuxctl" "$@"; }

compile_java "$here/../.."
mkdir -p "$work/vnc" "$work/state" "$work/run"
# shellcheck disable=SC2086 # the words of FLIP
(run_java "$here" VncServers "$work/vnc" "$count" "$size" ${FLIP:+${FLIP/:/ }}) >"$work/vnc.log" 2>&1 & started+=($!)
await ready "$work/vnc.log"
first=$(free_port 34000)
{
  cat <<CONF
libvirt.uri =
librdpmux.enabled = no
listen.ports = $first-$((first + count))
state.directory = $work/state
runtime.directory = $work/run
security.policy = none
CONF
  for i in $(seq "$count"); do echo "console.guest$i = vnc+unix://$work/vnc/$i.sock"; done
} >"$work/rdpmux.conf"
"$dist/bin/rdpmux" --config "$work/rdpmux.conf" >"$work/agent.log" 2>&1 & agent=$!
started+=("$agent")
begun=$SECONDS
for _ in $(seq 300); do
  known=$(ctl list 2>/dev/null | grep -c "[0-9]x[0-9]")
  [ "$known" -ge "$count" ] && break
  kill -0 "$agent" 2>/dev/null || die "the agent has ended: $(tail -n 3 "$work/agent.log")"
  sleep 1
done
echo "$count consoles of $size, $known sizes known after $((SECONDS - begun)) s"
if [ "${WATCH:-0}" -gt 0 ]; then
  mapfile -t ports < <(ctl list | grep -o 'rdp://[0-9.:]*' | cut -d: -f3 | head -n "$WATCH")
  (run_java "$here" Viewers watch $((each + 10)) "${ports[@]}") >"$work/seen" 2>&1 & started+=($!)
  await ready "$work/seen"
fi
before=$(ticks "$agent")
for part in 1 2 3 4; do
  sleep $((each / 4))
  echo "after $((part * each / 4)) s: $(rss "$agent") MB resident, at most $(peak "$agent") MB"
done
after=$(ticks "$agent")
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$each" \
  'BEGIN { printf "%.1f %% of a processor\n", t / hz / s * 100 }'
kill -0 "$agent" 2>/dev/null || die "the agent has ended: $(tail -n 3 "$work/agent.log")"
if [ "${WATCH:-0}" -gt 0 ]; then
  await viewers= "$work/seen"
  grep viewers= "$work/seen"
fi
