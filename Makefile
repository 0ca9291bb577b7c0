# Needs git, make, gcc and a Rust toolchain (rustup); the targets install the rest.

CARGO ?= cargo
# Asked once, when first needed: this may install libpcap's headers.
FEATURES = $(eval FEATURES := $(shell tools/features))$(FEATURES)

.DEFAULT_GOAL := help
.PHONY: help demo test lint fmt clippy doc deny deb static bench bench-compare fixtures

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: ## build the release and analyse a recorded capture
	$(CARGO) build --release --locked $(FEATURES)
	$(CARGO) run --release --locked --quiet $(FEATURES) -- fixtures/demo/capture.pcap

test: ## run all tests, also for the build without libpcap
	@tools/programs
	@CARGO=$(CARGO) tools/test $(FEATURES)

lint: fmt clippy doc deny ## check format, lints, documentation and dependencies

fmt:
	@tools/component rustfmt
	$(CARGO) fmt --check

clippy:
	@tools/component clippy
	$(CARGO) clippy --locked --all-targets --no-default-features -- -D warnings
	$(CARGO) clippy --locked --all-targets $(FEATURES) -- -D warnings

doc:
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --locked --no-deps $(FEATURES)

deny:
	@tools/deny

deb: ## make a Debian package, in target/debian
	@tools/package $(FEATURES)

static: ## make a binary without dependencies, for files and sockets only
	@tools/static

bench: ## measure the stages of the analysis (criterion)
	$(CARGO) bench --locked $(FEATURES)

bench-compare: ## measure keepscope beside libpcap, tcptrace and tshark on generated captures
	@benches/compare/run

fixtures: ## record the captures in fixtures/ anew (root)
	@fixtures/record
