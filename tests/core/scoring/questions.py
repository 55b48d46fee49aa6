"""Small questions for the tests of the scorer."""

from bot.core.model import KeyPoint, Kind, Misconception, Question, Stage

PENALTIES = Question(
    id="penalties",
    stage=Stage.FUNDAMENTALS,
    kind=Kind.THEORY,
    topic="regularisation",
    prompt="Which of the two common weight penalties gives a model that leaves inputs out, and why does the other not?",
    key_points=(
        KeyPoint(
            "sparse",
            "L1 drives some weights exactly to zero.",
            (("exactly zero", "sparse", "sets weights to 0", "drops features", "exact zeros"),),
            subject=("l1", "lasso"),
            confusable=("l2", "ridge"),
            weight=2,
            must=True,
        ),
        KeyPoint(
            "shrinks",
            "L2 only shrinks weights.",
            (("only shrinks", "never exactly zero", "keeps all features", "does not reach zero"),),
            subject=("l2", "ridge"),
            confusable=("l1", "lasso"),
            weight=1,
        ),
        KeyPoint(
            "slope",
            "The slope of L1 is constant near zero.",
            (("constant gradient", "constant slope", "same slope", "sign(w)", "diamond"),),
            weight=1,
        ),
    ),
    misconceptions=(
        Misconception(
            "l2-sparse",
            "L2 gives sparse weights.",
            (("sparse", "exactly zero", "drops features"),),
            subject=("l2", "ridge"),
            confusable=("l1", "lasso"),
            penalty=0.4,
            feedback="L2 only shrinks weights.",
            challenge="What does L2 do to a small weight?",
        ),
    ),
)
RIGHT = (
    "L1 makes some weights exactly zero, because it has a constant slope near the origin. "
    "L2 only shrinks them and never gets there."
)


def ask(*groups: tuple[str, ...], any_n: int | None = None, allow_list: bool = False) -> Question:
    """A question with a single key point made of `groups`."""
    return Question(
        id="one",
        stage=Stage.FUNDAMENTALS,
        kind=Kind.THEORY,
        topic="any",
        prompt="What do you say?",
        key_points=(KeyPoint("point", "It is said.", groups, any_n=any_n),),
        allow_list=allow_list,
    )


def story(*phrasings: str) -> Question:
    """A behavioural question with one key point for every phrasing."""
    return Question(
        id="story",
        stage=Stage.BEHAVIORAL,
        kind=Kind.STORY,
        topic="ownership",
        prompt="Tell me about something you took care of.",
        key_points=tuple(KeyPoint(f"p{i}", text, ((text,),)) for i, text in enumerate(phrasings)),
    )
