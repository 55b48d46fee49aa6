"""The interview itself, pure: no clock, no chance, no input or output; all of these are arguments."""
