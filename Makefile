# What people type. Everything that needs more than a line stands in tools/.
# `make run PORT=8011 HOST=0.0.0.0` hands PORT and HOST on; .env.example explains the rest.

.DEFAULT_GOAL := help
.PHONY: run dev test bench bench-stories lock help packages dev-packages
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python

help:
	@echo "make run     start the site for readers    make run PORT=8011 for another port"
	@echo "make dev     start it for work on it       restarts when a file changes, shows errors"
	@echo "make test    check everything              lint, settings, both databases, Redis, browser"
	@echo "make bench   measure how fast it is        ROUNDS=3 SECONDS=2 are the defaults"
	@echo "make bench-stories  does it grow slow?     100,000 stories, both databases; ROUNDS=40"
	@echo "make lock    lock the packages anew        UPGRADE=1 takes the newest that fit"

run: packages
	@$(PYTHON) manage.py prepare --port-free
	@exec $(PYTHON) -m gunicorn

dev: packages
	@DEBUG=True $(PYTHON) manage.py prepare --no-static --port-free
	@DEBUG=True exec $(PYTHON) manage.py runserver "$${HOST:-127.0.0.1}:$${PORT:-8000}"

test: dev-packages
	@exec $(PYTHON) -m tools.test

bench: packages
	@exec $(PYTHON) -m tools.bench

bench-stories: packages
	@exec $(PYTHON) -m tools.bench_stories

lock:
	@python=$$(tools/venv.sh --find 3.12) && exec "$$python" tools/lock.py $(if $(UPGRADE),--upgrade)

packages:
	@tools/venv.sh requirements.txt

dev-packages:
	@tools/venv.sh requirements-dev.txt
