import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, test } from 'node:test'

import { findHcops, fits } from '../lib/executable.js'

const house = mkdtempSync(join(tmpdir(), 'hcops-plugin-'))
after(() => rmSync(house, { recursive: true }))

const posix = { skip: process.platform === 'win32' && 'the executables of these tests are shell scripts' }
const system = `${process.platform}-${process.arch}`
const bare = { PATH: '/usr/bin:/bin' }

// An executable that tells this version, or whatever text.
function executable(path, says = 'hcops 0.1.0') {
  const whole = join(house, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, `#!/bin/sh\necho '${says}'\n`)
  chmodSync(whole, 0o755)
  return whole
}

test('HCOPS_BIN goes before the package, and the package before the PATH', posix, () => {
  const named = executable('named/of-mine')
  const beside = executable(`package/bin/${system}/hcops`)
  const onPath = executable('path/hcops')
  const folder = join(house, 'package')
  const environment = { PATH: [join(house, 'nothing-here'), dirname(onPath), bare.PATH].join(delimiter) }
  assert.deepEqual(findHcops({ ...environment, HCOPS_BIN: named }, '0.1.0', folder), { path: named })
  assert.deepEqual(findHcops(environment, '0.1.0', folder), { path: beside })
  assert.deepEqual(findHcops(environment, '0.1.0', join(house, 'another')), { path: onPath })
})

test('a file that cannot be executed, and a folder of that name, are passed over', posix, () => {
  const plain = executable('plain/hcops')
  chmodSync(plain, 0o644)
  mkdirSync(join(house, 'folder/hcops'), { recursive: true })
  const right = executable('right/hcops')
  const environment = { PATH: ['plain', 'folder', 'right'].map((name) => join(house, name)).join(delimiter) + ':/bin' }
  assert.deepEqual(findHcops(environment, '0.1.0', house), { path: right })
})

test('none is told with the command that installs it', posix, () => {
  const { refusal } = findHcops({ PATH: '' }, '0.1.0', house)
  assert.match(refusal, /not found.*HCOPS_BIN.*\n.*Nothing was done.*\n.*\n {2}cargo install /)
})

test('an HCOPS_BIN that is not there is told, and nothing else is taken instead', posix, () => {
  const onPath = executable('instead/hcops')
  const { path, refusal } = findHcops({ HCOPS_BIN: join(house, 'gone'), PATH: dirname(onPath) }, '0.1.0', house)
  assert.equal(path, undefined)
  assert.match(refusal, /can't be used at .*gone.*ENOENT/)
})

test('a program that is not hcops is told', posix, () => {
  const other = executable('other/hcops', 'GNU sed 4.9')
  assert.match(findHcops({ ...bare, HCOPS_BIN: other }, '0.1.0', house).refusal, /does not answer to --version/)
})

test('a version that does not fit is told with both versions', posix, () => {
  const newer = executable('newer/hcops', 'hcops 0.2.0 (1a2b3c4 2026-12-01)')
  const { refusal } = findHcops({ ...bare, HCOPS_BIN: newer }, '0.1.0', house)
  assert.match(refusal, /hcops 0\.2\.0 at .* does not fit this plugin, which is 0\.1\.0/)
  assert.match(refusal, /cargo install .* --tag v0\.1\.0/)
})

test('whoever is asked for the version does not see the token', posix, () => {
  const curious = executable('curious/hcops')
  writeFileSync(curious, '#!/bin/sh\necho "hcops 0.1.${HEROKU_API_KEY:-7}"\n')
  assert.deepEqual(findHcops({ ...bare, HEROKU_API_KEY: 'x', HCOPS_BIN: curious }, '0.1.7', house), { path: curious })
})

test('which versions fit', () => {
  for (const [executable, own, fit] of [
    ['0.1.0', '0.1.0', true],
    ['0.1.9', '0.1.0', true],
    ['0.1.0', '0.1.1', false],
    ['0.2.0', '0.1.0', false],
    ['1.0.0', '0.1.0', false],
    ['1.4.0', '1.3.9', true],
    ['1.3.9', '1.4.0', false],
    ['1.4.0', '1.4.1', false],
    ['2.0.0', '1.9.9', false],
  ]) {
    assert.equal(fits(executable, own), fit, `${executable} for ${own}`)
  }
})
