"""What is to be said becomes messages that arrive."""
