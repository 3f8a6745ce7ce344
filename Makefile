# make alone lists what can be done.
.DEFAULT_GOAL := help
.PHONY: help install

help:  ## この一覧 (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install:  ## .venv を用意する。何も起動しません (prepare .venv, run nothing)
	@sh tools/install.sh
