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
java_home=$(readlink -f "$java")
java_home=${java_home%/*/*}
java_version=''
if [ -r "$java_home/release" ]; then
    while IFS='=' read -r word value; do
        case $word in JAVA_VERSION) java_version=${value#\"} ;; esac
    done <"$java_home/release"
else
    java_version=$("$java" -version 2>&1 | sed -n '1s/.*version "//p')
fi
java_version=${java_version%%[!0-9]*}
[ "${java_version:-0}" -ge 17 ] || {
    echo "$program: $java is Java ${java_version:-of unknown version}; 17 or newer is needed (JAVA_HOME can name it)" >&2
    exit 1
}

# shellcheck disable=SC2034,SC2154 # for whoever reads this file
native=$home/lib/native/$(uname -m)

# class_data DIRECTORY JAR [--archive]: sets $share and $archive to what makes Java take its classes from an archive in DIRECTORY,
# where they lie parsed and verified. The archive's name stands for this Java and these jars as they were installed. (Java compares the
# jars' sizes and times of modification, and reads them if those do not fit; but packages may have the same times in each version.)
# If there is no archive, one is made beside the program, for the next start. With '--archive' it is made at once, and the program
# is not started: packages do that before they start the program anew.
#
# Java is to put the archive at the address that it was made for. Elsewhere, which is the default since an attacker then does not
# know where the classes lie, it copies and changes all of it: 20 MB more in the agent, and 15 % more time for rdpmuxctl.
#
# Whoever can write to an archive can have the program do anything, so only a directory's owner makes one there.
# shellcheck disable=SC2034 # for whoever reads this file
class_data() {
    share='-Xshare:auto -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0' archive=''
    case ${3:-} in --archive) class_data_now=1 ;; *) class_data_now='' ;; esac
    if ! [ -n "$1" ] || ! [ -d "$1" ]; then
        [ -z "$class_data_now" ] || { echo "$program: there is no directory for an archive of classes" >&2; exit 1; }
        return 0
    fi
    fingerprint=$(stat -L -c '%n %i %s %Z' "$java_home/lib/modules" "$home"/lib/*.jar 2>/dev/null | cksum)
    class_data_file=$1/$program-${fingerprint%% *}.jsa
    if [ -n "$class_data_now" ]; then
        [ -r "$class_data_file" ] || make_class_data "$1" "$2" "$class_data_file" </dev/null >/dev/null 2>&1 || true
        [ -r "$class_data_file" ] || { echo "$program: no archive of classes could be made in $1" >&2; exit 1; }
        exit
    elif [ -r "$class_data_file" ]; then
        archive=-XX:SharedArchiveFile=$class_data_file
    elif [ -O "$1" ] && [ -w "$1" ]; then
        # Twice in the background, so that Java gets no child that it does not know.
        (make_class_data "$1" "$2" "$class_data_file" </dev/null >/dev/null 2>&1 &)
    fi
}

# make_class_data DIRECTORY JAR FILE: once at a time. The program's 'rehearse' runs Java with the options it is given and loads what
# a start loads.
make_class_data() (
    set +e
    find "$1" -maxdepth 1 -name ".$program-archive" -mmin +60 -exec rm -rf {} + # of one that was killed
    class_data_work=$1/.$program-archive
    mkdir -m 700 "$class_data_work" || exit
    trap 'rm -rf "$class_data_work"' EXIT
    trap 'exit 1' HUP INT TERM
    rehearse "$class_data_work" -Xlog:disable -XX:DumpLoadedClassList="$class_data_work/classes"
    # With G1: no other collector stores objects in an archive.
    "$java" -Xshare:dump -XX:+UseG1GC -Xmx256m -Xlog:disable -XX:SharedClassListFile="$class_data_work/classes" \
        -XX:SharedArchiveFile="$class_data_work/archive" -cp "$2" || exit
    chmod 644 "$class_data_work/archive"
    rm -f "$1/$program"-*.jsa # of another Java, or of other jars
    mv "$class_data_work/archive" "$3"
)
