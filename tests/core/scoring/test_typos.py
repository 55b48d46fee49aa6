from bot.core.scoring.typos import Speller


def test_a_slip_that_could_stand_for_two_words_stands_for_the_same_one_in_every_run() -> None:
    # "planet" without its fifth letter is "plant" and without its last "plane", which the two words share with it.
    assert Speller(["planer", "planxt"]).intended("planet") == "planxt"
