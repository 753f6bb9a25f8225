//! Rows on their way out of the dataset: read and written as COPY's text in a thread of its own, while the server
//! takes what came before.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use arrow_array::cast::AsArray;
use arrow_array::{RecordBatch, StringArray};

use super::copy::Encoder;
use super::plan::Name;
use super::session::Session;
use crate::dataset::{DataFile, Snapshot, Table};
use crate::error::{ErrorKind, Result};

/// Bytes of a piece that is sent.
const PIECE: usize = 256 << 10;
/// Pieces that may wait for the server.
const WAITING: usize = 8;

/// Which rows of a table are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Takes<'a> {
    /// Every row.
    All,
    /// Those whose two columns hold one of these names.
    Named([&'static str; 2], &'a BTreeSet<Name>),
}

/// Copies rows of files of a table into a table of the warehouse, and says how many.
pub(super) fn copy(
    session: &Session,
    snapshot: &Snapshot,
    table: Table,
    files: &[DataFile],
    takes: Takes<'_>,
    into: &str,
) -> Result<u64> {
    let doing = format!("copying {}", table.name());
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        scope.spawn(move || {
            let end = read(snapshot, table, files, takes, &sender);
            // A receiver that is gone has an error of its own.
            if let Err(error) = end {
                let _ = sender.send(Err(error));
            }
        });
        session.copy(into, Pieces(receiver), &doing)
    })
}

/// What the reading thread sends; ends with it.
struct Pieces(Receiver<Result<Vec<u8>>>);

impl Iterator for Pieces {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.recv().ok()
    }
}

fn read(
    snapshot: &Snapshot,
    table: Table,
    files: &[DataFile],
    takes: Takes<'_>,
    sender: &SyncSender<Result<Vec<u8>>>,
) -> Result<()> {
    let mut encoder = Encoder::new(table);
    let mut piece = Vec::with_capacity(PIECE * 2);
    for batch in snapshot.rows(table, files, None) {
        let batch = batch?;
        let mut wanted = Wanted::new(&batch, table, takes)?;
        encoder.append(&mut piece, &batch, |row| wanted.takes(row))?;
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE * 2));
            if sender.send(Ok(full)).is_err() {
                return Ok(());
            }
        }
    }
    if encoder.replaced > 0 {
        tracing::warn!(
            table = table.name(),
            characters = encoder.replaced,
            "NUL characters were replaced by U+FFFD: PostgreSQL stores none"
        );
    }
    // Whoever takes no more has an error of its own.
    let _ = sender.send(Ok(piece));
    Ok(())
}

/// The wanted rows of one batch. Rows of a document stand together, so the last answer is kept.
struct Wanted<'a> {
    columns: Option<(&'a StringArray, &'a StringArray, &'a BTreeSet<Name>)>,
    last: Option<(usize, bool)>,
}

impl<'a> Wanted<'a> {
    fn new(batch: &'a RecordBatch, table: Table, takes: Takes<'a>) -> Result<Self> {
        let Takes::Named(names, set) = takes else { return Ok(Self { columns: None, last: None }) };
        let column = |name: &str| {
            let found = batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
            found.ok_or_else(|| ErrorKind::Dataset {
                path: table.name().to_owned(),
                reason: format!("column {name} is missing"),
            })
        };
        Ok(Self { columns: Some((column(names[0])?, column(names[1])?, set)), last: None })
    }

    fn takes(&mut self, row: usize) -> bool {
        let Some((first, second, set)) = self.columns else { return true };
        if let Some((known, takes)) = self.last
            && first.value(known) == first.value(row)
            && second.value(known) == second.value(row)
        {
            return takes;
        }
        let takes = set.contains(&(first.value(row).to_owned(), second.value(row).to_owned()));
        self.last = Some((row, takes));
        takes
    }
}
