"""How scenarios and surveys may be called."""

from __future__ import annotations

from flows.catalog import Catalog
from flows.names import fold
from flows.scenario import Scenario
from flows.script.lines import SCENARIO, Line
from flows.script.pages import Pages

_WORDS = """
ホーム home ヘルプ help 登録 claim シナリオ ステップ配信 scenario シナリオ作成 追加 時刻 本文 入替 複製 分岐
削除 add time body swap copy branch delete 点検 チェック 早送り プレビュー 試す テスト配信 公開 利用開始 停止
再開 保管 復元 版 書出 書き出し 台本 lint simulate preview try publish pause resume archive restore versions
export アンケート 回答フォーム アンケート作成 survey 一斉配信 一斉 配信 メッセージ配信 予定 配信予約 broadcast
schedule 絞り込み 対象 セグメント segment AB ABテスト 結果 分析 ファネル 予約までの流れ クロス 経路 流入経路
report funnel cross routes 友だち タグ付け 返信 開始 なぜ 来店 購入 friend tag reply start why visit bought
QR作成 リンク作成 route link 自動応答 応答メッセージ 部品 定型文 保存メッセージ アクション テンプレ ひな形
テンプレート autoreply part action template リッチメニュー メニュー変更 richmenu スタッフ 担当 権限
スタッフ追加 担当追加 staff invite 通数 状態 診断 動作確認 設定 quota status doctor settings 取込 全部書出
履歴 取消 元に戻す import exportall history undo 戻る やめる 保存 友だちモード 管理に戻る 通知を減らす
配信停止 配信再開 担当者
"""
COMMAND_WORDS = frozenset(map(fold, _WORDS.split()))
"""Words that begin a command: a scenario called like one could not be opened by its bare name."""


def title_slip(name: str, catalog: Catalog, *, is_survey: bool) -> str:
    """Why a scenario or survey may not be called so, "" if it may."""
    if fold(name) in COMMAND_WORDS:
        return f"「{name}」は操作の言葉なので、名前に使えません。"
    entry = catalog.plans.get(fold(name))
    newest = entry and (entry.draft or entry.versions.get(entry.current))
    if newest and isinstance(newest, Scenario) is is_survey:
        other = "アンケート" if not is_survey else SCENARIO
        return f"「{name}」という名前の{other}がもうあります。シナリオとアンケートは、同じ名前にできません。"
    return ""


def check_title(pages: Pages, line: Line, name: str, catalog: Catalog) -> None:
    """Note a name that may not be used."""
    if slip := title_slip(name, catalog, is_survey=line.word != SCENARIO):
        pages.report(line, slip, example=f"{line.fold.source}1")
