//! stub
use super::foreign::Foreign;
use super::unfolded::Unfolded;
use crate::ingest::error::IngestError;
use crate::ingest::locate::Located;
use crate::settings::{RedcapSettings, ScaleSetting};
pub(super) fn unfold(_: &Foreign<'_>, _: &RedcapSettings) -> Result<Unfolded, IngestError> {
    Ok(Unfolded::new(&[], 1))
}
pub(super) fn scale(_: &Located, _: &RedcapSettings) -> Result<Option<(ScaleSetting, String)>, IngestError> {
    Ok(None)
}
pub(super) fn check_declared(_: &Foreign<'_>) -> Result<(), IngestError> {
    Ok(())
}
