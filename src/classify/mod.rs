//! What one segment is, by one observation and an ordered list of rules.
