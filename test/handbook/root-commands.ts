/** What root types on the pages of the handbook. A line that is neither here nor by systemctl fails its page. */

/** Run as it stands, in the folders of the machine. */
export const runHere = /^(?:install|lienthong|rabbitmqctl|rabbitmq-diagnostics|tar|rm|df|du) /

/** What root types that no test machine has, and where it is tested instead, or how it is checked. */
export const elsewhere: readonly { readonly command: RegExp; readonly why: string }[] = [
  { command: /^sha256sum -c lienthong-\S+\.tar\.gz\.sha256$/, why: 'conformance/bundle.test.ts' },
  { command: /^tar -xzf lienthong-\S+\.tar\.gz$/, why: 'conformance/bundle.test.ts' },
  { command: /^lienthong-[\d.]+\/install$/, why: 'conformance/bundle.test.ts' },
  { command: /^apt-get install --no-install-recommends rabbitmq-server(?: [\w-]+)*$/, why: 'needs Debian packages' },
  { command: /^rabbitmqctl delete_user guest$/, why: 'a broker of the kit has no guest' },
  { command: /^journalctl -u (?:rabbitmq-server|lienthong@[\w.]+) -n \d+$/, why: 'needs systemd' },
  { command: /^journalctl --vacuum-size=\w+$/, why: 'would touch the logs of this machine' },
  { command: /^nc -vz mq\.[\w.-]+\.example 5671$/, why: 'needs netcat-openbsd' },
  { command: /^sudo -u lienthong -s$/, why: 'needs the account of the service' },
  { command: /^cd \/etc\/lienthong\/[\w.]+$/, why: 'there the walk types whatever this account does' },
]
