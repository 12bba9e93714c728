# What makes packages, and puts the program where a system expects it: docs/packaging.md.

PACKAGES_deb := $(BUILD_PACKAGES) binutils dpkg-dev git xz-utils
PACKAGES_deb-pipewire = $(PACKAGES_deb) $(PACKAGES_pipewire)
PACKAGES_sbom := $(BUILD_PACKAGES) python3
PACKAGES_flatpak := $(BUILD_PACKAGES) git
PACKAGES_test-reproducible := $(BUILD_PACKAGES) git
PACKAGES_test-package := $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
PACKAGES_test-deb := debootstrap

.PHONY: install uninstall deb deb-pipewire test-deb sbom icons flatpak test-reproducible test-package

# As the user that builds: make build; then, as who may write there: make install. What is
# optional has a list of its own: FILES=dist/files-pipewire, after make pipewire.
install:
	@FILES="$(FILES)" PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install $(TARGET)

uninstall:
	@FILES="$(FILES)" PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install --remove

deb: build
	@sh dist/deb/build $(TARGET)

# keyglance-pipewire, for cameras that only PipeWire reaches.
deb-pipewire: pipewire
	@sh dist/third-party keyglance-pipewire crates/keyglance-pipewire/Cargo.toml >$(TARGET)/pipewire/third-party.txt
	@sh dist/deb/build $(TARGET) -pipewire

# Root alone may make the systems that it installs in: as root, after make deb.
test-deb: packages
	@sh dist/deb/test "$(lastword $(sort $(wildcard $(TARGET)/packages/keyglance_*.deb)))" $(TARGET)/test-deb $(SUITES)

# Sources and manifest in TARGET/flatpak: flatpak-builder does the rest where it is wanted.
flatpak: packages
	@sh dist/flatpak/prepare $(TARGET)

# What the program is made of, for who has to know.
sbom: packages sources
	@python3 dist/sbom $(TARGET)/packages/keyglance.cdx.json

# In every size anew, after assets/icon.svg has changed: look at them.
icons:
	sh dist/icons/draw

# The same crate, built in two folders, byte for byte: PACKAGE=keyglance is the whole program.
test-reproducible: sources
	@sh dist/test-reproducible $(TARGET) $(PACKAGE)

# What a registry would get, built and tested by itself.
test-package: packages fetch
	@sh dist/test-package $(TARGET)
