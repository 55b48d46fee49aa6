"""How dissent and a choice between ways sound in a story; plain data for `review` and `probes`."""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


DISSENT = _any(
    r"\bdisagree\w*|\bdid(?: not|n['\u2019]t) (?:agree|like|believe|want|trust)\b|\bdo(?:es)? not (?:agree|"
    r"believe)\b",
    r"\bobject(?:ed|s|ion\w*)\b|\b(?:was|were|is|are) (?:\w+ )?(?:against|opposed|sceptical|skeptical|not convinced|"
    r"unconvinced|reluctant|worried)\b|\bagainst (?:it|the (?:wish|will|advice)|my|his|her|their)\b",
    r"\b(?:argued|insisted|protested|refused|resisted|doubted|feared|preferred|pushed back|push-?back|"
    r"contradicted)\b",
    r"\b(?:would have|had) preferred\b|\bwanted to \w+ .{0,60}\binstead\b|\b(?:wanted|insisted) (?:to|"
    r"on) keep(?:ing)?\b",
    r"\b(?:found|thought|called) (?:it|this|that|the \w+)(?: was)? (?:an? )?(?:\w+ )?(?:waste|childish|wrong|too|"
    r"stupid|"
    r"silly|unnecessary|bad|risky|nonsense|overkill)\b|\bopposition\b|\bresistance\b|\bsaid (?:it|this|"
    r"that) could not\b",
    r"\b(?:wanted|favou?red) .{1,40} and I (?:wanted|favou?red)\b|\bdecided to go on regardless\b|\bhad doubts\b",
)
ALTERNATIVE = _any(
    r"\balternatives?\b|\bconsidered\b|\bweighed\b|\b(?:other|another|two|three|each|several) (?:options?|ways?|"
    r"approach\w*)\b",
    r"\binstead of\b|\brather than\b|\bcould have (?:also|either)\b|\btrade-?offs?\b",
)
