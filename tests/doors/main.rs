//! What holds across all surfaces at once: five documents and our own lead to one ledger through one port.

mod guards;
