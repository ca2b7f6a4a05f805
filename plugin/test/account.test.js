import assert from 'node:assert/strict'
import { test } from 'node:test'

import { WITHOUT_AN_ACCOUNT, accountToken, isHeroku } from '../lib/account.js'
import { COMMANDS } from '../index.js'

// Asking for the session's token with this would fail: there is no heroku command at that place.
const unasked = { root: '/nowhere' }

test('a token that is in the environment already is left there', async () => {
  assert.equal(await accountToken(['run'], { HEROKU_API_KEY: 'mine' }, unasked), undefined)
})

test('a command that needs no account sees no token', async () => {
  for (const verb of WITHOUT_AN_ACCOUNT) {
    assert.ok(COMMANDS[`connect:ops:${verb}`], `${verb} is a command`)
    assert.equal(await accountToken(['--json', verb, 'x'], {}, unasked), undefined, verb)
  }
  assert.equal(await accountToken(['--help'], {}, unasked), undefined)
})

test('every other command asks for it', async () => {
  for (const words of [['run'], ['resume'], ['connect', 'pause'], ['--json', 'status']]) {
    await assert.rejects(accountToken(words, {}, unasked), { code: 'MODULE_NOT_FOUND' }, words.join(' '))
  }
})

test('a simulator never sees the token of the real account', async () => {
  const environment = { HEROKU_HOST: 'http://127.0.0.1:5080' }
  assert.equal(await accountToken(['run'], environment, unasked), undefined)
})

test('which hosts are Heroku', () => {
  const own = [undefined, '', 'heroku.com', 'https://api.heroku.com', 'staging.herokudev.com', 'https://api.herokai.com/']
  const others = [
    'http://127.0.0.1:5080',
    'localhost',
    'https://localhost:5443',
    'http://api.heroku.com',
    'https://heroku.com.evil.example',
    'https://evilheroku.com',
    'https://evil.example/heroku.com',
    'https://heroku.com@evil.example',
    '://',
  ]
  for (const host of own) assert.equal(isHeroku(host), true, String(host))
  for (const host of others) assert.equal(isHeroku(host), false, host)
})
