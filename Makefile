# Everything that can be done here, for people and for .ci/run. `make` alone lists it.
#
# run and test need nothing but Go, make and coreutils: no git, no C compiler, no Python. An installed PostgreSQL is used
# (15 or newer), or else one is fetched once, 15 MB. The other targets say what else they need.
#
# QUICK=1 makes fuzz and soak run a tenth of their counts or less, test-race the short forms of a fifth of the tests, and test-web a
# quarter of the tests in a browser, chosen by GRANARY_SEED. Every count can also be set, as in `make soak GRANARY_MODEL_OPS=50000`.
# REQUIRE_ALL=1 makes a skipped test a failure, so that nothing counts as tested because something was not installed.

.DEFAULT_GOAL := help
.PHONY: help run build test check fmt lint vulnerabilities test-race test-web web e2e schemathesis oidc clients contract fresh soak fuzz fetch bench bench-functions bench-growth bench-hdfs oracle generate verify

# Stamping programs with the state of the repository would need git, and would relink test programs with each commit.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

# The version that build/granary reports: empty without git, or without this repository's history.
version = $(shell git --git-dir=.git describe --always --dirty 2>/dev/null)

# Programs are pure Go. Only the race detector needs C.
export CGO_ENABLED := 0

# Tools are pinned here and not in go.mod, where their dependencies would become dependencies of Granary.
gofumpt     := go run mvdan.cc/gofumpt@v0.12.0
golangci    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
govulncheck := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0

# One PostgreSQL for all packages that a command tests, instead of one for each.
with_postgres := go run ./postgres/pgtest/run

# Runs tests: skipped ones pass silently, as with go test, or fail with REQUIRE_ALL=1.
ifeq ($(REQUIRE_ALL),1)
gotest := go run ./e2e/noskip
else
gotest := go test
endif

# Counts. A quick run is for each change, a full one for each release; see CONTRIBUTING.md. A million pairs are all pairs. Fuzz tests
# are bounded by the number of inputs and not by time, since go test reports a worker that ends late as a failure.
ifeq ($(QUICK),1)
GRANARY_MODEL_OPS      ?= 4000
GRANARY_HISTORIES      ?= 300
GRANARY_MOVES          ?= 600
GRANARY_CASES          ?= 300
GRANARY_QUOTA_WRITES   ?= 1280
GRANARY_EVENTS         ?= 1000
GRANARY_FEED_CHANGES   ?= 400
GRANARY_REVOCATIONS    ?= 8
GRANARY_MUTANTS        ?= 3
GRANARY_KILLS          ?= 3
GRANARY_POSTGRES_KILLS ?= 3
FUZZ_TIME              ?= 20000x
else
GRANARY_MODEL_OPS      ?= 200000
GRANARY_PAIRS          ?= 1000000
GRANARY_HISTORIES      ?= 10000
GRANARY_MOVES          ?= 20000
GRANARY_CASES          ?= 20000
GRANARY_QUOTA_WRITES   ?= 12800
GRANARY_EVENTS         ?= 10000
GRANARY_FEED_CHANGES   ?= 10000
GRANARY_REVOCATIONS    ?= 100
GRANARY_NAMES          ?= 1000000
GRANARY_MUTANTS        ?= 1000
GRANARY_KILLS          ?= 100
GRANARY_POSTGRES_KILLS ?= 20
FUZZ_TIME              ?= 200000x
endif

# The environments of clients that make e2e installs and runs: all, or with QUICK=1 a quarter of them, chosen by GRANARY_SEED. Others
# are chosen by name, as in make e2e CLIENTS="python"; the environment python must be among them.
ifeq ($(QUICK),1)
pick_clients := go run ./e2e/clients quarter
else
pick_clients := go run ./e2e/clients all
endif
ifneq ($(CLIENTS),)
pick_clients := echo $(CLIENTS)
endif

# The generators of the clients that are not in Go, with what the tests of these clients need.
generated_clients := build/python/ready build/typescript/ready

help:
	@echo 'make run         build and serve; prints the address, a first user and a token (ARGS="--listen ..." to change)'
	@echo 'make test        all tests that are pure Go, on a real PostgreSQL'
	@echo 'make check       format, vet, lint, race detector, known vulnerabilities: what a change must pass'
	@echo 'make fmt         format the source'
	@echo 'make test-race   the tests under the race detector; needs a C compiler'
	@echo 'make e2e         stock clients against a running server; needs Python 3.11 or newer and fetches client libraries'
	@echo '                 (QUICK=1: a quarter of them, CLIENTS="python ...": those environments of e2e/clients)'
	@echo 'make test-web    the file manager in a real browser; needs Debian'"'"'s chromium (CHROMIUM: another one), and fetches npm packages'
	@echo '                 (QUICK=1: a quarter of the files of tests in it, by GRANARY_SEED)'
	@echo '                 (make web builds what browsers load)'
	@echo 'make fetch       what e2e and test-web install, and nothing else'
	@echo 'make oidc        signing in at an OpenID provider, a part of e2e'
	@echo 'make schemathesis  requests made up from the OpenAPI document, a part of e2e: 20,000 (QUICK=1: 700)'
	@echo 'make clients     stock clients alone, all of them, into docs/clients.md'
	@echo 'make contract    the contract tests of Hadoop itself, a part of e2e; needs Maven and a JDK and fetches Hadoop'
	@echo 'make fresh       make run in a clone with an empty home and nothing but Go, make and coreutils; needs git'
	@echo 'make soak        the model test, the kill -9 cycles and more at full length, into docs/soak.md: about two hours (QUICK=1: minutes)'
	@echo 'make fuzz        every fuzz test on 200,000 inputs (QUICK=1: 20,000)'
	@echo 'make bench       the same load on Granary and on an empty server, the ceiling: five minutes'
	@echo 'make bench-functions  benchmarks of single functions'
	@echo 'make bench-growth  what grows with the namespace, from 10,000 to 10 million inodes, into bench/README.md: half an hour and 9 GB of disk'
	@echo 'make bench-hdfs  the same load on Granary and on a real HDFS, into bench/README.md, which says what it needs: an hour'
	@echo '                 (BENCH="-ops create,read -clients 16 -rounds 1": a part of either, printed and not kept)'
	@echo 'make oracle      ask a running HDFS (HDFS_URL=http://host:port, as its superuser) everything again; shows what it answers otherwise now, asks Granary, and asks both at random'
	@echo 'make generate    write the files that are made from others: openapi/openapi.yaml, and of it the clients; needs Python'
	@echo 'make verify      fail if make generate would change a file; needs git'
	@echo 'make build       build/granary alone'

run: build
	@build/granary serve $(ARGS)

build:
	go build -ldflags '-X main.version=$(version)' -o build/granary ./cmd/granary

# The slowest packages begin first, so that no processor is idle at the end.
longest := ./namespace ./server

# -count=1, since go test caches a pass for as long as the test's own source and the files that it opened are unchanged, and does not
# know of programs that a test builds.
test:
	$(with_postgres) $(gotest) -count=1 -timeout 40m $(longest) ./...

check: lint vulnerabilities test-race

fmt:
	$(gofumpt) -l -w .

# The linters also check the tests that need more than Go.
lint:
	@unformatted=$$($(gofumpt) -l .) && test -z "$$unformatted" || { echo "make fmt would change: $$unformatted"; exit 1; }
	go vet -tags e2e,hdfs ./...
	$(golangci) run

# Vulnerabilities are looked up in a database on the network. Without access to it nothing is checked, and the target says
# so.
vulnerabilities:
	@echo '$(govulncheck) ./...'; \
	if found=$$($(govulncheck) ./... 2>&1); then echo "$$found"; else \
		case $$found in \
		*"fetching vulnerabilities"*) echo "not checked, the database of vulnerabilities is out of reach: $$found" ;; \
		*) echo "$$found"; exit 1 ;; \
		esac; \
	fi

# Without e2e: the servers tested there are separate programs, which the detector does not watch. QUICK=1 also leaves out bench, which
# measures nothing useful under the detector, and runs only tests whose names end in the letters that GRANARY_SEED picks, about a fifth of
# each package, since make test has run all of them before.
test-race: export CGO_ENABLED := 1
test-race:
ifeq ($(QUICK),1)
	case $$(($${GRANARY_SEED:-0} % 5)) in 0) fifth='s$$' ;; 1) fifth='e$$' ;; 2) fifth='[dt]$$' ;; 3) fifth='[nry]$$' ;; *) fifth='[^denrsty]$$' ;; esac; \
	$(with_postgres) $(gotest) -race -count=1 -timeout 40m -shuffle=on -short -run "$$fifth" $$(go list $(longest) ./... | grep -v '/e2e/\|/bench')
else
	$(with_postgres) $(gotest) -race -count=1 -timeout 40m -shuffle=on $$(go list $(longest) ./... | grep -v /e2e/)
endif

# The tests that need more than Go, and the oracle, except with QUICK=1, when make test has run that before. The rest of e2e belongs to
# make test and make soak.
e2e: build $(generated_clients) build/schemathesis/ready build/oidc/ready
	@set -e; clients=$$($(pick_clients)); $(MAKE) --no-print-directory $$(printf 'build/clients/%s/ready ' $$clients); \
	$(with_postgres) env GRANARY_CLIENTS="$$clients" $(gotest) -tags e2e -count=1 -timeout 90m ./e2e ./e2e/contract $(if $(filter 1,$(QUICK)),,./e2e/oracle)

# Fetches what test-web and e2e install, so that it can run in the background.
fetch: $(generated_clients) build/schemathesis/ready build/oidc/ready web/node_modules/ready
	@set -e; clients=$$($(pick_clients)); $(MAKE) --no-print-directory $$(printf 'build/clients/%s/ready ' $$clients)

# Requests that schemathesis makes up from the OpenAPI document; a part of e2e.
schemathesis: build build/schemathesis/ready
	$(with_postgres) env GRANARY_CASES=$(GRANARY_CASES) go run ./e2e/noskip -show 'schemathesis: |SEED' -tags e2e -count=1 -timeout 6h \
		-run '^TestSchemathesis$$' ./e2e

# Signing in at a published OpenID provider; a part of e2e.
oidc: build build/oidc/ready
	$(with_postgres) $(gotest) -tags e2e -count=1 -run '^TestSignIn$$' ./e2e

# All environments; what passed goes into docs/clients.md.
clients: build
	@set -e; clients=$$(go run ./e2e/clients all); $(MAKE) --no-print-directory $$(printf 'build/clients/%s/ready ' $$clients); \
	rm -rf build/clients/results; \
	$(with_postgres) env GRANARY_CLIENTS="$$clients" GRANARY_CLIENTS_RESULTS=$(CURDIR)/build/clients/results \
		go run ./e2e/noskip -tags e2e -count=1 -timeout 90m -run '^TestClients$$' ./e2e; \
	go run ./e2e/clients report build/clients/results docs/clients.md

# A venv for each environment, made of wheels, which run no code while they are installed, except for those that its
# requirements.txt excludes; then its install.sh runs. It is made again when a file of the environment other than a test changes.
what_makes = $(filter-out %.py %/__pycache__,$(wildcard e2e/clients/$(1)/*))

.SECONDEXPANSION:
build/clients/%/ready: $$(call what_makes,$$*)
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r e2e/clients/$*/requirements.txt || \
		{ echo 'the client libraries of e2e/clients/$*/requirements.txt could not be installed'; exit 1; }
	if [ -e e2e/clients/$*/install.sh ]; then PATH=$(CURDIR)/$(@D)/bin:$$PATH e2e/clients/$*/install.sh $(CURDIR)/$(@D); fi
	touch $@

build/clients/python/ready: examples/digits/requirements.txt

# What schemathesis and the generated clients need.
build/schemathesis/ready: e2e/schemathesis/requirements.txt
build/python/ready: clients/python/requirements.txt
build/typescript/ready: clients/typescript/requirements.txt clients/typescript/package.json clients/typescript/package-lock.json

build/schemathesis/ready $(generated_clients):
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r $< || \
		{ echo 'what $< names could not be installed'; exit 1; }
	if [ -e $(<D)/install.sh ]; then PATH=$(CURDIR)/$(@D)/bin:$$PATH $(<D)/install.sh $(CURDIR)/$(@D); fi
	touch $@

# The OpenID provider runs on the Node.js of the generated clients.
build/oidc/ready: build/typescript/ready $(wildcard e2e/oidc/package*.json)
	rm -rf $(@D)
	mkdir -p $(@D)
	cp e2e/oidc/package.json e2e/oidc/package-lock.json $(@D)
	cd $(@D) && PATH=$(CURDIR)/build/typescript/bin:$$PATH npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The file manager is built and tested with the Node.js of the generated clients.
with_node := PATH=$(CURDIR)/build/typescript/bin:$$PATH
web/node_modules/ready: build/typescript/ready web/package.json web/package-lock.json
	cd web && $(with_node) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# Type checks, tests without a browser, a check that web/dist is built from web/src, and tests in Chromium on a real server.
test-web: build web/node_modules/ready build/oidc/ready
	cd web && $(with_node) npm run --silent types
	rm -rf build/web && cd web && $(with_node) npm run --silent build -- --outDir ../build/web --emptyOutDir --logLevel warn
	diff -r build/web web/dist || { echo 'web/dist is not what web/src makes: run make web and commit it'; exit 1; }
	cd web && $(with_node) npm run --silent test
	cd web && $(with_node) npm run --silent test:browser

contract:
	$(gotest) -tags e2e -count=1 -timeout 30m ./e2e/contract/...

fresh:
	e2e/fresh.sh

# The tests that count take their counts from these variables; without them they run for a few seconds. At full length the fuzz
# tests and the fresh clone are included, and the result goes into docs/soak.md; with QUICK=1 they are separate targets.
soak: export GRANARY_MODEL_OPS := $(GRANARY_MODEL_OPS)
soak: export GRANARY_PAIRS := $(GRANARY_PAIRS)
soak: export GRANARY_HISTORIES := $(GRANARY_HISTORIES)
soak: export GRANARY_MOVES := $(GRANARY_MOVES)
soak: export GRANARY_QUOTA_WRITES := $(GRANARY_QUOTA_WRITES)
soak: export GRANARY_CASES := $(GRANARY_CASES)
soak: export GRANARY_EVENTS := $(GRANARY_EVENTS)
soak: export GRANARY_FEED_CHANGES := $(GRANARY_FEED_CHANGES)
soak: export GRANARY_REVOCATIONS := $(GRANARY_REVOCATIONS)
soak: export GRANARY_NAMES := $(GRANARY_NAMES)
soak: export GRANARY_MUTANTS := $(GRANARY_MUTANTS)
soak: export GRANARY_KILLS := $(GRANARY_KILLS)
soak: export GRANARY_POSTGRES_KILLS := $(GRANARY_POSTGRES_KILLS)
soak: build
ifeq ($(QUICK),1)
	$(with_postgres) go run ./e2e/noskip -show 'soak: |SEED|seed' -count=1 -timeout 12h -run "$$(go run ./e2e/soak -tests)" ./namespace/... ./e2e/...
else
	$(with_postgres) go run ./e2e/soak docs/soak.md
endif

# go test runs only one fuzz test at a time.
fuzz:
	@set -e; found=0; \
	for file in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for test in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$file); do \
			found=1; echo "fuzz $$test in $${file%/*} for $(FUZZ_TIME)"; \
			$(gotest) -run '^$$' -fuzz "^$$test\$$" -fuzztime $(FUZZ_TIME) $${file%/*}; \
		done; \
	done; \
	test $$found = 1 || { echo 'no fuzz test was found'; exit 1; }

# With BENCH, which holds flags of bench (go run ./bench -help), nothing is written.
bench: build
	go run ./bench -granary build/granary -null -clients 1,16,64 -rounds 3 -duration 1s -loader -loader-files 10000 -data /var/tmp $(BENCH)

bench-functions:
	$(with_postgres) go test -run '^$$' -bench . -benchmem ./...

bench-growth: build
	go run ./bench/growth -granary build/granary -data /var/tmp $(if $(BENCH),-json build/growth.json -plot build/growth.png $(BENCH),-sizes 10000,100000,1000000,10000000 -json bench/growth.json -plot bench/growth.png -page bench/README.md)

bench-hdfs:
	$(if $(BENCH),mkdir -p build; OUT=$(CURDIR)/build/bench) bench/compare.sh $(BENCH)

# The HDFS must be set up as described in e2e/oracle/record.
oracle:
	go run ./e2e/oracle/record -url $(HDFS_URL)
	git diff --exit-code -- e2e/oracle/testdata
	go run ./e2e/noskip -show 'sequences asked' -count=1 -run '^TestGranary$$' ./e2e/oracle
	GRANARY_ORACLE_HDFS=$(HDFS_URL) go run ./e2e/noskip -show 'asked of both' -tags hdfs -count=1 -timeout 0 -run '^TestWalks$$' ./e2e/oracle

# The document comes first, since the clients are generated from it.
generate: $(generated_clients)
	go generate ./server
	go generate ./clients/go
	clients/python/generate.sh build/python
	clients/typescript/generate.sh build/typescript
	$(MAKE) --no-print-directory web

# The files that browsers load. They are committed, so that building the server does not need Node.js.
web: web/node_modules/ready
	cd web && $(with_node) npm run --silent build

verify: generate
	git diff --exit-code -- openapi clients web/dist
	@test -z "$$(git ls-files --others --exclude-standard -- openapi clients web/dist)" || \
		{ echo 'make generate made files that are not committed:'; git ls-files --others --exclude-standard -- openapi clients web/dist; exit 1; }
