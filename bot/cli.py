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


def move_media() -> int:
    """Redisに入れた写真や動画を、MEDIA_S3_URL のバケットに移します。動かしたままできます。 (media out of Redis into the bucket)"""
    from bot.judging import settings_or_exit  # noqa: PLC0415 - the other commands need no services
    from bot.moving_media import move_media  # noqa: PLC0415

    return move_media(settings_or_exit(), print)


COMMANDS: dict[str, Callable[[], int]] = {
    "check-config": check_config,
    "reset": reset,
    "move-media": move_media,
}
WITH_A_FILE = {
    "import": "友だちをCSVから取り込みます。 (bring friends in from a file)",
    "export": "友だちをCSVに書き出します。 (write friends to a file)",
    "backup": "すべての控えを1つのファイルに書きます。.gz なら縮めます。 (everything into one file)",
    "restore": "控えを、空のRedisに戻します。先にたずねます。 (a copy back into an empty Redis; asks first)",
}
FILES = {"import": "CSVファイル (a CSV file)", "export": "CSVファイル (a CSV file)"}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(words)
    try:
        return COMMANDS[given.command]() if given.command in COMMANDS else _with_the_record(given)
    except Exception as error:
        # The rooms of the store name their trouble in a sentence; without the store installed nobody can know them here.
        from bot.store.errors import StoreError  # noqa: PLC0415 - the other commands need no store

        if not isinstance(error, StoreError):
            raise
        print(f"✗ {error}", file=sys.stderr)
        return EX_CONFIG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.cli")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.__doc__)
    for name, says in WITH_A_FILE.items():
        commands.add_parser(name, help=says).add_argument("file", help=FILES.get(name, "控えのファイル (a file)"))
    commands.choices["import"].add_argument(
        "--dry-run", action="store_true", help="読むだけで何も書きません (read only, write nothing)"
    )
    show = commands.add_parser("show", help="友だち1人の記録を読める形で出します。 (one friend's record, readable)")
    show.add_argument("who", help="ユーザーIDか名前 (a user id or a name)")
    doctor = commands.add_parser("doctor", help="Redisの置き方を調べます。 (how Redis keeps the record)")
    doctor.add_argument(
        "--check", action="store_true", help="索引が記録と合っているかも調べます (do the indexes equal the facts)"
    )
    doctor.add_argument(
        "--mend",
        action="store_true",
        help="索引を記録から作り直します。ほかを止めてから (rebuild them; stop the rest first)",
    )
    return parser


def _with_the_record(given: argparse.Namespace) -> int:
    from bot import keeping, moving  # noqa: PLC0415 - the other commands need neither store nor scripts

    match given.command:
        case "import":
            return moving.import_friends(given.file, dry=given.dry_run)
        case "export":
            return moving.export_friends(given.file)
        case "backup":
            # What is said must not stand in a copy that goes to the standard output.
            return keeping.backup(given.file, lambda words: print(words, file=sys.stderr))
        case "restore":
            return keeping.restore(given.file, print)
        case "show":
            return keeping.show(given.who, print)
        case _:
            return keeping.doctor(print, check=given.check, mend=given.mend)


if __name__ == "__main__":
    sys.exit(main())
