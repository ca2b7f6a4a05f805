// The commands of the plugin. What they say of themselves is in oclif.manifest.json, which hcops writes; all that they do
// is to call hcops with the words that were typed.

import { readFileSync } from 'node:fs'

import { findHcops } from './lib/executable.js'
import { accountToken } from './lib/account.js'
import { hand } from './lib/child.js'

const { commands: described } = JSON.parse(readFileSync(new URL('oclif.manifest.json', import.meta.url), 'utf8'))
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

export const COMMANDS = Object.fromEntries(Object.entries(described).map(([id, entry]) => [id, command(id, entry)]))

// `heroku connect:ops:postgres:compare …` is `hcops postgres compare …`.
function command(id, entry) {
  const words = id.split(':').slice(2)
  // heroku calls only this function. The words come as they were typed: hcops reads them, so that both commands take the
  // same options and refuse the same mistakes.
  const run = (typed, config) => call([...words, ...typed], config)
  return Object.assign(class {}, entry, { run })
}

async function call(words, config) {
  const found = findHcops(process.env, version)
  if (found.refusal) {
    process.stderr.write(`${found.refusal}\n`)
    process.exitCode = USAGE
    return
  }
  const token = await accountToken(words, process.env, config)
  const environment = { ...process.env, HCOPS_CALLED: 'heroku connect:ops' }
  await hand(found.path, words, token ? { ...environment, HEROKU_API_KEY: token } : environment)
}

// The exit code of hcops for "nothing was done, because of how it was called".
const USAGE = 2
