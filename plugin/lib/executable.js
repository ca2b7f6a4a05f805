// Finds the hcops executable: where HCOPS_BIN says, then beside this package, then on the PATH.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const NAME = process.platform === 'win32' ? 'hcops.exe' : 'hcops'
const INSTALL = 'cargo install --locked --git https://github.com/hcops/hcops'

/**
 * The executable that fits a version of this package: `{ path }`, or `{ refusal }` with the words to say.
 * `folder` is the package's own; tests name another one.
 */
export function findHcops(environment, version, folder = PACKAGE) {
  const path = environment.HCOPS_BIN || beside(folder) || onThePath(environment)
  if (!path) return { refusal: none() }
  const told = versionOf(path, environment)
  if (told.refusal) return told
  return fits(told.version, version) ? { path } : { refusal: misfit(path, told.version, version) }
}

// A package may carry executables of several systems: bin/linux-x64/hcops, bin/darwin-arm64/hcops, bin/win32-x64/hcops.exe.
function beside(folder) {
  const path = join(folder, 'bin', `${process.platform}-${process.arch}`, NAME)
  return isExecutable(path) ? path : undefined
}

function onThePath(environment) {
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, NAME)).find(isExecutable)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function versionOf(path, environment) {
  // Only its version is asked for, so it need not see the token.
  const { HEROKU_API_KEY: _withheld, ...rest } = environment
  const asked = spawnSync(path, ['--version'], { encoding: 'utf8', env: rest, stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 })
  if (asked.error) return { refusal: unusable(path, asked.error.message) }
  const version = /^hcops (\d+\.\d+\.\d+)/.exec(asked.stdout)?.[1]
  return version ? { version } : { refusal: unusable(path, 'it does not answer to --version as hcops does') }
}

/**
 * Whether an executable has every command of the package, in the sense of Semantic Versioning: the same major version
 * (before 1.0.0 the same minor one), and not an older one.
 */
export function fits(executable, own) {
  const [major, minor, patch] = executable.split('.').map(Number)
  const [ownMajor, ownMinor, ownPatch] = own.split('-')[0].split('.').map(Number)
  if (major !== ownMajor) return false
  if (major === 0) return minor === ownMinor && patch >= ownPatch
  return minor > ownMinor || (minor === ownMinor && patch >= ownPatch)
}

const explained = (saw, why, remedy, command) => `${saw}\n${why}\n${remedy}\n  ${command}`

function none() {
  return explained(
    'hcops was not found: HCOPS_BIN is not set, and it is neither beside this plugin nor on the PATH.',
    'The plugin hands every command to it. Nothing was done.',
    'Install it, or set HCOPS_BIN to where it is:',
    INSTALL,
  )
}

function unusable(path, why) {
  return explained(
    `hcops can't be used at ${path}: ${why}.`,
    'The plugin hands every command to it. Nothing was done.',
    'Set HCOPS_BIN to the executable, or install it:',
    INSTALL,
  )
}

function misfit(path, executable, own) {
  return explained(
    `hcops ${executable} at ${path} does not fit this plugin, which is ${own}.`,
    'Commands and options may differ between them. Nothing was done.',
    'Install the hcops of the same version:',
    `${INSTALL} --tag v${own}`,
  )
}
