#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# measure.sh SERVER_PID PORT SECONDS -- PAINTER...
#
# Lets an RDP client look at 127.0.0.1:PORT on an Xvfb of its own while PAINTER paints, and prints one line of what the
# client showed and what that cost the process SERVER_PID: see README.md for what the figures mean. In PAINTER the word
# LOG stands for the file that painter and observer share.
#   CLIENT   the client's command line      (default: xfreerdp with TLS and any certificate)
#   VIEWERS  how many clients look on       (default: 1; only the first is observed)
#   STOPPED  how many of the others are stopped (SIGSTOP) while the first is measured (default: 0)
#   SIZE     the guest's screen             (default: 1920x1080)
#   WARMUP   seconds the client is given to connect before anything is measured (default: 5)
#   EARLY    if set, the painter is started before the clients and sent SIGUSR1 when it shall paint: for painters that
#            are servers themselves, as "paint_vnc ... wait" is
#   FRAMELOG the log of a painter that runs already; PAINTER is then a command that waits for its end, such as
#            "tail --pid=PID -f /dev/null" (how many frames were painted is not known then)
# Debian: xvfb freerdp2-x11 iproute2
set -u
server=$1 port=$2 seconds=$3
shift 4
here=$(cd "$(dirname "$0")" && pwd)
. "$here/xvfb.sh"
tools=${TOOLS:-$here/../target/tools} size=${SIZE:-1920x1080} viewers=${VIEWERS:-1} warmup=${WARMUP:-5}
client=${CLIENT:-xfreerdp /cert:ignore /u:bench /p:bench /sec:tls -grab-keyboard}
work=$(mktemp -d) pids=()
log=${FRAMELOG:-$work/log}

finish() {
  for ((v = 1; v <= ${STOPPED:-0}; v++)); do kill -CONT "${clients[v]}" 2>/dev/null; done
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }
sent() { ss -tinH state established "sport = :$port" | grep -o 'bytes_sent:[0-9]*' | awk -F: '{n += $2} END {print n + 0}'; }

painter=("${@/#LOG/$log}")
[ -z "${EARLY:-}" ] || { "${painter[@]}" >"$work/painted" 2>&1 & pids+=($!); painting=$!; }

clients=()
for ((v = 0; v < viewers; v++)); do
  start_xvfb "$work/fb$v" "$size" || exit 2
  # shellcheck disable=SC2086
  DISPLAY=":$display" $client "/size:$size" "/v:127.0.0.1:$port" >"$work/client$v.log" 2>&1 & pids+=($!)
  clients+=($!)
done
sleep "$warmup"
for ((v = 1; v <= ${STOPPED:-0}; v++)); do kill -STOP "${clients[v]}"; done

cpu_before=$(ticks) sent_before=$(sent)
while sleep 0.2; do sent; done >"$work/sent" & sampler=$!
pids+=("$sampler")
"$tools/observe" "$work/fb0/Xvfb_screen0" "$log" $((seconds + 6)) >"$work/seen" & observer=$!
if [ -n "${EARLY:-}" ]; then
  kill -USR1 "$painting"
  wait "$painting"
else
  "${painter[@]}" >"$work/painted" 2>&1
fi
wait $observer
cpu_after=$(ticks)
kill $sampler 2>/dev/null
# The connection may be gone with its guest by now: its largest count is what was sent.
sent_after=$(sort -n "$work/sent" | tail -n 1)
painted=$(grep -o 'painted=[0-9]*' "$work/painted" | cut -d= -f2)
frames=$(grep -o 'frames=[0-9]*' "$work/seen" | cut -d= -f2)
awk -v cpu="$((cpu_after - cpu_before))" -v hz="$(getconf CLK_TCK)" -v bytes="$((${sent_after:-0} - ${sent_before:-0}))" \
  -v painted="${painted:-0}" -v frames="${frames:-0}" -v seen="$(cat "$work/seen")" \
  -v rss="$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status")" 'BEGIN {
    printf "painted=%d %s cpu_ms_per_frame_shown=%.1f kB_per_frame_shown=%.1f cpu_s=%.2f MB=%.2f rss_MB=%d\n", painted, seen,
      frames ? cpu / hz * 1000 / frames : 0, frames ? bytes / 1000 / frames : 0, cpu / hz, bytes / 1e6, rss
  }'
[ "${frames:-0}" -gt 0 ] || {
  tail -n 3 "$work/client0.log" "$work/painted" >&2
  exit 1
}
