#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# measure-rdpmux.sh [SECONDS [SCENE@FPS...]]
#
# What an RDP client sees of a guest's changing screen through rdpmux, and what that costs, beside the same through other
# servers: one table. Each scene is measured REPEATS times, the servers in turn. README.md says what the figures mean.
#   DIST            the agent's installation (default: agent/daemon/target/dist)
#   BASE            another agent's installation, to compare with: a server called base
#   PEER            other servers to compare with: shadow, xrdp, both ("shadow xrdp", the default) or none
#   REPEATS         how often each scene is measured (default: 3)
#   GUEST           what paints for the agents: vnc (default), or librdpmux:P for a guest built with librdpmux of protocol
#                   1, 2n, 2z, 3, 4a, 4b, 4c or 5, on a bus of its own
#   WARM            seconds for which every server is given the full scene first, unmeasured (default: 5): a Java virtual
#                   machine compiles what runs often only after it has run often
#   LINES           a file that gets the line of each measurement
#   FRAME_RATE      of the agents (default: 60)
#   SHADOW          the shadow server's command (default: freerdp-shadow-cli)
#   LINK, CLIENT, VIEWERS, LIGHT, STOPPED, SIZE, WARMUP: see tools/measure.sh
# Debian: gcc and what tools/build.sh names, xvfb freerdp2-x11 freerdp2-shadow-x11 xrdp iproute2
set -u
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-8} size=${SIZE:-1920x1080} warm=${WARM:-5} repeats=${REPEATS:-3} guest=${GUEST:-vnc}
shift
[ $# -gt 0 ] || set -- type@10 scroll@20 window@20 video@30 full@30
dist=${DIST:-$here/../../agent/daemon/target/dist}
export TOOLS=${TOOLS:-$here/target/tools}
work=$(mktemp -d) pids=() others=()
lines=${LINES:-$work/lines}

finish() {
  for p in "${pids[@]}" "${others[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

. "$here/tools/start.sh"
. "$here/tools/servers.sh"
[ "${LIGHT:-0}" = 0 ] || compile_java "$here/../.."

"$here/tools/build.sh" "$TOOLS" || die "the tools do not compile"
if [ "$guest" != vnc ]; then
  . "$here/tools/bus.sh"
  start_bus "$work"
fi
servers=(rdpmux)
[ -z "${BASE:-}" ] || servers+=(base)
for peer in ${PEER:-shadow xrdp}; do
  [ "$peer" = none ] || servers+=("$peer")
done
for server in "${servers[@]}"; do
  "start_$server" || die "$server does not start"
  [ "$warm" = 0 ] || { echo "warming up $server" >&2; WARMUP=0 "serve_$server" full 30 "$warm" >/dev/null; }
done

: >"$lines"
echo "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
for scene; do
  for ((i = 1; i <= repeats; i++)); do
    for server in "${servers[@]}"; do
      echo "$scene $i of $repeats: $server" >&2
      echo "$scene $server $("serve_$server" "${scene%@*}" "${scene#*@}" "$seconds")" >>"$lines"
    done
  done
done
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$here/tools/table.sh" "$lines"
