import os
from pathlib import Path

import pytest

from bot.banks import compiled, loader
from bot.banks.source import BankError
from bot.config import shipped_content
from bot.core.model import Stage

GOOD = (shipped_content() / "rubrics" / "stages.yaml").read_text()


def test_a_compiled_bank_holds_the_same_questions_without_their_samples(tmp_path: Path) -> None:
    fresh = loader.load_bank(shipped_content())
    for _ in range(2):
        bank = compiled.load_bank(shipped_content(), tmp_path)
        assert set(bank.questions) == set(fresh.questions)
        assert bank.rubrics == fresh.rubrics
        for stage in Stage:
            assert bank.of_stage(stage) == tuple(compiled._without_samples(q) for q in fresh.of_stage(stage))


def test_a_changed_bank_is_read_anew(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    file = content / "stages.yaml"
    file.write_text(GOOD)
    assert compiled.load_bank(content, tmp_path / "cache").rubrics["screen"].pass_rate == 40
    file.write_text(GOOD.replace("pass_rate: 40", "pass_rate: 41"))
    os.utime(file, (1, 1))
    assert compiled.load_bank(content, tmp_path / "cache").rubrics["screen"].pass_rate == 41
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_damaged_or_unwritable_cache_does_no_harm(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    compiled.load_bank(shipped_content(), cache)
    for file in cache.rglob("contents.json"):
        file.write_text("not what it was")
    assert compiled.load_bank(shipped_content(), cache).of_stage(Stage.CODING)
    (tmp_path / "a-file").write_text("")
    assert compiled.load_bank(shipped_content(), tmp_path / "a-file" / "cache").of_stage(Stage.CODING)


def test_a_wrong_bank_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="does not exist"):
        compiled.load_bank(tmp_path / "nowhere", tmp_path)
