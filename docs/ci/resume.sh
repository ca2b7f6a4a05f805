#!/bin/sh
# Answers what a parked run waits for, and goes on with it. Writes the report.
#
#   HEROKU_API_KEY    the token
#   CONFIRM           the name that the point of no return asks for
#   HCOPS_STATE_DIR   the folder of the job before: a copy, so it is said that nobody goes on with the first one
set -u
hcops resume --take-over "the job that began it is over" --confirm "$CONFIRM" --non-interactive --output json >>events.jsonl
code=$?
hcops report >report.md
exit "$code"
