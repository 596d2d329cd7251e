#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: scripts/fuzz.sh [DURATION such as 5s, or COUNT such as 200x, each].
# A count ends at an execution; the fuzzer's own end by a duration is sometimes reported as a failure of the target.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-5s}
count=0
while IFS=: read -r file target; do
  echo "fuzz $target in ${file%/*} for $each"
  if ! out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" -fuzzminimizetime 1x "./${file%/*}" 2>&1); then
    echo "$out"
    exit 1
  fi
  tail -n 1 <<<"$out"
  count=$((count + 1))
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's#^\./([^:]+):[0-9]+:func (Fuzz.*)#\1:\2#')
echo "$count fuzz targets, no failure"
