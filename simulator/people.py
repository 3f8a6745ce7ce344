"""What people do, in the words of a test."""

from __future__ import annotations

import base64

from simulator import taps
from simulator.acts import Acts
from simulator.http import Body
from simulator.ids import user_id
from simulator.line import Line
from simulator.state import Person, Standing
from simulator.webhook import Outcome

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class People:
    """People with the LINE app. Every act returns how the product took its webhook."""

    line: Line
    acts: Acts

    def add_person(self, user: str, name: str, *, friend: bool = False) -> str:
        """Somebody with the app; `friend=True` without LINE telling the product. The user id."""
        return self.acts.add(user, name, Standing.FRIEND if friend else Standing.STRANGER).user_id

    def add_friends(self, count: int, prefix: str = "友だち") -> list[str]:
        """Many friends at once, without webhooks; their user ids."""
        return [self.add_person(user_id(f"{prefix}{n}"), f"{prefix}{n}", friend=True) for n in range(count)]

    def person(self, user: str) -> Person:
        """What LINE knows of somebody."""
        return self.line.memory.people[user]

    def follow(self, user: str, unblocked: bool | None = None) -> Outcome:
        """Add the account, or unblock it; `unblocked` says which, by default what is true."""
        return self.acts.follow(user, unblocked=unblocked)

    def block(self, user: str) -> Outcome:
        """Block the account."""
        return self.acts.block(user)

    def say(self, user: str, text: str) -> Outcome:
        """Write a text."""
        return self.acts.send(user, {"type": "text", "text": text})

    def tap(self, user: str, label: str, picked: str = "") -> Outcome | None:
        """Tap what says `label`; `picked` is the moment for a date picker. LookupError if nothing says so."""
        with self.line.lock:
            tap = taps.find(self.line, self.person(user), label)
        return self.acts.tap(user, tap, picked)

    def labels(self, user: str) -> list[str]:
        """Everything that can be tapped now, nearest first."""
        with self.line.lock:
            return [tap.words[0] for tap in taps.taps(self.line, self.person(user)) if tap.words]

    def send_image(self, user: str, content: bytes = PIXEL, content_type: str = "image/png") -> Outcome:
        """Send one picture."""
        return self.acts.send_media(user, {"type": "image"}, content, content_type)

    def send_images(self, user: str, contents: list[bytes]) -> list[Outcome]:
        """Send several pictures at once; each arrives as an event of its own."""
        name = user_id(f"{user} {self.line.clock()}")[1:]
        sets: list[Body] = [{"id": name, "index": n + 1, "total": len(contents)} for n in range(len(contents))]
        return [
            self.acts.send_media(user, {"type": "image", "imageSet": each}, content, "image/png")
            for each, content in zip(sets, contents, strict=True)
        ]

    def send_video(
        self, user: str, content: bytes = b"video", *, duration: int = 5000, ready_in: float = 0.0
    ) -> Outcome:
        """Send a video of so many milliseconds; LINE needs `ready_in` seconds to prepare it."""
        message = {"type": "video", "duration": duration, "readyAt": self.line.clock() + ready_in}
        return self.acts.send_media(user, message, content, "video/mp4", PIXEL)

    def send_audio(self, user: str, content: bytes = b"audio", *, duration: int = 3000) -> Outcome:
        """Send a voice of so many milliseconds."""
        return self.acts.send_media(user, {"type": "audio", "duration": duration}, content, "audio/x-m4a")

    def send_file(self, user: str, name: str, content: bytes) -> Outcome:
        """Send a file."""
        message = {"type": "file", "fileName": name, "fileSize": len(content)}
        return self.acts.send_media(user, message, content, "application/octet-stream")

    def send_sticker(self, user: str, package: str = "446", sticker: str = "1988") -> Outcome:
        """Send a sticker."""
        message = {"type": "sticker", "packageId": package, "stickerId": sticker, "stickerResourceType": "STATIC"}
        return self.acts.send(user, message)

    def send_location(self, user: str, title: str, address: str, latitude: float, longitude: float) -> Outcome:
        """Send a place."""
        message = {"type": "location", "title": title, "address": address, "latitude": latitude, "longitude": longitude}
        return self.acts.send(user, message)

    def unsend(self, user: str, message_id: str) -> Outcome:
        """Take back a message; its id is `fake.talk(user)[n].id`."""
        return self.acts.unsend(user, message_id)

    def finish_video(self, user: str, tracking_id: str) -> Outcome:
        """Watch a video to its end that was sent with this tracking id."""
        return self.acts.happen(user, "videoPlayComplete", videoPlayComplete={"trackingId": tracking_id})
