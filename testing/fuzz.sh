#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh [SECONDS [TARGET...]]: coverage-guided fuzzing of everything that reads a stranger's bytes.
#   fuzz.sh                            every target for two minutes
#   fuzz.sh 600                        every target for ten minutes
#   fuzz.sh 600 PduFuzzTest            the targets of one class
#   fuzz.sh 600 PduFuzzTest#sharePdu   one target
# Targets are the @FuzzTest methods of all modules. A crash ends its target; the input goes beside the target's inputs in
# src/test/resources, where a unit test replays it in every run. Inputs that only reach new code stay in .cifuzz-corpus,
# which the next run begins with. Prints a line for each target, and fails if one found something.
set -u
seconds=${1:-120}
shift
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- ''
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# Every target as MODULE CLASS#METHOD.
targets() {
  grep -rl --include='*FuzzTest.java' '^ *@FuzzTest' agent plugin | sort | while read -r file; do
    class=$(basename "$file" .java)
    grep -A1 '^ *@FuzzTest' "$file" | grep -o '[A-Za-z]*(' | grep -v FuzzTest | tr -d '(' | while read -r method; do
      echo "${file%%/src/*} $class#$method"
    done
  done
}

found=0
for wanted; do
  while read -r module target <&3; do
    case $target in "$wanted"*) ;; *) continue ;; esac
    JAZZER_FUZZ=1 JAZZER_MAX_DURATION=${seconds}s mvn "${MVN_ARGS:--o}" -q -pl "$module" -am test -Dtest="$target" \
      -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip -Dcheckstyle.skip >"$output" 2>&1
    result=$?
    last=$(grep -o '#[0-9]*.*DONE.*' "$output" | tail -n 1)
    if [ $result = 0 ] && [ -n "$last" ]; then
      echo "$target: $(echo "$last" | awk '{ print $1, "runs, coverage", $4 }' | tr -d '#'), nothing found"
    else
      found=1
      echo "$target: FAILED"
      grep -m 5 -A 12 'Java Exception\|ERROR\|libFuzzer: ' "$output" | head -n 40
    fi
  done 3< <(targets)
done
exit $found
