# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the measuring scripts.

# start_xvfb DIR SIZE: starts an X server on a display that it chooses itself and waits until it is there. Sets $display
# to the number and adds its process to $pids. Its framebuffer is the file DIR/Xvfb_screen0.
start_xvfb() {
  mkdir -p "$1"
  Xvfb -displayfd 3 -screen 0 "${2}x24" -fbdir "$1" -nolisten tcp 3>"$1/display" >/dev/null 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do
    display=$(cat "$1/display" 2>/dev/null)
    [ -z "$display" ] || return 0
    sleep 0.1
  done
  echo "Xvfb does not start" >&2
  return 1
}
