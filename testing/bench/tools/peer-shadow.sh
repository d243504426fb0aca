#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# peer-shadow.sh [SECONDS [SCENE@FPS...]]
#
# The same scenes through FreeRDP's shadow server, which shares an X11 screen, as measure.sh prints them: the figures to
# hold ours against, taken on the same machine in the same minutes.
#   SHADOW   the server's command           (default: freerdp-shadow-cli)
#   SIZE     the screen                     (default: 1920x1080)
#   WARM     seconds of the full scene first, unmeasured (default: 0)
# Debian: xvfb freerdp2-x11 freerdp2-shadow-x11 iproute2
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/xvfb.sh"
seconds=${1:-8} tools=${TOOLS:-$here/../target/tools} size=${SIZE:-1920x1080}
shift
[ $# -gt 0 ] || set -- type@10 scroll@20 window@20 video@30 full@30
work=$(mktemp -d) pids=()
finish() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

start_xvfb "$work" "$size" || exit 1
until port=$((33000 + RANDOM % 900)) && ! ss -tlnH "sport = :$port" | grep -q .; do :; done
DISPLAY=":$display" ${SHADOW:-freerdp-shadow-cli} "/port:$port" -auth >"$work/log" 2>&1 & server=$!
pids=("$server" "${pids[@]}")
for _ in $(seq 50); do ss -tlnH "sport = :$port" | grep -q . && break; sleep 0.2; done
kill -0 $server 2>/dev/null || {
  echo "peer-shadow.sh: the server does not start" >&2
  tail -n 3 "$work/log" >&2
  exit 1
}

# SCENE@FPS SECONDS
measure() {
  "$here/measure.sh" $server $port "$2" -- \
    env DISPLAY=":$display" "$tools/paint_x11" "${1%@*}" "${1#*@}" "$2" LOG "$size"
}

[ "${WARM:-0}" = 0 ] || measure full@30 "$WARM" >/dev/null
for scene; do
  echo "shadow $scene: $(measure "$scene" "$seconds")"
done
