//! Committing what tasks wrote elsewhere. Documents with the same bytes in several tasks are told here, because no task
//! knows of the others: all but the first in the order of sources become copies of it, as in a crawl.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;

use super::DeltaSink;
use crate::dataset::copies::Holders;
use crate::dataset::entry::{Entry, text_column};
use crate::dataset::ledger::skip;
use crate::dataset::part::{Part, refused, write_part};
use crate::dataset::schema::Table;
use crate::dataset::task::{Written, WrittenDocument};
use crate::error::Result;

/// What is a copy in a task: source and its original, and the reports that this task read and that count elsewhere.
#[derive(Debug, Default)]
struct Copies {
    originals: BTreeMap<String, String>,
    reports: BTreeSet<String>,
}

impl DeltaSink {
    /// Publishes what tasks of this load wrote, as one batch. Each document takes the place of what was held of its
    /// source. [`Sink::commit`](crate::dataset::Sink::commit) ends the run as ever.
    ///
    /// # Errors
    /// When something was written for another load, or one source twice, or the storage refuses.
    pub fn take(&mut self, written: &[Written]) -> Result<()> {
        if let Some(other) = written.iter().find(|task| task.load_id != self.load.id) {
            let words = format!("a task wrote for the load {} and this is {}", other.load_id, self.load.id);
            return Err(refused(self.store.dir(), words));
        }
        self.publish()?;
        let mut parts = Vec::new();
        for (task, copies) in written.iter().zip(self.copies(written)?) {
            for file in &task.files {
                let part = file.part().ok_or_else(|| refused(self.store.dir(), "a task wrote to an unknown table"))?;
                parts.extend(self.without_copies(part, &copies)?);
            }
        }
        for document in written.iter().flat_map(|task| &task.documents) {
            self.replace(&document.source_uri, document.sha256.as_deref());
        }
        self.publish_parts(parts)
    }

    /// What is a copy in each task.
    fn copies(&self, written: &[Written]) -> Result<Vec<Copies>> {
        let mut documents: Vec<(usize, &WrittenDocument)> =
            written.iter().enumerate().flat_map(|(task, w)| w.documents.iter().map(move |d| (task, d))).collect();
        documents.sort_by_key(|(_, document)| document.position);
        let mut sources = BTreeSet::new();
        if let Some((_, twice)) = documents.iter().find(|(_, document)| !sources.insert(document.source_uri.as_str())) {
            return Err(refused(self.store.dir(), format!("two tasks wrote rows of {}", twice.source_uri)));
        }
        let stays = |entry: &&Entry| entry.has_copies() && !sources.contains(entry.source_uri.as_str());
        let held = self.holdings.iter().filter(stays);
        let mut holders: Holders = held.map(|e| (e.report_id.clone(), e.source_uri.clone())).collect();
        let mut copies: Vec<Copies> = written.iter().map(|_| Copies::default()).collect();
        for (task, document) in documents.into_iter().filter(|(_, document)| document.may_have_copies) {
            let original = holders.claim(&document.report_id, &document.source_uri);
            // One that is a copy within its task is told there already.
            let original = original.filter(|original| document.duplicate_of.as_deref() != Some(*original));
            if let (Some(original), Some(copies)) = (original, copies.get_mut(task)) {
                copies.originals.insert(document.source_uri.clone(), original.to_owned());
                copies.reports.insert(document.report_id.clone());
            }
        }
        Ok(copies)
    }

    /// A file of a task, written anew where it holds rows of copies; nothing where nothing is left.
    fn without_copies(&self, (table, part): (Table, Part), copies: &Copies) -> Result<Option<(Table, Part)>> {
        if copies.originals.is_empty() {
            return Ok(Some((table, part)));
        }
        let rows = self.store.rows(table, std::slice::from_ref(&part), None);
        let changed: Vec<Option<RecordBatch>> =
            rows.map(|batch| copies.leave_out(table, &batch?)).collect::<Result<_>>()?;
        if changed.iter().all(Option::is_none) {
            return Ok(Some((table, part)));
        }
        let folder = self.store.dir().join(table.name());
        let name = part.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".parquet");
        let rows = self.store.rows(table, std::slice::from_ref(&part), None);
        let rows = rows.zip(changed).map(|(batch, changed)| changed.map_or(batch, Ok));
        let part = write_part(&folder, table, &part.partition, &format!("{name}-once"), rows)?;
        Ok((part.rows > 0).then_some((table, part)))
    }
}

impl Copies {
    /// The rows without what counts elsewhere; `None` when they stay as they are.
    fn leave_out(&self, table: Table, batch: &RecordBatch) -> Result<Option<RecordBatch>> {
        let broken = |e| crate::dataset::value::fault(table)(e);
        if table == Table::Reports {
            return skip(batch, &self.originals).map_err(broken);
        }
        let report = text_column(batch, "report_id")?;
        let kept = report.iter().map(|id| Some(id.is_none_or(|id| !self.reports.contains(id)))).collect();
        let rest = arrow_select::filter::filter_record_batch(batch, &kept).map_err(broken)?;
        Ok((rest.num_rows() < batch.num_rows()).then_some(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, open, rows};
    use super::*;
    use crate::dataset::{Ledger, Outcome, Place, Sink, read_ledger, read_table, sample, write_batch};
    use crate::forms::Forms;

    fn twin_of(first: &Outcome, path: &str) -> Outcome {
        let mut twin = first.clone();
        path.clone_into(&mut twin.report.source.path);
        twin
    }

    fn five() -> Vec<Outcome> {
        let first = sample::outcome("a.docx", "甲局", 2024);
        let (second, third) = (sample::outcome("b.docx", "乙局", 2024), sample::outcome("c.docx", "丙局", 2023));
        vec![first.clone(), second.clone(), twin_of(&first, "d.docx"), twin_of(&second, "e.docx"), third]
    }

    #[test]
    fn tasks_however_cut_give_the_rows_of_one_crawl() {
        let crawled = tempfile::tempdir().expect("a folder");
        let mut outcomes = five();
        outcomes[2].ledger = Ledger::Skipped("a.docx".into());
        outcomes[3].ledger = Ledger::Skipped("b.docx".into());
        let mut sink = open(crawled.path(), "l1");
        sink.write(&outcomes).expect("writes");
        sink.commit().expect("commits");
        let cuts: [&[&[usize]]; 4] =
            [&[&[0, 1, 2, 3, 4]], &[&[2, 3], &[0, 1, 4]], &[&[3, 4], &[1, 2], &[0]], &[&[0, 2], &[], &[1, 3, 4]]];
        for cut in cuts {
            let dir = tempfile::tempdir().expect("a folder");
            let mut sink = open(dir.path(), "l1");
            let write = |(number, positions): (usize, &&[usize])| {
                let outcomes = positions.iter().map(|&at| (at as u64, five()[at].clone()));
                let (place, task) = (Place::from(dir.path()), format!("t{number}"));
                write_batch(&place, &load("l1"), &task, outcomes, Forms::builtin()).expect("writes")
            };
            let written: Vec<Written> = cut.iter().enumerate().map(write).collect();
            assert!(read_ledger(dir.path()).is_err(), "nobody sees it yet");
            sink.take(&written).expect("takes");
            sink.commit().expect("commits");
            for table in Table::ALL {
                let of = |dir: &std::path::Path| rows(&read_table(dir, table).expect("reads"));
                assert_eq!(of(dir.path()), of(crawled.path()), "{} of {cut:?}", table.name());
            }
        }
    }

    #[test]
    fn a_copy_of_what_the_dataset_holds_is_told_and_a_new_version_takes_its_place() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut first = open(dir.path(), "l1");
        first.write(&five()[..2]).expect("writes");
        first.commit().expect("commits");
        drop(first);
        let mut changed = sample::outcome("b.docx", "丁局", 2024);
        changed.report.source.sha256 = "01".into();
        let outcomes = [changed, five()[2].clone()].into_iter().enumerate().map(|(n, o)| (n as u64, o));
        let place = Place::from(dir.path());
        let written = write_batch(&place, &load("l2"), "t", outcomes, Forms::builtin()).expect("writes");
        let mut second = open(dir.path(), "l2");
        second.take(&[written]).expect("takes");
        second.commit().expect("commits");
        let mut ledger = read_ledger(dir.path()).expect("reads");
        ledger.sort_by(|a, b| (&a.source_uri, &a.load_id).cmp(&(&b.source_uri, &b.load_id)));
        let said: Vec<_> = ledger.iter().map(|e| (e.source_uri.as_str(), e.status.as_str())).collect();
        let wanted =
            [("a.docx", "extracted"), ("b.docx", "superseded"), ("b.docx", "extracted"), ("d.docx", "skipped")];
        assert_eq!(said, wanted);
        assert_eq!(ledger[3].duplicate_of.as_deref(), Some("a.docx"));
        assert_eq!(rows(&read_table(dir.path(), Table::Facts).expect("reads")).len(), 2);
    }

    #[test]
    fn what_cannot_be_committed_together_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let place = Place::from(dir.path());
        let mut sink = open(dir.path(), "l1");
        let write = |load_id: &str, task: &str, positions: &[u64]| {
            let outcomes = positions.iter().map(|&at| (at, five()[0].clone()));
            write_batch(&place, &load(load_id), task, outcomes, Forms::builtin())
        };
        let (one, again) = (write("l1", "t1", &[0]).expect("writes"), write("l1", "t2", &[1]).expect("writes"));
        let error = sink.take(&[one, again]).expect_err("one source, two tasks").to_string();
        assert!(error.contains("a.docx"), "{error}");
        let error = sink.take(&[write("l9", "t1", &[0]).expect("writes")]).expect_err("another load").to_string();
        assert!(error.contains("l9"), "{error}");
        assert!(write("l1", "t3", &[1, 0]).expect_err("out of order").to_string().contains("in order"));
        assert!(write("l1", "../t", &[0]).expect_err("no name").to_string().contains("letters"));
    }
}
