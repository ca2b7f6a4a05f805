#!/bin/sh
# Plans, and leaves plan.json for the run and plan.md for the people who approve it. Only reads.
#
#   HEROKU_APP       the app
#   HEROKU_API_KEY   the token
#   PLAN             the procedure with its inputs, for example: version-upgrade --to 17
set -eu
# The words of PLAN are meant to be split.
# shellcheck disable=SC2086
hcops plan $PLAN --app "$HEROKU_APP" --non-interactive -o plan.json --markdown plan.md
