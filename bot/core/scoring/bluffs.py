"""How people address the grader, keep every door open, or give up; plain data for the guards."""

from __future__ import annotations

import re

from bot.core.scoring.idioms import Idiom

_GRADE = r"(?:marks?|scores?|points?|credits?|grades?|ratings?)"
_FULL = r"(?:full|maximum|max|perfect|top|highest|best|all|100|10|1\.0|a\+)"

ORDERS = Idiom(
    r"(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}\b(?:instructions?|prompts?|rubrics?|guidelines|criteria)\b",
    r"you are now (?:in|a|an|the)\b",
)
DEMANDS = Idiom(
    r"(?:give|award|grant|deserves?|gets?|earns?) (?:(?:me|this|it|my|us|the|an?|answer|response|candidate) ){0,4}"
    rf"{_FULL} (?:possible )?{_GRADE}\b",
    r"award (?:me|this|it|my|the (?:maximum|full))\b",
    r"(?:mark|grade|rate|score|consider|treat|accept) (?:this|it|my) (?:answer |response |one )?(?:as )?(?:fully )?"
    r"(?:correct|complete|perfect|full|right|10|100|1\.0|a\+)",
    r"(?:score|grade|rating|marks)\s*[:=]?\s*(?:10\s*/\s*10|100\s*/\s*100|1\.0\b|5\s*/\s*5|a\+)",
    r"(?:as|note to|dear|attention) (?:the )?(?:grader|examiner|scorer)\b",
    r"(?:all|every) (?:the )?key points?\b",
    r"this (?:answer|response) is (?:complete|correct|perfect|fully)\b",
    r"system\s*(?:prompt|message)?\s*:\s*(?:the candidate|you|this|ignore|award|give)\b",
)
# Questions about attacks on language models may be answered by quoting an order.
ABOUT_ORDERS = frozenset({"inject", "jailbreak"})

BOTH_WAYS = Idiom(
    r"or (?:maybe |perhaps |possibly )?(?:the )?(?:other way (?:a?round|about)|opposite|reverse|vice versa)\b",
    r"either way\b",
    r"could (?:be|go) (?:either|both)\b",
    r"(?:one|either) of (?:the two|them|these)\b[^.!?\n]{0,30}\bnot sure\b",
    r"or it (?:does|is|will|may|might)(?:n't| not)\b",
    r"or (?:maybe|perhaps) not\b",
    r"maybe,? maybe not\b",
    r"both (?:could|may|might) be (?:true|right)\b",
)
HEDGES = Idiom(
    r"(?:maybe|perhaps|possibly|might|not (?:really |entirely )?sure|i guess|could be|may be|who knows|hard to say|"
    r"some would say|others (?:say|would say))\b"
)
GIVING_UP = Idiom(
    r"(?:i )?(?:don'?t|do not) (?:really )?(?:know|remember|recall)\b",
    r"no (?:idea|clue)\b",
    r"idk\b",
    r"dunno\b",
    r"not sure\b",
    r"never heard of\b",
    r"can(?:not|'?t) (?:answer|say|remember)\b",
)
PASSING = re.compile(r"\W*(?:pass|skip|next)\W*")
