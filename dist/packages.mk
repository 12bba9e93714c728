# What makes packages, and puts the program where a system expects it: docs/packaging.md.

PACKAGES_deb := $(BUILD_PACKAGES) binutils dpkg-dev git xz-utils
PACKAGES_sbom := $(BUILD_PACKAGES) python3
PACKAGES_flatpak := $(BUILD_PACKAGES)

.PHONY: install uninstall deb test-deb sbom icons flatpak test-reproducible test-package

# As the user that builds: make build; then, as who may write there: make install.
install:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install $(TARGET)

uninstall:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install --remove

deb: build
	@sh dist/deb/build $(TARGET)

# Root alone may make the systems that it installs in: as root, after make deb.
test-deb:
	@sh dist/deb/test $(TARGET)/packages/keyglance_*.deb $(TARGET)/test-deb $(SUITES)

# Sources and manifest in TARGET/flatpak: flatpak-builder does the rest where it is wanted.
flatpak: packages
	@sh dist/flatpak/prepare $(TARGET)

# What the program is made of, for who has to know.
sbom: packages sources
	@python3 dist/sbom $(TARGET)/packages/keyglance.cdx.json

# In every size anew, after assets/icon.svg has changed: look at them.
icons:
	sh dist/icons/draw
