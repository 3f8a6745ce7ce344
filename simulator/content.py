"""The pictures, videos, voices and files that people sent, for the product to fetch.

Source: https://developers.line.biz/en/reference/messaging-api/#get-content
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.http import Answer, Refusal, Request
from simulator.routes import Route
from simulator.state import Bubble

if TYPE_CHECKING:
    from simulator.line import Line

MEDIA = frozenset({"image", "video", "audio", "file"})
PREVIEWED = frozenset({"image", "video"})


def _bubble(line: Line, request: Request, types: frozenset[str]) -> Bubble:
    """The bubble asked for; 404 if nobody sent one, 410 if it was taken back."""
    wanted = request.found["messageId"]
    for person in line.memory.people.values():
        for bubble in person.talk:
            if bubble.id == wanted and bubble.side == "person" and bubble.type in types:
                if bubble.unsent:
                    raise Refusal(410, "Gone", hint="送信が取り消されたメッセージです")
                return bubble
    raise Refusal(404, "Not found")


def get(line: Line, request: Request) -> Answer:
    """The bytes; 202 while they are being prepared."""
    bubble = _bubble(line, request, MEDIA)
    if _processing(line, bubble):
        return Answer(status=202, body={})
    return _blob(line, bubble.id)


def preview(line: Line, request: Request) -> Answer:
    """A small picture of a picture or video."""
    bubble = _bubble(line, request, PREVIEWED)
    name = bubble.id + ":preview"
    return _blob(line, name if line.memory.shelf.blob(name) else bubble.id)


def transcoding(line: Line, request: Request) -> Answer:
    """Whether a video or a voice is ready."""
    bubble = _bubble(line, request, MEDIA)
    return Answer(body={"status": "processing" if _processing(line, bubble) else "succeeded"})


def _processing(line: Line, bubble: Bubble) -> bool:
    return line.clock() < float(bubble.message.get("readyAt", 0.0))


def _blob(line: Line, name: str) -> Answer:
    found = line.memory.shelf.blob(name)
    if found is None:
        raise Refusal(404, "Not found")
    return Answer(blob=found[1], content_type=found[0])


BASE = "/v2/bot/message/{messageId}/content"
ROUTES = (
    Route(name="content", method="GET", path=BASE, handler=get),
    Route(name="content.preview", method="GET", path=BASE + "/preview", handler=preview),
    Route(name="content.transcoding", method="GET", path=BASE + "/transcoding", handler=transcoding),
)
