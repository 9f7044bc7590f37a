//! CPU time, and what this machine is.

use std::time::Duration;

fn read(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec; the two clocks used exist on every Linux.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// CPU time of this thread.
pub fn thread() -> Duration {
    read(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// CPU time of all threads of this process.
pub fn process() -> Duration {
    read(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// CPU time of all child processes that have been waited for.
pub fn children() -> Duration {
    // SAFETY: an all-zero rusage is valid and is filled by the call.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    let time = |t: libc::timeval| Duration::new(t.tv_sec as u64, 1000 * t.tv_usec as u32);
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// Least CPU seconds of this thread for one call of `f`: best of runs that together take at least `total` seconds,
/// at least three.
pub fn best(total: f64, mut f: impl FnMut()) -> f64 {
    let (mut least, mut sum, mut runs) = (f64::INFINITY, 0.0, 0);
    while runs < 3 || sum < total {
        let start = thread();
        f();
        let took = (thread() - start).as_secs_f64();
        least = least.min(took);
        sum += took;
        runs += 1;
    }
    least
}

/// Processor, cores, compiler flags and load, in one line.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo")
        .lines()
        .find_map(|l| l.strip_prefix("model name")?.split(':').nth(1).map(|s| s.trim().to_owned()))
        .unwrap_or_else(|| "unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let load = read("/proc/loadavg").split(' ').next().unwrap_or("?").to_owned();
    let set = osteoflare_vector::InstructionSet::best();
    format!(
        "{cpu}, {cores} cores, {} {}, vectors {set:?}, release build, load {load} at the start",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}
