#!/bin/sh
# The program, run by the Node that came with it, else by the one of the machine.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
node=$here/node/bin/node
[ -x "$node" ] || node=node
exec "$node" "$here/app/node_modules/@lienthong/cli/bin/lienthong.mjs" "$@"
