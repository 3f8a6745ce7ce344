"""What the product itself says to friends, where the owner wrote nothing. Few, short, kind."""

from __future__ import annotations

STALE = "このボタンの受付は終わりました。今の内容はそのままです。"
CHANGED = "「{}」に変えました。"
HINT = "やめるときは「やめる」、お店への連絡は「担当者」と送ってください。"
LEFT_QUESTION = "わかりました。この質問はここまでにします。"

ASK_STAFF = "担当者と話す"
TO_STAFF = "担当者に伝えました。返信までしばらくお待ちください。"
PACE = {
    "half": "お知らせを減らしました。多くても2日に1通までにします。元に戻すときは「配信再開」と送ってください。",
    "none": "お知らせを止めました。お返事やアンケートは今までどおり使えます。また受け取るときは「配信再開」と送ってください。",
    "full": "お知らせを再開しました。減らしたいときは「通知を減らす」と送ってください。",
}

SURVEY_CLOSED = "このアンケートの受付は終わりました。"
SURVEY_ANSWERED = "このアンケートは、もうお答えいただいています。ありがとうございました。"
SURVEY_RESUMED = "前回の続きから始めます。"
SURVEY_LEFT = "ここまでの回答は残してあります。下のボタンか「続きから」で、いつでも続きから答えられます。"
SURVEY_SHELVED = "先ほどの質問の続きは、このあとにうかがいます。"
SURVEY_NEXT = "先ほどの質問の続きです。"
SURVEY_OFFERED = "途中のアンケートがあります。下のボタンか「続きから」で、続きから答えられます。"
SURVEY_CLEARED = "アンケートを終わりました。"
FIRST_QUESTION = "これが最初の質問です。"
REVIEW = "回答の確認です。よろしければ「送信する」を押してください。"
REVIEW_RETRY = "「送信する」か、直したい質問の番号を送ってください。"
SKIPPED = "（答えなし）"
RECEIPT = "受け付けました。受付番号は {} です。"
GO_ON = "続きから"
EARLIER = "前のアンケートへ"
SEND = "送信する"
BACK = "戻る"
LEAVE = "やめる"
