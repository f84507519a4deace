//! Interruption of long work. Whoever runs an analysis holds a flag, and every long step passes a checkpoint now and then. One
//! that finds the flag set unwinds to [`interruptible`], so that no function in between has to hand the wish on.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// The flag of the work that this thread does, where it can be interrupted.
    static FLAG: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// The work did not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interruption;

/// Does work on this thread until it is done or `flag` is set. The work owns what it changes, so that nothing half done
/// is seen afterwards.
pub fn interruptible<T>(
    flag: &Arc<AtomicBool>,
    work: impl FnOnce() -> T,
) -> Result<T, Interruption> {
    let outer = FLAG.replace(Some(Arc::clone(flag)));
    let done = catch_unwind(AssertUnwindSafe(work));
    FLAG.set(outer);
    done.or_else(|payload| {
        if payload.is::<Interruption>() {
            Err(Interruption)
        } else {
            resume_unwind(payload)
        }
    })
}

/// Ends the work on this thread where that is wanted. Never to be passed while a static is built: it would stay broken.
pub fn checkpoint() {
    let is_set = FLAG.with_borrow(|flag| {
        let flag = flag.as_ref();
        flag.is_some_and(|flag| flag.load(Ordering::Relaxed))
    });
    if is_set {
        // Unlike a panic this tells no hook and writes no line.
        resume_unwind(Box::new(Interruption));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_at_the_first_checkpoint() {
        let flag = Arc::new(AtomicBool::new(false));
        let mut passed = 0;
        let done = interruptible(&flag, || {
            loop {
                checkpoint();
                passed += 1;
                flag.store(passed == 3, Ordering::Relaxed);
            }
        });
        let _: Result<(), Interruption> = done;
        assert_eq!(passed, 3);
        checkpoint();
        flag.store(false, Ordering::Relaxed);
        assert_eq!(interruptible(&flag, || 7), Ok(7));
    }

    #[test]
    fn a_panic_is_no_interruption() {
        let flag = Arc::new(AtomicBool::new(true));
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            interruptible(&flag, || std::panic::resume_unwind(Box::new("broken")))
        }));
        let payload = panicked.map(|_: Result<(), Interruption>| ()).unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"broken"));
    }
}
