# `make` alone lists what can be done. No target needs root; `test` may ask the system for a browser.
.DEFAULT_GOAL := help
.PHONY: help run install test check format lock docs pictures reset bench torture fuzz guards
PY := .venv/bin/python
BIN := .venv/bin

help:  ## この一覧 (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install  ## 練習用の画面といっしょに動かす。Ctrl-C で終了 (run with the simulator)
	@$(PY) -m bot.local

install:  ## .venv を用意する。何も起動しません (prepare .venv, run nothing)
	@sh tools/install.sh

test: install  ## 必要なものをそろえて、すべて確かめる (everything, with the browser)
	@$(PY) tools/ensure_chromium.py
	@$(PY) tools/check.py --all

check: install  ## 速い確かめだけ (the fast part)
	@$(PY) tools/check.py

format: install  ## 書式をそろえる (format the code)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

docs: install  ## 自動で作るページを作り直す (rewrite generated pages)
	@$(PY) -m tools.docs

pictures: install  ## 文書の画像を撮り直す (take the pictures in the documents anew)
	@$(PY) tools/ensure_chromium.py
	@PICTURES=1 $(PY) -m pytest -q tests/browser/test_first_light.py

lock: install  ## 部品の一覧を作り直す (resolve the packages anew)
	@sh tools/lock.sh

reset: install  ## 練習用のデータを消す。先にたずねます (forget local data; asks)
	@$(PY) -m bot.cli reset

bench: install  ## 速さをほかの作り方と比べて測る。QUICK=1 で2分ほど (measure against the baselines)
	@$(PY) -m bench

torture: install  ## わざと壊して、失われず二重にならないことを確かめる。QUICK=1 SEED=1 ROUNDS=1 (break it on purpose, audit)
	@$(PY) -m torture

fuzz: install  ## でたらめなWebhookを送りつける。QUICK=1 SEED=1 (throw bent webhooks at the door)
	@$(PY) -m torture fuzz

guards: install  ## 守りを1つずつ外して、確かめが赤くなることを見る (take each guard out, see a test turn red)
	@$(PY) -m torture.guards
