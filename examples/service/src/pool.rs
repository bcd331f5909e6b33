//! A bounded number of matches at one time, and a bounded number that wait.

use std::sync::Arc;

use nearpeer::StopFlag;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

/// Who may run, and who may wait.
#[derive(Debug)]
pub struct Pool {
    /// A permit for everybody who runs or waits.
    admitted: Arc<Semaphore>,
    /// A permit for everybody who runs.
    running: Arc<Semaphore>,
    workers: usize,
}

/// A place among those who run or wait.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    /// So many at one time, and so many waiting.
    #[must_use]
    pub fn new(workers: usize, waiting: usize) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(workers + waiting)),
            running: Arc::new(Semaphore::new(workers)),
            workers,
        }
    }

    /// A place, unless the pool is full.
    #[must_use]
    pub fn admit(&self) -> Option<Place> {
        let place = Arc::clone(&self.admitted).try_acquire_owned();
        place.ok().map(|permit| Place { _permit: permit })
    }

    /// How many are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.workers - self.running.available_permits()
    }

    /// Waits for a turn, and runs `work` on a thread for work that blocks. When the caller is dropped, `stop` is raised; the
    /// place is free again only when `work` has come to its end, so that there are never more at work than were meant.
    ///
    /// # Errors
    /// Where `work` panics.
    ///
    /// # Panics
    /// Never: the pool is not closed.
    pub async fn run<T: Send + 'static>(
        &self,
        place: Place,
        stop: StopFlag,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let turn = Arc::clone(&self.running).acquire_owned();
        let turn = turn.await.expect("the pool is not closed");
        let _stops = StopsWhenDropped(stop);
        spawn_blocking(move || {
            let done = work();
            drop((turn, place));
            done
        })
        .await
    }
}

/// Raises the flag at its end; nobody looks at the flag of work that is done.
struct StopsWhenDropped(StopFlag);

impl Drop for StopsWhenDropped {
    fn drop(&mut self) {
        self.0.raise();
    }
}
