"""Question banks: what a bank file looks like, reading it, and checking it."""
