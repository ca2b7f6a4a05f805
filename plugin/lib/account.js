// The token of the account that the heroku command is logged in with.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// What works without an account: on files of this machine, or on a simulator of its own.
export const WITHOUT_AN_ACCOUNT = ['answer', 'completions', 'config', 'man', 'rehearse', 'report', 'runbook', 'runs', 'show', 'simulator']

/**
 * The token for hcops, or nothing: where it is in the environment already, where the command needs no account, where the
 * API is not Heroku's own, or where nobody is logged in. hcops says the last better than we could, and finds an entry of
 * the netrc file for a simulator by itself.
 */
export async function accountToken(words, environment, config) {
  if (environment.HEROKU_API_KEY || !needsAccount(words) || !isHeroku(environment.HEROKU_HOST)) return undefined
  const { APIClient } = await library(config)
  const client = new APIClient(config)
  return client.getAuth ? client.getAuth() : client.auth
}

function needsAccount(words) {
  const verb = words.find((word) => !word.startsWith('-'))
  return verb !== undefined && !WITHOUT_AN_ACCOUNT.includes(verb)
}

/**
 * Whether the API is Heroku's own. The entry of the system's keychain is not tied to a host, so the token of the real
 * account would go to whatever HEROKU_HOST names.
 */
export function isHeroku(host) {
  if (!host) return true
  try {
    const { hostname, protocol } = new URL(host.includes('://') ? host : `https://${host}`)
    return protocol === 'https:' && DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
  } catch {
    return false
  }
}

const DOMAINS = ['heroku.com', 'herokai.com', 'herokuspace.com', 'herokudev.com']

// The host's own copy: it knows the keychain of each system, and a copy of ours would double the time to start.
function library(config) {
  const resolve = createRequire(join(config.root, 'package.json')).resolve
  return import(pathToFileURL(resolve('@heroku-cli/command')).href)
}
