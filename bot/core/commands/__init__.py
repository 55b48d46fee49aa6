"""What people order, read from what they type: one grammar for every platform."""
