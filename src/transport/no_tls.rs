//! Stands in for TLS in builds without the feature `tls`.

use crate::{Error, Result, Tls};

/// Our side of TLS with one engine: nobody has it.
#[derive(Debug, Clone)]
pub(crate) enum Client {}

impl Client {
    pub(crate) fn new(operation: &'static str, _: &str, _: &Tls) -> Result<Client> {
        Err(Error::invalid(
            operation,
            "an engine by TLS takes the feature `tls`, and this build of dockline has it not: \
             turn it on, as in dockline = { version = \"…\", features = [\"tls\"] }",
        ))
    }
}
