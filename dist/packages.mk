# What makes packages, and puts the program where a system expects it: docs/packaging.md.

DEB_PACKAGES := binutils dpkg-dev git xz-utils
SBOM_PACKAGES := python3

.PHONY: install uninstall deb deb-packages test-deb sbom icons flatpak test-reproducible test-package

# As the user that builds: make build; then, as who may write there: make install.
install:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install $(TARGET)

uninstall:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" sh dist/install --remove

deb: deb-packages build
	@sh dist/deb/build $(TARGET)

deb-packages:
	@sh .ci/packages $(DEB_PACKAGES)

# Root alone may make the systems that it installs in: as root, after make deb.
test-deb:
	@sh dist/deb/test $(TARGET)/packages/keyglance_*.deb $(TARGET)/test-deb $(SUITES)

# Sources and manifest in TARGET/flatpak: flatpak-builder does the rest where it is wanted.
flatpak: rust
	@sh dist/flatpak/prepare $(TARGET)

# What the program is made of, for who has to know.
sbom: rust sources
	@python3 dist/sbom $(TARGET)/packages/keyglance.cdx.json

# In every size anew, after assets/icon.svg has changed: look at them.
icons:
	sh dist/icons/draw
