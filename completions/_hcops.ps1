
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'hcops' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'hcops'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'hcops' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Go on with a run: after a crash, an interrupt, an answer')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Turn a run back: restore what was before')
            [CompletionResult]::new('answer', 'answer', [CompletionResultType]::ParameterValue, 'Answer what a parked run asks; then `hcops resume` goes on')
            [CompletionResult]::new('runs', 'runs', [CompletionResultType]::ParameterValue, 'List the runs of this machine, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a run: where it is, why it waits, what comes next, what can still be undone')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Follow a run that another process carries out, until it is over')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Report on a run: what was done, in which order, by whom, how long writes were off, with the evidence')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what an app has: connection, mappings, database, attachments, unfinished runs; changes nothing')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look for what is in the way of maintenance, and say what to do about it; changes nothing')
            [CompletionResult]::new('windows', 'windows', [CompletionResultType]::ParameterValue, 'Show announced Heroku maintenance, and whether a run of some hours is safe to start; changes nothing')
            [CompletionResult]::new('postgres', 'postgres', [CompletionResultType]::ParameterValue, 'Look into databases')
            [CompletionResult]::new('runbook', 'runbook', [CompletionResultType]::ParameterValue, 'List, show and check runbooks')
            [CompletionResult]::new('simulator', 'simulator', [CompletionResultType]::ParameterValue, 'Serve a local Heroku: Platform API, Data API, Connect, status site, at one address of this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write one for each command')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what a procedure would do; changes nothing')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Plan, show, ask, and carry out a procedure')
            [CompletionResult]::new('rehearse', 'rehearse', [CompletionResultType]::ParameterValue, 'Rehearse a procedure against a local Heroku; nothing real is touched')
            break
        }
        'hcops;resume' {
            [CompletionResult]::new('--approve', '--approve', [CompletionResultType]::ParameterName, 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Cross the point of no return that goes by this name')
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'Answer a question: a step''s id and the answer; in trouble a choice, `skip:REASON` for a skip')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;abort' {
            [CompletionResult]::new('--approve', '--approve', [CompletionResultType]::ParameterName, 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Cross the point of no return that goes by this name')
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'Answer a question: a step''s id and the answer; in trouble a choice, `skip:REASON` for a skip')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;answer' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, when the answer is `skip`')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runs' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--unfinished', '--unfinished', [CompletionResultType]::ParameterName, 'Only runs that are not finished')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;show' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--steps', '--steps', [CompletionResultType]::ParameterName, 'Show the plan''s every step as well')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;watch' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;report' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;status' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'The Connect add-on, where the app has several connections')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;doctor' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'The Connect add-on, where the app has several connections')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;windows' {
            [CompletionResult]::new('--hours', '--hours', [CompletionResultType]::ParameterName, 'How long the run would take, in hours')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'When it would begin, for example 2026-12-03T22:00:00Z [default: now]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;postgres' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Compare two databases, of possibly different majors: is the new one an exact copy? Changes nothing')
            break
        }
        'hcops;postgres;compare' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app whose databases are named [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app whose databases are named [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'What of the tables is compared')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Connections to each database that read tables')
            [CompletionResult]::new('--max-rate', '--max-rate', [CompletionResultType]::ParameterName, 'Read at most so many bytes a second from each database')
            [CompletionResult]::new('--checkpoint', '--checkpoint', [CompletionResultType]::ParameterName, 'Keep what was read in this file: when the comparison was cut short, the same command goes on there, as long as neither database has changed. Removed at the end')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'The id of the Salesforce org that Connect''s schema must name')
            [CompletionResult]::new('--rows', '--rows', [CompletionResultType]::ParameterName, 'Rows that are shown of each table that differs')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--follower', '--follower', [CompletionResultType]::ParameterName, 'The new database was made as a follower of the old one: its sequences may be up to 32 values ahead')
            [CompletionResult]::new('--show-values', '--show-values', [CompletionResultType]::ParameterName, 'Show the values that differ, instead of their lengths')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runbook' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the embedded runbooks')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook as a page: each step with why it is there and the way back')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check runbooks: unknown actions, wrong parameters, dangling references, acts without a way back')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of runbook files, for editors')
            [CompletionResult]::new('pages', 'pages', [CompletionResultType]::ParameterValue, 'Write a Markdown page for each embedded runbook, and an index, into a directory')
            break
        }
        'hcops;runbook;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runbook;show' {
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'The method, where the procedure has several')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--toml', '--toml', [CompletionResultType]::ParameterName, 'The file as it is, to start a runbook of your own')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runbook;lint' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runbook;schema' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;runbook;pages' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;simulator' {
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'The world it begins in')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on 127.0.0.1; 0 for any that is free')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Simulated seconds for each real one')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Same seed, same ids')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Let something go wrong, as NAME@METHOD PATH#nth')
            [CompletionResult]::new('--databases', '--databases', [CompletionResultType]::ParameterName, 'Real PostgreSQL servers under the simulated databases: where they are found, never, or not without them')
            [CompletionResult]::new('--rows', '--rows', [CompletionResultType]::ParameterName, 'Rows in each database at the beginning')
            [CompletionResult]::new('--request-log', '--request-log', [CompletionResultType]::ParameterName, 'Append each request to this file, as one JSON object per line')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--paused', '--paused', [CompletionResultType]::ParameterName, 'Let the time stand still until a client waits')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;completions' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;man' {
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Write a page for each command into this directory, which must exist')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;plan' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'The Connect add-on, where the app has several connections')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]')
            [CompletionResult]::new('--runbook', '--runbook', [CompletionResultType]::ParameterName, 'A runbook of your own instead of an embedded one')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'An input of the runbook; those of the embedded runbooks are options of their own')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the plan to this file, for `hcops run FILE --approve DIGEST`')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the plan to this file, for `hcops run FILE --approve DIGEST`')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'What proves the copy: full compares every value of every row, counts only the number of rows; none makes no connection to the databases: no comparison, no check of silence, lag, backlog or statistics by SQL')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried')
            [CompletionResult]::new('--follower-name', '--follower-name', [CompletionResultType]::ParameterName, 'Name of the new database''s add-on, chosen before it is created')
            [CompletionResult]::new('--nearly', '--nearly', [CompletionResultType]::ParameterName, 'Commits that the follower may be behind when the downtime begins')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Plan to end on, for example heroku-postgresql:standard-2')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why sync is paused, for everybody who finds it so')
            [CompletionResult]::new('--switch', '--switch', [CompletionResultType]::ParameterName, 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection''s database setting')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Postgres major version to end on, for example 17')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'A window that begins within so many minutes is waited for')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;run' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app [default: $HEROKU_APP, or the app of the git remote]')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Take the app from this git remote')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'The Connect add-on, where the app has several connections')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]')
            [CompletionResult]::new('--runbook', '--runbook', [CompletionResultType]::ParameterName, 'A runbook of your own instead of an embedded one')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'An input of the runbook; those of the embedded runbooks are options of their own')
            [CompletionResult]::new('--approve', '--approve', [CompletionResultType]::ParameterName, 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Cross the point of no return that goes by this name')
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'Answer a question: a step''s id and the answer; in trouble a choice, `skip:REASON` for a skip')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'What proves the copy: full compares every value of every row, counts only the number of rows; none makes no connection to the databases: no comparison, no check of silence, lag, backlog or statistics by SQL')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried')
            [CompletionResult]::new('--follower-name', '--follower-name', [CompletionResultType]::ParameterName, 'Name of the new database''s add-on, chosen before it is created')
            [CompletionResult]::new('--nearly', '--nearly', [CompletionResultType]::ParameterName, 'Commits that the follower may be behind when the downtime begins')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Plan to end on, for example heroku-postgresql:standard-2')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why sync is paused, for everybody who finds it so')
            [CompletionResult]::new('--switch', '--switch', [CompletionResultType]::ParameterName, 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection''s database setting')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Postgres major version to end on, for example 17')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'A window that begins within so many minutes is waited for')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hcops;rehearse' {
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'The world it begins in')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Let something go wrong, as NAME@METHOD PATH#nth: for example `server-error@POST /actions/pause#1`')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Simulated seconds for each real one [default: a whole procedure in about 20 seconds at a terminal, no waiting elsewhere]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Same seed, same ids')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The app [default: the scenario''s app with a connection]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The app [default: the scenario''s app with a connection]')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'The Connect add-on, where the app has several connections')
            [CompletionResult]::new('--databases', '--databases', [CompletionResultType]::ParameterName, 'Real PostgreSQL servers under the simulated databases: where they are found, never, or not without them')
            [CompletionResult]::new('--rows', '--rows', [CompletionResultType]::ParameterName, 'Rows in each database at the beginning')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]')
            [CompletionResult]::new('--runbook', '--runbook', [CompletionResultType]::ParameterName, 'A runbook of your own instead of an embedded one')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'An input of the runbook; those of the embedded runbooks are options of their own')
            [CompletionResult]::new('--approve', '--approve', [CompletionResultType]::ParameterName, 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Cross the point of no return that goes by this name')
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'Answer a question: a step''s id and the answer; in trouble a choice, `skip:REASON` for a skip')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'What proves the copy: full compares every value of every row, counts only the number of rows; none makes no connection to the databases: no comparison, no check of silence, lag, backlog or statistics by SQL')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried')
            [CompletionResult]::new('--follower-name', '--follower-name', [CompletionResultType]::ParameterName, 'Name of the new database''s add-on, chosen before it is created')
            [CompletionResult]::new('--nearly', '--nearly', [CompletionResultType]::ParameterName, 'Commits that the follower may be behind when the downtime begins')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Plan to end on, for example heroku-postgresql:standard-2')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why sync is paused, for everybody who finds it so')
            [CompletionResult]::new('--switch', '--switch', [CompletionResultType]::ParameterName, 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection''s database setting')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Postgres major version to end on, for example 17')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'A window that begins within so many minutes is waited for')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to tell it: `json` prints one object per line on standard output')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]')
            [CompletionResult]::new('--non-interactive', '--non-interactive', [CompletionResultType]::ParameterName, 'Ask nothing: what is not answered by a flag parks the run (exit 10)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Same as --output json')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'No colours, as with NO_COLOR')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Trace to standard error; twice for each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
