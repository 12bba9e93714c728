# make run    builds and starts the program (the demo where there is no display)
# make test   formats, lints, documents, checks licences and tests: what CI runs
# make interop  lets other programs open what we export, with all of them installed
# make pipewire  builds keyglance-pipewire, the optional program for cameras behind PipeWire
# make test-pipewire  pairs through a camera of a PipeWire of its own
# make test-camera  does that, and boots a small Linux with virtual cameras to pair through
# make test-wayland  opens real windows on a Wayland desktop that draws into memory
# make phone  builds the page for phones, in target/phone/
# make test-phone  drives that page in Chromium, with the program at the other end
# make fuzz   fuzzes each target for FUZZ_SECONDS, a minute by default (fuzz/README.md)
# make bench  measures against named peers
# make pictures  draws the pictures of README.md and docs/ anew: look at them
# make build  a release build
# make install, uninstall   with PREFIX (/usr/local) and DESTDIR
# make deb    a Debian package; make test-deb installs it in Debian's smallest systems
#   and, as make sbom, flatpak, icons, test-reproducible, test-package: dist/packages.mk
# make check-windows, check-macos   type-checks for systems that are not here: .ci/systems.mk
#
# What the system lacks for all of the goals is installed first on Debian and its kin, where
# that is allowed, and otherwise named in one line. SKIP_PACKAGES=1 leaves that out.

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
# Released programs say nothing of whose computer they were made on: every release build is
# made so, since one that is not would compile every crate again.
RELEASE = flags=$$(sh dist/rustflags) && CARGO_ENCODED_RUSTFLAGS="$$flags" $(CARGO)

# What the build needs, what the window needs, and what the tests drive.
BUILD_PACKAGES := gcc libc6-dev libclang1 rust
RUN_PACKAGES := libegl1 libfontconfig1 libgl1 libgl1-mesa-dri libwayland-client0 libwayland-egl1 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libxkbcommon0 libxrandr2
TEST_PACKAGES := age appstream at-spi2-core bubblewrap cryptsetup-bin dbus desktop-file-utils fonts-dejavu-core fonts-noto-cjk fonts-noto-core gir1.2-atspi-2.0 gnupg jose libglib2.0-bin man-db openssl pipewire pipewire-pulse pulseaudio pulseaudio-utils python3 python3-gi python3-jsonschema python3-yaml shared-mime-info sqlcipher strace wireguard-tools wireplumber xdotool xterm xvfb zbar-tools zxing-cpp-tools
# What the tests of the libraries stand on.
TEST_FEATURES := --features keyglance-core/test-util,keyglance-capture/test-util

# The other programs that take our exports, and the libraries of Python and JavaScript.
# npm may have come with a Node.js from elsewhere, which Debian's would take away.
INTEROP_PACKAGES := ansible-core borgbackup charon-systemd cryfs duplicity fuse3 git git-crypt gocryptfs iproute2 keepassxc minisign mosquitto mosquitto-clients oathtool $(if $(shell command -v npm),,npm) openssh-client openssh-server openvpn p7zip-full python3-venv rclone restic stunnel4 strongswan-swanctl syncthing tor util-linux wireguard-go wireguard-tools xxd
INTEROP_MODULES := jwcrypto meshcore meshtastic mnemonic 'moto[server]' pillow pykeepass pyotp pyseto tink zxing-cpp
INTEROP_PYTHON := $(TARGET)/interop
# It holds back versions that others need.
INTEROP_ESPHOME_MODULES := esphome
INTEROP_ESPHOME := $(TARGET)/interop-esphome
INTEROP_NODE_MODULES := age-encryption@0.3 bip39@3
INTEROP_NODE := $(TARGET)/interop-node

# What a kernel with virtual cameras needs, under emulation.
CAMERA_PACKAGES := binutils busybox-static cpio gcc kmod linux-headers-amd64 make qemu-system-x86

# A Wayland desktop without a screen, its portal, and what types, copies and takes pictures.
WAYLAND_PACKAGES := at-spi2-core dbus gir1.2-atspi-2.0 grim pipewire python3 python3-gi sway wl-clipboard wtype xdg-desktop-portal xdg-desktop-portal-wlr xwayland
# The page for phones: its compiler is unpacked, not installed. Node.js as above.
PHONE_PACKAGES := gcc libc6-dev python3 rust
PHONE_TEST_PACKAGES := chromium $(if $(shell command -v node),,nodejs) $(if $(shell command -v npm),,npm)
# What is linked with libpipewire, and a session of its own.
PIPEWIRE_PACKAGES := libclang-dev libpipewire-0.3-dev pkg-config
PIPEWIRE_TEST_PACKAGES := dbus pipewire procps python3 python3-gi wireplumber

# One list for all goals that were asked for, so that nobody is stopped twice.
PACKAGES_run := $(BUILD_PACKAGES) $(RUN_PACKAGES)
PACKAGES_build := $(BUILD_PACKAGES)
PACKAGES_test := $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
PACKAGES_interop := $(BUILD_PACKAGES) $(TEST_PACKAGES)
PACKAGES_test-wayland := $(BUILD_PACKAGES) $(RUN_PACKAGES) $(WAYLAND_PACKAGES)
PACKAGES_pipewire := $(BUILD_PACKAGES) $(PIPEWIRE_PACKAGES)
PACKAGES_test-pipewire := $(PACKAGES_pipewire) $(PIPEWIRE_TEST_PACKAGES)
PACKAGES_test-camera := $(PACKAGES_test-pipewire) $(CAMERA_PACKAGES)
PACKAGES_phone := $(PHONE_PACKAGES)
PACKAGES_test-phone := $(BUILD_PACKAGES) $(PHONE_PACKAGES)
# The fuzzer is LLVM's, in C++.
PACKAGES_fuzz := $(BUILD_PACKAGES) g++
PACKAGES_bench := $(BUILD_PACKAGES)
PACKAGES_pictures := $(BUILD_PACKAGES)
include .ci/systems.mk
include dist/packages.mk
PACKAGES = $(sort $(foreach goal,$(or $(MAKECMDGOALS),run),$(PACKAGES_$(goal))))

.DEFAULT_GOAL := run

.PHONY: run build test interop pipewire test-pipewire test-camera test-wayland phone test-phone fuzz bench pictures sources fetch format lint features documentation tests packages interop-packages phone-packages

run: build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(TARGET)/release/keyglance; \
	else \
		echo "No display: here is the demo."; \
		$(TARGET)/release/keyglance demo; \
	fi

build: packages sources
	$(RELEASE) build --release --locked
	@sh dist/prepare $(TARGET)

# Where the sources of the crates are has to be known before they are built.
sources: packages
	@$(CARGO) fetch --locked --quiet --target $$(rustc -vV | sed -n 's/^host: //p')

test: packages fetch format lint features documentation tests

# The check of licences reads the packages of every platform, which no build
# brings; what comes after this needs no network.
fetch:
	$(CARGO) fetch --locked --quiet
	$(CARGO) fetch --locked --quiet --manifest-path crates/keyglance-pipewire/Cargo.toml

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

interop: packages interop-packages
	@test -x $(INTEROP_PYTHON)/bin/python || python3 -m venv $(INTEROP_PYTHON) || echo "skipped: python3-venv not found"
	@$(INTEROP_PYTHON)/bin/pip install --quiet --disable-pip-version-check $(INTEROP_MODULES) || echo "skipped: Python's modules could not be installed"
	@test -x $(INTEROP_ESPHOME)/bin/python || python3 -m venv $(INTEROP_ESPHOME) || true
	@$(INTEROP_ESPHOME)/bin/pip install --quiet --disable-pip-version-check $(INTEROP_ESPHOME_MODULES) || echo "skipped: ESPHome could not be installed"
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(INTEROP_NODE) $(INTEROP_NODE_MODULES) || echo "skipped: JavaScript's packages could not be installed"
	KEYGLANCE_NODE=$(abspath $(INTEROP_NODE)) KEYGLANCE_PYTHON=$(abspath $(INTEROP_PYTHON))/bin/python KEYGLANCE_PYTHON_ESPHOME=$(abspath $(INTEROP_ESPHOME))/bin/python $(CARGO) test --locked --workspace $(TEST_FEATURES) --test suite interop:: -- --include-ignored --nocapture

fuzz: packages
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-fuzz
	cd fuzz && for target in $$($(CARGO) fuzz list); do \
		mkdir -p found/$$target && $(CARGO) fuzz run --sanitizer none $$target found/$$target corpus/$$target -- \
			-max_total_time=$(or $(FUZZ_SECONDS),60) -rss_limit_mb=3000 -print_final_stats=1 || exit 1; \
	done

# Its own workspace, since nobody needs libpipewire for the rest.
PIPEWIRE := --locked --manifest-path crates/keyglance-pipewire/Cargo.toml --target-dir $(TARGET)/pipewire

pipewire: packages sources
	$(RELEASE) build --release $(PIPEWIRE)

test-pipewire: packages sources
	$(CARGO) fmt --check --manifest-path crates/keyglance-pipewire/Cargo.toml
	$(RELEASE) clippy --release --all-targets $(PIPEWIRE) -- --deny warnings
	$(RELEASE) build --release --bins --examples $(PIPEWIRE)
	$(RELEASE) build --release --locked --bin keyglance
	sh tests/camera/pipewire.sh $(TARGET)/release/keyglance $(TARGET)/pipewire/release/keyglance-pipewire $(TARGET)/pipewire/release/examples/drawn_camera

test-camera: test-pipewire
	$(RELEASE) build --release --locked --package keyglance --package keyglance-capture --features keyglance-capture/camera --bin keyglance --example camera_feed
	sh tests/camera/run.sh $(TARGET)/camera $(TARGET)/release/keyglance $(TARGET)/release/examples/camera_feed

# With pictures of what was to be seen, to be looked at.
test-wayland: packages sources
	$(RELEASE) build --release --locked
	python3 tests/wayland/run.py $(TARGET)/wayland $(TARGET)/release/keyglance

phone: packages sources
	@CARGO=$(CARGO) sh crates/keyglance-phone/build/page.sh $(TARGET)

# Skipped, and said so, where no compiler for wasm32 is to be had. The program at the other
# end is the one that the tests have, so that `make test` leaves nothing to build.
test-phone: packages sources phone-packages
	@status=0; CARGO=$(CARGO) sh crates/keyglance-phone/build/page.sh $(TARGET) || status=$$?; \
	if [ $$status != 0 ]; then exit $$(($$status == 2 ? 0 : $$status)); fi; \
	$(CARGO) test --locked --workspace $(TEST_FEATURES) --no-run && \
	sh crates/keyglance-phone/tests/page/run.sh $(TARGET) $(TARGET)/debug/keyglance

bench: packages sources
	$(RELEASE) bench --locked --workspace --exclude compare-readers $(TEST_FEATURES)

# The window draws them itself; what it no longer draws so, a test tells.
pictures: packages
	UPDATE_PICTURES=1 $(CARGO) test --locked --package keyglance --bin keyglance documents

packages:
	@$(if $(SKIP_PACKAGES),:,CARGO=$(CARGO) sh .ci/packages $(PACKAGES))

phone-packages:
	@sh .ci/packages $(PHONE_TEST_PACKAGES) || echo "Not all could be installed: what is missing is skipped, and named."

interop-packages:
	@sh .ci/packages $(INTEROP_PACKAGES) || echo "Not all could be installed: what is missing is skipped, and named."
