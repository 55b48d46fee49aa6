"""How a story ends: what somebody took from it and does differently now; plain data for `story_sections`."""

from __future__ import annotations

import re

from bot.core.scoring.story_cues import DID, Cue, starting

_BETTER = r"(?:differently|again|earlier|sooner|first|instead|before|from the (?:\w+ )?(?:first|beginning|start))"
DIFFERENTLY = starting(
    r"\bnext time\b|\bin hindsight\b|\blooking back\b|\bin (?:the )?future\b|\bdo(?:ne)? (?:it )?differently\b",
    r"\b(?:I|we)(?: \w+)? (?:should|could) (?:\w+ )?have\b|\bif (?:I|we) (?:did|were|had|could)\b",
    rf"\b(?:(?:I|we) would|[Ii]['\u2019]?d) (?:\S+ ){{0,8}}?{_BETTER}\b",
    r"\b(?:since (?:then|that day|this day)|ever since|today|nowadays|now|these days),? (?:I|we) (?!was|were|had|"
    r"did)\w+",
    r"\bI (?:now|no longer) \w+|\bused to\b.{3,120}\bnow\b",
)
# What people say they took from it, and what they do now: habits are told in the present, at the end of a story.
_NOT_A_HABIT = (
    r"was|were|am|had|have|would|could|should|might|must|will|did|do|don|can|cannot|know|knew|think|guess|mean|"
    r"believe|hope|"
    r"hoped|felt|feel|suppose|wish|remember|regret|love|like|liked|work|live|loved|left|understood|thought|"
    r"became|lost|went|"
    r"and|or|but|who|which|to|for|in|on|at|of|from|with|is|said|ever|may|shall|got|s|m|d|ll|ve|re|t"
)
_DOING = rf"(?!(?:{_NOT_A_HABIT})\b)(?!{DID}\b)[a-z]+"
_OFTEN = r"(?:now|always|still|never|also|only|simply|just|then|first|today|usually|often|rather|instead|even)"
_FROM_NOW_ON = (
    r"(?:now|nowadays|today|these days|any ?more|every|each|always|never|whenever|by default|since then|since|"
    r"from then on|"
    r"from now on|no longer)"
)
HABIT = starting(
    rf"\bI {_OFTEN} (?:{_DOING}|do|have|don['\u2019]t|let|put|set|read|cut|split)\b",
    rf"\b{_FROM_NOW_ON}\b[^.;]{{0,60}}\bI (?:{_OFTEN} )*(?:{_DOING}|do|have|don['\u2019]t|let|put|set|read|cut|"
    rf"split)\b",
    rf"\bI (?:{_OFTEN} )*(?:{_DOING}|do|have|don['\u2019]t|let|put|set|read|cut|"
    rf"split)\b[^.;]{{0,90}}\b{_FROM_NOW_ON}\b",
    r"\bI(?:['\u2019]ve| have)(?: \w+)? (?:\w+ed|done|kept|made|drawn|taken|given|written|begun|put|set|had|told|"
    r"gone|never \w+)\b"
    r"[^.;]{0,80}\b(?:since|every|each)\b",
    r"\b(?:since|after) (?:that|this) \w+,? (?:I|my|every|no)\b|\bso now I\b|\bnow my\b|"
    r"\bmy \w+ (?:\w+ )?now (?:have|has|start|"
    r"begin|is|are|get)\w*\b",
    r"\bthat['\u2019]?s (?:how|what|why) (?:I|we) (?:\w+ )?(?!was|were|did|had)\w+\b|\b(?:is|it['\u2019]s|"
    r"was) how I (?!was|did|had|"
    r"got)\w+\b|\bI \w+ (?:\w+ ){0,3}(?:that|this|the same) way\b",
    r"\b(?:every|each|no|any) (?:\w+ )?\w+ (?:of mine|of ours|I['\u2019]?(?:m| am)? ?\w+) (?:\w+ )?(?:starts|"
    r"begins|gets|has|comes|"
    r"goes|leaves|ends|is)\b",
    r"\b(?:if|when|whenever|before|each time|every time|wherever) I (?!was|were|had|did|"
    r"could)[a-z]+\b[^.]*\b(?:is|are|has|have|"
    r"comes|goes|gets|I (?:now|first|always)|I ask|I do|I write|I check)\b",
    r"\bI(?:['\u2019]ll| will| won['\u2019]t| would)? (?:never|not|always)(?: \w+){0,6} again\b|\bnever again\b|"
    r"\bfrom now on\b",
    r"\b(?:I['\u2019]m|I am) (?:\w+ ){0,5}(?:now|today|much|more|less|the one who|quicker|slower|careful)\b",
    r"\bmy (?:own |new |first |only )?(?:rule|habit|principle|motto)\b|\b(?:in|on|part of) (?:our|"
    r"my) (?:\w+ )?(?:sheet|list|"
    r"checklist|template|plan|handbook|routine|process|standard|toolbox|onboarding|playbook|wall|"
    r"desk)\b[^.]{0,20}\b(?:now|today|since|ever)\b|\ba (?:rule|habit) (?:of mine|I)\b|"
    r"\bmy first (?:question|step|thing|look|call) (?:now )?is\b|\bI stopped \w+ing\b[^.]{0,60}\bI (?!was|did|"
    r"had)[a-z]+\b|"
    r"\bto this day I\b",
)
PRESENT_DEED = starting(
    rf"\bI (?:{_OFTEN} )*(?!(?:went|came|thought)\b){_DOING}\b|\bI do(?: not|n['\u2019]t)? (?!(?:not )?(?:know|"
    rf"think)\b)\w+",
)
MAXIM = re.compile(
    r"^\W*(?:people|you|one|nobody|everybody|everyone|never|always|no one)\b(?!.*\b(?:I|we|he|she|was|were|had|"
    r"did)\b)|"
    r"^(?!.*\b(?:I|we|he|she|it|they|him|her|them|our|my)\b).*\b(?:is|are|means|needs|costs|beats|takes|deserves|"
    r"tells|makes|"
    r"helps|works|saves|gets|comes|goes)\b",
    re.IGNORECASE,
)
LEARNING: tuple[Cue, ...] = (
    (
        4.0,
        starting(
            r"(?<!machine[ -])(?<!deep[ -])\b(?:I|we|I['\u2019]ve|I have|also|and|really|mainly|mostly|truly|"
            r"finally) (?:\w+ )?"
            r"learn(?:ed|t)?\b(?! (?:it|[A-Z]\w*|\w+ (?:in|within|from scratch))\b)|"
            r"(?<!had )\blearn(?:ed|t)?:? (?:that|to|how|not|a lot|one|never|always|the hard|from|what|why|there|"
            r"this|two|three)\b|"
            r"\blearned:|^\W*learn(?:ed|t)\b|\b(?:what|all|the (?:\w+ )?thing|something) (?:I|"
            r"we) (?:\w+ )?learn(?:ed|t)?\b|"
            r"\b(?:my|the|main|big|biggest) learnings?\b|\blessons?\b|\btaught (?:me|us)\b|\b(?:showed|"
            r"shown) me (?:that|how|what|why)\b|"
            r"\btake-?aways?\b|\btake away\b|\bit learned me\b",
            r"\b(?:I|we)(?:['\u2019]ve)? (?:\w+ )?(?:realis?zed?|realised?|understood|understand|see|saw|know|"
            r"discovered|came to see|"
            r"figured out) (?:now |then |there |later |afterwards |only later |today )?(?:that|how|why|what)\b|"
            r"\b(?:I|we) (?:took|take|"
            r"got|keep|kept) (?:\w+ )?from (?:it|that|this)\b",
            r"\bwhat (?:I|we)(?:['\u2019]ve| have)? (?:\w+ )?(?:took|take|taken|got|kept|keep|understood|"
            r"understand|missed|had missed|"
            r"know|see|carry|remember)\b|\bstay(?:s|ed) with me\b|\bstuck with me\b|\breminded me\b|"
            r"\bearned me\b|\bthe moral\b|"
            r"\bopened my eyes\b|\bcame away with\b|\bchanged (?:how|the way) (?:I|we)\b|"
            r"\bmake (?:it )?a (?:point|habit|rule) of\b|\b(?:was|as) a (?:good |big |hard |"
            r"harsh |valuable |useful )?(?:reminder|lesson|eye-opener|warning)\b|\bin retrospect\b|\b(?:my|"
            r"the) conclusion\b|\b(?:I take|took) (?:it |this |that )?"
            r"with me\b|\bwith hindsight\b|\bif I could (?:do|go)\b|\bI (?:have |['\u2019]ve )?(?:become|got|"
            r"gotten|grown) (?:much |a lot |far |more )*(?:better|careful|"
            r"patient|humble|quicker|slower|honest|suspicious|wary|cautious)\b|\bI(?:['\u2019]d| would) (?:now|"
            r"today|never|always|rather)\b|\bmatters? more than\b|"
            r"\bI (?:won['\u2019]t|will not|will never|will always)\b|\bfrom (?:this|that|it),? I\b|"
            r"\bmade me (?:see|realise|realize|understand|more|think|change|much)\b|\bcured me\b|"
            r"\bmade me an? (?:\w+ )?\w+|\b(?:thing|lesson|point|part) (?:that )?I (?:took|take|kept|keep|remember)\b|"
            r"\b(?:made|making) it (?:a|my) (?:habit|rule)\b|"
            r"\bI (?:used to|had) (?:think|thought|believe|believed)\b|\bI carry\b",
        ),
    ),
    (4.0, DIFFERENTLY),
)
