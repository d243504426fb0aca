#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# many-guests.sh [COUNT...]
#
# What guests built with librdpmux cost the agent, by their number (default: 1 10 50): each paints, and one light client
# looks at each. Before that, how long it takes from a guest's registration until its endpoint accepts. README.md says
# what the figures mean.
#   DIST     the agent's installation (default: agent/daemon/target/dist)
#   PROTO    of the guests            (default: 5)
#   SCENE, FPS, SIZE                  what they paint (default: type, 10, 1280x1024)
#   SECONDS_EACH                      how long each number is measured (default: 15)
# Debian: gcc and what tools/build.sh names, dbus-daemon
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- 1 10 50
dist=${DIST:-$here/../../agent/daemon/target/dist}
tools=${TOOLS:-$here/target/tools} proto=${PROTO:-5} each=${SECONDS_EACH:-15}
work=$(mktemp -d) guests=() others=()

finish() {
  for p in "${guests[@]}" "${others[@]}"; do kill "$p" 2>/dev/null; done
  wait 2>/dev/null
  # What these guests left behind, as their library does.
  grep -ho 'registered id=[0-9]*' "$work"/guest*.out 2>/dev/null | cut -d= -f2 | while read -r id; do
    rm -f "/dev/shm/$id.rdpmux"
  done
  rm -rf "$work"
}
trap finish EXIT

. "$here/tools/start.sh"
viewers() { run_java "$here" Viewers "$@"; }

"$here/tools/build.sh" "$tools" || die "the tools do not compile"
compile_java "$here/../.."
. "$here/tools/bus.sh"
start_bus "$work"
first=$(free_port 34000)
cat >"$work/rdpmux.conf" <<CONF
libvirt.uri =
listen.ports = $first-$((first + 90))
state.directory = $work/state
runtime.directory = $work/run
security.policy = none
librdpmux.bus = $DBUS_SYSTEM_BUS_ADDRESS
librdpmux.unmanaged = yes
CONF
mkdir -p "$work/state" "$work/run"
"$dist/bin/rdpmux" --config "$work/rdpmux.conf" >"$work/agent.log" 2>&1 & agent=$!
others+=("$agent")
await 'Guests can register' "$work/agent.log"

# NUMBER OPTIONS...: starts a guest that asks for port first+NUMBER.
guest() {
  local number=$1
  shift
  "$tools/guest_librdpmux" --proto "$proto" --path "/org/RDPMux/RDPMux/v${proto:0:1}" --port $((first + number)) \
    --uuid "$(cat /proc/sys/kernel/random/uuid)" --log "$work/frames$number" --scene "${SCENE:-type}" \
    --fps "${FPS:-10}" --size "${SIZE:-1280x1024}" "$@" >"$work/guest$number-$RANDOM.out" 2>&1 &
  guests+=($!)
}

echo "no guests: $(rss "$agent") MB resident"
case $proto in
  4? | 5)
    for number in 81 82 83 84 85 86 87 88 89; do
      viewers accept $((first + number)) >"$work/accepted" & viewer=$!
      await ready "$work/accepted"
      guest "$number" --seconds 1
      wait "$viewer" "${guests[-1]}"
      cat "$work/accepted" "$work"/guest$number-*.out
    done | tr ' ' '\n' | awk -F= '
      $1 == "accepted" { accepted = $2 }
      $1 == "asked" { asked = $2 }
      $1 == "answered" { printf "%.1f\n", (accepted - asked) * 1000 }' | sort -n | awk '{ ms[NR] = $1 }
      END { printf "Register to an endpoint that accepts: median %.1f ms, longest %.1f ms of %d\n", ms[int((NR + 1) / 2)], ms[NR], NR }'
    ;;
esac

printf '%8s %10s %12s %14s %12s %10s\n' guests 'CPU %' 'CPU % each' 'frames/s each' 'kB/s each' 'RSS MB'
running=0
for count; do
  while [ "$running" -lt "$count" ]; do
    guest "$running" --seconds 3600
    running=$((running + 1))
  done
  ports=()
  for _ in $(seq 300); do
    mapfile -t ports < <(RDPMUX_CONTROL=$work/run/control.sock "$dist/bin/rdpmuxctl" list | grep -o 'rdp://[0-9.:]*' |
      cut -d: -f3)
    [ "${#ports[@]}" -ge "$count" ] && break
    sleep 0.2
  done
  viewers watch $((each + 5)) "${ports[@]}" >"$work/seen" & viewer=$!
  await ready "$work/seen"
  sleep 5
  before=$(ticks "$agent")
  sleep "$each"
  after=$(ticks "$agent") memory=$(rss "$agent")
  wait "$viewer"
  awk -v n="$count" -v cpu=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$each" -v rss="$memory" '
    /^viewers/ {
      for (i = 1; i <= NF; i++) { split($i, pair, "="); v[pair[1]] = pair[2] }
      percent = cpu / hz / s * 100
      printf "%8d %10.1f %12.2f %14.1f %12.1f %10d\n", n, percent, percent / n, v["frames"] / n / (s + 5), v["kB"] / n / (s + 5), rss
      if (v["ended"] > 0) printf "%d sessions ended early\n", v["ended"]
    }' "$work/seen"
done
