//! `diario catalog import`: the vehicle catalogue, from files.

mod file;
mod report;
mod sheets;

use std::{
    collections::{HashMap, hash_map::Entry},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use diario_projections::catalog;
use diario_store::{Database, Value, catalog::BATCH, postings::IdSet};
use indicatif::ProgressBar;

use super::{Common, Context, Failure, text};
use file::{Pieces, Record};
use report::{FileReport, Problem, Report};
use sheets::{FILES, FileKind, Rule};

/// Load the vehicle catalogue that all shops share.
///
/// The files are brands.csv, models.csv, years.csv, engines.csv, model_year_engines.csv, categories.csv, groups.csv,
/// parts.csv, fitments.csv and cross_references.csv; docs/catalog.md names their columns. A row replaces the row of
/// the same id, so the same files may be loaded again and only what differs is written.
///
/// A row that cannot be loaded is named (file, row, column, reason) and left out; the exit code is 1 then, and the
/// other rows are loaded.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
#[expect(clippy::doc_markdown, reason = "it is shown as help")]
pub struct CatalogImport {
    /// Load the files that stand in this folder
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Load these files: parts.csv …
    #[arg(long, num_args = 1.., value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Load a small invented catalogue that is built in
    #[arg(long)]
    fixture: bool,
}

/// A file to be loaded.
struct Source {
    kind: &'static FileKind,
    /// As the report names it.
    name: String,
    path: Option<PathBuf>,
}

impl CatalogImport {
    /// Loads it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let sources = self.sources()?;
        let report = Context::with(common, false, async |context| load(&context.db, &sources).await).await?;
        if common.json {
            text::print_json(&report.as_value())?;
        } else {
            text::print(&report.words())?;
        }
        Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn sources(&self) -> Result<Vec<Source>, Failure> {
        if self.fixture {
            return Ok(fixture());
        }
        let mut paths = self.file.clone();
        if let Some(folder) = &self.dir {
            let entries = std::fs::read_dir(folder)
                .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "csv") {
                    paths.push(path);
                }
            }
            if paths.is_empty() {
                return Err(format!("{} holds no .csv file", folder.display()).into());
            }
        }
        let mut sources: Vec<Source> = Vec::new();
        for path in paths {
            let source = of_path(&path)?;
            if sources.iter().any(|other| std::ptr::eq(other.kind, source.kind)) {
                return Err(format!("there are two files named {}.csv", source.kind.name).into());
            }
            sources.push(source);
        }
        // Each after those that it refers to, in whatever order they were named.
        sources.sort_by_key(|source| FILES.iter().position(|kind| std::ptr::eq(kind, source.kind)));
        Ok(sources)
    }
}

fn of_path(path: &Path) -> Result<Source, Failure> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let Some(kind) = sheets::of_name(stem) else {
        let known: Vec<String> = FILES.iter().map(|kind| format!("{}.csv", kind.name)).collect();
        return Err(format!("{} is none of {}", path.display(), known.join(", ")).into());
    };
    if !path.is_file() {
        return Err(format!("there is no file {}", path.display()).into());
    }
    Ok(Source { kind, name: format!("{}.csv", kind.name), path: Some(path.to_owned()) })
}

fn fixture() -> Vec<Source> {
    FILES.iter().map(|kind| Source { kind, name: format!("{}.csv", kind.name), path: None }).collect()
}

/// Loads the built-in catalogue where there is none yet.
pub(super) async fn load_fixture_if_empty(db: &Database) -> Result<(), Failure> {
    if !catalog::is_empty(db).await? {
        return Ok(());
    }
    let report = load(db, &fixture()).await?;
    match report.problems.first() {
        None => Ok(()),
        Some(problem) => Err(format!("the built-in {} is wrong in row {}", problem.file, problem.row).into()),
    }
}

async fn load(db: &Database, sources: &[Source]) -> Result<Report, Failure> {
    let started = Instant::now();
    let mut bytes = 0;
    for source in sources {
        bytes += match &source.path {
            Some(path) => i64::try_from(std::fs::metadata(path)?.len())?,
            None => i64::try_from(source.kind.fixture.len())?,
        };
    }
    let bar = text::progress("catalogue", bytes);
    let mut import = Import { db, bar: &bar, known: HashMap::new(), report: Report::default() };
    for source in sources {
        bar.set_message(source.name.clone());
        match &source.path {
            Some(path) => {
                let file =
                    File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
                import.file(source, file).await?;
            }
            None => import.file(source, source.kind.fixture).await?,
        }
    }
    bar.set_message("counting parts");
    db.settle_catalog().await?;
    bar.finish_and_clear();
    let mut report = import.report;
    report.elapsed = started.elapsed();
    Ok(report)
}

/// An import while it runs.
struct Import<'a> {
    db: &'a Database,
    bar: &'a ProgressBar,
    /// The ids that may be referred to, by the file that has them.
    known: HashMap<&'static str, IdSet>,
    report: Report,
}

impl Import<'_> {
    async fn file(&mut self, source: &Source, reader: impl Read) -> Result<(), Failure> {
        let kind = source.kind;
        for name in references(kind) {
            self.know(name).await?;
        }
        let mut rows = Rows {
            kind,
            file: &source.name,
            places: Vec::new(),
            width: 0,
            seen: IdSet::default(),
            keys: HashMap::new(),
            batch: Vec::with_capacity(BATCH),
            count: FileReport { name: source.name.clone(), rows: 0, changed: 0, refused: 0 },
        };
        let mut pieces = Pieces::new(reader);
        let mut is_headed = false;
        while let Some((records, bytes)) = pieces.next()? {
            let mut records = records.into_iter();
            if !is_headed && let Some(header) = records.next() {
                is_headed = true;
                if !rows.head(&header, &mut self.report.problems) {
                    break;
                }
            }
            for record in records {
                rows.take(&record, &self.known, &mut self.report.problems);
                if rows.batch.len() >= BATCH {
                    rows.flush(self.db).await?;
                }
            }
            self.bar.inc(bytes);
        }
        if !is_headed {
            self.report.problems.push(rows.problem(1, "row", "is missing: the file is empty".to_owned()));
        }
        rows.flush(self.db).await?;
        self.report.files.push(rows.count);
        Ok(())
    }

    /// Reads the ids of a file's table once: that file, if it is loaded at all, was loaded before.
    async fn know(&mut self, name: &'static str) -> Result<(), Failure> {
        if !self.known.contains_key(name)
            && let Some(kind) = sheets::of_name(name)
        {
            self.known.insert(name, self.db.catalog_ids(kind.sheet).await?);
        }
        Ok(())
    }
}

fn references(kind: &FileKind) -> impl Iterator<Item = &'static str> {
    kind.columns.iter().filter_map(|column| if let Rule::Of(name) = column.rule { Some(name) } else { None })
}

/// The rows of one file.
struct Rows<'a> {
    kind: &'static FileKind,
    file: &'a str,
    /// Where each column stands in the file.
    places: Vec<Option<usize>>,
    /// Fields of the header.
    width: usize,
    /// Ids that the file has had.
    seen: IdSet,
    /// Where the rows of the batch stand by their keys, where rows have no id of their own.
    keys: HashMap<Vec<Value>, usize>,
    batch: Vec<Vec<Value>>,
    count: FileReport,
}

impl Rows<'_> {
    fn problem(&self, row: u64, column: &'static str, reason: String) -> Problem {
        Problem { file: self.file.to_owned(), row, column, reason }
    }

    /// Finds the columns; false where one is missing, and nothing of the file can be loaded.
    fn head(&mut self, header: &Record, problems: &mut Vec<Problem>) -> bool {
        self.width = header.fields.len();
        let before = problems.len();
        for column in self.kind.columns {
            let place = header.fields.iter().position(|name| name.trim_ascii() == column.name.as_bytes());
            if place.is_none() && !matches!(column.rule, Rule::Optional(_)) {
                problems.push(self.problem(
                    header.line,
                    column.name,
                    "is no column of the file: nothing of it is loaded".to_owned(),
                ));
            }
            self.places.push(place);
        }
        problems.len() == before
    }

    /// Takes a row into the batch, or says why not.
    fn take(&mut self, record: &Record, known: &HashMap<&'static str, IdSet>, problems: &mut Vec<Problem>) {
        self.count.rows += 1;
        let before = problems.len();
        match std::str::from_utf8(record.fields.as_slice()) {
            Err(_) => problems.push(self.problem(record.line, "row", "is not UTF-8 text".to_owned())),
            Ok(_) if record.fields.len() != self.width => {
                let (has, header) = (record.fields.len(), self.width);
                let reason = format!("has {has} fields, the header has {header}");
                problems.push(self.problem(record.line, "row", reason));
            }
            Ok(_) => {
                let row = self.read(record, known, problems);
                if problems.len() == before {
                    self.put((self.kind.row)(row));
                }
            }
        }
        if problems.len() > before {
            self.count.refused += 1;
        }
    }

    fn read(
        &mut self,
        record: &Record,
        known: &HashMap<&'static str, IdSet>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Value> {
        let mut row = Vec::with_capacity(self.kind.sheet.columns.len());
        let before = problems.len();
        for (column, place) in self.kind.columns.iter().zip(&self.places) {
            let field = place.and_then(|place| record.fields.get(place)).unwrap_or_default();
            let field = std::str::from_utf8(field).unwrap_or_default().trim();
            let read = column.rule.read(field).and_then(|value| match (&column.rule, &value) {
                (Rule::Of(name), Value::Int(Some(id)))
                    if !known.get(name).is_some_and(|ids| ids.contains(*id)) =>
                {
                    Err(format!("{id} is not in {name}"))
                }
                (Rule::Id, Value::Int(Some(id))) if self.seen.contains(*id) => {
                    Err(format!("{id} stands in the file before"))
                }
                _ => Ok(value),
            });
            match read {
                Ok(value) => row.push(value),
                Err(reason) => problems.push(self.problem(record.line, column.name, reason)),
            }
        }
        if problems.len() == before
            && matches!(self.kind.columns[0].rule, Rule::Id)
            && let Some(Value::Int(Some(id))) = row.first()
        {
            self.seen.insert(*id);
        }
        row
    }

    /// A row without an id of its own may stand in the file twice: the last counts.
    fn put(&mut self, row: Vec<Value>) {
        let key = self.kind.sheet.key;
        if key > 1 {
            match self.keys.entry(row[..key].to_vec()) {
                Entry::Occupied(at) => {
                    self.batch[*at.get()] = row;
                    return;
                }
                Entry::Vacant(free) => {
                    free.insert(self.batch.len());
                }
            }
        }
        self.batch.push(row);
    }

    async fn flush(&mut self, db: &Database) -> Result<(), Failure> {
        if !self.batch.is_empty() {
            let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
            self.keys.clear();
            self.count.changed += db.load_catalog(self.kind.sheet, batch).await?;
        }
        Ok(())
    }
}
