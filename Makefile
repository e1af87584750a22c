# `make test` is all that a fresh clone needs. As root it installs what is
# missing (Debian or Ubuntu); as another user it says what to install.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

GO       ?= go
TOOL     := $(GO) tool -modfile=tools/go.mod
# A bound for hangs only: on an idle machine of two cores no package takes half of it.
TIMEOUT  ?= 14m
BENCH    ?= .
PACKAGES ?= ./...
FLAGS    ?=
# The engine of SQLite is C that was turned into Go, with an allocator of its own. With the race detector in them, they take
# three quarters of all time, and they are not what we look for races in: their memory is their own, and their callers are
# watched as all our code is.
RACE     ?= -race $(patsubst %,-gcflags=%=-race=false,modernc.org/sqlite/lib modernc.org/libc modernc.org/memory)
# Most tests wait for processes, sockets and clocks. With this many at once of each package, two cores are busy.
PARALLEL ?= 6

# Where the tests put what they throw away.
SCRATCH  = $(shell tools/scratch)

# Each folder with real Node clients for the tests gets its node_modules.
NODE_PACKAGES := $(shell find . -name node_modules -prune -o -path '*/testdata/*/package.json' -print)
NODE_MODULES  := $(NODE_PACKAGES:package.json=node_modules/.package-lock.json)

.PHONY: help deps system-deps test test-long lint fmt bench demo build

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/\1\t/' | expand -t 14

deps: system-deps $(NODE_MODULES) ## what the tests need: PostgreSQL, Node, Chromium, Git, npm packages

system-deps:
	@GO='$(GO)' tools/system-deps

# npm writes node_modules/.package-lock.json last, so that a newer one means a
# finished installation. A package that wants a newer Node says so and stops.
%/node_modules/.package-lock.json: %/package-lock.json
	npm ci --engine-strict --no-audit --no-fund --prefix $*
	@touch $@

# -short leaves no test out: properties are tried on a fifth of their random cases, which the race detector makes slow.
TESTS    = TMPDIR=$(SCRATCH) $(GO) test $(RACE) -vet=off -short -timeout $(TIMEOUT) -parallel $(PARALLEL) $(FLAGS)
# The stories of the root package run whole companies with their browsers. They come behind all others, and have the machine for
# themselves: beside the compiler and other packages what they do takes so long that what runs out of time is no news.
STORIES  = $(filter $(shell $(GO) list -m),$(shell $(GO) list $(PACKAGES)))
OTHERS   = $(filter-out $(STORIES),$(shell $(GO) list $(PACKAGES)))

test: deps ## vet and all tests with the race detector
	$(GO) vet $(RACE) $(PACKAGES)
	$(if $(OTHERS),$(TESTS) $(OTHERS))
	$(if $(STORIES),$(TESTS) $(STORIES))

test-long: deps ## all tests with every random case, without the race detector
	TMPDIR=$(SCRATCH) $(GO) test -timeout $(TIMEOUT) -parallel $(PARALLEL) $(FLAGS) $(PACKAGES)

# The linter reads what was compiled for the tests, so that a run of both compiles everything once.
lint: ## golangci-lint with .golangci.yml
	GOFLAGS='$(RACE)' $$($(TOOL) -n golangci-lint) run --timeout 8m $(PACKAGES)

fmt: ## gofumpt and goimports on every file
	$(TOOL) gofumpt -w $$(git ls-files --cached --others --exclude-standard '*.go')
	$(TOOL) goimports -local github.com/usherhq/usher -w $$(git ls-files --cached --others --exclude-standard '*.go')

bench: deps ## all benchmarks, or BENCH=pattern in PACKAGES=./folder
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem $(PACKAGES)

demo: ## the trial: Usher, a local Slack workspace and a sample company
	$(GO) run . demo

build: ## the program, as ./usher
	$(GO) build -trimpath -o usher .
