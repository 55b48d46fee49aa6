"""How people call something false, report the view of others, or set a thing aside; plain data."""

from __future__ import annotations

from bot.core.scoring.idioms import Idiom

_TRUE = r"(?:true|correct|right|the case)"
_FALSE = rf"(?:false|wrong|untrue|incorrect|not {_TRUE}|a (?:myth|misconception|fallacy))"
_SAY = r"(?:say|think|believe|claim|assume|state|suppose)"
_SIMPLY = r"(?:simply |just |completely |actually |of course |plainly |all )?"

# "It is false that ...": all that follows in the clause is denied.
DENIED_AHEAD = Idiom(
    rf"{_FALSE} (?:to {_SAY} )?that\b",
    rf"(?:is|was)n't {_TRUE} (?:to {_SAY} )?that\b",
    rf"(?:false|wrong|incorrect) to {_SAY}\b",
    r"(?:deny|denies|disagree|i doubt|we doubt|refute|disprove) (?:with the (?:claim|idea|view) )?that\b",
    r"(?:do|does|did)(?: not|n'?t) (?:think|believe|agree|hold) that\b",
    r"(?:myth|misconception|fallacy|mistaken belief|wrong idea)(?: is|:)? that\b",
)
# "..., but that is wrong": the clause before is denied.
DENIED_BEHIND = Idiom(
    rf"(?:that|this|it|which)(?: (?:is|was|would be|sounds|seems)|'s)? {_SIMPLY}{_FALSE}\b",
    rf"(?:that|this|it|which) is(?:n'?t| not) (?:{_TRUE}|so)\b",
)
# "The claim that ... is wrong".
CLAIM_DENIED = Idiom(
    r"(?:claim|statement|idea|notion|belief|view|assertion) that\b[^.!?\n]{0,300}?\b(?:is|are) " + _FALSE + r"\b"
)
SET_ASIDE = Idiom(r"(?:instead of|rather than|as opposed to|in place of)\b")
# Views of others, mistakes named as such, things avoided, suppositions.
ATTRIBUTED = Idiom(
    r"(?:(?:some|many|most)(?: of)? (?:people|candidates|beginners|engineers|folks)|people|beginners) "
    r"(?:often |would |tend to )?(?:think|say|believe|assume|claim|expect)\b",
    r"(?:one|you|we) (?:might|may|could) (?:naively )?(?:think|expect|assume|believe|say)\b",
    r"(?:tempting|easy) to (?:think|say|believe|assume|conclude)\b",
    r"(?:common|usual|classic|frequent|typical) (?:mistake|misconception|error|trap|confusion|myth)\b",
    r"(?:mix(?:es|ed|ing)? up|confus(?:e|es|ed|ing))\b",
    r"(?:mistakenly|wrongly|erroneously|incorrectly|naively)\b",
    r"(?:avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|beware(?: of)?|(?:risk|danger) (?:of|that|is))\b",
    r"(?:careful|cautious|wary) (?:about|with|of)\b",
    r"(?:watch (?:out )?for|worr(?:y|ied) about|aware of)\b",
    r"if (?:i|we|you|one|they|someone|somebody)\b(?=[^.!?\n]{0,200}\bwould\b)",
)
OF_NO_USE = Idiom(
    r"(?:would|will|wo|do|does|did|can)(?: not|n't|not) (?:really )?"
    r"(?:help|work|suffice|fix|solve|do|hold|follow|matter|be enough)\b",
    r"(?:is|are) (?:of no (?:use|help)|no (?:cure|help|use|remedy|solution|good|answer))\b",
    r"(?:is|are) (?:useless|pointless|not (?:needed|necessary|required|useful))\b",
)
_HARM = (
    r"(?:leak|mislead|fail|break|miss|hide|inflate|bias|distort|cheat|ruin|hurt|waste|overestimate|"
    r"underestimate|overfit|"
    r"approve everything)"
)
_BAD = (
    r"(?:wrong|optimistic|misleading|biased|useless|dangerous|unfair|leakage|"
    r"a (?:mistake|leak|trap|problem|disaster|bad idea))"
)
REGRETTED = Idiom(
    rf"(?:would|will|can|could|may|might) (?:\w{{1,20}}ly |only |just )?(?:{_HARM}|be (?:too |plain |"
    rf"plainly )?{_BAD})\b",
    r"(?:is|are|would be)(?:n't| (?:not|rarely|seldom|hardly|never)) (?:really |a )?"
    r"(?:good|enough|right|valid|correct|allowed|safe|fair|useful|wise|sufficient|honest)\b",
    rf"(?:is|are) (?:too |far too )?{_BAD}\b",
)

# "If I kept the rate, it would ...", "it would ... if": what is only supposed is neither claimed nor denied.
SUPPOSED = Idiom(
    r"if\b[^.!?\n]{0,200}?(?:\bwould\b|'d\b)",
    r"would\b[^.!?\n]{0,120}?\bif\b",
    r"had (?:i|we|it|they|you)\b[^.!?\n]{0,200}?(?:\bwould\b|'d\b)",
)
WOULD = Idiom(r"would\b")

# Sentences that name a thing and say nothing of it.
HOLLOW = Idiom(
    r"(?:is|are|was|being|remains?) (?:also |very |really |so |absolutely |always |extremely |of course )?"
    r"(?:important|key|crucial|essential|critical|vital|relevant|central|fundamental|paramount)\b",
    r"(?:is|are) (?:of (?:key|great|central|utmost|high) (?:importance|relevance)|a (?:key|crucial|core|big) "
    r"(?:part|factor|aspect|topic|concern|consideration))\b",
    r"plays? (?:a|an|its) (?:\w{1,12} )?(?:role|part)\b",
    r"comes? into play\b",
    r"(?:(?:has|have|needs?|ought) to|should|must) be "
    r"(?:considered|kept in mind|taken into (?:account|consideration)|weighed)\b",
    r"(?:keep|bear|have) (?:\w{1,12} ){0,4}in mind\b",
    r"(?:take|taking) (?:\w{1,12} ){0,4}into (?:account|consideration)\b",
    r"(?:to|should|would|must|i'd|we) consider (?!whether|how)\b",
    r"(?:is|are|it's|that's) all about\b",
    r"(?:best practices|holistic|synerg|leverag(?:e|es|ing)|landscape|ecosystem|mindset)",
    r"(?:many|several|various|a number of|all kinds of|lots of) "
    r"(?:factors|aspects|things|considerations|trade-?offs)\b",
)
