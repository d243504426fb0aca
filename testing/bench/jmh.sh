#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jmh.sh [JMH ARGUMENTS]: builds the benchmarks and runs them.
#   jmh.sh                                  all of them, some three minutes
#   jmh.sh EncoderBenchmark -p codec=planar one codec
#   jmh.sh -h                               what else JMH can do
# JAVA is the java that runs them (default: the one on the path).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck disable=SC2086
(cd "$top" && mvn ${MVN_ARGS:--o} -q -pl testing/bench -am package -DskipTests -Dspotless.check.skip -Dcheckstyle.skip)
exec "${JAVA:-java}" -cp "$here/target/lib/*:$here/target/classes" org.openjdk.jmh.Main "$@"
