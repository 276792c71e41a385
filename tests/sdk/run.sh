#!/bin/sh
# run.sh: runs one file of node tests and prints TAP; without the pinned packages it says so and skips.
set -eu
here=$(dirname "$0")
if [ ! -d "$here/node_modules/stripe" ] || [ ! -d "$here/node_modules/typescript" ]; then
  echo '1..0 # SKIP the pinned npm packages are not there: run "npm ci" in tests/sdk'
  exit 0
fi
exec "${NODE:-node}" --test --test-reporter=tap "$here/$1"
