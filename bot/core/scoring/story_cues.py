"""How each section of a story sounds, with the weight of every cue; plain data for `story_sections`.

The sections, and the advice that the action takes most of the time, are those of the STAR method as university career
services and Amazon's interview guide teach it.
"""

from __future__ import annotations

import re

from bot.core.assessment import Section

Cue = tuple[float, re.Pattern[str]]


def _anywhere(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _any(*alternatives: str) -> re.Pattern[str]:
    """Any of the alternatives, all of which begin where a word does: tried there only, which is three times as fast."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})", re.IGNORECASE)


LABELS = {
    Section.SITUATION: r"situation|context|background|setting|problem|s",
    Section.TASK: r"(?:my )?task|(?:my )?goal|challenge|objective|t",
    Section.ACTION: r"actions?|approach|what (?:i|we) did|steps(?: i took)?|a",
    Section.RESULT: r"results?|outcome|impact|r",
    Section.LEARNING: r"learnings?|lessons?(?: learn(?:ed|t))?|reflection|takeaways?|what i learn(?:ed|t)|l",
}
_MARK = r"(?:[:)\]]|\s?[\u2013\u2014-](?=\s|$))"
_MORE = r"(?:(?<=\w{4})(?: \w+){1,4}(?=:))?"  # "Task I set myself:", "Result after five months:"
LABEL = {
    section: _any(rf"^[\s*_#>(\[-]*(?:\d[.)]\s*)?(?:{names}){_MORE}[*_]*(?:\s*{_MARK}[*_]*\s*|\s*$)")
    for section, names in LABELS.items()
}

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SEASONS = "spring|summer|autumn|fall|winter"
_DAYS = "sunday|monday|tuesday|wednesday|thursday|friday|saturday|weekend"
_COUNT = (
    r"(?:[\u20ac$\u00a3]?\d[\d,.]*(?:k|m|x)?|zero|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|"
    r"\w{3,6}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:a )?hundred|(?:a )?thousand|"
    r"(?:a |an )?(?:half|third|quarter|fifth|tenth))"
)
NUMBER = _any(rf"(?<![\w-]){_COUNT}(?![\w-])(?:\s?%)?", r"(?<![\w.])\d[\d,.]*(?:%|\s?\w{1,2}\b)?")
# "one of them", "the one which": no count of anything.
NO_NUMBER = _any(
    r"\b(?:the|this|that|each|no|which|every|good|better|best|more|honest) ones?\b|\bone (?:of|by|could|can)\b"
)
_MOVED = (
    "fell|fallen|dropped|rose|climbed|increased|decreased|improved|reduced|saved|grew|shrank|halved|doubled|tripled|"
    "sank|slid|cut|lowered|raised"
)
CHANGE = _any(
    rf"\bfrom (?:\S+ ){{0,3}}?{_COUNT}\b.{{0,60}}?\bto\b",
    rf"\bto (?:\S+ ){{0,2}}?{_COUNT}\b.{{0,30}}?\bfrom\b",
    rf"(?<![\w.,]){_COUNT}(?:(?: \w+){{0,2}} from {_COUNT}\b|(?: \S+){{0,5}} (?:instead of|rather than|down from|"
    rf"up from|against|before it was|and not) (?:\S+ ){{0,2}}?{_COUNT}|"
    rf"\b.{{0,40}}?,? (?:it )?(?:was|used to be|had been) {_COUNT})",
    rf"\b(?:was|were|took|had been|used to be) (?:\w+ )?{_COUNT}\b.{{0,60}}?\b(?:now|after)\b.{{0,40}}?{_COUNT}",
)

SITUATION: tuple[Cue, ...] = (
    (
        2.0,
        _any(
            rf"\b(?:last|this|that|one) (?:year|month|week|night|day|morning|quarter|{_SEASONS}|{_MONTHS}|{_DAYS})\b",
            r"\b(?:years?|months?|weeks?|days?) ago\b|\b(?:weeks?|months?|days?) before\b",
            r"\bin (?:the year |early |late )?(?:19|20)\d\d\b|\bat (?:the|that) time\b|\bthis happened\b",
            r"\b(?:at|in|for) (?:my|our|an?|the|some) (?:[\w-]+ ){0,4}?(?:company|firm|job|role|employer|team|"
            r"start-?up|lab|"
            r"university|school|internship|bank|agency|group|department|project|portal|site|office|hospital|shop)\b",
            r"\bduring (?:my|our|the|an?)\b|\b(?:there|this) (?:was|were)\b(?! no\b)|\bit was (?:at|in|during)\b",
            r"\bin (?:my|our) (?:first|second|third|last|previous|current|former|final|old)\b",
            r"\b(?:when|while|as|since) I (?:was|worked|joined|started|did|led|studied)\b",
            r"\bI (?:was|am) (?:working |then )?(?:an? |the |in |at |on |part )",
            r"\bI (?:used to|(?:have )?work(?:ed)? (?:as|at|for|in|on|by|with)|led|maintain(?:ed)?|looked after) ",
            r"\b(?:my|our) (?:previous|last|first|former|old|current) (?:\w+ )?(?:employer|company|team|boss|job|"
            r"project)\b",
            rf"\bon an? (?:\w+ )?(?:{_DAYS}|night)\b",
        ),
    ),
    (
        1.0,
        _any(
            r"\bour (?:[\w-]+ ){0,3}?(?:team|company|service|system|product|model|app|platform|customers?|users?|"
            r"website)\b",
            r"\b(?:we|they|it|which|that|who|everyone|everybody|people) (?:had|were|was|ran|used)\b",
            r"\bhad (?:\w+ )?(?:been|just|gone|lost|left|stopped|no|only)\b|\b(?:users?|customers?|clients?)\b",
        ),
    ),
    (
        1.0,
        _any(
            r"\b(?:broke|broken|stopped|complain\w*|slow|slower|wrong|kept|piled up|mis\w+ed|quit|left|lost|expired|"
            r"frozen|outage|timed? out|dropped|contradict\w*|unstable|trouble|problem|nobody|nothing|never|not|"
            r"worse)\b",
            r"\b(?:crash|fail)(?:ed|ing|es|s)?\b",
        ),
    ),
)
TASK: tuple[Cue, ...] = (
    (
        3.0,
        _any(
            r"\b(?:my|our|the) (?:\w+ )?(?:task|job|role|goal|aim|mission|responsibility|part|brief|assignment|"
            r"objective|"
            r"challenge|mandate|duty|ask|target) (?:here |then |there )?(?:was|were|is)\b",
            r"\b(?:my|our) (?:responsibility|assignment|mission|task)\b",
            r"\b(?:I|we) (?:was|were|am|had been|got|have been) (?:\w+ )?(?:asked|told|supposed|given|assigned|"
            r"tasked|"
            r"meant|put in charge|in charge|expected|handed|hired to|brought in)\b",
            r"\b(?:I|we) (?:was|were) to\b|\bI (?:was|am) .{1,40}\b(?:in charge of|expected to)\b",
            r"\b(?:asks?|asked|told|wants?|wanted|expects?|expected|needed|begged|trusted) (?:me|us) (?:to|with|"
            r"for|not)\b",
            r"\b(?:told|asked) it to me\b|\b(?:wanted|expected|needed) (?:\w+ )?(?:from|of) (?:me|us)\b",
            r"\b(?:I|we) (?:\w+ )?(?:had|needed|have|need) to\b",
            r"\b(?:up|fell|left|landed|decision|job|one|it|was|be|is|handed it|gave it) (?:to|on) me\b",
            r"\b(?:made|make) (?:it|this|that) my\b|\bset (?:myself|me|us) \w+",
            r"\bI (?:volunteered|signed up|promised|owned|took (?:on|over)|took (?:it|this|"
            r"the \w+(?: \w+)?) (?:on|over|upon))\b|\bon myself\b",
            r"\b(?:gave|left|assigned|handed) me (?:the|a|an|this|task|\w+ weeks|\w+ months|\w+ days)\b",
            r"\b(?:was|were|became|is) (?:mine|my (?:job|call|task|duty|responsibility|part|feature))\b",
            r"\bresponsible\b|\bperson who needs?\b|\bas the (?:only|lead)\b",
            r"\bsaid (?:to )?(?:make|fix|find|get|stop|build|bring)\b|\bto (?:fix|solve|repair) (?:it|this)\b",
            r"^\W*(?:had|needed|asked|tasked|supposed|expected) (?:was )?to\b|\b(?:wanted|expected) (?:it|this|"
            r"that) to be\b",
        ),
    ),
    (1.0, _any(r"\b(?:deadline|due|by the end of|in time for|no budget|in charge)\b")),
    (
        1.0,
        _any(
            r"\b(?:before|by|until|within|in) (?:the |our |an? |one |two |three |four )?(?:\w+ )?(?:week|month|"
            r"quarter|day|"
            r"fortnight|year|launch|review|season|campaign|term|deadline|end)s?\b",
            rf"\b(?:before|by|until) (?:{_MONTHS}|{_DAYS})\b",
        ),
    ),
)
RESULT: tuple[Cue, ...] = (
    (
        3.0,
        _any(
            r"\b(?:as a|the|with the) (?:end )?result\b|\bin the end\b|\boutcome\b|\beventually\b|\bfinally\b|"
            r"\bultimately\b|\bthanks to (?:this|that)\b|\bsince then\b|\bthis led to\b",
            rf"\b(?:{_MOVED}|went|came|got|is|was|moved|down|up|back) (?:\w+ ){{0,3}}?(?:from|by|to|under|below|at) "
            rf"(?:\S+ )?{_COUNT}\b",
            r"\b(?:went|go|is|was|are|were|back) (?:now )?(?:live|online|searchable|out|gone|in production)\b",
            r"\b(?:shipped|launched|released|delivered|finished|sold|moved over|won|renewed|promoted|adopted)\b",
        ),
    ),
    (3.0, CHANGE),
    (
        2.0,
        _any(
            r"\b(?:now|nowadays|still|ever since|to this day|by now|today|has kept|has stayed|no longer|"
            r"afterwards)\b",
            r"\b(?:not a single|without (?:a|one|any)|no (?:more|such)|nobody (?:has )?complained|stopped|"
            r"disappeared)\b",
            rf"\bby (?:{_SEASONS}|{_MONTHS})\b|\b(?:on|in) time\b|\b(?:{_MOVED})\b",
            r"\bafter (?:that|this|my|our|the|\w+) (?:change|fix|weeks?|months?|days?|hours?)\b",
            r"\b(?:far )?(?:fewer|less|more|faster) \w+ .{0,40}\bthan\b",
        ),
    ),
    (1.0, _any(r"\b(?:later|became|become|worked|accepted|agreed|approved|happy|managed|within|everyone)\b")),
)
_BETTER = r"(?:differently|again|earlier|sooner|first|instead|before|from the (?:\w+ )?(?:first|beginning|start))"
DIFFERENTLY = _any(
    r"\bnext time\b|\bin hindsight\b|\blooking back\b|\bin (?:the )?future\b|\bdo(?:ne)? (?:it )?differently\b",
    r"\b(?:I|we)(?: \w+)? (?:should|could) (?:\w+ )?have\b|\bif (?:I|we) (?:did|were|had|could)\b",
    rf"\b(?:(?:I|we) would|[Ii]['\u2019]?d) (?:\S+ ){{0,8}}?{_BETTER}\b",
    r"\b(?:since (?:then|that day|this day)|ever since|today|nowadays|now|these days),? (?:I|we) (?!was|were|had|"
    r"did)\w+",
    r"\bI (?:now|no longer) \w+|\bused to\b.{3,120}\bnow\b",
)
LEARNING: tuple[Cue, ...] = (
    (
        4.0,
        _any(
            r"(?<!machine[ -])(?<!deep[ -])\blearn(?:ed|t|ing)?\b|\blessons?\b|\btaught me\b|\bshowed me that\b|"
            r"\btake-?aways?\b|\btake away\b",
            r"\b(?:I|we) (?:\w+ )?(?:realis?zed|realised|understood) (?:that|how|why)\b|\b(?:I|we) took from\b",
            r"\bwhat (?:I|we) (?:took|take)\b|\bstays? with me\b|\breminded me\b|\bearned me\b|\bthe moral\b",
        ),
    ),
    (4.0, DIFFERENTLY),
)
PAST = _any(
    r"\b(?:was|were|had|did|went|came|got|fell|rose|ran|took|held|shipped|sold|won|gave|made|could|left|broke|"
    r"said)\b",
    r"\b(?!need|speed|feed|seed|indeed|exceed|proceed|hundred)[a-z]{2,30}ed\b",
)

_STATES = (
    "wanted|needed|liked|loved|hated|learned|hoped|assumed|believed|happened|seemed|used to|joined|studied|lived|"
    "enjoyed|"
    "realised|realized|worked (?:as|at|for|in|on|by)|owned|volunteered|looked after|maintained|served|suspected"
)
_DID = (
    rf"(?:(?!(?:{_STATES})\b)[a-z]{{2,24}}ed|wrote|built|made|took|went|spoke|told|met|ran|held|brought|found|"
    rf"gave|set|got|"
    "chose|drew|sent|cut|sat|began|taught|sought|bought|split|put|did(?!n|[ ]not (?:know|have|want|like|believe|"
    "feel|see|think|agree))|let|said|read|spent|drove|showed|won|rebuilt|"
    "rewrote|undertook|dug|laid|paid|saw|threw|kept|swapped|shut|stood|lent|swept|broke|heard|came|flew|dealt|fought)"
)
_ADVERBS = (
    r"(?:\s+(?:\w+ly|also|then|first|next|just|even|once|again|myself|never|still|therefore|thus|so|did not|kind of))*"
)
OWN_DEED = _any(
    rf"\bI{_ADVERBS}\s+{_DID}\b",
    rf"\bI (?:thought|felt|noticed|wanted|hoped|believed|disagreed)\b[^.!?]{{1,60}}? and (?:then )?{_DID}\b",
    r"\b(?:I have|I['\u2019]ve)(?: \w+ly| also)? (?!been|had|learn\w*|understood|never|to\b)(?:[a-z]{2,24}ed|"
    r"[a-z]{3,}n|"
    r"built|made|done|put|set|found)\b",
)
OUR_DEED = _any(rf"\bwe{_ADVERBS}\s+(?:have )?{_DID}\b")
NOTED_DEED = _any(rf"^[\W\d]*(?:then\s+|so\s+|first\s+|next\s+)?{_DID}\b")  # notes leave out the "I"
FURTHER_DEED = _anywhere(rf"(?:,|\band\b|\bthen\b|;)\s+(?:and |then |also |finally |I )*{_DID}\b")
# "First I go to the factory", "After I teached": told in the present by those who are learning English.
STEP = _any(
    r"\b(?:first|then|after(?:wards| that)?|next|later|so|also) I (?!was|am|had|have|would|will|could|learn|think|"
    r"thought|"
    r"guess|mean|knew|felt|can|should)[a-z]+",
    r"^\W*I (?:also )?(?:go|make|take|show|train|let|write|ask|use|build|talk|try|find|change|add|test|call|"
    r"explain|decide)\b",
)
TALK = _any(
    r"\bI (?:always|usually|generally|normally|often|try to|tend to|believe|am a person|would|think|guess|can)\b",
    r"\bin general\b|\b(?:people|you) (?:often|can|should)\b|\bis (?:normally|very important)\b",
)

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
QUANTITY = _anywhere(
    r"[\u20ac$\u00a3]\s?\d[\d,.]*\w?",
    rf"\b{_NUMBER}[\s-]?(?:\w+\s+)?{_UNITS}",
    rf"\bfrom {_NUMBER}\b.{{0,40}}?\bto {_NUMBER}",
    r"\b(?:halved|doubled|tripled|zero|none of)\b",
    r"\b\d[\d,.]*\b",
)
