/** Alerts by mail and webhook, for a program that runs nodes. */
export { readAlertBook } from './book-file.ts'
export type {
  AlertAttempt,
  AlertBook,
  AlertOptions,
  Alerts,
  AlertWayName,
  AlertWays,
  AlertWebhookOptions,
  MailOptions,
} from './contract.ts'
export { alertWayNames } from './contract.ts'
export { isThisMachine } from './mail.ts'
export { testAlerts } from './open-ways.ts'
export { startAlerts } from './start-alerts.ts'
