# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hcops_global_optspecs
    string join \n non-interactive output= json state-dir= plain no-color lang= v/verbose h/help V/version
end

function __fish_hcops_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hcops_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hcops_using_subcommand
    set -l cmd (__fish_hcops_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hcops -n "__fish_hcops_needs_command" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_needs_command" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_needs_command" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_needs_command" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_needs_command" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_needs_command" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_needs_command" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_needs_command" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_needs_command" -s V -l version -d 'Print version'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "resume" -d 'Go on with a run: after a crash, an interrupt, an answer'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "abort" -d 'Turn a run back: restore what was before'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "answer" -d 'Answer what a parked run asks; then `hcops resume` goes on'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "runs" -d 'List the runs of this machine, newest first'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "show" -d 'Show a run: where it is, why it waits, what comes next, what can still be undone'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "watch" -d 'Follow a run that another process carries out, until it is over or stands still'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "stop" -d 'Ask a run to stop at its next safe point, and wait until it has stopped'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "report" -d 'Report on a run: what was done, in which order, by whom, how long writes were off, with the evidence'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "status" -d 'Show how an app, its connections and their databases stand, on one screen; changes nothing'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "doctor" -d 'Look for what is broken or will be soon, and say which procedure helps; changes nothing'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "windows" -d 'Show announced Heroku maintenance, and whether a run of some hours is safe to start; changes nothing'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "app" -d 'Single steps on an app: maintenance mode, formation'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "connect" -d 'Single steps on a connection: pause, resume, repoint …'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "postgres" -d 'Single steps on databases: follow, upgrade, promote, compare …'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "runbook" -d 'List, show and check runbooks'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "simulator" -d 'Serve a local Heroku: Platform API, Data API, Connect, status site, at one address of this machine'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "schema" -d 'Print the JSON Schema of what hcops tells programs'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "man" -d 'Print the manual page, or write one for each command'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "plan" -d 'Show what a procedure would do; changes nothing'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "run" -d 'Plan, show, ask, and carry out a procedure'
complete -c hcops -n "__fish_hcops_needs_command" -f -a "rehearse" -d 'Rehearse a procedure against a local Heroku; nothing real is touched'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l reason -d 'Why, when the answer is `skip`' -r
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand answer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l unfinished -d 'Only runs that are not finished'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand show" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand show" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand show" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand show" -l steps -d 'Show the plan\'s every step as well'
complete -c hcops -n "__fish_hcops_using_subcommand show" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand show" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand show" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand show" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand show" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l no-wait -d 'Leave the request, and do not wait until it is in effect'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand report" -l format -d 'The form of the report [default: by the ending of FILE, else markdown]' -r -f -a "html\t'For people, in a browser or on paper'
markdown\t'For people, as text'
json\t'For machines'"
complete -c hcops -n "__fish_hcops_using_subcommand report" -s o -l out -d 'Write the report to this file instead of standard output' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand report" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand report" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand report" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand report" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand report" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand report" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand report" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand report" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand status" -s a -l app -d 'The app; may be given several times [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand status" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand status" -l resource -d 'Only this Connect add-on, where an app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand status" -l fail-on -d 'From which grade on a finding decides the exit code [default: attention]' -r -f -a "note\t'Everything that is not well'
attention\t'What somebody should see to'
broken\t'What is broken now'
never\t'Nothing; only what could not be looked at'"
complete -c hcops -n "__fish_hcops_using_subcommand status" -l days -d 'A deadline within so many days wants attention' -r
complete -c hcops -n "__fish_hcops_using_subcommand status" -l hours -d 'Maintenance within so many hours wants attention' -r
complete -c hcops -n "__fish_hcops_using_subcommand status" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand status" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand status" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand status" -l sql -d 'Look into the databases as well: backlog, failed rows, hstore, numbers of objects; by SQL that only reads'
complete -c hcops -n "__fish_hcops_using_subcommand status" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand status" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand status" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand status" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand status" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -s a -l app -d 'The app; may be given several times [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l resource -d 'Only this Connect add-on, where an app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l fail-on -d 'From which grade on a finding decides the exit code [default: attention]' -r -f -a "note\t'Everything that is not well'
attention\t'What somebody should see to'
broken\t'What is broken now'
never\t'Nothing; only what could not be looked at'"
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l days -d 'A deadline within so many days wants attention' -r
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l hours -d 'Maintenance within so many hours wants attention' -r
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l sql -d 'Look into the databases as well: backlog, failed rows, hstore, numbers of objects; by SQL that only reads'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l procedures -d 'Make the checks of each procedure as well that it makes before it begins'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l all -d 'Tell what is well, too'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l hours -d 'How long the run would take, in hours' -r
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l at -d 'When it would begin, for example 2026-12-03T22:00:00Z [default: now]' -r
complete -c hcops -n "__fish_hcops_using_subcommand windows" -s a -l app -d 'What is announced for this app\'s region, which is asked for; without -a and --region every region counts' -r
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l region -d 'What is announced for this region: us, eu, frankfurt, tokyo ...' -r
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand windows" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -f -a "formation" -d 'Gives one process type of the app a quantity and a size, and waits until the app has them'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -f -a "maintenance-off" -d 'Turns maintenance mode of the app off, so that its visitors reach it again'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -f -a "maintenance-on" -d 'Turns maintenance mode of the app on'
complete -c hcops -n "__fish_hcops_using_subcommand app; and not __fish_seen_subcommand_from formation maintenance-off maintenance-on scale-down" -f -a "scale-down" -d 'Scales every process type but web to 0 in every app that has the connection\'s database, and waits until nothing runs any more'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l type -d 'The process type, as in the Procfile: worker' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l quantity -d 'How many dynos' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l size -d 'The dynos\' size, for example Standard-1X' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from formation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-off" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from maintenance-on" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand app; and __fish_seen_subcommand_from scale-down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "authorize" -d 'Has somebody log in to Salesforce for the connection'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "errors" -d 'Lists the writes that Salesforce has refused in the last 24 hours'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "export" -d 'Exports the configuration of the connection and checks that it is whole: it parses, and it has each mapping with its fields'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "import" -d 'Imports a configuration that was exported, and waits until each of its mappings is there, as the file says, and DATA_SYNCED'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "pause" -d 'Waits until the connection is IDLE, pauses it, and waits until it is PAUSED'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "reload" -d 'Loads the tables of mappings from Salesforce again'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "repoint" -d 'Makes the connection use another config var for its database, while it is paused'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "resume" -d 'Resumes sync and waits until the connection is IDLE, each mapping DATA_SYNCED and what had collected is sent, without new write errors: an accepted resume is not a sync that works'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "state" -d 'Looks whether the connection and its mappings are healthy'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and not __fish_seen_subcommand_from authorize errors export import pause reload repoint resume state validate" -f -a "validate" -d 'Has Connect diagnose the connection and its mappings, as `heroku connect:diagnose` does, and waits for the result'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l salesforce -d 'Where Salesforce is logged in to; custom needs --domain' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l domain -d 'Salesforce\'s login domain, for --salesforce custom' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from authorize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from errors" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -s o -l out -d 'Also write the exported configuration to this file, when the command ends with 0' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -s o -l out -d 'Also write the exported configuration to this file, when the command ends with 0' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l at-once -d 'How many mappings load at the same time' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from reload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l db-key -d 'The config var that the connection is to use, for example HEROKU_POSTGRESQL_ROSE_URL' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l database -d 'The add-on that the config var means' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from repoint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from state" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand connect; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "compare" -d 'Compare two databases, of possibly different majors: is the new one an exact copy? Changes nothing'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "copy" -d 'Copies a database into another one, which has to be empty and is confirmed by its own name, and follows the copy to its end: finished, succeeded, 0 warnings, and as many tables'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "follow" -d 'Creates a follower of the connection\'s database and waits until Heroku has made it'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "info" -d 'Shows what Heroku tells about a database: plan, version, size, what it follows and how far it is behind, followers, how far it can be rolled back, a planned upgrade, maintenance'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "promote" -d 'Makes a database the DATABASE of the app'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "unfollow" -d 'Ends the following of a follower of the connection\'s database, and waits until it can be written to'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "upgrade" -d 'Upgrades a follower of the connection\'s database to another major version: it stops following and is upgraded'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and not __fish_seen_subcommand_from compare copy follow info promote unfollow upgrade wait" -f -a "wait" -d 'Waits until a database is available and follows nothing'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -s a -l app -d 'The app whose databases are named [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l mode -d 'What of the tables is compared' -r -f -a "full\t'Every value of every row'
counts\t'Only the number of rows'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l jobs -d 'Connections to each database that read tables' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l max-rate -d 'Read at most so many bytes a second from each database' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l checkpoint -d 'Keep what was read in this file: when the comparison was cut short, the same command goes on there, as long as neither database has changed. Removed at the end' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l org -d 'The id of the Salesforce org that Connect\'s schema must name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l rows -d 'Rows that are shown of each table that differs' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l follower -d 'The new database was made as a follower of the old one: its sequences may be up to 32 values ahead'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l show-values -d 'Show the values that differ, instead of their lengths'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l follower-name -d 'Name of the new database\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l plan -d 'Plan of the new database, for example heroku-postgresql:standard-0' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from follow" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from unfollow" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l to -d 'Postgres major version to end on, for example 17' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from upgrade" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand postgres; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -f -a "list" -d 'List the embedded runbooks'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -f -a "show" -d 'Show a runbook as a page: each step with why it is there and the way back'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -f -a "lint" -d 'Check runbooks: unknown actions, wrong parameters, dangling references, acts without a way back'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -f -a "schema" -d 'Print the JSON Schema of runbook files, for editors'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and not __fish_seen_subcommand_from list show lint schema pages" -f -a "pages" -d 'Write a Markdown page for each embedded runbook, and an index, into a directory'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l method -d 'The method, where the procedure has several' -r
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l toml -d 'The file as it is, to start a runbook of your own'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand runbook; and __fish_seen_subcommand_from pages" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l scenario -d 'The world it begins in' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l port -d 'The port on 127.0.0.1; 0 for any that is free' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l speed -d 'Simulated seconds for each real one' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l seed -d 'Same seed, same ids' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l fault -d 'Let something go wrong, as NAME@METHOD PATH#nth' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l databases -d 'Real PostgreSQL servers under the simulated databases: where they are found, never, or not without them' -r -f -a "auto\t'Where the majors of the scenario are installed'
none\t'Never: the databases are numbers only'
required\t'Always: without them nothing begins'"
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l rows -d 'Rows in each database at the beginning' -r
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l request-log -d 'Append each request to this file, as one JSON object per line' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l paused -d 'Let the time stand still until a client waits'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand simulator" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand man" -l directory -d 'Write a page for each command into this directory, which must exist' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand man" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand man" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand man" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand man" -l heroku-plugin -d 'Print the same as the manifest of the plugin for the heroku command (`plugin/oclif.manifest.json`)'
complete -c hcops -n "__fish_hcops_using_subcommand man" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand man" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand man" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand man" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand man" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l method -d 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l runbook -d 'A runbook of your own instead of an embedded one' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l input -d 'An input of the runbook; those of the embedded runbooks are options of their own' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -s o -l out -d 'Write the plan to this file, for `hcops run FILE --approve DIGEST`' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l markdown -d 'Write the plan as a Markdown page to this file as well, for a comment on a pull request' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l at-once -d 'How many mappings load at the same time' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l before -d 'How the connection is before: synced (it is drained and paused), or broken for good, as after a sandbox was refreshed (what it holds back is only kept as evidence)' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l change -d 'What has changed, for the record; needed where the API does not show the field\'s definition' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l compare -d 'Whether the database is looked into: counts sees that nothing writes, what has not been sent, counts the mapped tables before and after and lists what is built on them by SQL; none makes no connection to it, and somebody has to look by hand' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l domain -d 'Salesforce\'s login domain, for --salesforce custom' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l dry-run -d 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l field -d 'The field\'s API name, for example Status__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l follower-name -d 'Name of the new database\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l leave-credentials -d 'Credentials beyond the default one that somebody has looked at: a copy takes only what the default credential sees' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l moment -d 'The moment to go back to, in UTC, for example 2026-11-22T01:30:00Z; of an existing database the one that it was made for' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l nearly -d 'Commits that the follower may be behind when the downtime begins' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l new-name -d 'Name of the new connection\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l object -d 'The Salesforce object\'s API name, for example Order__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l order -d 'Objects to reload first, in this order; the others follow' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l plan -d 'Plan to end on, for example heroku-postgresql:standard-2' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l reason -d 'Why sync is paused, for everybody who finds it so' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l salesforce -d 'Where Salesforce is logged in to; custom needs --domain' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l schema -d 'Postgres schema of the new connection; another one than before begins with empty tables' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l silence -d 'How writes to mapped tables are stopped: maintenance mode and scaling of the apps, or somebody attests that nobody writes' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l switch -d 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection\'s database setting' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l take -d 'Create the rollback database at --moment, or take an existing one that is named by --new-name' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l to -d 'Postgres major version to end on, for example 17' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l to-plan -d 'Plan of the new database, for example heroku-postgresql:standard-0' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l version -d 'Postgres major version of the new database; at least that of the old one' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l within -d 'A window that begins within so many minutes is waited for' -r
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand run" -s a -l app -d 'The app [default: $HEROKU_APP, or the app of the git remote]' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -s r -l remote -d 'Take the app from this git remote' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l method -d 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l runbook -d 'A runbook of your own instead of an embedded one' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand run" -l input -d 'An input of the runbook; those of the embedded runbooks are options of their own' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l at-once -d 'How many mappings load at the same time' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l before -d 'How the connection is before: synced (it is drained and paused), or broken for good, as after a sandbox was refreshed (what it holds back is only kept as evidence)' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l change -d 'What has changed, for the record; needed where the API does not show the field\'s definition' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l compare -d 'Whether the database is looked into: counts sees that nothing writes, what has not been sent, counts the mapped tables before and after and lists what is built on them by SQL; none makes no connection to it, and somebody has to look by hand' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l domain -d 'Salesforce\'s login domain, for --salesforce custom' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l dry-run -d 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l field -d 'The field\'s API name, for example Status__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l follower-name -d 'Name of the new database\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l leave-credentials -d 'Credentials beyond the default one that somebody has looked at: a copy takes only what the default credential sees' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l moment -d 'The moment to go back to, in UTC, for example 2026-11-22T01:30:00Z; of an existing database the one that it was made for' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l nearly -d 'Commits that the follower may be behind when the downtime begins' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l new-name -d 'Name of the new connection\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l object -d 'The Salesforce object\'s API name, for example Order__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l order -d 'Objects to reload first, in this order; the others follow' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l plan -d 'Plan to end on, for example heroku-postgresql:standard-2' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l reason -d 'Why sync is paused, for everybody who finds it so' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l salesforce -d 'Where Salesforce is logged in to; custom needs --domain' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l schema -d 'Postgres schema of the new connection; another one than before begins with empty tables' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l silence -d 'How writes to mapped tables are stopped: maintenance mode and scaling of the apps, or somebody attests that nobody writes' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l switch -d 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection\'s database setting' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l take -d 'Create the rollback database at --moment, or take an existing one that is named by --new-name' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l to -d 'Postgres major version to end on, for example 17' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l to-plan -d 'Plan of the new database, for example heroku-postgresql:standard-0' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l version -d 'Postgres major version of the new database; at least that of the old one' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l within -d 'A window that begins within so many minutes is waited for' -r
complete -c hcops -n "__fish_hcops_using_subcommand run" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand run" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand run" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand run" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand run" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand run" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand run" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand run" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l scenario -d 'The world it begins in [default: the one that gives the procedure something to do]' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l fault -d 'Let something go wrong, as NAME@METHOD PATH#nth: for example `server-error@POST /actions/pause#1`' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l speed -d 'Simulated seconds for each real one [default: a whole procedure in about 20 seconds at a terminal, no waiting elsewhere]' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l seed -d 'Same seed, same ids' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -s a -l app -d 'The app [default: the scenario\'s app with a connection]' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l resource -d 'The Connect add-on, where the app has several connections' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l databases -d 'Real PostgreSQL servers under the simulated databases: where they are found, never, or not without them' -r -f -a "auto\t'Where the majors of the scenario are installed'
none\t'Never: the databases are numbers only'
required\t'Always: without them nothing begins'"
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l rows -d 'Rows in each database at the beginning' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l method -d 'The way to do it [default: proposed from the facts; `hcops plan` shows the others]' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l runbook -d 'A runbook of your own instead of an embedded one' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l input -d 'An input of the runbook; those of the embedded runbooks are options of their own' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l approve -d 'Approve exactly the plan with this digest (at least 12 characters), and attest what it lists' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l confirm -d 'Cross the point of no return that goes by this name' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l answer -d 'Answer a question: a step\'s id and the answer; in trouble a choice, `skip:REASON` for a skip' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l notify -d 'Post what matters to this address: as JSON, to Slack in its form; `slack+URL` asks for that elsewhere. Never breaks a run. An address that holds a token belongs in $HCOPS_NOTIFY [default for what is no rehearsal]' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l on-event -d 'Run this shell command for what matters, with the event as JSON on its standard input. Never breaks a run' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l at-once -d 'How many mappings load at the same time' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l before -d 'How the connection is before: synced (it is drained and paused), or broken for good, as after a sandbox was refreshed (what it holds back is only kept as evidence)' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l change -d 'What has changed, for the record; needed where the API does not show the field\'s definition' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l compare -d 'Whether the database is looked into: counts sees that nothing writes, what has not been sent, counts the mapped tables before and after and lists what is built on them by SQL; none makes no connection to it, and somebody has to look by hand' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l domain -d 'Salesforce\'s login domain, for --salesforce custom' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l dry-run -d 'Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l field -d 'The field\'s API name, for example Status__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l follower-name -d 'Name of the new database\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l leave-credentials -d 'Credentials beyond the default one that somebody has looked at: a copy takes only what the default credential sees' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l moment -d 'The moment to go back to, in UTC, for example 2026-11-22T01:30:00Z; of an existing database the one that it was made for' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l nearly -d 'Commits that the follower may be behind when the downtime begins' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l new-name -d 'Name of the new connection\'s add-on, chosen before it is created' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l object -d 'The Salesforce object\'s API name, for example Order__c' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l order -d 'Objects to reload first, in this order; the others follow' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l plan -d 'Plan to end on, for example heroku-postgresql:standard-2' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l reason -d 'Why sync is paused, for everybody who finds it so' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l salesforce -d 'Where Salesforce is logged in to; custom needs --domain' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l schema -d 'Postgres schema of the new connection; another one than before begins with empty tables' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l silence -d 'How writes to mapped tables are stopped: maintenance mode and scaling of the apps, or somebody attests that nobody writes' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l switch -d 'For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection\'s database setting' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l take -d 'Create the rollback database at --moment, or take an existing one that is named by --new-name' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l to -d 'Postgres major version to end on, for example 17' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l to-plan -d 'Plan of the new database, for example heroku-postgresql:standard-0' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l version -d 'Postgres major version of the new database; at least that of the old one' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l within -d 'A window that begins within so many minutes is waited for' -r
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l output -d 'How to tell it: `json` prints one object per line on standard output' -r -f -a "text\t'For people'
json\t'One JSON object per line'"
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l state-dir -d 'Where runs are kept [default: $HCOPS_STATE_DIR, or hcops in the XDG state directory]' -r -F
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l lang -d 'The language of what is told [default: that of $LC_ALL, $LC_MESSAGES or $LANG]; JSON, journals and names stay English' -r -f -a "en\t'English, as everything is written'
ja\t'Japanese'"
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l non-interactive -d 'Ask nothing: what is not answered by a flag parks the run (exit 10)'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l json -d 'Same as --output json'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l plain -d 'Lines only, nothing redrawn, as with TERM=dumb: for screen readers, and for terminals kept as a log'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -l no-color -d 'No colours, as with NO_COLOR'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -s v -l verbose -d 'Trace to standard error; twice for each request'
complete -c hcops -n "__fish_hcops_using_subcommand rehearse" -s h -l help -d 'Print help (see more with \'--help\')'
