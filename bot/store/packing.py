"""How the text of a record is packed: by zstandard, once by zlib, and by either with likely words to begin with."""

from __future__ import annotations

import threading
import zlib
from functools import cache

import zstandard

PRESENT = 2
"""The way in which records are packed now: what stands as `z` in their heads. A number is never given again."""

_WORDS = (
    '"at":1,"why":"回答「","value":"","origin":"取込推定手入力本人回答","points":{"","tags_on":["tags_off":["chosen":['
    '"given":{"occasions":{"予約":"202来店購入","counts":{"past":{"runs":1,"ended":1,"how":"end","received":["s1","s2",'
    '"pressed":{"broadcasts":{"":true,"trials":{"alarms":{"silent_days/30":1,"menu":"note":"awaits_reply":"pace":"half"'
    '"phase":"asking","open":{"plan":"","version":1,"step":"s1","question":"","at":1,"sitting":{"survey":"","began":1,'
    '"order":["","sends":[{"at":1,"scenario":"","version":1,"step":"s1"},"waiting":{"until":1,"question":"","resume":['
    '"held":{"rule":"hours","since":1,"answers":{"":"","by_day":[1,"last_sent":1,"sent":1,"seen":{"route":"",'
    '{"id":"U","name":"","joined":1,"tags":{"":{"at":1,"why":""},"":{"at":1,"why":""}},"scores":{"":1},"fields":{"":'
    '{"value":"","at":1,"origin":"本人回答","listed":true}},"enrollments":[{"scenario":"","version":1,"began":1,'
    '"entered":1,"step":"s1","due":1}],"reacted":1'
).encode()
"""What records are likely to say: kept for ever, since nothing packed with them reads without them."""

_LEVEL = 1
"""Quick rather than thorough: level 3 leaves 2 % less."""
_LARGEST = 1 << 24
_WINDOW = -12
"""zlib's, in the records of before: below zero, without zlib's own header."""


class _Tools(threading.local):
    """zstandard's own, one pair for each thread: they must not be shared."""

    def __init__(self) -> None:
        self.packer = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_words(), write_dict_id=False, write_checksum=True, write_content_size=True
        )
        self.unpacker = zstandard.ZstdDecompressor(dict_data=_words())


@cache
def _words() -> zstandard.ZstdCompressionDict:
    made = zstandard.ZstdCompressionDict(_WORDS, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    made.precompute_compress(level=_LEVEL)
    return made


_TOOLS = _Tools()


def pack(text: bytes) -> bytes:
    """The text, packed in the present way."""
    return _TOOLS.packer.compress(text)


def unpack(packed: bytes, way: int) -> bytes:
    """The text that was packed in this way. Raises ValueError for half of it, for more than it, and for what it is not."""
    if way == PRESENT:
        try:
            return _TOOLS.unpacker.decompress(packed, max_output_size=_LARGEST, allow_extra_data=False)
        except zstandard.ZstdError as trouble:
            raise ValueError("a friend's record that does not unpack") from trouble
    if way != 1:
        raise ValueError(f"packed in a way of its own: {way}")
    unpacker = zlib.decompressobj(_WINDOW, zdict=_WORDS)
    try:
        text = unpacker.decompress(packed) + unpacker.flush()
    except zlib.error as trouble:
        raise ValueError("a friend's record that does not unpack") from trouble
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("a friend's record with something missing or left over")
    return text
