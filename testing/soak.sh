#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# soak.sh [MINUTES]
#
# Five viewers of four kinds look at one console for so long (default: 30): xfreerdp and xfreerdp3 with the graphics pipeline and
# without, rdesktop, one of them over a slow link. Text is typed and scrolls, a window is dragged, a video runs, all of the
# screen moves, the screen changes its size, viewers join and leave, and one stands still for seconds. Whenever the screen rests,
# every viewer must show it exactly. Prints a line after each round; fails if a picture is not exact, or if the agent has grown
# by more than it says: heap after a collection, direct memory, all memory of Java's, resident memory, descriptors and threads.
# Debian: what test.sh installs
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-30}
testing/bench/tools/build.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
timeout $((minutes * 60 + 1200)) mvn "${MVN_ARGS:--o}" -pl testing/it -am verify -Dspotless.check.skip -Dcheckstyle.skip \
  -DskipITs=false -Dtests.excluded=none -Dit.test=Soak -Dsoak.minutes="$minutes" -Dtest=none \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false 2>&1 |
  tee "$log" | grep --line-buffered -o 'soak: .*' | sed -u 's/^soak: //' || true
grep -q 'Tests run: 1, Failures: 0, Errors: 0, Skipped: 0' "$log" || status=1
[ $status = 0 ] || tail -n 60 "$log" >&2
exit $status
