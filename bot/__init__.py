"""Mockbot: a mock interviewer where people already study."""
