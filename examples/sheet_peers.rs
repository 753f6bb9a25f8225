//! Reads a workbook by our reader and by calamine's streaming reader, in turn, in one process.
//!
//! `sheet_peers make CELLS FILE` writes an XLSX workbook of nine columns as fiscal tables have them: codes, names,
//! plain and formatted amounts. `sheet_peers compare ROUNDS FILE` prints the processor time of each round and
//! the ratio. `sheet_peers visit|read|calamine FILE` reads once and prints cells and the peak of memory.
#![allow(clippy::print_stdout)] // it prints for a program

use std::hint::black_box;
use std::io::Cursor;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use calamine::{DataRef, Reader as _, Xlsx};
use juesuan::limits::{Deadline, Limits};
use juesuan::model::Format;
use juesuan::read::Reader;
use juesuan::read::sheet::Workbook;

const COLUMNS: u16 = 9;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", cells, path] => make(cells.parse()?, path),
        ["compare", rounds, path] => compare(rounds.parse()?, &std::fs::read(path)?),
        [tool, path] => {
            let start = Instant::now();
            let cells = count(tool, &std::fs::read(path)?)?;
            println!("{tool}: {cells} cells, {:.2} s, peak {} MiB", start.elapsed().as_secs_f64(), peak_mib()?);
            Ok(())
        }
        _ => bail!("make CELLS FILE, compare ROUNDS FILE, or visit|read|calamine FILE"),
    }
}

fn make(cells: u32, path: &str) -> Result<()> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("明细表")?;
    let amount = rust_xlsxwriter::Format::new().set_num_format("#,##0.00");
    for row in 0..cells / u32::from(COLUMNS) {
        sheet.write_string(row, 0, format!("20{:05}", row % 997))?;
        sheet.write_string(row, 1, format!("项目支出第{}项", row % 5_000))?;
        for col in 2..COLUMNS {
            let value = f64::from(row % 90_001 * u32::from(col)) / 100.0;
            if col % 2 == 0 {
                sheet.write_number(row, col, value)?;
            } else {
                sheet.write_number_with_format(row, col, value, &amount)?;
            }
        }
    }
    Ok(book.save(path)?)
}

fn compare(rounds: u32, bytes: &[u8]) -> Result<()> {
    let tools = ["calamine", "visit", "read"];
    for tool in tools {
        count(tool, bytes)?; // a first pass, before the clock starts
    }
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let seconds = tools.iter().map(|tool| timed(tool, bytes)).collect::<Result<Vec<f64>>>()?;
        let [calamine, visit, read] = seconds[..] else { bail!("three tools") };
        println!(
            "round {round}: calamine {calamine:.3} s, visit {visit:.3} s, read {read:.3} s; ratios {:.2} and {:.2}",
            visit / calamine,
            read / calamine
        );
        ratios.push((visit / calamine, read / calamine));
    }
    let spread = |ratios: Vec<f64>| {
        let mut sorted = ratios;
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
        let (least, most) = (sorted.first().copied(), sorted.last().copied());
        format!("{middle:.2} ({:.2}–{:.2})", least.unwrap_or(f64::NAN), most.unwrap_or(f64::NAN))
    };
    println!("visit / calamine {}", spread(ratios.iter().map(|r| r.0).collect()));
    println!("read / calamine {}", spread(ratios.iter().map(|r| r.1).collect()));
    Ok(())
}

fn timed(tool: &str, bytes: &[u8]) -> Result<f64> {
    let start = cpu_seconds()?;
    black_box(count(tool, bytes)?);
    Ok(cpu_seconds()? - start)
}

/// Reads every cell that is not empty and says how many there are.
fn count(tool: &str, bytes: &[u8]) -> Result<usize> {
    let limits = Limits::default();
    let deadline = Deadline::start(&limits);
    let mut cells = 0;
    match tool {
        "visit" => {
            let mut visit = |_: &str, cell| {
                black_box(cell);
                cells += 1;
            };
            Workbook(Format::Xlsx).visit(bytes, &limits, &deadline, &mut visit)?;
        }
        "read" => {
            let document = Workbook(Format::Xlsx).read(bytes, &limits, &deadline)?;
            cells = black_box(document).sheets.iter().map(|s| s.cells.len()).sum();
        }
        "calamine" => {
            let mut book = Xlsx::new(Cursor::new(bytes))?;
            for sheet in book.sheet_names() {
                let mut reader = book.worksheet_cells_reader(&sheet)?;
                while let Some(cell) = reader.next_cell()? {
                    cells += usize::from(*black_box(cell.get_value()) != DataRef::Empty);
                }
            }
        }
        other => bail!("no tool is called {other}"),
    }
    Ok(cells)
}

/// Processor time of this process in seconds, as Linux tells it in ticks of a hundredth.
fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let behind_name = stat.rsplit_once(')').context("a name in brackets")?.1;
    let ticks: Vec<f64> = behind_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn peak_mib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("a peak")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}
