import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.banks import compiled
from bot.banks.loader import bank_of, catalogue_of
from bot.banks.source import BankError
from bot.config import shipped_content
from bot.core.commands.grammar import UsageError
from bot.core.commands.mock_commands import topic_of
from bot.core.model import Stage
from bot.core.session import Format
from bot.core.stories.competencies import Catalogue
from sample_bank import shipped_files

CODING = shipped_content() / "coding"
LEXICON = shipped_content() / "lexicon"
GOOD = (shipped_content() / "rubrics" / "stages.yaml").read_text()


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to copy, as compiling the shipped content takes a second."""
    folder = tmp_path_factory.mktemp("compiled")
    compiled.load(shipped_content(), folder)
    return folder


@pytest.fixture
def kept(compiled_once: Path, tmp_path: Path) -> Path:
    """A folder of the test's own in which the shipped content is kept compiled."""
    return Path(shutil.copytree(compiled_once, tmp_path / "kept"))


def test_a_compiled_bank_holds_the_same_questions(tmp_path: Path) -> None:
    fresh = bank_of(shipped_files())
    for _ in range(2):
        bank = compiled.load_bank(shipped_content(), tmp_path)
        assert set(bank.questions) == set(fresh.questions)
        assert bank.rubrics == fresh.rubrics
        for stage in Stage:
            assert bank.of_stage(stage) == fresh.of_stage(stage)
            assert bank.topics_of_stage(stage) == {question.topic for question in fresh.of_stage(stage)}


def test_topics_are_known_without_opening_a_stage(kept: Path) -> None:
    for stage in Stage:
        next(kept.glob(f"bank-*/{stage.value}.json")).unlink()
    bank = compiled.load_bank(shipped_content(), kept)
    assert topic_of("graphs", Format.CODING, bank) == "graphs"
    with pytest.raises(UsageError, match="Did you mean regularisation"):
        topic_of("regularization", Format.FUNDAMENTALS, bank)


def test_a_warm_start_with_a_topic_reads_no_yaml_and_needs_no_file_shapes(kept: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.banks.compiled import load_bank; "
        "from bot.core.commands.mock_commands import topic_of; from bot.core.session import Format; "
        "bank = load_bank(Path(sys.argv[1]), Path(sys.argv[2])); "
        "topic_of('graphs', Format.CODING, bank), bank.of_stage('coding')[0]; "
        "print(sorted({'yaml', 'bot.banks.schema', 'bot.banks.loader'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, shipped_content(), kept], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_folder_of_another_format_is_never_opened(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = kept.iterdir()
    monkeypatch.setattr(compiled, "_FORMAT", "3")
    compiled.load_bank(shipped_content(), kept)
    (new,) = kept.iterdir()
    assert new.name != old.name


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
    compiled.load_bank(CODING, cache, LEXICON)
    for file in cache.rglob("contents.json"):
        file.write_text("not what it was")
    assert compiled.load_bank(CODING, cache, LEXICON).of_stage(Stage.CODING)
    (tmp_path / "a-file").write_text("")
    assert compiled.load_bank(CODING, tmp_path / "a-file" / "cache", LEXICON).of_stage(Stage.CODING)


def test_a_wrong_bank_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="does not exist"):
        compiled.load_bank(tmp_path / "nowhere", tmp_path)


def test_the_competencies_are_kept_beside_the_bank_and_opened_when_they_are_asked_for(tmp_path: Path) -> None:
    fresh = catalogue_of(shipped_files())
    for _ in range(2):
        content = compiled.load(shipped_content(), tmp_path)
        assert content.catalogue() == fresh
        assert content.catalogue() is content.catalogue()
    assert len(content.catalogue().competencies) == 20
    assert {company.id for company in content.catalogue().companies} > {"amazon"}


def test_without_a_place_to_keep_them_there_are_competencies_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    assert compiled.load(shipped_content() / "competencies", tmp_path / "a-file" / "cache").catalogue().competencies


def test_a_folder_without_competencies_has_an_empty_catalogue(tmp_path: Path) -> None:
    assert compiled.load(shipped_content() / "rubrics", tmp_path).catalogue() == Catalogue()


def test_a_wrong_competency_is_refused_as_a_wrong_question_is(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("competencies:\n  - id: Not An Id\n")
    with pytest.raises(BankError, match=r"wrong\.yaml:2"):
        compiled.load(tmp_path, tmp_path / "cache")
