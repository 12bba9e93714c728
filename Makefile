# make run    builds and starts the program (the demo where there is no display)
# make test   formats, lints, checks licences and tests: what CI runs
# make bench  measures against named peers
# make build  a release build
#
# On Debian and Ubuntu missing packages are installed first, and named.

CARGO ?= cargo

# What the build needs, what the window needs, and what the tests drive.
BUILD_PACKAGES := gcc libasound2-dev libc6-dev libclang1 pkg-config
RUN_PACKAGES := libegl1 libgl1 libgl1-mesa-dri libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libxrandr2
TEST_PACKAGES := age at-spi2-core dbus gir1.2-atspi-2.0 libglib2.0-bin python3-gi strace xdotool xvfb

.PHONY: run build test bench format lint licences tests build-packages run-packages test-packages rust

run: build run-packages
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(CARGO) run --release --locked --quiet; \
	else \
		echo "No display: here is the demo."; \
		$(CARGO) run --release --locked --quiet -- demo; \
	fi

build: build-packages rust
	$(CARGO) build --release --locked

test: build-packages run-packages test-packages rust format lint licences tests

format:
	$(CARGO) fmt --check

lint:
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features -- -D warnings

licences:
	@command -v cargo-deny >/dev/null || { echo "Installing cargo-deny, which reads the licences."; \
		$(CARGO) install --locked --quiet cargo-deny@0.20.2; }
	$(CARGO) deny --offline check licenses bans sources

tests:
	$(CARGO) test --locked

bench: build-packages rust
	$(CARGO) bench --locked

build-packages:
	@sh .ci/packages $(BUILD_PACKAGES)

run-packages:
	@sh .ci/packages $(RUN_PACKAGES)

test-packages:
	@sh .ci/packages $(TEST_PACKAGES)

rust:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install version 1.95 or later with rustup (https://rustup.rs), then try again."; exit 1; }
