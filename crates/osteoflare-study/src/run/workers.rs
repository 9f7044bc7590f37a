//! Many patients at once, taken in order.
//!
//! Workers may run ahead of the reader by a fixed window only, so memory does not grow with the number of patients.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

struct Shared<T> {
    next: u64,
    taken: u64,
    stop: bool,
    done: BTreeMap<u64, Result<T, String>>,
}

struct Window<T> {
    shared: Mutex<Shared<T>>,
    changed: Condvar,
}

impl<T> Window<T> {
    fn lock(&self) -> MutexGuard<'_, Shared<T>> {
        // Nothing that can panic runs under the lock.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, guard: MutexGuard<'a, Shared<T>>) -> MutexGuard<'a, Shared<T>> {
        self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets workers finish as soon as the reader leaves, however it leaves.
struct StopOnDrop<'a, T>(&'a Window<T>);

impl<T> Drop for StopOnDrop<'_, T> {
    fn drop(&mut self) {
        self.0.lock().stop = true;
        self.0.changed.notify_all();
    }
}

/// Computes `compute(i)` for every `i` in `range` on `threads` threads and hands the results to `take` in order,
/// on the calling thread. Stops at the first error of `take`. A panic of `compute` is a failure of that item.
pub(crate) fn in_order<T: Send, E>(
    range: std::ops::Range<u64>,
    threads: NonZeroUsize,
    compute: impl Fn(u64) -> Result<T, String> + Sync,
    mut take: impl FnMut(u64, Result<T, String>) -> Result<(), E>,
) -> Result<(), E> {
    let ahead = 4 * threads.get() as u64 + 4;
    let window = Window {
        shared: Mutex::new(Shared {
            next: range.start,
            taken: range.start,
            stop: false,
            done: BTreeMap::new(),
        }),
        changed: Condvar::new(),
    };
    let work = || {
        loop {
            let mut shared = window.lock();
            while !shared.stop && shared.next < range.end && shared.next >= shared.taken + ahead {
                shared = window.wait(shared);
            }
            if shared.stop || shared.next >= range.end {
                return;
            }
            let item = shared.next;
            shared.next += 1;
            drop(shared);
            let result = catch_unwind(AssertUnwindSafe(|| compute(item)))
                .unwrap_or_else(|panic| Err(format!("internal error: {}", panic_text(&panic))));
            window.lock().done.insert(item, result);
            window.changed.notify_all();
        }
    };
    std::thread::scope(|scope| {
        let _stop = StopOnDrop(&window);
        for _ in 0..threads.get() {
            scope.spawn(work);
        }
        for item in range.clone() {
            let mut shared = window.lock();
            let result = loop {
                match shared.done.remove(&item) {
                    Some(result) => break result,
                    None => shared = window.wait(shared),
                }
            };
            shared.taken = item + 1;
            drop(shared);
            window.changed.notify_all();
            take(item, result)?;
        }
        Ok(())
    })
}

fn panic_text(panic: &Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn results_come_in_order_whoever_is_faster() {
        let mut seen = Vec::new();
        let slow_first = |i: u64| {
            if i.is_multiple_of(7) {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Ok(i * i)
        };
        in_order(3..60, threads(4), slow_first, |i, result| {
            seen.push((i, result.unwrap()));
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(seen, (3..60).map(|i| (i, i * i)).collect::<Vec<_>>());
    }

    #[test]
    fn workers_do_not_run_ahead_without_limit() {
        let started = AtomicU64::new(0);
        let compute = |i: u64| {
            started.fetch_max(i, Ordering::SeqCst);
            Ok(i)
        };
        in_order(0..400, threads(2), compute, |i, _| {
            if i.is_multiple_of(50) {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            assert!(started.load(Ordering::SeqCst) <= i + 1 + 12);
            Ok::<_, ()>(())
        })
        .unwrap();
    }

    #[test]
    fn a_panic_is_the_failure_of_one_item() {
        let mut failures = Vec::new();
        let compute = |i: u64| if i == 5 { panic!("five") } else { Ok(i) };
        in_order(0..10, threads(2), compute, |i, result| {
            if let Err(problem) = result {
                failures.push((i, problem));
            }
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(failures, [(5, "internal error: five".to_owned())]);
    }

    #[test]
    fn an_error_of_the_reader_ends_everything() {
        let result =
            in_order(0..1_000_000, threads(3), Ok, |i, _| if i == 20 { Err("full") } else { Ok(()) });
        assert_eq!(result, Err("full"));
    }
}
