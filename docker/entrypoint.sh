#!/bin/sh
# Installs the npm packages that the instance folder lists (one per line; for plugins), then runs the command.
set -eu
list=instance/requirements.txt
if [ -f "$list" ]; then
  packages=$(sed 's/#.*//' "$list")
  # shellcheck disable=SC2086 # one word per package
  [ -z "$(echo $packages)" ] || npm install --no-save --no-audit --no-fund --prefix /app $packages
fi
exec "$@"
