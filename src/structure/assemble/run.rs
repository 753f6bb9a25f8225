//! Runs of numbered lines: （一） （二） （三） one after another are all headings or all items of a list.

use crate::forms::wording::Rank;

/// Lines of a run below which no vote is taken.
const FEWEST: usize = 3;

/// A line as a member of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbered {
    /// Rank of a number that heads; other lines have none.
    pub rank: Option<Rank>,
    /// What it counts.
    pub ordinal: Option<u32>,
    /// Whether the file itself says that it is a heading.
    pub certain: bool,
}

/// Collects the runs of a document.
#[derive(Debug, Default)]
pub(super) struct Runs {
    open: Vec<Run>,
    list_items: Vec<usize>,
}

#[derive(Debug)]
struct Run {
    rank: Rank,
    last: Option<u32>,
    lines: usize,
    /// Headings of the run: index, and whether the file itself says so.
    headings: Vec<(usize, bool)>,
}

impl Runs {
    /// Takes the next line of the document; `heading` is its index when it looks like one.
    pub(super) fn take(&mut self, line: &Numbered, heading: Option<usize>) {
        let Some(rank) = line.rank else {
            if heading.is_some() {
                self.close(|_| true);
            }
            return;
        };
        let goes_on = |run: &Run| run.rank == rank && line.ordinal.is_some() && run.last.map(|n| n + 1) == line.ordinal;
        let opens_rank = heading.is_some();
        self.close(|run| (run.rank == rank && !goes_on(run)) || (run.rank > rank && opens_rank));
        if !self.open.iter().any(|run| run.rank == rank) {
            self.open.push(Run { rank, last: None, lines: 0, headings: Vec::new() });
        }
        if let Some(run) = self.open.iter_mut().find(|run| run.rank == rank) {
            run.last = line.ordinal;
            run.lines += 1;
            run.headings.extend(heading.map(|at| (at, line.certain)));
        }
    }

    fn close(&mut self, closes: impl Fn(&Run) -> bool) {
        for run in self.open.extract_if(.., |run| closes(run)) {
            let is_list = run.lines >= FEWEST && run.headings.len() * 2 < run.lines;
            let doubtful = run.headings.iter().filter(|(_, certain)| is_list && !certain);
            self.list_items.extend(doubtful.map(|(at, _)| *at));
        }
    }

    /// Indexes of the headings that are items of lists after all, in order.
    pub(super) fn list_items(mut self) -> Vec<usize> {
        self.close(|_| true);
        self.list_items.sort_unstable();
        self.list_items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(n: u32) -> Numbered {
        Numbered { rank: Some(Rank::Clause), ordinal: Some(n), certain: false }
    }

    #[test]
    fn a_lone_short_item_of_a_list_is_no_heading() {
        let mut runs = Runs::default();
        for (n, heading) in [(1, None), (2, None), (3, Some(0)), (4, None)] {
            runs.take(&clause(n), heading);
        }
        runs.take(&clause(1), Some(1));
        runs.take(&clause(2), Some(2));
        assert_eq!(runs.list_items(), [0]);
    }

    #[test]
    fn what_the_file_calls_a_heading_stays_one() {
        let mut runs = Runs::default();
        runs.take(&clause(1), None);
        runs.take(&Numbered { certain: true, ..clause(2) }, Some(0));
        runs.take(&clause(3), None);
        assert_eq!(runs.list_items(), Vec::<usize>::new());
    }
}
