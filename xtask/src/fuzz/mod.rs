//! Fuzzing of the importers: inputs of the corpus are changed at random, again and again, and tried.
//!
//! No compiler's instrumentation is needed, so stable Rust does: an input is new if its outcome (the kinds and fields of
//! its problems, or the sections of its record) was not seen before, and new inputs are changed further. What was new and
//! is small is kept in `crates/osteoflare-exchange/corpus`, which a test replays. An input that panics, takes too long or
//! does not come back is written to `target/fuzz` and ends the run with an error.

mod mutate;

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use osteoflare_exchange::Mapping;
use osteoflare_exchange::trial::{Door, try_input};

use mutate::Mutator;

/// Longest input that is tried, bytes.
const LONGEST: usize = 64 << 10;
/// Longest time that an input may take.
const SLOWEST: Duration = Duration::from_secs(5);
/// Longest input that is kept in the repository, bytes.
const KEPT_SIZE: usize = 4 << 10;

/// Options of the chore.
#[derive(clap::Args)]
pub struct Arguments {
    /// How long, minutes
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// Seed of the changes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Corpus to start from and to add to
    #[arg(long, default_value = "crates/osteoflare-exchange/corpus")]
    corpus: PathBuf,
    /// Most inputs that are added to the corpus
    #[arg(long, default_value_t = 0)]
    keep: usize,
}

/// Runs the chore.
///
/// # Errors
/// If the corpus cannot be read, or an input was found that the importers do not withstand.
pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mapping = fs::read_to_string(arguments.corpus.join("mapping/redcap.toml"))?;
    let mapping = Mapping::parse(&mapping)?;
    let mut pools: Vec<Vec<Vec<u8>>> = Vec::new();
    for door in Door::ALL {
        let mut names: Vec<PathBuf> = fs::read_dir(arguments.corpus.join(door.name()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_, std::io::Error>>()?;
        names.sort();
        let pool: Vec<Vec<u8>> = names.iter().map(fs::read).collect::<Result<_, _>>()?;
        if pool.is_empty() {
            return Err(format!("no inputs in {}", arguments.corpus.join(door.name()).display()).into());
        }
        pools.push(pool);
    }
    let mut seen: HashSet<(usize, String)> = HashSet::new();
    let mut kept = 0;
    let mut found = 0;
    let mut tried = 0u64;
    let mut mutator = Mutator::new(arguments.seed);
    // A panic is reported once, here, with its input.
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let end = Duration::from_secs_f64(arguments.minutes * 60.0);
    for (k, pool) in pools.iter().enumerate() {
        for input in pool {
            if let Some(outcome) = attempt(Door::ALL[k], input, &mapping)? {
                seen.insert((k, outcome));
            }
        }
    }
    println!("{} outcomes of {} inputs", seen.len(), pools.iter().map(Vec::len).sum::<usize>());
    let mut said = Instant::now();
    while start.elapsed() < end {
        // Most formats go through the first door.
        let k = [0, 0, 0, 0, 1, 2, 2, 3][mutator.below(8)];
        let pool = &pools[k];
        let mut input = pool[mutator.below(pool.len())].clone();
        let other = &pool[mutator.below(pool.len())];
        for _ in 0..1 + mutator.below(4) {
            mutator.change(&mut input, other);
        }
        input.truncate(LONGEST);
        tried += 1;
        if let Some(outcome) = attempt(Door::ALL[k], &input, &mapping)?
            && seen.insert((k, outcome))
        {
            found += 1;
            if kept < arguments.keep && input.len() <= KEPT_SIZE {
                kept += 1;
                let name = format!("{:016x}", hash(&input));
                fs::write(arguments.corpus.join(Door::ALL[k].name()).join(name), &input)?;
            }
            if pools[k].len() < 5000 {
                pools[k].push(input);
            }
        }
        if said.elapsed() > Duration::from_secs(60) {
            said = Instant::now();
            println!("{:.0} min: {tried} inputs, {found} new outcomes", start.elapsed().as_secs_f64() / 60.0);
        }
    }
    let _ = std::panic::take_hook();
    println!(
        "{:.1} minutes: {tried} inputs, {found} new outcomes, {kept} kept; none broke an importer",
        start.elapsed().as_secs_f64() / 60.0
    );
    Ok(())
}

/// Tries an input; its outcome.
fn attempt(door: Door, input: &[u8], mapping: &Mapping) -> Result<Option<String>, Box<dyn Error>> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| try_input(door, input, mapping)));
    let fault = match outcome {
        Ok(Ok(outcome)) if start.elapsed() < SLOWEST => return Ok(Some(outcome)),
        Ok(Ok(_)) => format!("took {:.1} s", start.elapsed().as_secs_f64()),
        Ok(Err(reason)) => reason,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            format!("panicked: {}", text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?"))
        }
    };
    let folder = Path::new("target/fuzz").join(door.name());
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{:016x}", hash(input)));
    fs::write(&path, input)?;
    Err(format!("{}: {fault}", path.display()).into())
}

/// FNV-1a, for names of files.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
