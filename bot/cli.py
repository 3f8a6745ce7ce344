"""`python -m bot.cli COMMAND`: what an operator does from a terminal."""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence

from bot.judging import EX_CONFIG, GUIDE, judge
from bot.local import VAR
from bot.practice import AlreadyRunningError, only_one

YES = {"はい", "y", "yes"}


def check_config() -> int:
    """設定の形を確かめます。まだ入れていないものは知らせるだけです。 (judge the settings' form; absence is only mentioned)"""
    judgement = judge()
    wrong = [problem for problem in judgement.problems if not problem.absent]
    for problem in judgement.problems:
        print(problem if problem in wrong else f"・ {problem.name}: {problem.says}")
    for name in judgement.good:
        print(f"✓ {name}")
    if judgement.problems:
        print(f"→ {GUIDE}")
    else:
        print("✓ 設定はそろっています (all settings are fine)")
    # A host runs this after every single change of its settings: a first push must not fail for what comes next.
    return EX_CONFIG if wrong else 0


def reset() -> int:
    """この機械の練習用のデータをすべて消します。先にたずねます。 (forget the practice's data on this machine; asks first)"""
    if not VAR.exists():
        print("消すデータはありません。 (nothing to forget)")
        return 0
    print(
        f"{VAR.resolve()} の練習用データをすべて消します。元には戻せません。よろしいですか？ [はい/いいえ] ",
        end="",
        flush=True,
    )
    if sys.stdin.readline().strip().lower() not in YES:
        print("やめました。何も消していません。 (kept)")
        return 1
    try:
        with only_one(VAR):
            shutil.rmtree(VAR)
    except AlreadyRunningError:
        print("✗ いま動いています → 先に Ctrl-C で終えてください (it is running; stop it first)", file=sys.stderr)
        return EX_CONFIG
    print("消しました。make run で最初から始められます。 (forgotten)")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {"check-config": check_config, "reset": reset}
WITH_A_FILE = {
    "import": "友だちをCSVから取り込みます。 (bring friends in from a file)",
    "export": "友だちをCSVに書き出します。 (write friends to a file)",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.cli")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.__doc__)
    for name, says in WITH_A_FILE.items():
        commands.add_parser(name, help=says).add_argument("file", help="CSVファイル (a CSV file)")
    commands.choices["import"].add_argument(
        "--dry-run", action="store_true", help="読むだけで何も書きません (read only, write nothing)"
    )
    given = parser.parse_args(words)
    return COMMANDS[given.command]() if given.command in COMMANDS else _with_a_file(given)


def _with_a_file(given: argparse.Namespace) -> int:
    from bot import moving  # noqa: PLC0415 - the other commands need neither store nor scripts

    if given.command == "export":
        return moving.export_friends(given.file)
    return moving.import_friends(given.file, dry=given.dry_run)


if __name__ == "__main__":
    sys.exit(main())
