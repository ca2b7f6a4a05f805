import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { COMMANDS } from '../index.js'

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const { version, dependencies, scripts, oclif } = read('package.json')
const manifest = read('oclif.manifest.json')

test('the manifest is of the version of the package', () => {
  // With another one heroku would warn at every start.
  assert.equal(manifest.version, version)
})

test('there are no dependencies and nothing runs at installation', () => {
  assert.deepEqual(dependencies, {})
  assert.deepEqual(Object.keys(scripts), ['test'])
})

test('every command of the manifest can be called', () => {
  assert.deepEqual(Object.keys(COMMANDS), Object.keys(manifest.commands))
  for (const [id, command] of Object.entries(COMMANDS)) {
    assert.equal(typeof command.run, 'function', id)
    assert.equal(command.id, id)
  }
})

test('every group of commands is a topic, described as hcops does', () => {
  const ids = Object.keys(manifest.commands)
  const groups = ids.filter((id) => ids.some((other) => other.startsWith(`${id}:`)))
  const described = Object.fromEntries(groups.map((id) => [id, manifest.commands[id].description.split('\n')[0]]))
  const { connect: _ofTheOfficialPlugin, ...topics } = oclif.topics
  assert.deepEqual(Object.fromEntries(Object.entries(topics).map(([id, topic]) => [id, topic.description])), described)
})
