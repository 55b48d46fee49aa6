"""The small words the scorer treats specially; plain data.

Stop words are kept few: "up", "more", "before" or "only" decide what a technical claim says, so they stay content.
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


STOP = listed(
    """a an the of is are was were be been being am to in on at by for with and or as it its this that these those
    there i you we they he she my your our their me us them his him her do does did doing have has had having
    so then will would can could should shall may might just very really quite also into onto from which who
    whom what s t ll re ve d m some any such it's that's i'm we're you're they're i've we've there's let's i'd
    i'll we'll etc e.g i.e eg ie basically actually simply usually typically often generally essentially
    mostly about via per upon if"""
)

# Verbs that a phrasing may hold and a speaker swaps freely: "weights become zero", "weights are zero".
LIGHT = listed("becom get make give caus lead let")

# Words so common that, left alone of several ("in the end", "one by one"), they say nothing: then all must be said.
VAGUE = listed(
    """since time end 1 own once way day part say tell thing now up out down back again first last next late more less
    good only too same long ask know think see want need work go come take put use turn like other new
    2 3 4 5 6 7 8 9 10 all both write call show week month year check begin mani everi"""
)

NEGATORS = listed(
    """not no never without neither nor cannot hardly barely rarely seldom none nothing nobody nowhere lack
    lacks lacking isn't aren't wasn't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't
    needn't neednt mustn't hasn't haven't hadn't ain't isnt arent wasnt werent dont doesnt didnt wont wouldnt
    cant couldnt shouldnt hasnt havent hadnt nope"""
)
# "not only", "no doubt", "not sure": the negator does not deny what follows.
CAN_BE_IDLE = listed("not no n't")
FAILING = listed("fail fails failed failing")  # negators before "to" alone: a system that "fails open" denies nothing
AFTER_IDLE_NEGATOR = listed("only just merely simply doubt matter necessarily sure wonder problem least")
BEFORE_IDLE_NEGATOR = listed("whether or if why")

# Words that end the reach of a plain "not" to their right.
BARRIERS = listed("and so because since when which as hence therefore thus if unless where until then")

# Words of direction. "Bias falls and variance rises" must not be read as "variance falls".
RISING = listed(
    """up increas grow rise high larg more great most strong wide long deep climb rais improv expand upward abov gain
    inflat doubl larger bigger higher"""
)
FALLING = listed(
    """down decreas fall low small less few weak narrow short shallow drop shrink declin lower fewer below downward
    diminish least fade vanish halv"""
)

# A noun after one of these is seldom what the clause is about: "threads live inside a process and share memory".
PREPOSITIONS = listed(
    "in on at of inside within from with into to over between under by for without across beside onto"
)
ARTICLES = listed("a an the")
NEVER_AFTER_ARTICLES = listed(
    """a an the of is are was were be and or but because so if when which that it this they we you i to in on at by for
    with from into than then as has have does do did will would can could should not"""
)
RELATIVES = listed("which where whose")
PRONOUNS = listed("it its they their this that these those which he she and that's it's")
FIRST_PERSON = listed("i my me myself mine i'm i've i'd i'll")
OTHER_PERSONS = listed("we they he she you our us their somebody someone")

CONTRASTS = listed("but whereas while whilst however although though yet nevertheless nonetheless except conversely")

# "Unlike L2, ...", "compared with ridge": a subject named only for comparison.
COMPARISONS = listed("unlike than versus vs compared comparison contrast opposed contrary instead rather not")

# Near in spelling, opposite in meaning: never a typing slip.
NOT_A_SLIP = frozenset(
    frozenset(pair.split("/"))
    for pair in listed(
        "macro/micro minimization/maximization minimize/maximize minimizing/maximizing minimized/maximized "
        "minim/maxim interpolation/extrapolation causal/casual concave/convex prefix/postfix descent/decent"
    )
)

# How a formula sounds when spoken or typed in words.
SPOKEN_SYMBOLS = {
    "over": "/",
    "divided": "/",
    "plus": "+",
    "minus": "-",
    "times": "*",
    "equals": "=",
    "equal": "=",
    "is": "=",
    "==": "=",
    ":=": "=",
    "squared": "2",
    "square": "2",
    "less": "<",
    "greater": ">",
    "\u00f7": "/",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u00b2": "2",
    "\u00b3": "3",
    "\u2192": "->",
    "\u21d2": "->",
    "=>": "->",
    "\u2212": "-",
}
# Signs that people leave out or write differently without changing what a formula says.
SILENT_SYMBOLS = listed("( ) * ^ ** , [ ] { } \\ $ \u00b7 \u00d7 \u22c5 | ' \" ` the of a by than to")

# Formulas typed in one go.
GLUED = {
    "nlogn": ("n", "log", "n"),
    "logn": ("log", "n"),
    "nlogk": ("n", "log", "k"),
    "logk": ("log", "k"),
    "mlogn": ("m", "log", "n"),
    "sqrtd": ("sqrt", "d"),
    "sqrtn": ("sqrt", "n"),
    "mn": ("m", "n"),
    "nk": ("n", "k"),
    "nm": ("n", "m"),
}

# Abbreviations that mean one thing in this field; the answer may spell out what the rubric shortens, or the reverse.
ABBREVIATIONS = {
    short: tuple(long.split())
    for short, long in {
        "fpr": "false positive rate",
        "tpr": "true positive rate",
        "fp": "false positive",
        "fn": "false negative",
        "tp": "true positive",
        "tn": "true negative",
        "mse": "mean squared error",
        "rmse": "root mean squared error",
        "mae": "mean absolute error",
        "auc": "area under curve",
        "ema": "exponential moving average",
        "sgd": "stochastic gradient descent",
        "pca": "principal component analysis",
        "kl": "kullback leibler",
        "mle": "maximum likelihood estimate",
        "ece": "expected calibration error",
        "gil": "global interpreter lock",
        "lru": "least recently used",
        "bfs": "breadth first search",
        "dfs": "depth first search",
        "bst": "binary search tree",
        "dp": "dynamic programming",
        "ctr": "click through rate",
        "qps": "queries per second",
        "rps": "requests per second",
        "mrr": "mean reciprocal rank",
        "bptt": "backpropagation through time",
        "rnn": "recurrent network",
        "cnn": "convolutional network",
        "llm": "large language model",
        "knn": "nearest neighbours",
        "svm": "support vector machine",
        "mcar": "missing completely random",
        "ttl": "time live",
        "oov": "out vocabulary",
        "oof": "out fold",
    }.items()
}
