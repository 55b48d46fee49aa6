"""The five classic mistakes of machine-learning interviews, as named findings.

They are those that interviewers' guides to ML system design repeat: a model before the requirements, data and features
left out, impact without a number, nothing on monitoring or upkeep, a buzzword in place of a reason. A finding is advice
for the debrief and touches no score.
"""

from __future__ import annotations

import re

from bot.core.assessment import Finding
from bot.core.model import Kind, Question
from bot.core.scoring.idioms import Idiom, plainly
from bot.core.scoring.story_cues import QUANTITY

MODEL_FIRST = "model-before-requirements"
NO_DATA = "data-and-features-ignored"
NO_IMPACT = "impact-not-quantified"
NO_UPKEEP = "no-monitoring-or-maintenance"
BUZZWORD = "buzzword-instead-of-reason"

_LONG_ENOUGH = 60  # words; a short answer left out nearly everything, which says nothing in particular
_EXCERPT = 160

_MODELS = Idiom(
    r"(?:neural net(?:work)?s?|deep learning|transformers?|bert|gpt|llms?|xgboost|lightgbm|"
    r"gradient boost(?:ing|ed)|random forests?|"
    r"logistic regression|two-tower|lstms?|cnns?|embeddings? model|fine-?tun\w{1,4}|resnet|collaborative filtering)\b"
)
_REQUIREMENTS = Idiom(
    r"(?:requirements?|goals?|objectives?|business|users? (?:want|need)|how many|latency|budget|"
    r"constraints?|scale|traffic|"
    r"qps|requests per second|success|kpis?|metrics?|clarify|i would ask|first ask|what exactly|scope|trade-?offs?)\b"
)
_DATA = Idiom(
    r"(?:data|labels?|labell?ing|features?|inputs?|training sets?|logs|events?|ground truth|"
    r"annotat\w{1,6}|signals?|samples?|history|"
    r"impressions|clicks?)\b"
)
_UPKEEP = Idiom(
    r"(?:monitor\w{0,4}|drift\w{0,4}|retrain\w{0,4}|alerts?|alarms?|dashboards?|roll ?back|on-?call|"
    r"maintain\w{0,4}|maintenance|canary|"
    r"shadow|a/b test|refresh\w{0,4}|degrad\w{1,6}|health checks?|keep an eye)\b"
)
_IMPACT = Idiom(
    r"(?:improv\w{1,6}|increas\w{1,4}|reduc\w{1,5}|better|faster|sav(?:e|ed|es|ing)|success(?:ful)?|"
    r"impact|results?|helped|"
    r"cheaper|grew|worked)\b"
)
_BUZZWORDS = Idiom(
    r"(?:state of the art|state-of-the-art|cutting[- ]edge|ai-?powered|ai-?driven|next[- ]gen\w{0,8}|"
    r"deep learning|transformers?|llms?|gpt|"
    r"blockchain|big data|kubernetes|microservices?|agentic|agents?|generative ai|gen ?ai|vector databases?)\b"
)
_REASONS = Idiom(
    r"(?:because|since|so that|as (?:it|this|we|they|the)|therefore|due to|in order to|reason|"
    r"which (?:lets|allows|means|gives|keeps)|"
    r"given that|compared (?:to|with)|rather than|instead of|trade-?off|at the cost of|cheaper|faster|"
    r"to (?:avoid|keep|handle|capture|"
    r"reduce|scale))\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+")


def mistakes(question: Question, answer: str) -> tuple[Finding, ...]:
    """Which of the five mistakes `answer` shows, as far as they apply to a question of this kind."""
    plain = plainly(answer)
    if len(plain.split()) < _LONG_ENOUGH:
        return ()
    found = []
    if question.kind is Kind.DESIGN:
        found += [_model_first(plain, answer), _absent(NO_DATA, _DATA, plain), _absent(NO_UPKEEP, _UPKEEP, plain)]
    if question.kind in {Kind.PROJECT, Kind.STORY}:
        found.append(_unquantified(plain, answer))
    if question.kind in {Kind.DESIGN, Kind.PROJECT}:
        found.append(_bare_buzzword(answer))
    return tuple(finding for finding in found if finding)


def _model_first(plain: str, answer: str) -> Finding | None:
    model = next(_MODELS.spans(plain), None)
    asked = next(_REQUIREMENTS.spans(plain), None)
    if model and (asked is None or model[0] < asked[0]):
        return Finding(MODEL_FIRST, _around(answer, model[0]))
    return None


def _absent(name: str, idiom: Idiom, plain: str) -> Finding | None:
    return None if idiom.occurs(plain) else Finding(name)


def _unquantified(plain: str, answer: str) -> Finding | None:
    """An effect is claimed somewhere, and no sentence that claims one holds a number."""
    claims = [
        found.group() for found in _SENTENCE.finditer(answer) if _IMPACT.occurs(plain[found.start() : found.end()])
    ]
    if claims and not any(QUANTITY.search(claim) for claim in claims):
        return Finding(NO_IMPACT, claims[0].strip()[:_EXCERPT])
    return None


def _bare_buzzword(answer: str) -> Finding | None:
    """A sentence that names fashionable technology, when neither it nor the next one gives a reason."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(answer)]
    for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
        if _BUZZWORDS.occurs(plainly(sentence)) and not _REASONS.occurs(plainly(f"{sentence} {following}")):
            return Finding(BUZZWORD, sentence[:_EXCERPT])
    return None


def _around(answer: str, place: int) -> str:
    begin = max(answer.rfind(stop, 0, place) for stop in ".!?\n") + 1
    ends = [at for stop in ".!?\n" if (at := answer.find(stop, place)) >= 0]
    return answer[begin : min(ends, default=len(answer))].strip()[:_EXCERPT]
