"""The slash commands, which Discord offers with choices and suggestions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Command, CommandTree

from bot.core.model import Level
from bot.core.questions import planning
from bot.core.session import Format, Pace
from bot.core.stories.competencies import Catalogue
from bot.core.text import replies, story_text

Topics = Callable[[Format | None], Sequence[str]]
Suggest = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]
Say = Callable[[discord.Interaction[Any], str], Awaitable[None]]
AnyCommand = Command[Any, ..., None]

_SUGGESTIONS = 25  # Discord shows no more
_DESCRIPTION = _NAME = 100  # characters
_DETAILS = {
    "daily": ("order", "a time such as 08:30, or what to change, as in: days mon-fri, pause, channel 09:00, off"),
    "report": ("number", "the number of an interview, as /history lists them"),
    "settings": ("change", "what to change, as in: harvest on"),
    "forget": ("confirm", "everything, to go ahead"),
    "star": ("what", "a competency, or an order such as list, show 3, practice 3 or grid; nothing: I choose"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What can be suggested while somebody types: topics of questions, and competencies of stories."""

    topics: Topics
    catalogue: Callable[[], Catalogue] = Catalogue


def command_tree(client: discord.Client, known: Known, say: Say) -> CommandTree[discord.Client]:
    """Every command that is known now; each becomes the line a person would have typed, and goes to `say`."""
    tree = CommandTree(
        client,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
    for name, meaning in replies.all_commands():
        description = meaning[:_DESCRIPTION]
        command = _mock(description, known.topics, say) if name == "mock" else _command(name, description, say)
        if name == "star":
            command.autocomplete("details")(_orders(known.catalogue))
        tree.add_command(command)
    return tree


def fingerprint(tree: CommandTree[discord.Client]) -> str:
    """A hash that differs whenever the bot or one of its commands differs."""
    commands = [command.to_dict(tree) for command in tree.get_commands()]
    known = json.dumps([tree.client.application_id, commands], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()


def _command(name: str, description: str, say: Say) -> AnyCommand:
    if name in _DETAILS:
        return _command_with_details(name, description, say)

    async def alone(interaction: discord.Interaction[Any]) -> None:
        await say(interaction, f"/{name}")

    return Command(name=name, description=description, callback=alone)


def _command_with_details(name: str, description: str, say: Say) -> AnyCommand:
    option, meaning = _DETAILS[name]

    @app_commands.rename(details=option)
    @app_commands.describe(details=meaning)
    async def detailed(interaction: discord.Interaction[Any], details: str = "") -> None:
        await say(interaction, _line(name, details))

    return Command(name=name, description=description, callback=detailed)


def _orders(catalogue: Callable[[], Catalogue]) -> Suggest:
    """Suggest orders about stories, then competencies, then grids of companies."""

    async def suggest(_interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        known = catalogue()
        lines = {word: f"{word}: {meaning}" for word, meaning in story_text.ORDERS.items()}
        lines |= known.titles
        lines |= {f"grid {company.id}": f"grid: {company.company}" for company in known.companies}
        sought = typed.strip().lower()
        near = [
            Choice(name=name[:_NAME], value=line) for line, name in lines.items() if sought in f"{line} {name}".lower()
        ]
        return near[:_SUGGESTIONS]

    return suggest


def _line(name: str, *words: object) -> str:
    return " ".join(f"/{name} {' '.join(str(word) for word in words if word)}".split())


def _mock(description: str, topics: Topics, say: Say) -> AnyCommand:
    @app_commands.describe(
        stage="which interview; we choose together when you leave it out",
        topic="what the questions shall be about",
        level="the seniority you interview for",
        minutes="how long it shall take",
        pace="how strictly the clock is kept",
    )
    @app_commands.choices(
        stage=[Choice(name=replies.TITLES[stage], value=stage.value) for stage in Format],
        level=[Choice(name=level.value.capitalize(), value=level.value) for level in Level],
        pace=[Choice(name=pace.value.capitalize(), value=pace.value) for pace in Pace],
    )
    async def mock(  # noqa: PLR0913, PLR0917 - each is one field of the command as Discord shows it
        interaction: discord.Interaction[Any],
        stage: str | None = None,
        topic: str | None = None,
        level: str | None = None,
        minutes: app_commands.Range[int, planning.SHORTEST, planning.LONGEST] | None = None,
        pace: str | None = None,
    ) -> None:
        await say(interaction, _line("mock", stage, topic, level, minutes, pace))

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        stage = getattr(interaction.namespace, "stage", None)
        known = topics(Format(stage) if stage in set(Format) else None)
        near = [topic for topic in known if typed.strip().lower().replace(" ", "-") in topic]
        return [Choice(name=topic, value=topic) for topic in near[:_SUGGESTIONS]]

    command: AnyCommand = Command(name="mock", description=description, callback=mock)
    command.autocomplete("topic")(suggest)
    return command
