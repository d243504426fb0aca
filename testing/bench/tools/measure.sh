#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# measure.sh SERVER_PID PORT SECONDS LOG PAINTER_PID
#
# Connects an RDP client to 127.0.0.1:PORT on an Xvfb of its own, tells the painter PAINTER_PID, which shows its still
# picture, to paint for SECONDS (SIGUSR1), and prints one line of what the client showed and what that cost the process
# SERVER_PID. LOG is the file that painter and observer share. README.md says what the figures mean.
#   CLIENT   the client's command line      (default: xfreerdp with its graphics pipeline, TLS and any certificate)
#   VIEWERS  how many clients look on       (default: 1; only the first is observed)
#   LIGHT    how many more look on through the graphics pipeline in one light process, which draws nothing (default: 0)
#   STOPPED  how many of the others are stopped (SIGSTOP) while the first is measured (default: 0)
#   SIZE     the guest's screen             (default: 1920x1080)
#   WARMUP   seconds between the client's first picture and the measurement (default: 2)
#   KEYS     keys that are pressed in a second at the first client while it is measured (default: 0)
#   LINK     a slow network between client and server, such as 20mbit:40ms (round trip); default: none
# Debian: xvfb freerdp2-x11 iproute2 xdotool
set -u
server=$1 port=$2 seconds=$3 log=$4 painter=$5
here=$(cd "$(dirname "$0")" && pwd)
. "$here/start.sh"
tools=${TOOLS:-$here/../target/tools} size=${SIZE:-1920x1080} viewers=${VIEWERS:-1} warmup=${WARMUP:-2}
client=${CLIENT:-xfreerdp /gfx /cert:ignore /u:bench /p:bench /sec:tls -grab-keyboard}
work=$(mktemp -d) pids=() clients=() displays=()

finish() {
  for ((v = 1; v <= ${STOPPED:-0}; v++)); do kill -CONT "${clients[v]}" 2>/dev/null; done
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

sent() { ss -tinH state established "sport = :$port" | grep -o 'bytes_sent:[0-9]*' | awk -F: '{n += $2} END {print n + 0}'; }

# press_keys DISPLAY KEYS_A_SECOND: until it is ended.
press_keys() {
  local pause
  pause=$(awk -v n="$2" 'BEGIN {print 1 / n}')
  while sleep "$pause"; do DISPLAY=":$1" xdotool key a; done
}

there=$port
if [ -n "${LINK:-}" ]; then
  there=$(free_port 36000) rate=${LINK%mbit:*} delay=${LINK#*:}
  "$tools/link" "$there" "$port" "$rate" "${delay%ms}" >"$work/link" 2>&1 & pids+=($!)
  await_port "$there" || exit 2
fi
for ((v = 0; v < viewers; v++)); do
  start_xvfb "$work/fb$v" "$size" || exit 2
  # shellcheck disable=SC2086
  DISPLAY=":$display" $client "/size:$size" "/v:127.0.0.1:$there" >"$work/client$v.log" 2>&1 & pids+=($!)
  clients+=($!) displays+=("$display")
done
"$tools/observe" "$work/fb0/Xvfb_screen0" "$log" 60 ready || {
  echo "measure.sh: the client shows nothing: $(tail -n 3 "$work/client0.log")" >&2
  exit 1
}
if [ "${LIGHT:-0}" -gt 0 ]; then
  mapfile -t ports < <(yes "$port" | head -n "$LIGHT")
  (run_java "$here/.." Viewers graphics $((seconds + warmup + 20)) "${ports[@]}") >"$work/light" 2>&1 & pids+=($!)
  await ready "$work/light"
fi
sleep "$warmup"
for ((v = 1; v <= ${STOPPED:-0}; v++)); do kill -STOP "${clients[v]}"; done

if [ "${KEYS:-0}" != 0 ]; then
  press_keys "${displays[0]}" "$KEYS" & pids+=($!)
fi
cpu_before=$(ticks "$server") sent_before=$(sent)
encode_before=$(thread_ticks "$server" 'rdpmux-encoder|rdpmux-console') client_before=$(thread_ticks "$server" rdpmux-client)
"$tools/observe" "$work/fb0/Xvfb_screen0" "$log" $((seconds + 20)) >"$work/seen" & observer=$!
kill -USR1 "$painter"
wait $observer || {
  echo "measure.sh: no frame was shown: $(tail -n 3 "$work/client0.log")" >&2
  exit 1
}
encode=$(($(thread_ticks "$server" 'rdpmux-encoder|rdpmux-console') - encode_before))
clients_cpu=$(($(thread_ticks "$server" rdpmux-client) - client_before))
cpu=$(($(ticks "$server") - cpu_before)) bytes=$(($(sent) - sent_before)) rss=$(rss "$server")
frames=$(grep -o 'frames=[0-9]*' "$work/seen" | cut -d= -f2)
awk -v cpu="$cpu" -v hz="$(getconf CLK_TCK)" -v bytes="$bytes" -v frames="$frames" -v encode="$encode" -v client="$clients_cpu" -v seen="$(cat "$work/seen")" -v rss="$rss" 'BEGIN {
    ms = 1000 / hz / frames
    printf "%s cpu_ms=%.1f encode_ms=%.1f client_ms=%.1f kB=%.1f rss_MB=%d\n", seen, cpu * ms, encode * ms, client * ms, bytes / 1000 / frames, rss
  }'
