# make run    builds and starts the program (the demo where there is no display)
# make test   formats, lints, documents, checks licences and tests: what CI runs
# make interop  lets other programs open what we export, with all of them installed
# make test-camera  boots a small Linux with virtual cameras and pairs through them
# make fuzz   fuzzes each target for FUZZ_SECONDS, a minute by default (fuzz/README.md)
# make bench  measures against named peers
# make pictures  draws the pictures of README.md and docs/ anew: look at them
# make build  a release build
#
# On Debian and Ubuntu missing packages are installed first, and named.

CARGO ?= cargo

# What the build needs, what the window needs, and what the tests drive.
BUILD_PACKAGES := gcc libasound2-dev libc6-dev libclang1 pkg-config
RUN_PACKAGES := libegl1 libgl1 libgl1-mesa-dri libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libxrandr2
TEST_PACKAGES := age at-spi2-core cryptsetup-bin dbus fonts-dejavu-core fonts-noto-cjk fonts-noto-core gir1.2-atspi-2.0 gnupg jose libglib2.0-bin openssl python3 python3-gi python3-jsonschema sqlcipher strace wireguard-tools xdotool xterm xvfb zbar-tools zxing-cpp-tools
# What the tests of the libraries stand on.
TEST_FEATURES := --features keyglance-core/test-util,keyglance-capture/test-util

# The other programs that take our exports, and the libraries of Python and JavaScript.
# npm may have come with a Node.js from elsewhere, which Debian's would take away.
INTEROP_PACKAGES := borgbackup fuse3 git git-crypt gocryptfs iproute2 keepassxc mosquitto mosquitto-clients oathtool $(if $(shell command -v npm),,npm) openvpn python3-venv rclone restic stunnel4 tor wireguard-go
INTEROP_MODULES := jwcrypto meshtastic pykeepass pyseto tink
INTEROP_PYTHON := $(or $(CARGO_TARGET_DIR),target)/interop
INTEROP_NODE_MODULES := age-encryption@0.3
INTEROP_NODE := $(or $(CARGO_TARGET_DIR),target)/interop-node

# What a kernel with virtual cameras needs, under emulation.
CAMERA_PACKAGES := binutils busybox-static cpio gcc kmod linux-headers-amd64 make qemu-system-x86

.PHONY: run build test interop test-camera fuzz bench pictures fetch format lint features documentation tests build-packages run-packages test-packages interop-packages camera-packages rust

run: build run-packages
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(CARGO) run --release --locked --quiet; \
	else \
		echo "No display: here is the demo."; \
		$(CARGO) run --release --locked --quiet -- demo; \
	fi

build: build-packages rust
	$(CARGO) build --release --locked

test: build-packages run-packages test-packages rust fetch format lint features documentation tests

# The check of licences reads the packages of every platform, which no build
# brings; what comes after this needs no network.
fetch:
	$(CARGO) fetch --locked --quiet

format:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --locked --workspace --all-targets $(TEST_FEATURES) -- --deny warnings

features:
	CARGO=$(CARGO) python3 .ci/each-feature

documentation:
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --locked --workspace --no-deps $(TEST_FEATURES)

# Licences and sources are tests too: tests/suite/dependencies.rs.
tests:
	$(CARGO) test --locked --workspace $(TEST_FEATURES)

interop: build-packages test-packages interop-packages rust
	@test -x $(INTEROP_PYTHON)/bin/python || python3 -m venv $(INTEROP_PYTHON) || echo "skipped: python3-venv not found"
	@$(INTEROP_PYTHON)/bin/pip install --quiet --disable-pip-version-check $(INTEROP_MODULES) || echo "skipped: Python's modules could not be installed"
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(INTEROP_NODE) $(INTEROP_NODE_MODULES) || echo "skipped: JavaScript's packages could not be installed"
	KEYGLANCE_NODE=$(abspath $(INTEROP_NODE)) KEYGLANCE_PYTHON=$(abspath $(INTEROP_PYTHON))/bin/python $(CARGO) test --locked --workspace $(TEST_FEATURES) --test suite interop:: -- --include-ignored --nocapture

# Needs a C++ compiler: the fuzzer is LLVM's.
fuzz: build-packages rust
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-fuzz
	cd fuzz && for target in $$($(CARGO) fuzz list); do \
		mkdir -p found/$$target && $(CARGO) fuzz run --sanitizer none $$target found/$$target corpus/$$target -- \
			-max_total_time=$(or $(FUZZ_SECONDS),60) -rss_limit_mb=3000 -print_final_stats=1 || exit 1; \
	done

test-camera: build-packages camera-packages rust
	$(CARGO) build --release --locked --package keyglance --package keyglance-capture --features keyglance-capture/camera --bin keyglance --example camera_feed
	sh tests/camera/run.sh $(or $(CARGO_TARGET_DIR),target)/camera $(or $(CARGO_TARGET_DIR),target)/release/keyglance $(or $(CARGO_TARGET_DIR),target)/release/examples/camera_feed

bench: build-packages rust
	$(CARGO) bench --locked --workspace --exclude compare-readers $(TEST_FEATURES)

# The window draws them itself; what it no longer draws so, a test tells.
pictures: build-packages rust
	UPDATE_PICTURES=1 $(CARGO) test --locked --package keyglance --bin keyglance documents

build-packages:
	@sh .ci/packages $(BUILD_PACKAGES)

run-packages:
	@sh .ci/packages $(RUN_PACKAGES)

test-packages:
	@sh .ci/packages $(TEST_PACKAGES)

interop-packages:
	@sh .ci/packages $(INTEROP_PACKAGES) || echo "Not all could be installed: what is missing is skipped, and named."

camera-packages:
	@sh .ci/packages $(CAMERA_PACKAGES)

rust:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install version 1.95 or later with rustup (https://rustup.rs), then try again."; exit 1; }
