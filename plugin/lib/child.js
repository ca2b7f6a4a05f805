// Hands the terminal to hcops, and comes back when it is done.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'

const STOPPING = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']

// What a terminal sends to everybody in it. Sent on, it would arrive twice, and a second Ctrl-C means "stop now".
const SENT_BY_TERMINALS = ['SIGINT', 'SIGQUIT', 'SIGHUP']

/**
 * Runs the program with this process's terminal or pipes, and ends as it ended: with its exit code, or by its signal.
 * Whoever interrupts meanwhile interrupts the program; this process waits until it has come to its safe stop.
 */
export async function hand(path, words, environment) {
  let child
  // Before there is a child, so that none is ever left alone. What arrives until then is heard once this function waits.
  const letGo = stay((signal) => child.kill(signal))
  child = spawn(path, words, { stdio: 'inherit', env: environment })
  const ended = await endOf(child)
  letGo()
  if (ended.error) return couldNotStart(path, ended.error)
  if (ended.signal) return endBy(ended.signal)
  // heroku reports a call of its exit function as an error, so the code is only left for the end of the process.
  process.exitCode = ended.code
}

// heroku's own handlers end the process at once, which would give the prompt back while hcops still works.
function stay(sendOn) {
  const terminal = hasTerminal()
  for (const signal of STOPPING) {
    const heardThere = terminal && SENT_BY_TERMINALS.includes(signal)
    process.removeAllListeners(signal)
    process.on(signal, heardThere ? () => {} : () => sendOn(signal))
  }
  return () => STOPPING.forEach((signal) => process.removeAllListeners(signal))
}

function hasTerminal() {
  // A console of Windows sends Ctrl-C to everybody as well.
  if (process.platform === 'win32') return true
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

function endOf(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

function couldNotStart(path, error) {
  process.stderr.write(`hcops could not be started at ${path}: ${error.message}\n`)
  process.exitCode = 1
}

// A signal that this process cannot end by leaves the code that a shell would make of it.
function endBy(signal) {
  process.exitCode = 128 + constants.signals[signal]
  process.kill(process.pid, signal)
}
