//! What draws.

/// What draws the window, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graphics {
    /// Of OpenGL.
    pub version: String,
    /// The graphics card, or what stands in for it.
    pub renderer: String,
    /// Who made it, or its driver.
    pub vendor: String,
}

impl Graphics {
    /// Whether the processor does its work.
    pub fn is_software(&self) -> bool {
        let renderer = self.renderer.to_ascii_lowercase();
        ["llvmpipe", "softpipe", "swrast", "software", "swiftshader"]
            .iter()
            .any(|name| renderer.contains(name))
    }
}
