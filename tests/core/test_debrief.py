import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.debrief.debrief import debrief, pinned, unpinned
from bot.core.document import Bullets, Heading, Paragraph, Verbatim
from bot.core.effects import RecordDebrief
from bot.core.judgement import Debrief
from bot.core.session import Format, History
from bot.core.text.blocks import markdown, page, text
from bot.core.text.report import document, rendered, summary
from playing import Play, started
from sample_bank import CORE, FULL_ANSWER, UNIFORM, WRONG, sample_bank

HOSTILE = '<script>alert(1)</script> ``` **bold** [x](javascript:1) "quoted" \u202e'


def played(*lines: str, format_: Format = Format.FUNDAMENTALS, history: History | None = None) -> Debrief:
    play: Play = started(format_, history)
    play.send(*lines)
    return debrief(play.session, sample_bank())


def test_what_went_well_quotes_the_candidates_own_words() -> None:
    judged = played(FULL_ANSWER, "/done", "/stop", "3")
    assert judged.went_well[0].statement == "Entropy measures uncertainty."
    assert judged.went_well[0].words in FULL_ANSWER


def test_what_to_improve_names_misconceptions_first_then_missing_core_points() -> None:
    judged = played(f"{UNIFORM} {WRONG}", "/stop", "3")
    assert judged.improve[0].statement.startswith("The entropy of a discrete distribution is never negative")
    assert judged.improve[0].words in WRONG
    assert judged.improve[1].statement == "Entropy measures uncertainty."


def test_linchpins_never_asked_for_are_listed_with_their_answer() -> None:
    assert played(CORE, "/stop", "3").never_asked == ("Is the distribution discrete? Yes, over ten outcomes.",)
    assert played("Is it discrete or continuous?", CORE, "/stop", "3").never_asked == ()


def test_own_rating_is_held_against_the_evidence() -> None:
    judged = played(FULL_ANSWER, "/stop", "1")
    assert judged.self_rating == 1
    assert "you rated yourself 1, which is lower than the evidence" in summary(judged)


def test_there_are_three_concrete_next_steps() -> None:
    assert len(played(CORE, "/stop", "3").next_steps) == 3


def test_the_verdict_comes_first_and_five_sessions_are_asked_for() -> None:
    told = summary(played(CORE, "/stop", "3"))
    assert told.splitlines()[0] == "Fundamentals, mid level: not enough evidence"
    assert "This is mock 1. One mock says little" in told
    assert "One mock says little" not in summary(played(CORE, "/stop", "3", history=History(finished=4)))


def test_the_usual_pass_rate_is_given_as_context() -> None:
    assert "fundamentals 60 %" in summary(played(CORE, "/stop", "3"))


def test_results_are_pinned_to_bank_and_rubric_version() -> None:
    round_ = played(CORE, "/stop", "3").rounds[0]
    assert round_.rubric_version == 1
    assert (round_.turns[0].bank_id, round_.turns[0].bank_version, round_.turns[0].question_version) == ("sample", 3, 1)


def test_points_made_later_in_a_design_count_for_earlier_parts() -> None:
    judged = played("/skip", "I plan the requirements carefully.", "/done", "/stop", "3", format_=Format.SYSTEM_DESIGN)
    assert judged.rounds[0].turns[0].phase == "requirements"
    assert judged.rounds[0].turns[0].credits[0][1] == 1


def test_the_reply_to_the_changed_requirement_is_judged() -> None:
    skipped = ["/skip"] * 3
    said = played(
        *skipped, "I would take a smaller model.", "/done", "/skip", "/stop", "3", format_=Format.SYSTEM_DESIGN
    )
    trade_offs = {d.id: d for d in said.rounds[0].dimensions}["trade-offs"]
    assert trade_offs.level is not None
    assert trade_offs.share > 0


class Tags(HTMLParser):
    """Counts the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name in {"src", "href", "onerror"} for name, _ in attrs)


def test_hostile_text_is_shown_as_typed_and_runs_nothing() -> None:
    judged = played(f"{CORE} {HOSTILE}", "/done", "/stop", "3")
    shown = rendered(judged, "html")
    tags = Tags()
    tags.feed(shown)
    assert "script" not in tags.seen
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "://" not in shown


@given(st.text(min_size=1, max_size=200))
def test_any_text_stays_text_in_every_format(typed: str) -> None:
    blocks = [Heading(1, typed), Paragraph(typed), Bullets(((typed, typed),)), Verbatim("Your answer", typed)]
    tags = Tags()
    tags.feed(page(blocks, typed))
    assert set(tags.seen) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "ul", "li", "blockquote",
        "details", "summary", "pre", "main", "code", "strong",
    }  # fmt: skip
    assert typed in text(blocks)
    fenced = markdown([Verbatim("Your answer", typed)])
    fence = fenced.split("\n")[2].removesuffix("text")
    assert fence not in typed


def test_every_format_is_written() -> None:
    judged = played(FULL_ANSWER, "/done", "/stop", "3")
    assert json.loads(rendered(judged, "json"))["self_rating"] == 3
    assert rendered(judged, "md").startswith("# Mock interview 1\n")
    assert "Model answer" in rendered(judged, "text")
    assert len(document(judged)) > 10


@pytest.mark.parametrize("format_", list(Format))
def test_an_interview_that_was_stopped_early_still_has_a_debrief(format_: Format) -> None:
    assert summary(played(CORE, "/stop", "3", format_=format_))


@pytest.mark.parametrize(("mine", "earned"), [("", False), (" I wrote the check.", True)])
def test_the_verdict_counts_an_action_only_where_the_speaker_acted(mine: str, *, earned: bool) -> None:
    ours = "We had an outage. We read the logs, we called the supplier, we added an alert. In the end it worked."
    judged = played(f"{ours}{mine}", "/stop", "3", format_=Format.BEHAVIORAL)
    (ownership,) = [d for d in judged.rounds[0].dimensions if d.id == "ownership"]
    assert (ownership.share > 0) is earned
    assert any(line.startswith("Action: ") and "%" in line for line, _ in judged.rounds[0].turns[0].story)


def test_a_round_is_judged_by_the_rubric_it_began_with() -> None:
    play = started()
    play.send(FULL_ANSWER)
    known = play.bank.rubrics["fundamentals"]
    play.bank = replace(play.bank, rubrics={"fundamentals": replace(known, version=99, dimensions=())})
    play.send("/done", "/stop", "3")
    (judged,) = [record.debrief for record in play.records if isinstance(record, RecordDebrief)]
    assert judged.rounds[0].rubric_version == known.version
    assert len(judged.rounds[0].dimensions) == len(known.dimensions)


@pytest.mark.parametrize("name", sample_bank().rubrics)
def test_a_pinned_rubric_is_read_as_it_was(name: str) -> None:
    rubric = sample_bank().rubrics[name]
    assert unpinned(pinned(rubric)) == rubric


def test_a_round_without_a_rubric_of_its_own_is_judged_by_that_of_the_bank() -> None:
    play = started()
    play.send(FULL_ANSWER, "/done")
    stored = replace(play.session, rounds=tuple(replace(one, rubric="") for one in play.session.rounds))
    assert debrief(stored, play.bank) == debrief(play.session, play.bank)
