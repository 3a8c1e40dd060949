//! Work that may panic: calamine and parquet do on some damaged files, and a damaged file is an error to explain, not a crash.

/// Name of the thread in which work may panic; the command line says nothing of a panic there, its error is the answer.
pub const APART: &str = "container";

/// Does work in a thread of its own, `None` if it panicked.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| std::thread::Builder::new().name(APART.to_owned()).spawn_scoped(scope, work).ok()?.join().ok())
}
