#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# measure-rdpmux.sh [SECONDS [SCENE@FPS...]]
#
# What an RDP client sees of a guest's changing screen through rdpmux, and what that costs; then the same through
# FreeRDP's shadow server, and both as a table. README.md says what the figures mean.
#   DIST            the agent's installation; one is started for the measurement and stopped afterwards
#                   (default: agent/daemon/target/dist)
#   AGENT           the agent's command line, in which CONFIG stands for the configuration that is written for it
#                   (default: DIST/bin/rdpmux --config CONFIG)
#   RDPMUX_CONTROL  control socket of an agent that runs already and is to be measured instead
#   GUEST           what paints: vnc (default), or librdpmux:P for a guest built with librdpmux of protocol 1, 2n, 2z, 3,
#                   4a, 4b, 4c or 5, on a bus of its own
#   PEER            what to compare with: shadow (default) or none
#   WARM            seconds for which both servers are given the full scene first, unmeasured (default 5): a Java
#                   virtual machine compiles what runs often only after it has run often
#   CLIENT, VIEWERS, SIZE, WARMUP, SHADOW: see tools/measure.sh and tools/peer-shadow.sh
# Debian: gcc and what tools/build.sh names, xvfb freerdp2-x11 freerdp2-shadow-x11 iproute2
set -u
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-8} size=${SIZE:-1920x1080} warm=${WARM:-5}
shift
[ $# -gt 0 ] || set -- type@10 scroll@20 window@20 video@30 full@30
dist=${DIST:-$here/../../agent/daemon/target/dist}
export TOOLS=${TOOLS:-$here/target/tools}
work=$(mktemp -d) agent='' others=() guest=${GUEST:-vnc}

finish() {
  for p in "${others[@]}"; do kill "$p" 2>/dev/null; done
  [ -z "$agent" ] || { kill "$agent" 2>/dev/null; wait "$agent" 2>/dev/null; }
  rm -rf "$work"
}
trap finish EXIT

die() {
  echo "measure-rdpmux.sh: $*" >&2
  exit 1
}

ctl() { "${RDPMUXCTL:-$dist/bin/rdpmuxctl}" "$@"; }

free_port() {
  local port
  until port=$(($1 + RANDOM % 900)) && ! ss -tlnH "sport = :$port" | grep -q .; do :; done
  echo $port
}

start_agent() {
  local first
  first=$(free_port 34000)
  cat >"$work/rdpmux.conf" <<CONF
libvirt.uri =
listen.ports = $first-$((first + 90))
state.directory = $work/state
runtime.directory = $work/run
frame.rate = ${FRAME_RATE:-60}
security.policy = none
librdpmux.unmanaged = yes
CONF
  mkdir -p "$work/state" "$work/run"
  export RDPMUX_CONTROL=$work/run/control.sock
  local command=${AGENT:-$dist/bin/rdpmux --config CONFIG}
  # shellcheck disable=SC2086
  ${command//CONFIG/$work/rdpmux.conf} >"$work/agent.log" 2>&1 & agent=$!
  for _ in $(seq 100); do
    ctl status >/dev/null 2>&1 && return
    kill -0 "$agent" 2>/dev/null || break
    sleep 0.3
  done
  tail -n 5 "$work/agent.log" >&2
  die "the agent does not start"
}

# SCENE@FPS SECONDS: measures it, prints measure.sh's line.
measure() {
  if [ "$guest" = vnc ]; then measure_vnc "$@"; else measure_librdpmux "$@"; fi
}

# With a painter that is attached as a console.
measure_vnc() {
  local scene=${1%@*} fps=${1#*@} name="bench-${1%@*}-$RANDOM" vnc uri line
  vnc=$(free_port 35000)
  ctl attach "vnc://127.0.0.1:$vnc" --name "$name" >/dev/null || die "cannot attach $name"
  uri=$(ctl uri "$name" 2>/dev/null) || die "$name has no endpoint"
  line=$(EARLY=1 "$here/tools/measure.sh" "$pid" "${uri##*:}" "$2" -- \
    "$TOOLS/paint_vnc" "$scene" "$fps" "$2" LOG "$size" "$vnc" wait)
  ctl detach "$name" >/dev/null
  echo "$line"
}

# The same with a guest that registers by itself. It shows a still screen until measure.sh tells it to paint.
measure_librdpmux() {
  local scene=${1%@*} fps=${1#*@} proto=${guest#*:} uuid port='' line
  uuid=$(cat /proc/sys/kernel/random/uuid)
  "$TOOLS/guest_librdpmux" --proto "$proto" --path "/org/RDPMux/RDPMux/v${proto:0:1}" --uuid "$uuid" \
    --delay 60 --scene "$scene" --fps "$fps" --seconds "$2" --size "$size" --log "$work/frames-$uuid" \
    >"$work/guest.out" 2>&1 & local painter=$!
  for _ in $(seq 100); do
    port=$(ctl list | grep "^\($uuid\|guest_librdpmux-$painter\) " | grep -o '127.0.0.1:[0-9]*' | cut -d: -f2)
    [ -z "$port" ] || break
    sleep 0.2
  done
  [ -n "$port" ] || die "no endpoint for the guest: $(cat "$work/guest.out")"
  line=$(FRAMELOG=$work/frames-$uuid "$here/tools/measure.sh" "$pid" "$port" "$2" -- \
    sh -c "kill -USR1 $painter; tail --pid=$painter -f /dev/null; grep -o 'painted=[0-9]*' $work/guest.out")
  wait "$painter"
  rm -f "/dev/shm/$(grep -o 'registered id=[0-9]*' "$work/guest.out" | cut -d= -f2).rdpmux"
  echo "$line"
}

# Turns "SERVER SCENE: key=value ..." into a table.
table() {
  awk 'BEGIN {
      row = "%-10s %-8s %8s %8s %6s %8s %8s %8s %10s %10s %7s\n"
      printf row, "scene", "server", "painted", "shown", "fps", "p50 ms", "p95 ms", "max ms", "CPU ms/fr", "kB/frame", "RSS MB"
    }
    {
      for (i = 3; i <= NF; i++) { split($i, pair, "="); v[pair[1]] = pair[2] }
      sub(":", "", $2)
      printf row, $2, $1, v["painted"], v["frames"], v["fps"], v["p50"], v["p95"], v["max"],
        v["cpu_ms_per_frame_shown"], v["kB_per_frame_shown"], v["rss_MB"]
      delete v
    }' "$1"
}

"$here/tools/build.sh" "$TOOLS" || die "the tools do not compile"
if [ "$guest" != vnc ]; then
  . "$here/tools/bus.sh"
  start_bus "$work"
fi
[ -n "${RDPMUX_CONTROL:-}" ] || start_agent
pid=$(ctl status --json | grep -o '"pid": *[0-9]*' | grep -o '[0-9]*$') || die "the agent does not answer"

[ "$warm" = 0 ] || { echo "warming up" >&2; measure full@30 "$warm" >/dev/null; }
for scene; do
  echo "rdpmux $scene" >&2
  echo "rdpmux $scene: $(measure "$scene" "$seconds")" >>"$work/lines"
done
if [ "${PEER:-shadow}" = shadow ]; then
  echo "shadow $*" >&2
  WARM=$warm "$here/tools/peer-shadow.sh" "$seconds" "$@" >>"$work/lines"
fi
table "$work/lines"
