//! `osteoflare record convert`

use osteoflare_exchange::{Contents, FileWriter, Format, Mapping, Options, WriteError, WriteOptions};

use crate::arguments::ConvertArguments;
use crate::commands::identifiers::{self, Identifiers};
use crate::commands::source::{Source, ask, failure, listed, read_all};
use crate::failure::Failure;
use crate::terminal::{complain, print};

/// Converts records from any format to any.
pub fn convert(arguments: &ConvertArguments) -> Result<(), Failure> {
    let output = &arguments.output;
    let shown = output.display();
    let format = match arguments.to {
        Some(format) => format,
        None => Format::of_name(output).ok_or_else(|| {
            Failure::BadInput(format!(
                "{shown}: the name tells no format; use --to, or end it in .json, .csv, .fhir.json, .phenopacket.json"
            ))
        })?,
    };
    if output.exists() && !arguments.force {
        return Err(Failure::BadInput(format!("{shown}: already exists; use --force to replace it")));
    }
    let mapping = |file: &Option<std::path::PathBuf>| {
        file.as_deref()
            .map(Mapping::read)
            .transpose()
            .map_err(|problems| Failure::BadInput(listed(&problems)))
    };
    let options = Options {
        format: arguments.from,
        mapping: mapping(&arguments.mapping)?,
        skip_unknown: arguments.skip_unknown,
        contents: Contents::Checked,
    };
    let write_options = WriteOptions {
        mapping: mapping(&arguments.to_mapping)?,
        lossy: arguments.lossy,
        ..WriteOptions::default()
    };
    let failed = |error: WriteError| match error {
        WriteError::Io(_) | WriteError::Encode(_) => Failure::Failed(format!("{shown}: {error}")),
        _ => Failure::BadInput(format!("{shown}: {error}")),
    };
    let mut writer = FileWriter::create(output, format, write_options).map_err(failed)?;
    let (mut good, mut bad, mut refused) = (0_u64, 0_u64, 0_u64);
    // Rows are put together by identifier: two patients with the same would become one.
    let mut seen = (format.is_table() || format == Format::Phenopacket).then(Identifiers::of_all);
    for source in read_all(&arguments.files, &options) {
        // What is possible but odd is asked, and does not hold the record back.
        ask(&source);
        match source {
            Source::Good { record, file, number, .. } => {
                let earlier = seen.as_mut().and_then(|seen| seen.note(&record.id, (file, number)));
                if let Some(earlier) = earlier {
                    bad += 1;
                    refused += 1;
                    let message = identifiers::refusal(&arguments.files, (file, number), earlier);
                    complain(&Failure::BadInput(message));
                    continue;
                }
                good += 1;
                // After a bad record the others are still looked at, so that everything wrong is said at once.
                if bad == 0 || arguments.keep_going {
                    writer.write(&record).map_err(failed)?;
                }
            }
            Source::Bad { errors, .. } => {
                bad += 1;
                complain(&failure(&errors));
            }
        }
    }
    if bad > 0 && (!arguments.keep_going || good == 0) {
        let used = if refused > 0 { "used" } else { "read" };
        let hint = if good > 0 { "; --keep-going writes the others" } else { "" };
        return Err(Failure::BadInput(format!(
            "{bad} of {} records could not be {used}; nothing was written{hint}",
            good + bad
        )));
    }
    let written = writer.finish().map_err(failed)?;
    let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    print(&format!(
        "{good} records written to {}\nResearch use only; not a medical device.",
        names.join(" and ")
    ))?;
    match bad {
        0 => Ok(()),
        bad => Err(Failure::BadInput(format!("{bad} of {} records could not be read", good + bad))),
    }
}
