"""Stories to tell in tests, and the competencies that come with the program."""

from __future__ import annotations

from functools import cache

from bot.banks.loader import catalogue_of, read
from bot.config import shipped_content
from bot.core.stories.competencies import Catalogue

SECTIONS = (
    "Last May our checkout failed for one customer in ten, every evening between six and nine.",
    "I was asked to find out why and to bring the failures down before the summer sale.",
    "I traced the failed requests, I found a pool of connections that ran dry, and I rewrote how we hand them out.",
    "Failures fell from 10 % to 0.2 %, and the sale brought 40,000 orders in one evening.",
    "Since then I put a limit and an alarm on every pool before it goes live.",
)
CHECKOUT = " ".join(SECTIONS)
REPORTS = (
    "In my second year a colleague and I disagreed about moving our reports to a new database. My task was to decide "
    "within a week. I wrote both plans down, I measured them on last year's data, and I showed her the numbers. "
    "She agreed, we moved, and the reports took 3 minutes where they had taken 50. I learned to measure first."
)
OF_CHECKOUT = ("checkout", "connections", "40,000", "summer sale")
OF_REPORTS = ("colleague", "database", "disagreed", "50")


@cache
def shipped_catalogue() -> Catalogue:
    """The competencies that come with the program."""
    folders = [shipped_content() / name for name in ("competencies", "companies")]
    return catalogue_of(read(folders))
