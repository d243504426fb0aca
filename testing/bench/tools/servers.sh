# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # here, work, size and guest come from the script that reads this
# Sourced by measure-rdpmux.sh: how each server is started and given a scene.
#
# start_NAME starts the server; serve_NAME SCENE FPS SECONDS measures a scene and prints measure.sh's line. Each server has
# its process in ${process[NAME]}; what else is started is added to $pids.

declare -A process=() port_of=() vnc_of=()

# ctl NAME ARGUMENTS...: rdpmuxctl of one of the agents.
ctl() {
  local name=$1
  shift
  RDPMUX_CONTROL=$work/$name/run/control.sock "$work/$name/dist/bin/rdpmuxctl" "$@"
}

# start_agent NAME DIST
start_agent() {
  local name=$1 first
  first=$(free_port 34000)
  mkdir -p "$work/$name/state" "$work/$name/run"
  ln -s "$(readlink -f "$2")" "$work/$name/dist"
  cat >"$work/$name/rdpmux.conf" <<CONF
libvirt.uri =
listen.ports = $first-$((first + 90))
state.directory = $work/$name/state
runtime.directory = $work/$name/run
frame.rate = ${FRAME_RATE:-60}
security.policy = none
librdpmux.unmanaged = yes
librdpmux.bus = ${DBUS_SYSTEM_BUS_ADDRESS:-unix:path=/nonexistent}
CONF
  "$work/$name/dist/bin/rdpmux" --config "$work/$name/rdpmux.conf" >"$work/$name/log" 2>&1 & process[$name]=$!
  pids=("${process[$name]}" "${pids[@]}")
  for _ in $(seq 100); do
    ctl "$name" status >/dev/null 2>&1 && return
    kill -0 "${process[$name]}" 2>/dev/null || break
    sleep 0.3
  done
  tail -n 5 "$work/$name/log" >&2
  return 1
}

start_rdpmux() { start_agent rdpmux "$dist"; }
serve_rdpmux() { serve_agent rdpmux "$@"; }
start_base() { start_agent base "$BASE"; }
serve_base() { serve_agent base "$@"; }

# start_painter PROGRAM...: sets $painter; its output is in $work/painter.
start_painter() {
  "$@" >"$work/painter" 2>&1 & painter=$!
  pids+=("$painter")
}

# end_painter: it would show its last picture for long.
end_painter() {
  kill "$painter" 2>/dev/null
  wait "$painter" 2>/dev/null
  rm -f "$work/frames"
}

# measured NAME PORT SECONDS: of the painter that shows its still picture.
measured() { "$here/tools/measure.sh" "${process[$1]}" "$2" "$3" "$work/frames" "$painter"; }

# serve_agent NAME SCENE FPS SECONDS
serve_agent() { if [ "$guest" = vnc ]; then serve_vnc "$@"; else serve_librdpmux "$@"; fi; }

# With a painter that is attached as a console.
serve_vnc() {
  local console="bench-$2-$RANDOM" vnc uri
  vnc=$(free_port 35000)
  start_painter "$TOOLS/paint_vnc" "$2" "$3" "$4" "$work/frames" "$size" "$vnc" wait
  await_port "$vnc" && ctl "$1" attach "vnc://127.0.0.1:$vnc" --name "$console" >/dev/null &&
    uri=$(ctl "$1" uri "$console" 2>/dev/null) && measured "$1" "${uri##*:}" "$4"
  ctl "$1" detach "$console" >/dev/null
  end_painter
}

# The same with a guest that registers by itself.
serve_librdpmux() {
  local proto=${guest#*:} uuid port=''
  uuid=$(cat /proc/sys/kernel/random/uuid)
  start_painter "$TOOLS/guest_librdpmux" --proto "$proto" --path "/org/RDPMux/RDPMux/v${proto:0:1}" --uuid "$uuid" \
    --delay 90 --linger 30 --scene "$2" --fps "$3" --seconds "$4" --size "$size" --log "$work/frames"
  for _ in $(seq 100); do
    port=$(ctl "$1" list | grep "^\($uuid\|guest_librdpmux-$painter\) " | grep -o '127.0.0.1:[0-9]*' | cut -d: -f2)
    [ -z "$port" ] || break
    sleep 0.2
  done
  if [ -n "$port" ]; then measured "$1" "$port" "$4"; else echo "no endpoint for the guest: $(cat "$work/painter")" >&2; fi
  end_painter
  rm -f "/dev/shm/$(grep -o 'registered id=[0-9]*' "$work/painter" | cut -d= -f2).rdpmux"
}

# FreeRDP's shadow server, which shares an X11 screen.
start_shadow() {
  start_xvfb "$work/shadow" "$size" || return 1
  vnc_of[shadow]=$display
  port_of[shadow]=$(free_port 33000)
  DISPLAY=":$display" ${SHADOW:-freerdp-shadow-cli} "/port:${port_of[shadow]}" -auth >"$work/shadow.log" 2>&1 &
  process[shadow]=$!
  pids=("${process[shadow]}" "${pids[@]}")
  await_port "${port_of[shadow]}" || { tail -n 5 "$work/shadow.log" >&2 && return 1; }
}

serve_shadow() {
  start_painter env DISPLAY=":${vnc_of[shadow]}" "$TOOLS/paint_x11" "$1" "$2" "$3" "$work/frames" "$size"
  measured shadow "${port_of[shadow]}" "$3"
  end_painter
}

# xrdp, which looks at the same VNC server as an agent does.
start_xrdp() {
  port_of[xrdp]=$(free_port 33000)
  vnc_of[xrdp]=$(free_port 35000)
  mkdir -p "$work/xrdp"
  {
    sed -e "s/^port=3389/port=${port_of[xrdp]}/; s/^autorun=.*/autorun=bench/; s/^fork=true/fork=false/" \
      -e "s#^\[Globals\]#&\npidfile=$work/xrdp/pid#" -e '/^\[Xorg\]/,$d' /etc/xrdp/xrdp.ini
    printf '[bench]\nname=bench\nlib=libvnc.so\nip=127.0.0.1\nport=%s\nusername=na\npassword=bench\n' "${vnc_of[xrdp]}"
  } >"$work/xrdp/xrdp.ini"
  xrdp --nodaemon --config "$work/xrdp/xrdp.ini" >"$work/xrdp/log" 2>&1 & process[xrdp]=$!
  pids=("${process[xrdp]}" "${pids[@]}")
  await_port "${port_of[xrdp]}" || { tail -n 5 "$work/xrdp/log" >&2 && return 1; }
}

serve_xrdp() {
  start_painter "$TOOLS/paint_vnc" "$1" "$2" "$3" "$work/frames" "$size" "${vnc_of[xrdp]}" wait
  await_port "${vnc_of[xrdp]}" && measured xrdp "${port_of[xrdp]}" "$3"
  end_painter
}
