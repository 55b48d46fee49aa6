"""Choosing, planning, clarifying and following up questions."""
