"""Settings from the environment, a `.env` file and a folder of secrets; mistakes are one sentence without the value."""

from pathlib import Path

import pytest

from bot.config import SettingsError, read_settings


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_file_a_folder_and_the_environment_are_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("MOCKBOT_DISCORD_TOKEN=from-file\nMOCKBOT_OWNER=telegram:1\nOTHER=x\n")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "mockbot_telegram_token").write_text("from-folder\n")
    monkeypatch.setenv("MOCKBOT_SECRETS", str(secrets))
    monkeypatch.setenv("MOCKBOT_OWNER", "telegram:2")
    settings = read_settings()
    assert settings.owner == "telegram:2"
    assert settings.secrets == ["from-folder", "from-file"]
    assert "from-" not in repr(settings)


def test_an_allow_list_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKBOT_ALLOW", "telegram:1, telegram:-100 discord:5")
    assert read_settings().allow == {"telegram:1", "telegram:-100", "discord:5"}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MOCKBOT_LOG_LEVEL", "loud", "A setting is wrong. MOCKBOT_LOG_LEVEL: "),
        ("MOCKBOT_TELEGRAM_RATE", "-5", "A setting is wrong. MOCKBOT_TELEGRAM_RATE: "),
        ("MOCKBOT_TELEGRAM_WEBHOOK_URL", "https://x", "A setting is wrong. With a webhook, "),
        ("MOCKBOT_TELEGRAM_WEBHOOK_URL", "http://x", "A setting is wrong. With a webhook, "),
        ("MOCKBOT_TELEGRAM_WEBHOOK_SECRET", "no spaces please", "A setting is wrong. MOCKBOT_TELEGRAM_WEBHOOK_SECRET"),
        ("MOCKBOT_TELEGRAM_WEBHOOK_LISTEN", "nonsense", "A setting is wrong. MOCKBOT_TELEGRAM_WEBHOOK_LISTEN: "),
        ("MOCKBOT_ALLOW", "42", "A setting is wrong. MOCKBOT_ALLOW: a person or chat is written as telegram:42"),
        ("MOCKBOT_OWNER", "ada", "A setting is wrong. MOCKBOT_OWNER: "),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(sentence)
