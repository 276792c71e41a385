#!/bin/sh
# run.sh: runs one file of node tests and prints TAP; without the pinned packages it says so and skips.
set -eu
here=$(dirname "$0")
for package in standardwebhooks stripe typescript; do
  if [ ! -d "$here/node_modules/$package" ]; then
    echo '1..0 # SKIP the pinned npm packages are not there: run "npm ci" in tests/sdk'
    exit 0
  fi
done
exec "${NODE:-node}" --test --test-reporter=tap "$here/$1"
