import type { PlainPhraseKey } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { alertListCommand, alertTestCommand } from './alert.ts'
import { bridgeCheckCommand } from './bridge-check.ts'
import {
  checkCertCommand,
  checkDirectoryCommand,
  checkDiskCommand,
  checkLinkCommand,
  checkPeerCommand,
  checkQueueCommand,
} from './check.ts'
import { completionCommand } from './completion.ts'
import { contextAddCommand, contextListCommand, contextRemoveCommand, contextSelectCommand } from './context.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { edocBuildCommand } from './edoc-build.ts'
import { edocExtractCommand } from './edoc-extract.ts'
import { edocShowCommand } from './edoc-show.ts'
import { edocValidateCommand } from './edoc-validate.ts'
import { edocVerifyCommand } from './edoc-verify.ts'
import { certificateAddCommand, certificateListCommand, certificateRevokeCommand } from './key-certificate.ts'
import { keyCreateCommand } from './key-create.ts'
import { keyRevokeCommand } from './key-revoke.ts'
import { keyRotateCommand } from './key-rotate.ts'
import { keyShowCommand } from './key-show.ts'
import { keyVouchCommand } from './key-vouch.ts'
import {
  linkDrainCommand,
  linkListCommand,
  linkPauseCommand,
  linkResumeCommand,
  linkShowCommand,
  linkThrottleCommand,
} from './link.ts'
import { mailboxAckCommand, mailboxListCommand, mailboxReadCommand } from './mailbox.ts'
import { nodeCheckCommand } from './node-check.ts'
import { nodeInitCommand } from './node-init.ts'
import { nodeInvitationsCommand, nodeInviteCommand } from './node-invite.ts'
import {
  nodeBridgeCommand,
  nodeDismissCommand,
  nodeJoinCommand,
  nodeLeaveCommand,
  nodeRevokeCommand,
} from './node-join.ts'
import { nodeRunCommand } from './node-run.ts'
import {
  operatorAddCommand,
  operatorChangeCommand,
  operatorDisableCommand,
  operatorListCommand,
  operatorRotateCommand,
} from './operator.ts'
import { orgListCommand, orgSearchCommand, orgShowCommand } from './org.ts'
import { orgAddCommand, orgCloseCommand, orgMoveCommand, orgSetCommand } from './org-change.ts'
import { pingCommand } from './ping.ts'
import { recallCommand } from './recall.ts'
import { reorgApplyCommand, reorgPlanCommand, reorgStatusCommand } from './reorg.ts'
import { reorgDecideCommand } from './reorg-decide.ts'
import { reorgWaitingCommand } from './reorg-waiting.ts'
import { replaceCommand } from './replace.ts'
import { routesExplainCommand } from './routes.ts'
import { orgImportCommand, routesImportCommand } from './routes-import.ts'
import { routesApplyCommand, routesCheckCommand, routesPlanCommand, routesRollbackCommand } from './routes-plan.ts'
import { routesExportCommand, routesHistoryCommand, routesShowCommand } from './routes-show.ts'
import { routesTestCommand } from './routes-test.ts'
import { statusCommand } from './status.ts'
import { submitCommand } from './submit.ts'
import { supportBundleCommand } from './support-bundle.ts'
import { supportDeleteCommand, supportListCommand, supportSaveCommand, supportShowCommand } from './support-kept.ts'
import {
  systemAddCommand,
  systemChangeCommand,
  systemDisableCommand,
  systemListCommand,
  systemRotateCommand,
} from './system.ts'
import { tlsAuthorityCommand, tlsIssueCommand, tlsShowCommand } from './tls.ts'
import { traceCommand } from './trace.ts'
import { trackCommand } from './track.ts'
import { whereCommand } from './where.ts'

/** Every command, in the order help shows them. */
export const commands: readonly CommandSpec[] = [
  submitCommand,
  mailboxListCommand,
  mailboxReadCommand,
  mailboxAckCommand,
  trackCommand,
  recallCommand,
  replaceCommand,
  edocShowCommand,
  edocValidateCommand,
  edocExtractCommand,
  edocBuildCommand,
  edocVerifyCommand,
  routesExplainCommand,
  routesShowCommand,
  routesExportCommand,
  routesImportCommand,
  routesCheckCommand,
  routesPlanCommand,
  routesApplyCommand,
  routesHistoryCommand,
  routesRollbackCommand,
  routesTestCommand,
  reorgPlanCommand,
  reorgApplyCommand,
  reorgStatusCommand,
  reorgWaitingCommand,
  reorgDecideCommand,
  orgListCommand,
  orgSearchCommand,
  orgShowCommand,
  orgAddCommand,
  orgSetCommand,
  orgMoveCommand,
  orgCloseCommand,
  orgImportCommand,
  whereCommand,
  pingCommand,
  traceCommand,
  statusCommand,
  linkListCommand,
  linkShowCommand,
  linkPauseCommand,
  linkResumeCommand,
  linkDrainCommand,
  linkThrottleCommand,
  checkLinkCommand,
  checkQueueCommand,
  checkCertCommand,
  checkDiskCommand,
  checkDirectoryCommand,
  checkPeerCommand,
  doctorCommand,
  supportBundleCommand,
  supportListCommand,
  supportShowCommand,
  supportSaveCommand,
  supportDeleteCommand,
  alertListCommand,
  alertTestCommand,
  systemAddCommand,
  systemListCommand,
  systemRotateCommand,
  systemChangeCommand,
  systemDisableCommand,
  operatorAddCommand,
  operatorListCommand,
  operatorRotateCommand,
  operatorChangeCommand,
  operatorDisableCommand,
  contextAddCommand,
  contextListCommand,
  contextSelectCommand,
  contextRemoveCommand,
  bridgeCheckCommand,
  nodeInitCommand,
  nodeRunCommand,
  nodeCheckCommand,
  nodeInviteCommand,
  nodeInvitationsCommand,
  nodeJoinCommand,
  nodeBridgeCommand,
  nodeLeaveCommand,
  nodeDismissCommand,
  nodeRevokeCommand,
  keyCreateCommand,
  keyShowCommand,
  keyRotateCommand,
  keyVouchCommand,
  keyRevokeCommand,
  certificateAddCommand,
  certificateListCommand,
  certificateRevokeCommand,
  tlsAuthorityCommand,
  tlsIssueCommand,
  tlsShowCommand,
  completionCommand,
  demoCommand,
]

/** Words that stand for several commands, joined by dots. */
export const groups: Readonly<Record<string, PlainPhraseKey>> = {
  mailbox: 'help.mailbox',
  edoc: 'help.edoc',
  routes: 'help.routes',
  reorg: 'help.reorg',
  org: 'help.org',
  link: 'help.link',
  check: 'help.check',
  bridge: 'help.bridge',
  alert: 'help.alert',
  support: 'help.support',
  system: 'help.system',
  operator: 'help.operator',
  context: 'help.context',
  node: 'help.node',
  key: 'help.key',
  'key.certificate': 'help.key.certificate',
  tls: 'help.tls',
}
