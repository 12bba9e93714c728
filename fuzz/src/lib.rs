//! The bodies of the fuzz targets. README.md says how they are run.

pub mod bodies;
