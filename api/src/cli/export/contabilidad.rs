//! `diario export contabilidad`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use diario_domain::period::{Period, THIRTEENTH};
use diario_projections::contabilidad::{Books, Document, FIRST_YEAR, LAST_YEAR, Order, Rfc, Submission};
use diario_store::tenants::Tenant;
use jiff::civil::Date;
use serde_json::json;

use super::finish;
use crate::cli::{Common, Context, Failure, text, verify::PATIENCE};

/// Write SAT's electronic accounting of a month (Anexo 24, XML 1.3): Catálogo, Balanza and Pólizas.
///
/// One of --catalogo, --balanza and --polizas goes to standard output; without them all three go to a folder, each
/// under SAT's name for it, and the names are printed. A closed month gives the same bytes whenever it is asked for.
/// What is not declared makes a draft, which is said on standard error: SAT takes only files with the taxpayer's RFC,
/// and Pólizas only with the number of its order or of the taxpayer's procedure.
#[derive(clap::Args)]
pub struct ExportContabilidad {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which month: 2026-10; 2026-13 is the year's closing period, of which there is only a Balanza
    #[arg(long, value_parser = month)]
    month: Period,
    /// The accounts only
    #[arg(long, group = "document")]
    catalogo: bool,
    /// The balances only
    #[arg(long, group = "document")]
    balanza: bool,
    /// The entries only
    #[arg(long, group = "document")]
    polizas: bool,
    /// Into this folder (the current one where nothing else is said)
    #[arg(long)]
    out: Option<PathBuf>,
    /// The taxpayer's RFC
    #[arg(long, env = "DIARIO_RFC")]
    rfc: Option<String>,
    /// Balanza: N normal, C complementary
    #[arg(long, value_parser = ["N", "C"])]
    tipo_envio: Option<String>,
    /// Balanza, complementary: the day of the last change
    #[arg(long)]
    fecha_mod_bal: Option<Date>,
    /// Pólizas: AF audit, FC compulsory check, DE refund, CO compensation
    #[arg(long, value_parser = ["AF", "FC", "DE", "CO"])]
    tipo_solicitud: Option<String>,
    /// Pólizas, AF and FC: the number of SAT's order, AAA9999999/99
    #[arg(long)]
    num_orden: Option<String>,
    /// Pólizas, DE and CO: the number of the procedure, AA999999999999
    #[arg(long)]
    num_tramite: Option<String>,
}

fn month(text: &str) -> Result<Period, String> {
    text.split_once('-')
        .filter(|(year, month)| year.len() == 4 && month.len() == 2)
        .and_then(|(year, month)| Period::new(year.parse().ok()?, month.parse().ok()?))
        .filter(|period| (FIRST_YEAR..=LAST_YEAR).contains(&period.year))
        .ok_or_else(|| format!("a month like 2026-10, or 2026-13, from {FIRST_YEAR} to {LAST_YEAR}"))
}

impl ExportContabilidad {
    /// Writes them.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let rfc = Rfc::new(self.rfc.as_deref().unwrap_or(Rfc::GENERIC))?;
        let documents = self.documents()?;
        let code = Context::with(common, false, async |context| {
            let tenant = context.tenant(&self.tenant).await?;
            self.write(context, &tenant, &rfc, documents, common.json).await
        })
        .await?;
        if rfc.is_generic() {
            eprintln!("a draft: no --rfc was named, and {} is nobody's", Rfc::GENERIC);
        }
        Ok(code)
    }

    /// The one that was asked for, or all that the month has.
    fn documents(&self) -> Result<Vec<Document>, Failure> {
        let all = !(self.catalogo || self.balanza || self.polizas);
        let mut documents = Vec::new();
        if self.catalogo || all {
            documents.push(Document::Catalogo);
        }
        let submission = Submission::new(self.tipo_envio.as_deref(), self.fecha_mod_bal)?;
        if self.balanza || all {
            documents.push(Document::Balanza(submission));
        }
        let numbers = (self.num_orden.as_deref(), self.num_tramite.as_deref());
        let order = match (self.tipo_solicitud.as_deref(), numbers) {
            (None, (None, None)) => Order::draft(),
            (kind, (order, procedure)) => Order::new(kind, order, procedure)?,
        };
        if self.polizas || all {
            documents.push(Document::Polizas(order));
        }
        if all && self.month.month == THIRTEENTH {
            documents.retain(|document| document.last_month() == THIRTEENTH);
        }
        if documents.iter().any(|document| document.last_month() < self.month.month) {
            return Err("of month 13 there is only a Balanza: SAT's schemas of the others end at 12".into());
        }
        Ok(documents)
    }

    async fn write(
        &self,
        context: &Context,
        tenant: &Tenant,
        rfc: &Rfc,
        documents: Vec<Document>,
        as_json: bool,
    ) -> Result<ExitCode, Failure> {
        if !context.projections.caught_up(tenant.tenant_id, tenant.head, PATIENCE).await {
            return Err("the read models have not followed the log; `diario status` says why".into());
        }
        if documents.contains(&Document::Polizas(Order::draft())) {
            eprintln!("a draft: Pólizas name no order; see --tipo-solicitud");
        }
        let books = Books::of(&context.db, tenant.tenant_id, rfc.clone(), self.month).await?;
        let alone = self.catalogo || self.balanza || self.polizas;
        if let (Some(document), None, true) = (documents.first(), &self.out, alone) {
            let mut out = BufWriter::new(std::io::stdout());
            let written = one(&books, document, &mut out).await?;
            return finish(out, written.map_err(Into::into));
        }
        let folder = self.out.clone().unwrap_or_else(|| PathBuf::from("."));
        std::fs::create_dir_all(&folder).map_err(|error| told(&folder, &error))?;
        let mut files = Vec::new();
        for document in &documents {
            let path = folder.join(books.file_name(document));
            // Whoever looks into the folder finds whole files only.
            let unfinished = path.with_extension("xml.part");
            let mut out =
                BufWriter::new(File::create(&unfinished).map_err(|error| told(&unfinished, &error))?);
            let written = one(&books, document, &mut out).await;
            let kept = match written {
                Ok(written) => written
                    .and_then(|()| out.flush())
                    .and_then(|()| std::fs::rename(&unfinished, &path))
                    .map_err(|error| told(&path, &error)),
                Err(error) => Err(error),
            };
            if let Err(error) = kept {
                let _ = std::fs::remove_file(&unfinished);
                return Err(error);
            }
            files.push(path.display().to_string());
        }
        if as_json {
            text::print_json(&json!({"files": files}))?;
        } else {
            text::print(&(files.join("\n") + "\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a document; the inner result is the other end's.
async fn one(
    books: &Books,
    document: &Document,
    out: &mut impl Write,
) -> Result<std::io::Result<()>, Failure> {
    let mut pieces = books.clone().document(document.clone());
    let mut first = true;
    while let Some(piece) = pieces.next().await? {
        first = false;
        if let Err(error) = out.write_all(&piece) {
            return Ok(Err(error));
        }
    }
    if first {
        return Err(format!(
            "nothing to write in {}: SAT's schema knows no empty file",
            books.file_name(document)
        )
        .into());
    }
    Ok(Ok(()))
}

fn told(path: &Path, error: &std::io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_one_that_sat_knows() {
        assert_eq!(month("2026-10"), Ok(Period { year: 2026, month: 10 }));
        assert_eq!(month("2026-13"), Ok(Period { year: 2026, month: 13 }));
        for wrong in
            ["2026-14", "2026-00", "2026-1", "2014-12", "2100-01", "10-2026", "2026", "2026-10-01", "+026-10"]
        {
            assert!(month(wrong).is_err(), "{wrong}");
        }
    }
}
