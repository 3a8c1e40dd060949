//! Samples and tables compared.
