/** What any implementation of the store contract does: give it a way to open an empty one. */
import { describe } from 'node:test'
import { assemblyContract } from './contract-assemblies.ts'
import { bundleContract } from './contract-bundles.ts'
import { directoryContract } from './contract-directory.ts'
import { doorContract } from './contract-doors.ts'
import { handoverContract } from './contract-handover.ts'
import { hookContract } from './contract-hooks.ts'
import { mailboxContract } from './contract-mailbox.ts'
import { outboxContract } from './contract-outbox.ts'
import { queryContract } from './contract-queries.ts'
import { recallContract } from './contract-recall.ts'
import { rerouteContract } from './contract-reroute.ts'
import { statusContract } from './contract-statuses.ts'
import { uploadContract } from './contract-uploads.ts'
import type { OpenStore } from './samples.ts'

export function contractSuite(name: string, open: OpenStore): void {
  describe(name, () => {
    outboxContract(open)
    queryContract(open)
    rerouteContract(open)
    recallContract(open)
    mailboxContract(open)
    handoverContract(open)
    bundleContract(open)
    assemblyContract(open)
    doorContract(open)
    directoryContract(open)
    statusContract(open)
    uploadContract(open)
    hookContract(open)
  })
}
