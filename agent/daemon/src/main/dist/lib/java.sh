# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # program and home come from the script that reads this
# shellcheck shell=sh
#
# For the programs in bin: finds Java into $java, and into $native the directory of native code for this machine.
# Takes $program, which is asking, and $home, where it is installed.

# With ASCII, Java loses what is beyond it in names of files, domains and users. That is what a shell has whose locale is C, or
# one that this host does not have; ssh brings those along.
case $(locale charmap 2>/dev/null) in '' | ANSI_X3.4-1968 | US-ASCII) export LC_ALL=C.UTF-8 ;; esac

if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || { echo "$program: JAVA_HOME is $JAVA_HOME, but there is no $java" >&2; exit 1; }
else
    java=$(command -v java) || {
        echo "$program: there is no Java; install one of version 17 or newer (Debian: apt install openjdk-17-jre-headless)" \
            "or name it with JAVA_HOME" >&2
        exit 1
    }
fi

# The release file costs nothing to read; starting Java to ask it costs more than most rdpmuxctl commands.
java_release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
if [ -r "$java_release" ]; then
    java_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_release")
else
    java_version=$("$java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
fi
[ "${java_version:-0}" -ge 17 ] || {
    echo "$program: $java is Java ${java_version:-of unknown version}; 17 or newer is needed (JAVA_HOME can name it)" >&2
    exit 1
}

# shellcheck disable=SC2034,SC2154 # for whoever reads this file
native=$home/lib/native/$(uname -m)
