//! Programs that talk over a network, here over this machine's own.
