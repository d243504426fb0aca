# Sourced by run.sh and test.sh: what they need of the machine.
# shellcheck shell=bash

# The same everywhere; and without UTF-8, Java knows no file names beyond ASCII.
export LC_ALL=C.UTF-8 LANGUAGE=
# What is built here is run by other users, too: the agent does not run as root in some tests, and nowhere once it is installed.
umask 022
# A program that is given no standard input takes the number for another file, and QEMU loses that when it goes to the background.
[ -e /dev/fd/0 ] || exec </dev/null

say() { printf 'rdpmux: %s\n' "$*" >&2 || true; } # nobody may be left to hear it
die() { say "$*"; exit 1; }

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

available() { [[ $(apt-cache policy "$1" 2>/dev/null) == *'Candidate: '[0-9]* ]]; }

# apt COMMAND ARG...: apt-get, asking nothing, waiting for others (a new machine updates itself); fails with what it said last.
apt() {
  local said
  said=$(DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" 2>&1 </dev/null) && return
  tail -n 6 <<<"$said" >&2
  return 1
}

# need PACKAGE...: installs the Debian packages that are missing. Of A|B it takes A where that is to be had, else B.
need() {
  local package missing=() size
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian, so nothing is installed; what is needed is known there as: $*"
    return
  fi
  for package in "$@"; do
    installed "${package%|*}" || installed "${package#*|}" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  [ "$(id -u)" = 0 ] || die "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]%|*}"
  if [ -z "${lists_are_fresh:-}" ]; then
    say "packages are missing; fetching the lists of what there is"
    apt update || say "not all lists could be fetched; going on with what is there"
    lists_are_fresh=1
  fi
  for package in "${!missing[@]}"; do
    if available "${missing[package]%|*}"; then
      missing[package]=${missing[package]%|*}
    else
      missing[package]=${missing[package]#*|}
    fi
  done
  size=$(apt-get --assume-no --no-install-recommends install "${missing[@]}" 2>/dev/null | sed -n 's/^Need to get \([^/]*\)\(\/.*\)\? of archives\.$/, \1/p') || true
  say "installing ${missing[*]} (with all that these need$size)"
  apt install "${missing[@]}" || die "apt-get could not install: ${missing[*]}"
}

# java_packages: what is missing of a JDK of 17 or later, and of Maven.
java_packages() {
  local version
  version=$(javac -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p') || version=0
  [ "${version:-0}" -ge 17 ] || echo 'openjdk-17-jdk-headless|default-jdk-headless'
  command -v mvn >/dev/null || echo maven
}

# need_xfreerdp3: the newer of FreeRDP's clients, which Debian 12 has in its backports. The machine's list of package
# sources stays as it is. Where it is not to be had, the tests that want it say that they were left out.
need_xfreerdp3() {
  local sources
  if command -v xfreerdp3 >/dev/null; then return; fi
  if available freerdp3-x11; then need freerdp3-x11; return; fi
  # shellcheck source=/dev/null
  [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ] || return 0
  say "installing freerdp3-x11 from bookworm-backports"
  sources=$(mktemp --suffix=.list)
  { cat /etc/apt/sources.list 2>/dev/null || true; echo 'deb http://deb.debian.org/debian bookworm-backports main'; } >"$sources"
  { apt -o Dir::Etc::SourceList="$sources" -o APT::Get::List-Cleanup=0 update &&
    apt -o Dir::Etc::SourceList="$sources" -t bookworm-backports install freerdp3-x11; } ||
    say "freerdp3-x11 is not to be had; going on without it"
  rm -f "$sources"
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

# maven ARG...: runs it, and tells of each module and of what goes wrong.
maven() {
  mvn -Dstyle.color=never "$@" 2>&1 | while IFS= read -r line; do
    case $line in
      '[INFO] Building rdpmux: '*']')
        line=${line#'[INFO] Building rdpmux: '}
        say "  ${line##* } ${line% [0-9]*}"
        ;;
      '[ERROR]'* | '[FATAL]'*) printf '%s\n' "$line" >&2 ;;
    esac
  done
}
