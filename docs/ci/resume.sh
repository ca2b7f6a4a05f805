#!/bin/sh
# Lets the downtime of a parked run begin, goes on to its end, and writes the report. It needs nothing but hcops and the folder of
# the job before, so that nothing is fetched or built while writes are off.
#
#   HEROKU_API_KEY    the token
#   CONFIRM           the name that the point of no return asks for
#   OPENING           when the downtime may begin: --go, or '--window 22:00-02:00@Europe/Berlin', or '--at 22:00', each with
#                     '--budget 30m' where it is to turn back when it takes longer [default: --go]
#   HCOPS_STATE_DIR   the folder of the job before: a copy, so it is said that nobody goes on with the first one
set -u
# shellcheck disable=SC2086
hcops resume --take-over "the job that began it is over" --confirm "$CONFIRM" ${OPENING:---go} --non-interactive --output json >>events.jsonl
code=$?
hcops report >report.md
exit "$code"
