complete --keep-order --exclusive --command hcops --arguments "(HCOPS_COMPLETE=fish hcops -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
