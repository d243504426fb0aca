# Sourced by packages.sh within its tree: what the package is for. A guest's screen on an RDP client, on a system that has the
# package and what came with it, and nothing that was set up by hand.
# shellcheck shell=bash disable=SC2154 # packages.sh sets packages and log

display=:97
frames=/run/frames

# Whether the host has libvirt as it comes, and what shows a guest.
can_show() {
  [ -e /etc/libvirt/qemu.conf ] && command -v libvirtd qemu-system-x86_64 Xvfb | wc -l | grep -qx 3 && client >/dev/null
}

client() { command -v xfreerdp3 || command -v xfreerdp; }

# until_true COMMAND...: waits, even on a machine that is very busy; false if it is never true.
until_true() {
  local end=$((SECONDS + 300))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || return 1
    sleep 0.1
  done
}

# as_unit COMMAND...: runs a command, from the shell that is given up for it, as systemd runs the unit's: its user and groups, no
# privileges, its limits, and a file system in which only its own directories can be written. Left out are the filter of system
# calls and the private devices.
as_unit() {
  local unit=/usr/lib/systemd/system/rdpmux.service
  install -d -m 755 -o rdpmux -g rdpmux /run/rdpmux
  # shellcheck disable=SC2016 # for the inner shell
  exec unshare --mount --propagation private sh -euc '
    user=$1 group=$2; shift 2
    for directory in /run/rdpmux /var/lib/rdpmux /var/log/rdpmux; do mount --bind $directory $directory; done
    for directory in / /run; do mount -o remount,bind,ro $directory; done
    for directory in /root /home; do mount -t tmpfs -o ro,mode=000 none $directory; done
    for directory in /tmp /var/tmp; do mount -t tmpfs -o mode=1777 none $directory; done
    umask 077
    ulimit -c 0
    ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)" # as many as the machine allows
    exec env -i PATH=/usr/sbin:/usr/bin HOME=/ USER=$user LANG=C.UTF-8 setpriv --reuid=$user --regid=$group --init-groups \
      --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$@"' \
    sh "$(sed -n 's/^User=//p' "$unit")" "$(sed -n 's/^Group=//p' "$unit")" "$@"
}

# run_agent: runs the agent as its unit does. Sets 'agent'.
run_agent() {
  local command
  read -ra command <<<"$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/rdpmux.service)"
  (as_unit "${command[@]}") >>"$packages/agent.log" 2>&1 </dev/null &
  agent=$!
}

# start_agent: likewise, until rdpmuxctl gets an answer.
start_agent() {
  run_agent
  until_true rdpmuxctl status || fail "the agent gives no answer: $(tail -n 20 "$packages/agent.log")"
}

stop_agent() {
  kill "$agent"
  wait "$agent" || fail "the agent ends with $?: $(tail -n 20 "$packages/agent.log")"
}

hypervisor() {
  # The machine's control groups are not this tree's to change.
  echo 'cgroup_controllers = [ ]' >>/etc/libvirt/qemu.conf
  if ! [ -S /run/dbus/system_bus_socket ]; then mkdir -p /run/dbus && dbus-daemon --system --fork >"$log" 2>&1; fi
  virtlogd -d >"$log" 2>&1 || fail "virtlogd does not start"
  libvirtd -d >"$log" 2>&1 || fail "libvirtd does not start"
  until_true virsh -c qemu:///system version || fail "libvirtd gives no answer"
  cat >"$packages/first.xml" <<XML
<domain type='qemu'>
  <name>first</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type><bootmenu enable='yes' timeout='65000'/></os>
  <devices><graphics type='vnc'/><video><model type='vga'/></video></devices>
</domain>
XML
  quietly virsh -c qemu:///system define "$packages/first.xml"
  quietly virsh -c qemu:///system start first
}

# shown: whether the client's window is the guest's screen, pixel for pixel, with more than one colour in it.
shown() {
  local ppm=/var/lib/libvirt/qemu/first.ppm
  virsh -q -c qemu:///system qemu-monitor-command first --hmp "screendump $ppm" >/dev/null || return 1
  # The client's X server keeps its screen in a file, as an X window dump (XWDFile.h) of 32 bits a pixel.
  perl -e '
    undef $/;
    open(my $file, "<", shift) or exit 1; my $ppm = <$file>;
    open($file, "<", shift) or exit 1; my $dump = <$file>;
    my ($width, $height) = $ppm =~ /^P6\s+(\d+)\s+(\d+)\s+255\s/ or exit 1;
    my $pixels = substr($ppm, $+[0]);
    exit 1 if $pixels =~ /^(...)\1*$/s;
    my @header = unpack("N25", $dump);
    for my $y (0 .. $height - 1) {
      my $row = substr($dump, $header[0] + 12 * $header[19] + $y * $header[12], 4 * $width);
      $row =~ s/(.)(.)(.)./$3$2$1/gs;
      exit 1 if $row ne substr($pixels, $y * $width * 3, $width * 3);
    }' "$ppm" "$frames/Xvfb_screen0"
}

# connect ARG...: opens the console with FreeRDP. Sets 'viewer'.
connect() {
  DISPLAY=$display "$(client)" "$@" /cert:ignore -grab-keyboard >"$packages/client.log" 2>&1 </dev/null &
  viewer=$!
}

viewers() { rdpmuxctl list | awk '$1 == "first" { print $NF }'; }

leave() {
  kill "$viewer" 2>/dev/null || true
  wait "$viewer" 2>/dev/null || true
}

# said TEXT: how often the agent said that. said_anew TEXT TIMES: whether it is more often than that.
said() { grep -c "$1" "$packages/agent.log" || true; }

said_anew() { [ "$(said "$1")" -gt "$2" ]; }

port() { rdpmuxctl uri first 2>/dev/null | grep -o '127.0.0.1:[0-9]*'; }

# restarted DEB KEY: installs it with a session open, and restarts the agent as its postinst does where systemd runs. The client
# is back by itself within 5 s of the agent (on a busy machine, within what the agent itself needed), at the same address, and
# shows what the guest does at a key.
restarted() {
  local before endpoints logins asked stopped ready back
  before=$(port)
  [ "$(viewers)" = 1 ] || fail "nobody is connected: $(rdpmuxctl list)"
  touch "$packages/before"
  quietly dpkg --force-confold -i "$1"
  [ "$(viewers)" = 1 ] || fail "the session did not outlive the unpacking of $1"
  find /var/lib/rdpmux -name 'rdpmux-*.jsa' -user rdpmux -newer "$packages/before" | grep -q . ||
    fail "the package made no archive of classes: $(ls -la /var/lib/rdpmux)"
  endpoints=$(said 'first  running  rdp:')
  logins=$(said 'event=login result=allowed user=ann')
  asked=${EPOCHREALTIME/./}
  stop_agent
  stopped=${EPOCHREALTIME/./}
  run_agent
  until_true said_anew 'first  running  rdp:' "$endpoints" || fail "no endpoint: $(tail -n 20 "$packages/agent.log")"
  ready=${EPOCHREALTIME/./}
  until_true said_anew 'event=login result=allowed user=ann' "$logins" ||
    fail "the client did not come back: $(tail -n 5 "$packages/client.log")"
  back=${EPOCHREALTIME/./}
  say "the client is back $(((back - asked) / 1000)) ms after the restart began: the agent stopped in" \
    "$(((stopped - asked) / 1000)) ms, was there after $(((ready - stopped) / 1000)) ms, the client after $(((back - ready) / 1000)) ms more"
  [ $((back - ready)) -le 5000000 ] || [ $((back - ready)) -le $((ready - asked)) ] || fail "the client took too long"
  [ "$(port)" = "$before" ] || fail "the console has another port"
  virsh -q -c qemu:///system send-key first "$2" >/dev/null
  until_true shown || fail "the client does not show what the guest does after the restart"
}

first_guest() {
  say "a guest's screen on $(client), with $(libvirtd --version), $(qemu-system-x86_64 --version | head -n 1)"
  mkdir -p "$frames"
  Xvfb "$display" -screen 0 1600x1300x24 -fbdir "$frames" -nolisten tcp -noreset >"$packages/xvfb.log" 2>&1 &
  until_true test -s "$frames/Xvfb_screen0" || fail "Xvfb does not start"
  hypervisor
  start_agent
  until_true rdpmuxctl uri first || fail "the guest has no endpoint: $(rdpmuxctl list)"
  quietly rdpmuxctl ticket first --rdp "$packages/first.rdp"
  connect "$packages/first.rdp"
  until_true shown || fail "the client does not show the guest's screen: $(tail -n 20 "$packages/client.log")"
  leave

  say "upgrading and going back with a session open"
  echo s3cret-of-ann | rdpmuxctl user add ann >"$log" 2>&1 || fail "no user can be added"
  connect "/v:$(port)" /u:ann /p:s3cret-of-ann +auto-reconnect /auto-reconnect-max-retries:200 # as often as a slow machine needs
  until_true shown || fail "a user does not see the guest's screen: $(tail -n 20 "$packages/client.log")"
  restarted "$packages/newer.deb" KEY_ESC
  restarted "$packages/rdpmux.deb" KEY_1
  leave
  stop_agent
  quietly virsh -c qemu:///system destroy first
}
