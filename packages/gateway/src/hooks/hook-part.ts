import type { FastifyInstance } from 'fastify'
import { type HookSender, startHookSender } from './hook-sender.ts'
import { type HookPost, openHookPost } from './post.ts'
import { openTargets } from './targets.ts'

/** Has no routes: it sends from the moment the gateway is ready until it closes. */
export function hookPart(app: FastifyInstance): void {
  const { node, log } = app.gateway
  const post = hookPostOf(app)
  let sender: HookSender | undefined
  app.addHook('onReady', async () => {
    sender = startHookSender({ node, post, log })
  })
  app.addHook('onClose', async () => sender?.close())
}

/** Throws CONFIG_INVALID. */
export function hookPostOf({ gateway: { webhooks, now } }: FastifyInstance): HookPost {
  return openHookPost({ targets: openTargets(webhooks.allow), ca: webhooks.ca, now })
}
