#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: scripts/fuzz.sh [DURATION each, such as 5s].
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-5s}
count=0
while IFS=: read -r file target; do
  echo "fuzz $target in ${file%/*} for $each"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" -fuzzminimizetime 1x "./${file%/*}" | tail -n 1
  count=$((count + 1))
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's#^\./([^:]+):[0-9]+:func (Fuzz.*)#\1:\2#')
echo "$count fuzz targets, no failure"
