import contextlib
import csv
import io
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.embedded import running_redis
from bot.moving import written_whole
from bot.moving_in import Survey, bring_in, survey
from bot.moving_out import take_out
from bot.moving_parts import parts, patient
from bot.moving_rows import Columns, plain, safe, split_tags
from bot.store.audit import Audit
from bot.store.keys import SHARDS, Shard
from bot.store.store import Store, open_store
from flows.catalog import Catalog, Tag
from flows.names import FriendId, Key, fold
from torture.corpus import HOSTILE

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
SAKURA, HANAKO = FriendId("U" + "a" * 32), FriendId("U" + "b" * 32)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    opened = open_store(server, secret=b"", namespace=f"t{secrets.token_hex(4)}")
    opened.meta.start_up()
    yield opened
    opened.close()


def unheard(_: int) -> None:
    """Nobody watches the bar here."""


def file_of(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "friends.csv"
    path.write_text("\r\n".join(lines), encoding=encoding, newline="")
    return path


def brought(store: Store, path: Path) -> tuple[Survey, tuple[int, int, int]]:
    seen = survey(path, store.catalogs.current())
    assert seen.mistakes == []
    tally = bring_in(lambda: contextlib.nullcontext(store), path, seen, NOW, unheard)
    return seen, (tally.new, tally.changed, tally.same)


def test_a_file_becomes_friends_with_everything_it_says(store: Store, tmp_path: Path) -> None:
    """Tags that nobody knew yet are known afterwards, or they could not be searched for."""
    path = file_of(
        tmp_path,
        "ユーザーID,名前,登録日時,タグ,スコア,スコア:関心度,項目:地域,メモ",
        f'{SAKURA},さくら,2026-01-02 03:04,VIP、「乾燥、肌」,5,-3,東京,"2行の\nメモ"',
        f"{HANAKO},花子,,,,,,",
    )
    assert brought(store, path)[1] == (2, 0, 0)
    friend = store.friends.load(SAKURA).friend
    assert (friend.name, friend.note, friend.scores) == ("さくら", "2行の\nメモ", {Key(""): 5, fold("関心度"): -3})
    assert set(friend.tags) == {fold("VIP"), fold("乾燥、肌")}
    assert friend.fields[fold("地域")].value == "東京"
    assert friend.joined == datetime(2026, 1, 1, 18, 4, tzinfo=UTC)
    catalog = store.catalogs.current()
    assert fold("乾燥、肌") in catalog.tags
    assert fold("地域") in catalog.fields
    assert [one.id for one in store.lookup.named("花子", 5)] == [HANAKO]


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    """So an interrupted import is begun again without a second thought."""
    path = file_of(tmp_path, "ユーザーID,名前,タグ", f"{SAKURA},さくら,VIP", f"{HANAKO},花子,")
    assert brought(store, path)[1] == (2, 0, 0)
    revision = store.friends.load(SAKURA).rev
    assert brought(store, path)[1] == (0, 0, 2)
    assert store.friends.load(SAKURA).rev == revision


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["名前", "さくら"], "1行目: 「ユーザーID」の列がありません"),
        (["ユーザーID,電話", f"{SAKURA},1"], "1行目: 「電話」という列は読めません"),
        (["ユーザーID,名前", f"{SAKURA}"], "2行目: 列が1個あります"),
        (["ユーザーID,メモ", f'{SAKURA},"2行の\nメモ"', "U12,x"], "4行目: ユーザーID「U12」は"),
        (["ユーザーID,スコア", f"{SAKURA},たくさん"], "2行目: スコア「たくさん」は整数で"),
        (["ユーザーID,スコア", f"{SAKURA},9999999"], "2行目: スコア 9999999 は"),
        (["ユーザーID,登録日時", f"{SAKURA},きのう"], "2行目: 登録日時「きのう」は"),
        (["ユーザーID", SAKURA, HANAKO, SAKURA], f"4行目: {SAKURA} は2行目にもあります"),
        ([], "空のファイルです"),
    ],
)
def test_every_mistake_is_named_by_its_line(store: Store, tmp_path: Path, lines: list[str], says: str) -> None:
    """Ten thousand rows are not searched by eye."""
    mistakes = survey(file_of(tmp_path, *lines), Catalog()).mistakes
    assert len(mistakes) == 1
    assert str(mistakes[0]).startswith(says)
    assert store.lookup.count() == 0


def test_another_encoding_is_said_to_be_one(tmp_path: Path) -> None:
    """Excel in Japan still writes it unless told otherwise."""
    path = file_of(tmp_path, "ユーザーID,名前", f"{SAKURA},さくら", encoding="cp932")
    assert "UTF-8" in str(survey(path, Catalog()).mistakes[0])


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula_and_each_reads_back(words: str) -> None:
    """A friend's name must not run in the owner's spreadsheet, and must not change on the way either."""
    cell = safe(words)
    assert cell[:1] not in {"=", "@", "\t", "\r"}
    assert cell[:1] not in {"+", "-"} or cell.lstrip("+-").replace(".", "").isdecimal()
    assert plain(cell) == words


@pytest.mark.parametrize("words", ["'=1", "''+1", "'", "'さくら", "-5", "+81901234"])
def test_an_apostrophe_of_ones_own_stays(words: str) -> None:
    """Only ours comes off again."""
    assert plain(safe(words)) == words


def test_what_is_taken_out_can_be_brought_in_elsewhere(store: Store, server: str, tmp_path: Path) -> None:
    """An owner who leaves takes everything along."""
    words = [one for one in HOSTILE if 0 < len(one.strip()) < 300 and one.isprintable()]
    rows = [[f"U{number:032x}", name, "VIP", "7", name] for number, name in enumerate(words)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [["ユーザーID", "名前", "タグ", "スコア", "項目:地域"], *([safe(cell) for cell in row] for row in rows)]
    )
    brought(store, file_of(tmp_path, text.getvalue().rstrip("\r\n")))
    out = io.StringIO()
    assert take_out(lambda: contextlib.nullcontext(store), out, unheard) == len(rows)
    other = open_store(server, secret=b"", namespace=f"t{secrets.token_hex(4)}")
    brought(other, file_of(tmp_path, out.getvalue().rstrip("\r\n")))
    for number, name in enumerate(words):
        friend = other.friends.load(FriendId(f"U{number:032x}")).friend
        assert (friend.name, friend.fields[fold("地域")].value) == (name, name)
    again = io.StringIO()
    take_out(lambda: contextlib.nullcontext(other), again, unheard)
    assert again.getvalue() == out.getvalue()
    other.close()


def test_an_export_can_go_to_the_standard_output(store: Store, tmp_path: Path) -> None:
    """On a host whose disk is gone tomorrow it is sent home at once; and a file has its name only when it is whole."""
    with written_whole(Path("/dev/null")) as out:
        take_out(lambda: contextlib.nullcontext(store), out, unheard)
    assert Path("/dev/null").is_char_device()
    with pytest.raises(ZeroDivisionError), written_whole(tmp_path / "friends.csv") as out:
        out.write(str(1 // 0))
    assert not (tmp_path / "friends.csv").exists()


def test_tags_are_split_where_a_person_would() -> None:
    """A name that holds the separator stands in brackets."""
    assert split_tags("VIP、「乾燥、肌」、 新規 、") == ("VIP", "乾燥、肌", "新規")
    assert split_tags("") == ()


@given(st.text(alphabet="、 　あいVIP\t-", max_size=30))
def test_the_quick_way_through_a_cell_reads_what_the_careful_one_does(cell: str) -> None:
    """Most cells hold no bracket, and are not searched for one letter by letter."""
    assert split_tags(cell) == split_tags(f"{cell}、「終」")[:-1] or "終" in cell


def long_file(tmp_path: Path, count: int) -> Path:
    """So many friends, one of them twice in the last line's place when asked for."""
    rows = (f"U{number * 7919:032x},さくら{number},VIP、常連{number % 7},{number % 90}" for number in range(count))
    return file_of(tmp_path, "ユーザーID,名前,タグ,スコア:関心度", *rows)


def cli(server: str, *words: str | Path) -> subprocess.Popen[bytes]:
    """The command as an operator gives it, on a Redis of its own database."""
    env = os.environ | {
        "REDIS_URL": server,
        "LINE_CHANNEL_SECRET": "0123456789abcdef" * 2,
        "LINE_CHANNEL_ACCESS_TOKEN": "t" * 172,
    }
    return subprocess.Popen([sys.executable, "-m", "bot.cli", *words], env=env, stdout=subprocess.DEVNULL)


def test_an_import_that_was_killed_is_begun_again_and_nothing_is_amiss(server: str, tmp_path: Path) -> None:
    """In two processes, killed without a word: every friend is whole or not there, and the second run does the rest."""
    path, url = long_file(tmp_path, 6000), f"{server.rpartition('/')[0]}/3"
    with contextlib.closing(open_store(url, secret=b"")) as store:
        child = cli(url, "import", path)
        while not 500 < store.lookup.count() < 5900 and child.poll() is None:
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        child.wait()
        half = store.lookup.count()
        assert cli(url, "import", path).wait() == 0
        assert half <= 6000 <= store.lookup.count()
        zone = store.catalogs.current().account.tz
        assert Audit(store.server, store.keys).differences(zone) == []
        assert cli(url, "export", tmp_path / "out.csv").wait() == 0
        out = io.StringIO()
        assert take_out(lambda: contextlib.nullcontext(store), out, unheard) == 6000
        with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            assert file.read() == out.getvalue()


def test_the_parts_of_a_file_make_up_the_whole(tmp_path: Path) -> None:
    """Each process complains of its own rows, in the end in the file's order, and of the whole file once."""
    lines = ["ユーザーID,スコア", f"{SAKURA},x", "U12,1", f"{HANAKO},y", "", SAKURA, f"{HANAKO},1"]
    path = file_of(tmp_path, *lines)
    halves = [("0", "2", "4", "6", "8", "a", "c", "e"), ("1", "3", "5", "7", "9", "b", "d", "f")]
    one, two = survey(path, Catalog()), survey(path, Catalog(), [tuple(map(Shard, half)) for half in halves])
    assert (one.mistakes, one.rows, one.tags) == (two.mistakes, two.rows, two.tags)
    assert [mistake.line for mistake in two.mistakes] == [2, 3, 4, 6]
    assert sorted(shard for part in parts() for shard in part) == list(SHARDS)


@pytest.mark.parametrize(
    ("url", "patiently"),
    [
        ("redis://:p%40ss@host:6379/1", "redis://:p%40ss@host:6379/1?socket_timeout=30"),
        ("rediss://h/0?ssl_cert_reqs=none", "rediss://h/0?socket_timeout=30&ssl_cert_reqs=none"),
        ("redis://h/0?socket_timeout=5", "redis://h/0?socket_timeout=5"),
        ("unix:///run/redis.sock?db=2", "unix:///run/redis.sock?socket_timeout=30&db=2"),
    ],
)
def test_an_import_is_more_patient_than_a_webhook(url: str, patiently: str) -> None:
    """LINE hangs up after two seconds; an operator who moves 100,000 friends does not."""
    assert patient(url) == patiently


def test_redis_heeds_the_patience(server: str) -> None:
    """What an address asks for counts more than what a webhook would wait."""
    with contextlib.closing(open_store(patient(server), secret=b"")) as store:
        assert store.server.connection_pool.connection_kwargs["socket_timeout"] == 30  # type: ignore[attr-defined]


def test_columns_of_an_account_are_all_it_can_fill() -> None:
    """Also those that no friend has filled yet."""
    assert Columns.of(Catalog(tags={Key("vip"): Tag(name="VIP")})).titles[-1] == "スコア"


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`export /dev/stdout` must leave the machine its /dev/stdout, whatever that leads to."""
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    link.symlink_to(file)
    with written_whole(link) as out:
        out.write("さくら")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8-sig") == "さくら"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with written_whole(pipe) as out:
        out.write("もも")
    assert os.read(reader, 100).decode("utf-8-sig") == "もも"
    os.close(reader)
    assert not pipe.is_file()
