"""The imperative shell around the core: load, decide, commit, perform."""
