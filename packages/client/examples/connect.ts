/** A client from the environment, as all examples use it: LIENTHONG_URL, LIENTHONG_API_KEY, LIENTHONG_AS. */
import { type Client, type ClientOptions, openClient } from '@lienthong/client'

export function connect(more: Partial<ClientOptions> = {}): Client {
  return openClient({
    url: setting('LIENTHONG_URL'),
    apiKey: setting('LIENTHONG_API_KEY'),
    as: setting('LIENTHONG_AS'),
    ...more,
  })
}

export function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`set ${name}`)
  return value
}
