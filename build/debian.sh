# Sourced by run.sh and test.sh: what they need of the machine.
# shellcheck shell=bash

say() { printf 'rdpmux: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# need PACKAGE...: installs the Debian packages that are missing.
need() {
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "this script installs packages with apt-get, which is not here; install yourself: ${missing[*]}"
  [ "$(id -u)" = 0 ] || die "missing packages; as root, run: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: ${missing[*]}"
  fi
  rm -f "$log"
}

# need_java: a JDK of 17 or later, and Maven.
need_java() {
  local version
  version=$(javac -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p') || version=0
  [ "${version:-0}" -ge 17 ] || need openjdk-17-jdk-headless
  command -v mvn >/dev/null || need maven
}

# need_xfreerdp3: the newer of FreeRDP's clients, which Debian 12 has in its backports. The machine's list of package
# sources stays as it is. Where it is not to be had, the tests that want it say that they were left out.
need_xfreerdp3() {
  command -v xfreerdp3 >/dev/null && return
  if apt-cache policy freerdp3-x11 2>/dev/null | grep -q 'Candidate: [0-9]'; then need freerdp3-x11; return; fi
  # shellcheck source=/dev/null
  [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ] || return 0
  say "installing freerdp3-x11 from bookworm-backports"
  local list
  list=$(mktemp --suffix=.list)
  echo 'deb http://deb.debian.org/debian bookworm-backports main' >"$list"
  { apt-get -q -o Dir::Etc::sourcelist="$list" update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qy -o Dir::Etc::sourcelist="$list" -t bookworm-backports \
      --no-install-recommends install freerdp3-x11; } >/dev/null 2>&1 || say "freerdp3-x11 is not to be had; going on without it"
  rm -f "$list"
}

# newest_java: the newest JDK on this machine, as the path of its java.
newest_java() {
  local home release version best=0 found=
  for home in /usr/lib/jvm/*; do
    release=$home/release
    if ! [ -x "$home/bin/java" ] || ! [ -r "$release" ]; then continue; fi
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
    if [ "${version:-0}" -gt "$best" ]; then best=$version found=$home/bin/java; fi
  done
  printf '%s\n' "$found"
}
