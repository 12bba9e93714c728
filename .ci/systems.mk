# What can be shown here of systems that are not here.

PACKAGES_check-windows := debootstrap rust
PACKAGES_check-macos := debootstrap rust
PACKAGES_check-nokhwa := $(BUILD_PACKAGES)

.PHONY: check-windows check-macos check-nokhwa

# The whole program with its tests. Nothing is run.
check-windows: packages
	.ci/check-target x86_64-pc-windows-gnu --workspace --all-targets --exclude compare-readers --features keyglance/launcher $(TEST_FEATURES)

# Without the camera and the tests: these build Objective-C and C, which takes Apple's headers.
check-macos: packages
	.ci/check-target aarch64-apple-darwin --no-default-features --features gui,cli,screen,sound

# The camera of macOS and Windows, by its tests on Linux.
check-nokhwa: packages
	RUSTFLAGS="--cfg nokhwa_on_linux" CARGO_TARGET_DIR=$(TARGET)/nokhwa $(CARGO) test --locked --package keyglance-capture --features camera,test-util --lib camera::nokhwa
