//! The `keepscope` command.

fn main() {}
