"""The echo bot that line-bot-sdk's guide starts with: verify, parse, answer inside the request. Served by gunicorn."""

from __future__ import annotations

import os

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent

app = Flask(__name__)
line = Configuration(access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"], host=os.environ["LINE_API_URL"])
handler = WebhookHandler(os.environ["LINE_CHANNEL_SECRET"])


@app.post("/callback")
def callback() -> str:
    """One webhook."""
    try:
        handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        abort(400)
    return "OK"


@handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator,unused-ignore]
def echo(event: MessageEvent) -> None:
    """Say the same words back."""
    with ApiClient(line) as client:
        answer = ReplyMessageRequest(replyToken=event.reply_token, messages=[TextMessage(text=event.message.text)])
        MessagingApi(client).reply_message_with_http_info(answer)
