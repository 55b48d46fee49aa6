"""Buttons and forms as Discord draws them; both carry all they mean in their ids, so a restart forgets none."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.adapters.discord.rendering import Button
from bot.adapters.discord.translate import ANSWER_FIELD

_MOST_TYPED = 4000  # characters; Discord's limit for a form


def buttons(rows: Sequence[Sequence[Button]]) -> discord.ui.View:
    """The rows of buttons under a message.

    A view or form is stopped at once so that discord.py keeps none in memory: a press is read from the interaction
    itself, as it must be after a restart anyway.
    """
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(
                discord.ui.Button(style=button.style, label=button.label, custom_id=button.custom_id, row=number)
            )
    view.stop()
    return view


def answer_form(form_id: str) -> discord.ui.Modal:
    """The form an answer is typed into; stopped as a view is."""
    form = discord.ui.Modal(title="Your answer", timeout=None, custom_id=form_id)
    typed: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, max_length=_MOST_TYPED, custom_id=ANSWER_FIELD
    )
    description = f"Up to {_MOST_TYPED} characters. Open it again to add more; /done ends the answer."
    form.add_item(discord.ui.Label(text="What would you say?", description=description, component=typed))
    form.stop()
    return form
