"""What an operator does with the whole record from a terminal."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from bot.cli import main
from bot.embedded import running_redis
from bot.store import past
from bot.store.bulk import Bulk, Newcomer
from bot.store.keys import SHARDS, shard_of
from bot.store.store import Store, open_store
from flows.facts import TagAdded
from flows.friend import Friend, Label
from flows.names import FriendId, Key

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
SAKURA = FriendId("U" + "a" * 32)
DATABASES = itertools.count(0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url.rpartition("/")[0]


@pytest.fixture
def url(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A Redis of its own that the command will find."""
    found = f"{server}/{next(DATABASES) % 14}"
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "0123456789abcdef" * 2)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "t" * 172)
    aim(monkeypatch, found)
    return found


def aim(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """From now on commands go there, where nothing is yet."""
    monkeypatch.setenv("REDIS_URL", url)
    with contextlib.closing(redis.Redis.from_url(url)) as client:
        client.flushdb()


def filled(url: str, count: int = 300) -> None:
    """An account with friends, and one of every type of key beside them."""
    with contextlib.closing(open_store(url, secret=b"")) as store:
        store.meta.start_up()
        catalog = store.catalogs.current()
        store.catalogs.commit(replace(catalog, account=replace(catalog.account, name="花")), expected=0, by="x", at=NOW)
        people = [somebody(number) for number in range(count)]
        for shard in SHARDS:
            mine = [Newcomer(one, remembered()) for one in people if shard_of(one.id) == shard]
            Bulk(store).add(shard, mine, (), catalog.account.tz)
        for command in (
            ("SADD", store.keys.refused(SHARDS[0], "b1"), "U1", "U2"),
            ("RPUSH", store.keys.failed(SHARDS[0]), b"\xff\x00", "二"),
            ("HSET", store.keys.later(SHARDS[0]), "a", 1),
            ("SET", store.keys.broadcast(SHARDS[0], "b1"), b"\x80\x01", "PX", 10_000_000),
        ):
            store.server.execute_command(*command)


def somebody(number: int) -> Friend:
    """A friend, the first of them さくら."""
    one = SAKURA if number == 0 else FriendId(f"U{number:032x}")
    name = "さくら" if number == 0 else f"花{number % 7}"
    return replace(Friend(id=one), name=name, joined=NOW, tags={Key("vip"): Label(at=NOW)})


def remembered() -> str:
    """What everybody remembers."""
    return past.appended("", (TagAdded(at=NOW, tag="VIP", why="取込"),))


def everything(url: str) -> dict[bytes, bytes | None]:
    """All keys as Redis itself would pack them."""
    with contextlib.closing(redis.Redis.from_url(url)) as client:
        return {key: client.dump(key) for key in client.scan_iter() if b"{meta}" not in key}


def said(capsys: pytest.CaptureFixture[str], *words: str, answer: str = "") -> tuple[int, str]:
    """A command's exit code and what it said, on either way out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(answer))
        code = main(words)
    spoken = capsys.readouterr()
    return code, spoken.out + spoken.err


@pytest.mark.parametrize("name", ["copy.jsonl", "copy.jsonl.gz"])
def test_a_copy_put_back_elsewhere_is_the_same_record(  # noqa: PLR0917
    name: str,
    url: str,
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Moving house must lose nothing, whatever version of Redis lives in the new one."""
    filled(url)
    path, before = str(tmp_path / name), everything(url)
    assert said(capsys, "backup", path)[0] == 0
    other = f"{server}/15"
    aim(monkeypatch, other)
    assert said(capsys, "restore", path, answer="いいえ\n")[0] == 1
    assert everything(other) == {}
    code, words = said(capsys, "restore", path, answer="はい\n")
    assert (code, "戻し" in words) == (0, True)
    assert everything(other).keys() == before.keys()
    with stores(url, other) as (one, two):
        assert one.catalogs.current() == two.catalogs.current()
        assert one.friends.load(SAKURA) == two.friends.load(SAKURA)
        assert kept(one) == kept(two)
        left = two.server.execute_command("PTTL", two.keys.broadcast(SHARDS[0], "b1"))
        assert 0 < left <= 10_000_000
    assert said(capsys, "doctor", "--check")[0] == 0


@contextlib.contextmanager
def stores(*urls: str) -> Iterator[list[Store]]:
    """Both houses."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(open_store(url, secret=b""))) for url in urls]


def kept(store: Store) -> list[object]:
    """What is no friend, one key of each type."""
    keys, ask, shard = store.keys, store.server.execute_command, SHARDS[0]
    return [
        ask("LRANGE", keys.failed(shard), 0, -1),
        ask("SMEMBERS", keys.refused(shard, "b1")),
        ask("HGETALL", keys.later(shard)),
        ask("GET", keys.broadcast(shard, "b1")),
        ask("ZRANGE", keys.names(shard), 0, -1, "WITHSCORES"),
        *(ask("GET", keys.ids(one)) for one in SHARDS),
    ]


def test_what_is_no_whole_copy_is_refused_before_anything_is_written(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A transfer that broke off leaves a file that looks like one."""
    filled(url, 40)
    path = tmp_path / "copy.jsonl"
    said(capsys, "backup", str(path))
    assert "もう記録があります" in said(capsys, "restore", str(path), answer="はい\n")[1]
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    aim(monkeypatch, url)
    for spoilt in (lines[:-1], [*lines[:5], *lines[6:]], lines[1:], ["{}\n"], ["友だち"], []):
        path.write_text("".join(spoilt), encoding="utf-8")
        assert said(capsys, "restore", str(path), answer="はい\n")[0] == 1
    assert "読めません" in said(capsys, "restore", str(tmp_path / "nothing"))[1]
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"{}" * 99)[:-9])
    assert said(capsys, "restore", str(tmp_path / "cut.gz"))[0] == 1
    assert everything(url) == {}


def test_a_restoration_that_was_interrupted_is_begun_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a record must not pass for a whole one."""
    filled(url)
    path = str(tmp_path / "copy.jsonl")
    said(capsys, "backup", path)
    aim(monkeypatch, url)

    def cut(_: object, count: int) -> None:
        raise KeyboardInterrupt(count)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.moving.Progress.add", cut)
        with pytest.raises(KeyboardInterrupt):
            said(capsys, "restore", path, answer="はい\n")
    assert "途中で止まっています" in said(capsys, "doctor")[1]
    assert said(capsys, "restore", path, answer="はい\n")[0] == 0
    assert said(capsys, "doctor", "--check")[0] == 0


def test_a_friend_is_shown_in_words(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Records are deflated: Redis alone shows bytes."""
    filled(url, 30)
    for who in (SAKURA, "さくら", "@さくら"):
        code, words = said(capsys, "show", who)
        assert code == 0
        assert '"name": "さくら"' in words
        assert '"joined": "2026-11-20 12:00:00+09:00"' in words
        assert "tag_added" in words
    assert said(capsys, "show", "花1")[1].count("花1") == 5
    assert said(capsys, "show", "だれか")[0] == 1


def test_a_wrong_index_is_found_and_mended(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An index that drifts sends to the wrong people."""
    filled(url, 30)
    assert said(capsys, "doctor", "--check")[0] == 0
    with contextlib.closing(redis.Redis.from_url(url)) as client:
        client.setbit("lm:{3}:bit:tag:gone", 7, 1)
    code, words = said(capsys, "doctor", "--check")
    assert (code, "tag:gone" in words) == (1, True)
    assert said(capsys, "doctor", "--mend")[0] == 0
    assert said(capsys, "doctor", "--check")[0] == 0


def test_a_redis_that_is_away_is_said_in_a_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator reads what to do, not a traceback."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    code, words = said(capsys, "show", "さくら")
    assert code == 78
    assert words.startswith("✗ ")
