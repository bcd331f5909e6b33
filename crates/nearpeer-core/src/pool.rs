//! Threads.

use crate::error::{Error, ErrorKind};

/// The greatest number of threads that can be asked for.
const MAX_THREADS: usize = 1024;

/// Runs `work` with this many threads; on all cores where it is not given.
///
/// # Errors
/// [`ErrorKind::Program`] for a number of threads that cannot be, else those of `work`.
pub fn in_pool<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let threads = match threads {
        None => return work(),
        Some(threads @ 1..=MAX_THREADS) => threads,
        Some(threads) => {
            return Err(Error::program(
                "threads",
                format!("a number of threads is from 1 to {MAX_THREADS}, not {threads}"),
            ));
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool =
        pool.map_err(|error| Error::new(ErrorKind::Solver, format!("no threads: {error}")))?;
    pool.install(work)
}
