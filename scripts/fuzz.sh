#!/usr/bin/env bash
# Runs the module's fuzz targets for a while: scripts/fuzz.sh [DURATION such as 5s, or COUNT such as 200x, each] [SHARE].
# A count ends at an execution; the fuzzer's own end by a duration is sometimes reported as a failure of the target. With a SHARE of 8
# every eighth target runs, other ones each day: instrumenting and linking a package takes longer than the short fuzz itself, and the
# seeds of all targets are in the ordinary tests.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-5s}
share=${2:-1}
today=$(($(date +%s) / 86400 % share))
number=0
count=0
while IFS=: read -r file target; do
  number=$((number + 1))
  if [ $((number % share)) -ne "$today" ]; then
    continue
  fi
  echo "fuzz $target in ${file%/*} for $each"
  if ! out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" -fuzzminimizetime 1x "./${file%/*}" 2>&1); then
    echo "$out"
    exit 1
  fi
  tail -n 1 <<<"$out"
  count=$((count + 1))
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sort | sed -E 's#^\./([^:]+):[0-9]+:func (Fuzz.*)#\1:\2#')
echo "$count of $number fuzz targets, no failure"
