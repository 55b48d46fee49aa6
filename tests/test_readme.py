"""What README says is true of the code."""

import re
from pathlib import Path

from bot.core.rules.table import diagram

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_diagram_is_the_one_the_table_prints() -> None:
    assert f"```mermaid\n{diagram()}\n```" in README


def test_quick_start_holds_exactly_two_commands_and_ci_runs_both() -> None:
    quick_start = README.split("## Quick start")[1].split("\n## ")[0]
    commands = [line.strip() for block in re.findall(r"```sh\n(.*?)```", quick_start, re.DOTALL) for line in [block]]
    assert len(commands) == 2
    ci = (ROOT / ".ci" / "run").read_text()
    assert all(command in ci for command in commands)


def test_every_file_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)
