/** Every default of node.yaml, written as one would write it there. The README's table is tested against this. */
export const nodeFileDefaults = {
  tableVersion: 1,
  vxp: {
    ratePerMinute: 600,
  },
  rest: {
    ratePerMinute: 6000,
  },
  limits: {
    maxDocument: '2GiB',
    inFlight: '64MiB',
    openAssemblies: 256,
    linkQueue: '1GiB',
    spool: '4GiB',
  },
  custody: {
    firstQuery: '30s',
    maxQuery: '1h',
  },
  onReusedId: 'refuse',
  signatures: {
    policy: 'ignore',
  },
  alerts: {
    every: '1m',
    remindAfter: '24h',
    language: 'vi',
  },
  log: {
    format: 'console',
    level: 'info',
  },
} as const
