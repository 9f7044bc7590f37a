//! Peak memory of the command line against the number of patients.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::document;

/// Peak resident memory, MiB, and CPU seconds of one command; `Err` with what it said if it failed.
pub fn peak(command: &mut Command) -> Result<(f64, f64), String> {
    let log = std::env::temp_dir().join(format!("osteoflare-bench-{}.log", std::process::id()));
    let file = std::fs::File::create(&log).map_err(|e| e.to_string())?;
    #[allow(clippy::zombie_processes, reason = "waited for below, with its resource usage")]
    let child = command.stdout(Stdio::null()).stderr(file).spawn().map_err(|e| e.to_string())?;
    let mut status = 0;
    // SAFETY: an all-zero rusage is valid; `child` is a child of this process that nobody else waits for.
    let (usage, waited) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        let waited = libc::wait4(child.id() as libc::pid_t, &raw mut status, 0, &raw mut usage);
        (usage, waited)
    };
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    // A leftover log in the temporary folder harms nobody.
    let _ = std::fs::remove_file(&log);
    if waited < 0 || !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        return Err(said.lines().next_back().unwrap_or("it failed without a word").to_owned());
    }
    let seconds = |t: libc::timeval| t.tv_sec as f64 + 1e-6 * t.tv_usec as f64;
    Ok((usage.ru_maxrss as f64 / 1024.0, seconds(usage.ru_utime) + seconds(usage.ru_stime)))
}

/// Peak resident memory of this process, MiB. Unlike what its parent can learn, it does not start from the parent's.
///
/// # Errors
/// If the system does not say.
pub fn own_peak_mib() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak of memory")?;
    Ok(kib.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0)
}

/// The section of the page.
///
/// # Errors
/// If the command line cannot be built or the temporary folder cannot be used.
pub fn measure(most_patients: u32) -> Result<String, Box<dyn Error>> {
    if most_patients == 0 {
        return Ok("\n## Memory\n\nNot measured in this run (`--most-patients 0`).\n".to_owned());
    }
    eprintln!("bench: memory");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--package", "osteoflare"])
        .current_dir(&root)
        .status()?;
    let binary = root.join("target/release/osteoflare");
    let study = root.join("studies/quick.toml");
    let mut out = String::from(
        "\n## Memory\n\nPeak resident memory of `osteoflare run studies/quick.toml --patients N --threads 2`: results \
         are written as patients finish, so that it hardly grows with their number.\n\n",
    );
    if !built.success() || !binary.exists() {
        return Ok(out + "Not measured: the command line could not be built.\n");
    }
    let mut rows = Vec::new();
    for patients in [10, 100, 1000].into_iter().filter(|n| *n <= most_patients) {
        let folder = std::env::temp_dir().join(format!("osteoflare-bench-{}-{patients}", std::process::id()));
        let measured = peak(
            Command::new(&binary)
                .arg("run")
                .arg(&study)
                .args(["--patients", &patients.to_string(), "--threads", "2", "--out"])
                .arg(&folder),
        );
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        rows.push(match measured {
            Ok((mebibytes, seconds)) => vec![
                patients.to_string(),
                format!("{mebibytes:.0}"),
                format!("{seconds:.1}"),
                format!("{:.1}", 1e3 * seconds / f64::from(patients)),
            ],
            Err(message) => {
                vec![patients.to_string(), format!("not measured: {message}"), String::new(), String::new()]
            }
        });
    }
    out += &document::table(
        &["patients per group", "peak, MiB", "CPU s", "CPU ms per patient of a group"],
        &rows,
    );
    Ok(out)
}
