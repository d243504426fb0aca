# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the measuring scripts.

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
