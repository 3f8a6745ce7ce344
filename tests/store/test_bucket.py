"""Pictures and films in an S3-compatible bucket instead of the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.bucket import Bucket, region_of
from bot.moving_media import moved
from bot.store.errors import MediaAwayError, MediaTooLargeError
from bot.store.media import Media
from flows.names import FriendId
from tests.narrowing import there
from tests.store.bucket import KEY, REGION, SECRET, FakeBucket, fake_bucket, signature
from tests.store.conftest import World

PICTURE = bytes(range(256)) * 4096 + b"the end"
NOW = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)


@pytest.fixture
def far() -> Iterator[FakeBucket]:
    """A bucket of its own."""
    with fake_bucket() as made:
        yield made


def opened(far: FakeBucket, **other: str) -> Bucket:
    given = {"key": KEY, "secret": SECRET, "region": REGION, "folder": "shop"} | other
    return Bucket(given.pop("url", far.url), **given)


@pytest.fixture
def media(world: World, far: FakeBucket) -> Media:
    """Room for 3 MB in the bucket."""
    return Media(world.server, world.keys, b"secret", budget=3 * 1024 * 1024, outside=opened(far))


def test_our_reading_of_the_signature_is_amazons_own() -> None:
    """The example of a GET with a range in their guide, or the server of these tests would prove nothing."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    canonical = (
        "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
        f"x-amz-content-sha256:{empty}\nx-amz-date:20130524T000000Z\n\n"
        f"host;range;x-amz-content-sha256;x-amz-date\n{empty}"
    )
    made = signature(
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524/us-east-1/s3/aws4_request", "20130524T000000Z", canonical
    )
    assert made == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


def test_bytes_lie_in_the_bucket_and_only_words_about_them_in_the_record(media: Media, far: FakeBucket) -> None:
    """That is what a bucket is for: Redis is dear."""
    about = media.put(PICTURE, "image/jpeg", b"small", name="店.jpg", at=NOW)
    assert far.objects[f"/my-shop/shop/{about.id}"] == (PICTURE, "image/jpeg")
    assert far.objects[f"/my-shop/shop/{about.id}.preview"][0] == b"small"
    assert media.about(about.id) == about
    assert (about.place, about.name, about.at) == ("s3", "店.jpg", NOW)
    assert b"".join(media.read(about)) == PICTURE
    assert media.preview(about) == b"small"
    assert media.used() == len(PICTURE) + 5


def test_a_range_is_asked_of_the_bucket_as_a_range(media: Media, far: FakeBucket) -> None:
    """Whoever jumps to the end of a film does not have all of it fetched."""
    about = media.put(PICTURE, "video/mp4")
    assert b"".join(media.read(about, 1000, 1010)) == PICTURE[1000:1010]
    assert far.asked[-1] == ("GET", f"/my-shop/shop/{about.id}", "bytes=1000-1009")
    assert list(media.read(about, 5, 5)) == []


def test_what_was_kept_before_the_setting_is_served_from_where_it_lies(
    world: World, media: Media, far: FakeBucket
) -> None:
    """Turning the bucket on loses no picture of a running scenario, and moves the budget to the bucket."""
    record = Media(world.server, world.keys, b"secret", budget=3 * 1024 * 1024)
    before = record.put(PICTURE, "image/jpeg")
    assert b"".join(media.read(there(media.about(before.id)))) == PICTURE
    assert media.put(PICTURE, "image/jpeg").place == ""
    assert far.objects == {}
    assert (media.used(), media.elsewhere(), media.lost()) == (0, len(PICTURE), 0)
    after = media.put(b"new", "image/png")
    assert (media.used(), record.used()) == (3, len(PICTURE))
    assert [one.id for one in media.largest(5)] == [before.id, after.id]


def test_what_lies_in_a_bucket_that_was_taken_away_is_counted_as_out_of_reach(world: World, media: Media) -> None:
    """診断 says so; the same picture sent again is kept anew in the record."""
    about = media.put(PICTURE, "image/jpeg")
    record = Media(world.server, world.keys, b"secret")
    with pytest.raises(MediaAwayError):
        record.read(there(record.about(about.id)))
    assert (record.used(), record.lost()) == (0, len(PICTURE))
    again = record.put(PICTURE, "image/jpeg")
    assert (again.id, b"".join(record.read(again))) == (about.id, PICTURE)
    assert (record.used(), record.lost(), len(record.largest(5))) == (len(PICTURE), 0, 1)
    assert media.sweep() == 1
    assert b"".join(media.read(there(media.about(about.id)))) == PICTURE


def test_what_lies_in_the_record_can_be_brought_over(world: World, media: Media, far: FakeBucket) -> None:
    """Redis is paid for by the megabyte; the addresses that friends' phones know stay as they are."""
    record = Media(world.server, world.keys, b"secret", budget=3 * 1024 * 1024)
    photo, film = record.put(PICTURE, "image/jpeg", b"small", name="店.jpg", at=NOW), record.put(b"film", "video/mp4")
    said: list[str] = []
    far.stumbles = [503] * 3
    assert moved(media, said.append) == 1
    assert moved(media, said.append) == 0
    assert "2個" in said[-1]
    assert (media.used(), media.elsewhere()) == (len(PICTURE) + 5 + 4, 0)
    found = there(media.about(photo.id))
    assert (found.place, found.name, found.at, media.preview(found)) == ("s3", "店.jpg", NOW, b"small")
    assert b"".join(media.read(found)) == PICTURE
    assert not world.server.execute_command("EXISTS", world.keys.media(photo.id, 0))
    assert there(media.about(film.id)).place == "s3"
    assert moved(media, said.append) == 0
    assert "0個" in said[-1]


def test_beyond_the_budget_nothing_reaches_the_bucket(media: Media, far: FakeBucket) -> None:
    """An owner pays for it by the megabyte."""
    with pytest.raises(MediaTooLargeError, match="3MB"):
        media.put(b"x" * (4 * 1024 * 1024), "video/mp4")
    assert (far.objects, media.used()) == ({}, 0)


def test_what_is_forgotten_is_served_no_more_and_goes_from_the_bucket_even_later(media: Media, far: FakeBucket) -> None:
    """Somebody's photo must go for good, though the bucket is away at that moment."""
    about = media.put(PICTURE, "image/jpeg", b"small", sender=FriendId("U1"))
    assert media.senders(about.id) == ("U1",)
    media.forget(about)
    assert (media.about(about.id), media.used(), media.senders(about.id)) == (None, 0, ())
    far.stumbles = [503] * 3
    with pytest.raises(MediaAwayError):
        media.sweep()
    assert len(far.objects) == 2
    assert media.sweep() == 2
    assert far.objects == {}
    assert media.sweep() == 0


def test_what_was_forgotten_and_kept_again_stays(media: Media) -> None:
    """The sweep comes later than both."""
    about = media.put(PICTURE, "image/jpeg")
    media.forget(about)
    media.put(PICTURE, "image/jpeg")
    assert media.sweep() == 0
    assert b"".join(media.read(about)) == PICTURE


def test_a_host_that_stumbles_is_asked_again(media: Media, far: FakeBucket) -> None:
    """S3 answers 503 now and then, and means it so."""
    far.stumbles = [503, 500]
    about = media.put(PICTURE, "image/jpeg")
    assert [method for method, _, _ in far.asked] == ["PUT"] * 3
    assert b"".join(media.read(about)) == PICTURE


def test_half_kept_is_not_kept(media: Media, far: FakeBucket) -> None:
    """The next try completes it."""
    far.stumbles = [503] * 3
    with pytest.raises(MediaAwayError):
        media.put(PICTURE, "image/jpeg")
    assert media.about(media._id_of(PICTURE, "image/jpeg")) is None
    assert media.used() == 0
    assert media.put(PICTURE, "image/jpeg").size == len(PICTURE)


@pytest.mark.parametrize(
    ("other", "mend"),
    [
        ({}, ""),
        ({"secret": "wrong"}, "MEDIA_S3_SECRET"),
        ({"key": "wrong"}, "MEDIA_S3_KEY"),
        ({"region": "eu-west-1"}, "MEDIA_S3_REGION"),
        ({"url": "http://127.0.0.1:1/my-shop"}, "つながりません"),
    ],
)
def test_a_look_tells_what_is_wrong_with_the_mend(far: FakeBucket, other: dict[str, str], mend: str) -> None:
    """Before an owner finds out with a photo in her hand."""
    found = opened(far, **other).trouble()
    assert mend in found if mend else found == ""
    assert far.objects == {}


def test_a_bucket_that_is_not_there_is_named(far: FakeBucket) -> None:
    """A slip in the name is the commonest of all."""
    assert "バケットの名前" in opened(far, url=far.url.replace("my-shop", "no-shop")).trouble()


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://s3.ap-northeast-1.amazonaws.com/my-shop", "ap-northeast-1"),
        ("https://my-shop.s3.ap-northeast-1.amazonaws.com", "ap-northeast-1"),
        ("https://s3.dualstack.eu-west-3.amazonaws.com/my-shop", "eu-west-3"),
        ("https://s3.us-west-004.backblazeb2.com/my-shop", "us-west-004"),
        ("https://s3.ap-northeast-1.wasabisys.com/my-shop", "ap-northeast-1"),
        ("https://0123abcd.r2.cloudflarestorage.com/my-shop", "auto"),
        ("https://minio.example.com/my-shop", "us-east-1"),
        ("https://s3.amazonaws.com/my-shop", "us-east-1"),
    ],
)
def test_the_region_is_read_from_the_address(url: str, region: str) -> None:
    """One setting less to get wrong."""
    assert region_of(url) == region


def test_the_secret_shows_nowhere(far: FakeBucket) -> None:
    """What people and logs see of a bucket is its address."""
    assert SECRET not in repr(opened(far))
    assert opened(far).shown == "S3 127.0.0.1/my-shop"
