//! COMBINE archives: the model, and SED-ML that says how to run and draw it.

use std::io::{Cursor, Write};

use osteoflare_kinetics::state::{LOCAL, Local};
use osteoflare_skeleton::Skeleton;
use osteoflare_solver::system::{SolverError, Tolerance};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::expression::UnitError;
use crate::sbml::{Options, at_site, document};
use crate::scenario::Scenario;
use crate::xml::Element;

/// Sites that are drawn at most: those most inflamed.
const DRAWN_SITES: usize = 4;
/// How exactly the sites to draw are chosen.
const LOOK: Tolerance = Tolerance { relative: 1e-4, absolute: 1e-6 };
/// States that are drawn, with the title of their plot.
const DRAWN: [(Local, &str); 3] =
    [(Local::M, "inflammatory macrophages"), (Local::W, "marrow oedema"), (Local::V, "mineralised bone")];

/// Why an archive cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The equations add unlike things.
    #[error(transparent)]
    Units(#[from] UnitError),
    /// The equations could not be integrated.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// The archive could not be put together.
    #[error("cannot put the archive together: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A file of the archive could not be written.
    #[error("cannot write into the archive: {0}")]
    Write(#[from] std::io::Error),
}

/// One curve: identifier of the variable, its title, and the plot it belongs to.
struct Curve {
    id: String,
    title: String,
    plot: &'static str,
    is_species: bool,
}

/// The bytes of an archive with model, SED-ML and a manifest. The same scenario gives the same bytes.
///
/// # Errors
/// [`ArchiveError`].
pub fn archive(scenario: &Scenario) -> Result<Vec<u8>, ArchiveError> {
    let files = [
        ("manifest.xml", manifest()),
        ("model.xml", document(scenario, Options::default())?),
        ("simulation.sedml", sed_ml(scenario, &curves(scenario)?)),
        ("README.md", readme(scenario)),
    ];
    // No dates and no compression: the bytes depend on nothing but the files.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn manifest() -> String {
    let content = |location: &str, format: &str, master: bool| {
        let element = Element::new("content").with("location", location).with("format", format);
        if master { element.with("master", true) } else { element }
    };
    let specification = "http://identifiers.org/combine.specifications";
    Element::new("omexManifest")
        .with("xmlns", format!("{specification}/omex-manifest"))
        .children([
            content(".", &format!("{specification}/omex"), false),
            content("./manifest.xml", &format!("{specification}/omex-manifest"), false),
            content("./model.xml", &format!("{specification}/sbml.level-3.version-2"), false),
            // Without level and version: libCombine 0.2.20, and so COPASI, knows no Version 4 and would overlook the file.
            content("./simulation.sedml", &format!("{specification}/sed-ml"), true),
            content("./README.md", "http://purl.org/NET/mediatypes/text/markdown", false),
        ])
        .document()
}

fn readme(scenario: &Scenario) -> String {
    format!(
        "# {}\n\n{} {} over {} days, written by Osteoflare {}. `simulation.sedml` draws macrophages, marrow oedema and bone \
         of the most inflamed sites, and C-reactive protein.\n\nResearch use only; not a medical device.\n",
        scenario.title,
        scenario.sites.len(),
        if scenario.sites.len() == 1 { "site" } else { "sites" },
        scenario.horizon_days,
        env!("CARGO_PKG_VERSION")
    )
}

fn curves(scenario: &Scenario) -> Result<Vec<Curve>, SolverError> {
    let weeks = (scenario.horizon_days / 7.0) as u32;
    let days: Vec<f64> = (0..=weeks).map(|week| 7.0 * f64::from(week)).collect();
    let course = scenario.course(LOOK, &days)?;
    let worst = |position: usize| {
        course.iter().map(|day| day.local[position][Local::M as usize]).fold(f64::NEG_INFINITY, f64::max)
    };
    let mut order: Vec<usize> = (0..scenario.sites.len()).collect();
    order.sort_by(|a, b| worst(*b).total_cmp(&worst(*a)).then(a.cmp(b)));
    order.truncate(DRAWN_SITES);
    let mut curves = Vec::new();
    for (state, plot) in DRAWN {
        for position in &order {
            let place = Skeleton::get().site(scenario.sites[*position].id);
            curves.push(Curve {
                id: at_site(LOCAL[state as usize].symbol, &place.id),
                title: place.label(),
                plot,
                is_species: true,
            });
        }
    }
    curves.push(Curve {
        id: "CRP".to_owned(),
        title: "C-reactive protein, mg/L".to_owned(),
        plot: "C-reactive protein",
        is_species: false,
    });
    Ok(curves)
}

/// SED-ML Level 1 Version 4: one time course, daily output, a plot per kind of state.
fn sed_ml(scenario: &Scenario, curves: &[Curve]) -> String {
    let parameter = |kisao: &str, value: &str| {
        Element::new("algorithmParameter").with("kisaoID", kisao).with("value", value)
    };
    // CVODE with relative and absolute tolerance.
    let algorithm = Element::new("algorithm").with("kisaoID", "KISAO:0000019").list(
        "listOfAlgorithmParameters",
        vec![parameter("KISAO:0000209", "1e-8"), parameter("KISAO:0000211", "1e-12")],
    );
    let simulation = Element::new("uniformTimeCourse")
        .with("id", "course")
        .with("initialTime", 0)
        .with("outputStartTime", 0)
        .with("outputEndTime", scenario.horizon_days)
        .with("numberOfSteps", scenario.horizon_days.ceil())
        .child(algorithm);
    let model = Element::new("model")
        .with("id", "osteoflare")
        .with("language", "urn:sedml:language:sbml.level-3.version-2")
        .with("source", "model.xml");
    let task = Element::new("task")
        .with("id", "run")
        .with("modelReference", "osteoflare")
        .with("simulationReference", "course");
    let time = variable("time", None);
    let mut generators = vec![generator("time", "time, days", time)];
    for curve in curves {
        let list =
            if curve.is_species { "listOfSpecies/sbml:species" } else { "listOfParameters/sbml:parameter" };
        let target = format!("/sbml:sbml/sbml:model/sbml:{list}[@id='{}']", curve.id);
        generators.push(generator(&curve.id, &curve.title, variable(&curve.id, Some(target))));
    }
    let mut plots: Vec<Element> = Vec::new();
    for (number, group) in curves.chunk_by(|a, b| a.plot == b.plot).enumerate() {
        let lines = group.iter().enumerate().map(|(order, curve)| {
            Element::new("curve")
                .with("id", format!("curve_{}", curve.id))
                .with("name", &curve.title)
                .with("order", order)
                .with("type", "points")
                .with("xDataReference", "data_time")
                .with("yDataReference", format!("data_{}", curve.id))
                .with("logX", false)
                .with("logY", false)
        });
        plots.push(
            Element::new("plot2D")
                .with("id", format!("plot_{}", number + 1))
                .with("name", group[0].plot)
                .child(Element::new("listOfCurves").children(lines)),
        );
    }
    Element::new("sedML")
        .with("xmlns", "http://sed-ml.org/sed-ml/level1/version4")
        .with("xmlns:sbml", "http://www.sbml.org/sbml/level3/version2/core")
        .with("level", 1)
        .with("version", 4)
        .list("listOfModels", vec![model])
        .list("listOfSimulations", vec![simulation])
        .list("listOfTasks", vec![task])
        .list("listOfDataGenerators", generators)
        .list("listOfOutputs", plots)
        .document()
}

fn variable(id: &str, target: Option<String>) -> Element {
    let element = Element::new("variable").with("id", format!("of_{id}")).with("taskReference", "run");
    match target {
        Some(target) => element.with("target", target),
        None => element.with("symbol", "urn:sedml:symbol:time"),
    }
}

fn generator(id: &str, title: &str, variable: Element) -> Element {
    let math = Element::new("math")
        .with("xmlns", "http://www.w3.org/1998/Math/MathML")
        .child(Element::new("ci").text(format!("of_{id}")));
    Element::new("dataGenerator")
        .with("id", format!("data_{id}"))
        .with("name", title)
        .list("listOfVariables", vec![variable])
        .child(math)
}
