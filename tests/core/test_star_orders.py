"""What a line after `/star` asks for, and which rehearsal it begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import story_commands
from bot.core.commands.grammar import Request, parse
from bot.core.model import Level
from bot.core.refusal import UsageError
from bot.core.session import RehearsalKind
from bot.core.stories.competencies import Catalogue
from bot.core.text import story_text
from rehearsing import ALERTS, CATALOGUE, IMPORT, Rehearsing, story

BANK = (story(1, IMPORT, "ownership", times=2, rating=4), story(4, ALERTS, "failure", "ownership"))


def test_star_is_a_request_of_its_own() -> None:
    assert parse("/star practice 3") == Request("star", "practice 3")


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("", story_commands.Rehearse()),
        ("  ", story_commands.Rehearse()),
        ("ownership", story_commands.Rehearse("ownership")),
        ("Customer Focus", story_commands.Rehearse("customer-focus")),
        ("customer_focus", story_commands.Rehearse("customer-focus")),
        ("new", story_commands.New()),
        ("new The  login outage", story_commands.New("The login outage")),
        ("list", story_commands.ListAll()),
        ("LIST", story_commands.ListAll()),
        ("show 3", story_commands.Show(3)),
        ("3", story_commands.Show(3)),
        ("show #3", story_commands.Show(3)),
        ("edit 3", story_commands.Edit(3)),
        ("practise 3", story_commands.Practice(3)),
        ("practice 3.", story_commands.Practice(3)),
        ("tag 3", story_commands.Tag(3, ())),
        ("tag 3 ownership", story_commands.Tag(3, ("ownership",))),
        ("tag 3 failure, customer focus", story_commands.Tag(3, ("failure", "customer-focus"))),
        ("tag 3 customer focus failure failure", story_commands.Tag(3, ("customer-focus", "failure"))),
        ("name 3 The login outage", story_commands.Name(3, "The login outage")),
        ("rename 3 x", story_commands.Name(3, "x")),
        ("grid", story_commands.ShowGrid()),
        ("grid Acme", story_commands.ShowGrid("acme")),
        ("companies", story_commands.Companies()),
        ("delete 3", story_commands.Delete(3)),
        ("delete 3 YES", story_commands.Delete(3, sure=True)),
        ("delete 3 no", story_commands.Delete(3)),
        ("share 3", story_commands.Share(3)),
        ("help", story_commands.Help()),
    ],
)
def test_reads_each_order(line: str, order: story_commands.Order) -> None:
    assert story_commands.parse(line, CATALOGUE) == order


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ownershp", 'I know no competency "ownershp". Did you mean ownership?'),
        ("lisst", 'I know no competency "lisst". Did you mean /star list?'),
        ("the weather", 'I know no competency "the weather". /star grid lists them, /star help the rest.'),
        ("show", "/star show needs the number of a story, as in /star show 3."),
        ("edit one", "/star edit needs the number of a story, as in /star edit 3."),
        ("delete 99999999999999999999", "/star delete needs the number of a story, as in /star delete 3."),
        ("name 3", "/star name needs a title behind the number, as in /star name 3 The login outage."),
        ("name", "/star name needs the number of a story, as in /star name 3 The login outage."),
        ("tag 3 owner ship", 'I know no competency "owner ship". Did you mean ownership?'),
        ("grid acm", 'I know no company "acm". Did you mean acme?'),
        ("grid zzz", 'I know no company "zzz". /star companies lists them.'),
        (f"new {'x' * 61}", "A title has at most 60 characters; this one has 61."),
    ],
)
def test_says_in_one_sentence_what_cannot_be_read(line: str, problem: str) -> None:
    with pytest.raises(UsageError) as refused:
        story_commands.parse(line, CATALOGUE)
    assert str(refused.value) == problem


@given(st.text(max_size=60), st.sampled_from(["", *story_text.ORDERS]))
def test_whatever_is_typed_is_an_order_or_one_kind_sentence(text: str, word: str) -> None:
    try:
        order = story_commands.parse(f"{word} {text}", CATALOGUE)
    except UsageError as error:
        assert len(str(error)) < 250
    else:
        assert isinstance(order, story_commands.Order)


def test_every_order_of_the_help_can_be_read() -> None:
    for word in story_text.ORDERS:
        story_commands.parse(f"{word} 3 a", CATALOGUE) if word in {"name", "new"} else story_commands.parse(
            word.replace("show", "show 1"), CATALOGUE
        ) if word in {"list", "show", "grid", "companies", "help"} else story_commands.parse(f"{word} 3", CATALOGUE)


def test_an_empty_bank_is_begun_with_a_guided_story() -> None:
    told = Rehearsing().rehearsal("")
    assert (told.kind, told.number) == (RehearsalKind.NEW, 1)
    assert told.prompt
    assert Rehearsing().rehearsal("failure").kind is RehearsalKind.NEW


def test_the_competency_that_needs_it_most_comes_next() -> None:
    assert Rehearsing(BANK).rehearsal("").competency == "customer-focus"
    assert Rehearsing(BANK, asked=("customer-focus",)).rehearsal("").competency != "customer-focus"
    assert Rehearsing(BANK).rehearsal("").kind is RehearsalKind.TELL


def test_each_prompt_is_heard_once_before_one_comes_again() -> None:
    asked: tuple[str, ...] = ()
    prompts = []
    for _ in range(6):
        prompts.append(Rehearsing(BANK, asked).rehearsal("ownership").prompt)
        asked += ("ownership",)
    assert len(set(prompts[:5])) == 5
    assert prompts[5] == prompts[0]


def test_people_hear_the_prompts_in_different_orders() -> None:
    incoming = {
        story_commands.rehearsal(
            story_commands.Rehearse("ownership"), CATALOGUE, BANK, (), 5, Level.MID, f"person {n}", 0
        ).prompt
        for n in range(20)
    }
    assert len(incoming) > 1


def test_the_scope_is_that_of_the_level() -> None:
    assert Rehearsing(BANK, level=Level.JUNIOR).rehearsal("ownership").scope == "You do your part."
    assert Rehearsing(BANK, level=Level.STAFF).rehearsal("ownership").scope == "You carry several teams."


def test_a_story_is_practised_for_the_competency_asked_for_least() -> None:
    rehearsal = Rehearsing(BANK, asked=("failure",)).rehearsal("practice 4")
    assert (rehearsal.kind, rehearsal.number, rehearsal.competency) == (RehearsalKind.PRACTICE, 4, "ownership")
    assert rehearsal.title == "Title 4"


def test_a_story_without_competencies_is_practised_without_a_prompt() -> None:
    rehearsal = Rehearsing((story(1, IMPORT, "gone-from-the-content"),)).rehearsal("practice 1")
    assert (rehearsal.competency, rehearsal.prompt, rehearsal.probes) == ("", "", ())


def test_a_titled_story_is_asked_for_without_a_prompt_and_an_untitled_one_with_one() -> None:
    assert Rehearsing(BANK).rehearsal("new My title").competency == ""
    assert Rehearsing(BANK).rehearsal("new").competency == "customer-focus"
    assert Rehearsing(BANK).rehearsal("new").number == 5


def test_the_probes_of_the_competency_go_along() -> None:
    assert Rehearsing().rehearsal("failure").probes[0] == ("number", "How large was it before and after?")


@pytest.mark.parametrize(("stories", "advice"), [(BANK, "/star list shows yours."), ((), "/star tells the first one.")])
def test_a_story_that_is_not_there_is_named(stories: tuple, advice: str) -> None:
    with pytest.raises(UsageError, match=f"You have no story 7. {advice}"):
        Rehearsing(stories).rehearsal("edit 7")


def test_the_grid_of_a_company_holds_what_it_asks_for() -> None:
    assert list(story_commands.grid(CATALOGUE, BANK, 0).competencies) == ["ownership", "customer-focus", "failure"]
    assert list(story_commands.grid(CATALOGUE, BANK, 0, "acme").competencies) == ["ownership", "customer-focus"]


def test_a_story_sounds_like_what_its_words_say() -> None:
    assert CATALOGUE.suggested("It was MY mistake. The customers called, and the supplier too.") == (
        "customer-focus",
        "failure",
    )
    assert CATALOGUE.suggested("Nothing of the kind.") == ()
    assert Catalogue().titles == {}
    assert CATALOGUE.competency("none") is None
    assert CATALOGUE.company("none") is None
