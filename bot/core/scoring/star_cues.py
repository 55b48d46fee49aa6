"""How the sections of a story sound; plain data for `star`.

The sections, and the advice that the action takes most of the time, are those of the STAR method as university career
services and Amazon's interview guide teach it.
"""

from __future__ import annotations

import re

SECTIONS = ("situation", "task", "action", "result", "learning")


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_LABELS = {
    "situation": r"situation|context|background|setting|s",
    "task": r"(?:my )?task|(?:my )?goal|challenge|problem|objective|t",
    "action": r"actions?|approach|what i did|steps(?: i took)?|what we did|a",
    "result": r"results?|outcome|impact|effect|r",
    "learning": r"learnings?|lessons?(?: learn(?:ed|t))?|reflection|takeaways?|what i learn(?:ed|t)(?: is)?|l",
}
LABELS = {
    section: _any(rf"^\W*(?:\d[.)]\s*)?(?:{words})\s*(?:\*\*)?\s*[:\u2013\u2014-](?:\*\*)?\s*")
    for section, words in _LABELS.items()
}

_PAST = (
    "wrote|built|made|took|went|spoke|told|met|ran|held|brought|found|gave|set|got|kept|led|chose|drew|"
    "sent|cut|sat|began|"
    "taught|sought|bought|split|put|did|let|said|read|spent|drove|showed|won|rebuilt|rewrote|undertook|dug|laid|paid"
)
_NO_DEEDS = (
    "wanted|needed|liked|loved|hated|learned|learnt|hoped|assumed|believed|happened|seemed|worked (?:as|"
    "at|for|in)|used to|"
    "joined|studied|lived|enjoyed|realised|realized|noticed|was|had|felt|knew|thought"
)
_BETWEEN = r"(?:\s+(?:\w+ly|also|then|first|next|just|even|once|again|myself|never|still|therefore|thus|so|at once))*"
_DID = rf"(?!(?:{_NO_DEEDS})\b)(?:[a-z]{{2,24}}ed|{_PAST})\b"
DEED = re.compile(rf"\b(?:I|i)\b{_BETWEEN}\s+{_DID}|\bI\s+did(?:\s+not|n['\u2019]t)\s+[a-z]+")
# Notes leave out the "I": "Asked both leads, built a test".
NOTE_DEED = _any(rf"^\W*(?:then\s+|so\s+|first\s+|next\s+)?{_DID}")
ENDED = _any(r"\b(?:was|were|had|went|came|got|signed|\w{2,}ed|stayed|held|ran|took|fell|rose)\b")

CUES = {
    "situation": _any(
        r"\b(?:last|two|three|four|some|a few|several) (?:years?|months?|weeks?)(?: ago)?\b",
        r"\blast (?:spring|summer|autumn|fall|winter)\b",
        r"\bin (?:19|20)\d\d\b",
        r"\bin my (?:\w+ ){0,3}(?:year|job|role|team|company|internship|project|position)\b",
        r"\bat my \w+",
        r"\bwhen I (?:was|worked|joined|started)\b",
        r"\bI (?:was|worked|had been) (?:working )?(?:as )?(?:an? |the |in |at |on )",
        r"\bour (?:team|company|service|system|product|customer|department)\b",
        r"\bthere (?:was|were)\b",
        r"\bonce\b",
        r"\bwe (?:had|were|ran|used)\b",
        r"\bat (?:the|that) time\b",
        r"\binternship\b|\bthesis\b|\bthe situation\b",
    ),
    "task": _any(
        r"\b(?:my|the|our) (?:task|job|role|goal|aim|responsibility|part|brief|assignment) (?:was|were|is)\b",
        r"\b(?:I|we) (?:was|were) (?:asked|supposed|responsible|in charge|expected|given|told|meant|to)\b",
        r"\b(?:asked|told|wanted|expected|needed) (?:me|us) to\b",
        r"\b(?:I|we) (?:had|needed|wanted|have) to\b",
        r"\bup to me\b|\b(?:was|fell) on me\b",
        r"(?<!not )\bmy (?:job|call|duty|responsibility)\b",
        r"\bin charge of\b",
        r"\b(?:deadline|was due)\b",
        r"\bit was (?:my|on me|not my)\b",
        r"\bnobody (?:else|asked|had asked)\b",
        r"\bI was the (?:one|lead|only)\b",
        r"\bresponsible for\b",
        r"\bto (?:finish|deliver|decide|solve|choose|explain|tell)\b",
    ),
    "result": _any(
        r"\bas a result\b|\bin the end\b|\bresults?\b|\boutcome\b|\beventually\b|\bfinally\b|"
        r"\bthanks to (?:this|that)\b",
        r"\b(?:fell|dropped|rose|increased|decreased|improved|reduced|saved|grew|shrank|halved|doubled)\b",
        r"\bwent (?:up|down|from|live)\b",
        r"\b(?:shipped|launched|delivered|released|adopted|approved|accepted|agreed|opened) "
        r"(?:it|on|the|with|in|us|for|by|both|ten)?\b",
        r"\bon time\b",
        r"\bstill (?:use|uses|used|in|runs|live)\b",
        r"\bthis led to\b",
        r"\bwe came (?:first|second|third)\b",
        r"\bsince then\b",
        r"\bafter (?:three|six|two|that|a few|some) ?(?:months|weeks)?\b",
        r"\bthe agreement held\b|\bit worked\b|\bper cent\b|\bpercent\b",
    ),
    "learning": _any(
        r"\b(?:I|we|I've|have) (?:have )?learn(?:ed|t)\b",
        r"\blessons?\b|\bin hindsight\b|\blooking back\b|\bnext time\b|\btaught me\b|\btake-?away\b",
        r"\b(?:I|we) (?:should|could) have\b",
        r"\b(?:would|will) do (?:it )?(?:differently|again)\b",
        r"\b(?:since then|from then on|ever since|nowadays|today|now),? (?:I|we)\b",
        r"\bI now\b|\bnow I\b|\bhas changed how I\b",
        r"\bwhat I (?:took|take) (?:from|away)\b",
        r"\b(?:I['\u2019]d|I would) \w+(?: \w+){0,6} (?:earlier|sooner|differently|first)\b",
        r"\bif I (?:did|had) (?:it|to do)\b",
        r"\bI (?:realised|realized|understood) that\b",
    ),
}

HYPOTHETICAL = _any(
    r"\b(?:I|we|one|you)(?:\s+\w+ly|\s+always|\s+of course)?\s+(?:would|should|could|"
    r"will)(?:n['\u2019]t)?\b(?!\s+(?:not\s+)?have\b)",
    r"\b(?:I|we)['\u2019]d\s+(?!\w+ed\b|been\b)",
    r"\bI (?:always|usually|generally|normally|never|often|try to|tend to|believe|am good|am a)\b",
)
ME = re.compile(r"\bI\b|\b(?i:me|my|mine|myself)\b|\bi\b(?=['\u2019 ])")
US = _any(r"\b(?:we|us|our|ours|ourselves)\b")
FILLERS = _any(
    r"\b(?:um+|uh+|er+m?|hmm+|you know|i mean|sort of|kind of|kinda|basically|actually|literally|like,|somehow)(?!\w)",
    r"\b(?:stuff like that|and stuff|or something|or whatever)(?!\w)",
)
_UNITS = (
    r"(?:%|per\s?cent|percent|percentage points?|points?|ms|milliseconds?|seconds?|minutes?|hours?|days?|"
    r"weeks?|months?|"
    r"years?|euros?|dollars?|pounds?|users?|customers?|times|x\b|fold|k\b|requests?|tickets?|incidents?|errors?|people|"
    r"teams?|out of)"
)
_NUMBER = (
    r"(?:\d[\d,.]*|a (?:half|third|quarter|tenth)|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|twenty|thirty|"
    r"forty|fifty|hundred|thousand|half)"
)
QUANTITY = _any(
    r"[\u20ac$\u00a3]\s?\d[\d,.]*\w?",
    rf"\b{_NUMBER}[\s-]?(?:\w+\s+)?{_UNITS}",
    rf"\bfrom {_NUMBER}\b.{{0,40}}?\bto {_NUMBER}",
    r"\b(?:halved|doubled|tripled|zero|none of)\b",
    r"\b\d[\d,.]*\b",
)
