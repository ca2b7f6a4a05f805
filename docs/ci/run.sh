#!/bin/sh
# Prepares plan.json, if it is exactly the plan that was approved, up to the gate: writes stay on. A plan without a downtime is
# carried out as far as it can be without a person.
#
#   HEROKU_API_KEY    the token
#   DIGEST            the digest that was approved
#   HCOPS_STATE_DIR   where the run is kept; the next job needs this folder
#
# Events go to events.jsonl. Ends with 0 when the run is done or waits for a person; which of the two is in the file
# `outcome` and, in GitHub Actions, in the job's output of that name. Whoever parks at the gate is told in one event, `needs`, what
# the rest of the run needs.
set -u
hcops run plan.json --approve "$DIGEST" --non-interactive --output json >>events.jsonl
code=$?
case $code in
  0) outcome=done ;;
  10) outcome=parked && hcops show ;;
  *) exit "$code" ;;
esac
echo "$outcome" >outcome
echo "outcome=$outcome" >>"${GITHUB_OUTPUT:-/dev/null}"
