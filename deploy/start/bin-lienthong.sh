#!/bin/sh
# The program, run by the Node that came with it, else by the one of the machine.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
node=$here/node/bin/node
[ -x "$node" ] || node=node
# Room for what is young also after a rest, when Node would leave it 1 MiB: 60 nodes at rest took 1.44 % of a core instead of 1.70, for
# some 25 MB. NODE_OPTIONS does not take it.
exec "$node" --min-semi-space-size=16 "$here/app/node_modules/@lienthong/cli/bin/lienthong.mjs" "$@"
