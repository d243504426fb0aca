# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the measuring scripts.

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# await WORDS FILE: waits until the file has them.
await() {
  for _ in $(seq 600); do
    grep -q "$1" "$2" 2>/dev/null && return
    sleep 0.1
  done
  die "no '$1' in $2: $(tail -n 3 "$2")"
}

# Of a process: the processor time that it has used, in ticks of the clock; its memory, now and at most, in megabytes.
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
rss() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$1/status"; }
peak() { awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$1/status"; }

# thread_ticks PID WORDS: processor time of those of its threads whose names begin with one of these words (w1|w2).
thread_ticks() {
  local task total=0 words=$2 rest
  for task in "/proc/$1"/task/*; do
    grep -qE "^($words)" "$task/comm" 2>/dev/null || continue
    rest=$(sed 's/.*) //' "$task/stat" 2>/dev/null) || continue
    # shellcheck disable=SC2086 # its fields
    set -- "$1" $rest
    total=$((total + ${13} + ${14}))
    set -- "$1"
  done
  echo "$total"
}

# compile_java ROOT: the programs of testing/bench, and the agent.
compile_java() {
  (cd "$1" && mvn "${MVN_ARGS:--o}" -q -pl testing/bench -am package -DskipTests -Dspotless.check.skip -Dcheckstyle.skip) ||
    die "the tools do not compile"
}

# run_java BENCH CLASS ARGUMENTS...: becomes one of them, so call it in a subshell; BENCH is the module's directory.
run_java() {
  local bench=$1 class=$2
  shift 2
  exec "${JAVA:-java}" -Xmx1g -Dslf4j.internal.verbosity=ERROR -cp "$bench/target/lib/*:$bench/target/classes" "org.rdpmux.bench.$class" "$@"
}

# free_port FROM: prints a port between FROM and FROM+900 on which nobody listens.
free_port() {
  local port
  until port=$(($1 + RANDOM % 900)) && ! ss -tlnH "sport = :$port" | grep -q .; do :; done
  echo $port
}

# await_port PORT: waits until somebody listens there.
await_port() {
  for _ in $(seq 150); do
    ! ss -tlnH "sport = :$1" | grep -q . || return 0
    sleep 0.2
  done
  echo "nobody listens on port $1" >&2
  return 1
}

# start_xvfb DIR SIZE: starts an X server on a display that it chooses itself and waits until it is there. Sets $display
# to the number and adds its process to $pids. Its framebuffer, into which it draws no pointer, is the file DIR/Xvfb_screen0.
# It does not reset itself when its last client leaves: the shadow server opens it, closes it, and opens it again.
start_xvfb() {
  mkdir -p "$1"
  Xvfb -displayfd 3 -screen 0 "${2}x24" -fbdir "$1" -nocursor -noreset -nolisten tcp 3>"$1/display" >/dev/null 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do
    display=$(cat "$1/display" 2>/dev/null)
    [ -z "$display" ] || return 0
    sleep 0.1
  done
  echo "Xvfb does not start" >&2
  return 1
}
