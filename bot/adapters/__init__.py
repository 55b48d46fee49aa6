"""The surfaces people talk to: each translates, and does nothing else."""
