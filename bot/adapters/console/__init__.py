"""The terminal: a chat for people, and plain lines for pipes."""
