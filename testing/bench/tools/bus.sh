# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the measuring scripts.

# start_bus DIR: starts a D-Bus daemon of one's own with its socket in DIR, on which everybody may do everything, and makes
# it the system bus for what is started later. Adds its process to $others.
start_bus() {
  cat >"$1/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=$1/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
CONF
  dbus-daemon --config-file="$1/bus.conf" --nofork 2>"$1/bus.log" &
  others+=($!)
  export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$1/bus
  for _ in $(seq 100); do
    [ -S "$1/bus" ] && return 0
    sleep 0.1
  done
  echo "the bus does not start" >&2
  return 1
}
