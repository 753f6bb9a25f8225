//! Breakdowns on demand: what a worker does to itself when a test tells it to, by the name of a file. Reached
//! only through the hidden option `--fault`, so that isolation can be tested from outside without a document
//! that happens to break a reader today.

use std::time::Duration;

/// A breakdown and the file that causes it, such as `abort=bad.docx`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Panic,
    Abort,
    Overflow,
    Hang,
    Eat,
    Garbage,
}

impl std::str::FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, file) = text.split_once('=').ok_or("write KIND=FILE")?;
        let kind = match kind {
            "panic" => Kind::Panic,
            "abort" => Kind::Abort,
            "overflow" => Kind::Overflow,
            "hang" => Kind::Hang,
            "eat" => Kind::Eat,
            "garbage" => Kind::Garbage,
            _ => return Err(format!("{kind}: there are panic, abort, overflow, hang, eat and garbage")),
        };
        Ok(Self { kind, file: file.to_owned() })
    }
}

impl Fault {
    /// Breaks down, if `path` is the file that causes it.
    ///
    /// # Panics
    /// That is what it is for.
    pub fn commit(&self, path: &str) {
        if !path.ends_with(&self.file) {
            return;
        }
        match self.kind {
            Kind::Panic => panic!("told to panic"),
            Kind::Abort => std::process::abort(),
            Kind::Overflow => drop(overflow(0)),
            Kind::Hang => std::thread::sleep(Duration::from_hours(1)),
            Kind::Eat => eat(),
            Kind::Garbage => garbage(),
        }
    }
}

/// Takes the whole stack, in a way that no optimiser sees through.
fn overflow(depth: u64) -> Vec<u64> {
    let page = std::hint::black_box([depth; 512]);
    if depth == u64::MAX {
        return page.to_vec();
    }
    let mut below = overflow(depth + 1);
    below.push(page.iter().copied().max().unwrap_or(depth));
    below
}

fn eat() {
    let mut eaten = Vec::new();
    loop {
        eaten.push(std::hint::black_box(vec![1_u8; 64 << 20]));
    }
}

/// Writes something that is no reply where a reply is expected.
fn garbage() {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(&5_u64.to_be_bytes()).and_then(|()| out.write_all(b"hello")).and_then(|()| out.flush());
}
