/** Every page of the handbook in both languages, the faults of the night among them. */
import { after, describe, it } from 'node:test'
import { canStartBroker, lastFirst } from '../kit/index.ts'
import { handbookLanguages, handbookPages } from './page.ts'
import { openWalk } from './walk.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

for (const language of handbookLanguages) {
  describe(`the whole handbook, ${language}`, { skip, timeout: 1_200_000 }, () => {
    const walk = openWalk(language, lastFirst({ after }))

    for (const page of handbookPages) {
      it(page, async (t) => {
        if (page === 'install.md') await Promise.all([walk.page(page), walk.page(page, 'G22')])
        else await walk.page(page)
        for (const place of walk.leftOut.splice(0)) t.diagnostic(`not typed: ${place}`)
      })
    }
  })
}
