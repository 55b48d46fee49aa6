"""A rehearsal played by hand, and the catalogue and the stories it is about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.commands import story_commands
from bot.core.events import Started
from bot.core.model import Level
from bot.core.session import History, Rehearsal, Setup
from bot.core.stories import Rating, Seek, Story, Told, Version
from bot.core.stories.competencies import Catalogue, CompanySet, Competency, Principle, Probe, Scope
from playing import START, Play, new_session

DAY = 86_400
IMPORT = (
    "Two years ago our nightly import kept failing at a shop for bicycles. I was asked to have it stable before May. "
    "I read three months of logs and found that one supplier sent a broken file every Friday. Then I wrote a check and "
    "talked to the supplier. As a result the failures fell from nine a month to one. I learned to look for a pattern "
    "before I touch the code."
)
IMPORT_AGAIN = (
    "At the bicycle shop the nightly import failed again and again, and I had to make it stable before May. I went "
    "through three months of logs and saw that one supplier sent a broken file every Friday. I wrote a check and "
    "talked to the supplier. The failures fell from nine a month to one."
)
ALERTS = (
    "Last winter our team was woken 22 times a week by pages at night. I was responsible for reducing them. I sorted "
    "three months of pages by whether anybody had done anything about them. I deleted those which never led to an "
    "action. Pages dropped from 22 a week to 3. The takeaway for me is that an alert without an action is noise."
)
SECTIONS = (
    "Last winter our team was woken 22 times a week by pages at night.",
    "I was responsible for reducing them.",
    "I sorted three months of pages by who had acted on them, and I deleted those which never led to an action.",
    "Pages dropped from 22 a week to 3.",
    "An alert without an action is noise, so I review mine every month now.",
)


def _competency(id_: str, title: str, *cues: str) -> Competency:
    prompts = tuple(f"Tell me about {title.lower()}, number {n}." for n in range(1, 6))
    scope = Scope("You do your part.", "You carry the whole.", "You carry several teams.")
    probes = (
        Probe(Seek.NUMBER, "How large was it before and after?"),
        Probe(Seek.LEARNING, "What did you take from it?"),
    )
    return Competency(id_, title, f"They look for {title.lower()}.", prompts, scope, probes, ("None.",), cues)


CATALOGUE = Catalogue(
    (
        _competency("ownership", "Ownership", "nobody asked me", "took it on"),
        _competency("customer-focus", "Customer focus", "the supplier", "customers"),
        _competency("failure", "Failure", "my mistake"),
    ),
    (
        CompanySet(
            "acme",
            "Acme",
            "Six values",
            "What Acme says.",
            "2024-06",
            ("https://example.org",),
            (Principle("Own It", "You own it.", ("ownership",)), Principle("Care", "You care.", ("customer-focus",))),
        ),
    ),
)


def story(number: int, text: str, *competencies: str, times: int = 0, rating: int = 0, days: int = 3) -> Story:
    """A story of the bank, told `days` ago."""
    at = START - days * DAY
    ratings = (Rating(rating, 5, at),) if rating else ()
    told = Told(times, at if times else None)
    return Story(str(number), f"Title {number}", competencies, (Version(text, at),), ratings, told)


@dataclass
class Rehearsing:
    """What a rehearsal is begun with."""

    stories: tuple[Story, ...] = ()
    asked: tuple[str, ...] = ()
    level: Level = Level.MID

    def rehearsal(self, line: str) -> Rehearsal:
        """The rehearsal for what stands behind `/star`."""
        order = story_commands.parse(line, CATALOGUE)
        assert isinstance(order, story_commands.BEGINS)
        number = max((int(one.id) for one in self.stories), default=0) + 1
        return story_commands.rehearsal(
            order, CATALOGUE, self.stories, self.asked, number, self.level, "someone", START
        )


def rehearse(line: str = "", *stories: Story) -> Play:
    """A rehearsal that was just begun."""
    told = Rehearsing(stories).rehearsal(line)
    play = Play(new_session(Setup(), told))
    play.event(Started(Setup(), History(stories=story_commands.own(stories, told))))
    return play
