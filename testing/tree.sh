# Sourced by scripts that run something in a tree of another system: as root, in a mount namespace of their own. They have
# sourced build/debian.sh before.
# shellcheck shell=bash

# within TREE COMMAND...: runs a command in the tree, without what this machine has set.
within() {
  local tree=$1
  shift
  chroot "$tree" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# make_tree SUITE TREE: a tree of that suite of Debian. Its apt accepts lists as old as this machine's does, for a mirror that
# stands still.
make_tree() {
  local options=() option
  while read -r option; do options+=("--aptopt=$option"); done < <(apt-config dump Acquire::Check-Valid-Until Acquire::Check-Date)
  mmdebstrap --quiet --variant=apt "${options[@]}" "$1" "$2" || die "there is no tree of $1"
}

# furnish TREE ROOT: gives a tree what it has of the machine's, and writes to the file ROOT what end_within needs. Its processes
# are among those of the machine: libvirtd does not work where they are numbered anew.
furnish() {
  mount -t proc proc "$1/proc"
  mount --rbind /sys "$1/sys"
  mount --rbind /dev "$1/dev"
  mount -t tmpfs -o mode=1777 shm "$1/dev/shm"
  mount -t tmpfs -o mode=755 run "$1/run"
  if [ -d /usr/local/share/ca-certificates ]; then # of a proxy, for instance; ca-certificates takes them up when it is installed
    mkdir -p "$1/usr/local/share"
    cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"
  fi
  cp --remove-destination /etc/resolv.conf /etc/hosts "$1/etc/" 2>/dev/null || true
  stat -Lc %d:%i "$1" >"$2"
}

# overlay BASE MEMORY TREE: makes a copy of a directory that is gone with the mount on MEMORY; false where that cannot be.
overlay() {
  mkdir -p "$2/upper" "$2/work" "$3"
  mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" overlay "$3"
}

# end_within ROOT: ends what still runs in the tree that furnish wrote that file for, and waits for it.
end_within() {
  local root signal proc left try
  root=$(cat "$1" 2>/dev/null) && [ -n "$root" ] || return 0
  for signal in TERM KILL; do
    for ((try = 0; try < 30; try++)); do
      left=''
      for proc in /proc/[0-9]*; do
        if [ "$(stat -Lc %d:%i "$proc/root" 2>/dev/null)" != "$root" ]; then continue; fi
        left=1
        if [ "$try" = 0 ]; then kill "-$signal" "${proc#/proc/}" 2>/dev/null || true; fi
      done
      if [ -z "$left" ]; then return 0; fi
      sleep 0.1
    done
  done
}
