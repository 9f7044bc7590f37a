//! The osteoflare command line.
fn main() {}
