"""`/export/<link>`: a page with one button, and behind it the file. Opening the page uses nothing up.

LINE and other programs open links to show what is behind them; only the button's POST takes the file.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from bot.exports import FILES, Exports

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
PAGE: Final = """<!doctype html><html lang="ja"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<body style="font:18px/1.7 sans-serif;max-width:32em;margin:3em auto;padding:0 1em">
<h1 style="font-size:22px">{title}</h1><p>{words}</p>{form}</body></html>
"""
FORM: Final = '<form method="post"><button style="font:inherit;padding:.6em 1.4em">受け取る</button></form>'
READY: Final = "個人情報が入っています。受け取れるのは1回だけです。人に送らず、使い終わったら消してください。"
PLAIN: Final = "受け取れるのは1回だけです。表計算で開けます。"
GONE: Final = "このリンクは、もう使われたか、30分がすぎました。トークで「全部書出」（結果なら「結果CSV」）と送ると、新しいリンクが出ます。"


def blueprint(exports: Exports) -> Blueprint:
    """Serves the page and the file."""
    routes = Blueprint("export", __name__)

    @routes.get("/export/<token>")
    def look(token: str) -> Response:
        """What will be taken, and the button."""
        link = exports.read(token)
        if link is None:
            return _page("受け取れません", GONE, "", 410)
        file = FILES[link.kind]
        return _page(file.name, READY if file.personal else PLAIN, FORM, 200)

    @routes.post("/export/<token>")
    def take(token: str) -> Response:
        """The file, once."""
        link = exports.read(token)
        if link is None or not exports.take(link):
            return _page("受け取れません", GONE, "", 410)
        file = FILES[link.kind]
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{file.name}"'}
        lines = (line.encode("utf-8", "replace") for line in exports.lines(link))
        return Response(lines, 200, headers, content_type=f"{file.type}; charset=utf-8")

    return routes


def _page(title: str, words: str, form: str, status: int) -> Response:
    page = PAGE.format(title=title, words=words, form=form)
    return Response(page, status, HEADERS, content_type="text/html; charset=utf-8")
