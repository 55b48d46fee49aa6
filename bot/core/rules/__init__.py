"""The rules of the interview: what each event does in each state.

A rule takes the session, the event and its context, and returns the new session with the effects;
which rule applies where stands in the table of `bot.core.rules.table`.
"""
