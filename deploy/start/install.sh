#!/bin/sh
# Installs this archive on this machine, without any network: ./install --help
here=$(dirname "$(readlink -f "$0")")
node=$here/node/bin/node
[ -x "$node" ] || node=node
exec "$node" "$here/deploy/start/install.mjs" "$@"
