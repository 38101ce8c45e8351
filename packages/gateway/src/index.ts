export type {
  AdminOptions,
  Gateway,
  GatewayNode,
  GatewayOptions,
  GatewayTls,
  RestOptions,
  VxpOptions,
  WebhookOptions,
} from './contract.ts'
export { openTargets } from './hooks/targets.ts'
export { metricPrefix } from './metrics.ts'
export { openNetworks } from './networks.ts'
export { openGateway } from './open-gateway.ts'
export { statusOf } from './problem.ts'
