//! What a user knows of bodies and reports do not say: other names, since when and until when a body exists, what it
//! belongs to, and what became of it (更名, 合并, 撤销). A small CSV file that is kept by hand; each run that is given one
//! keeps a copy in the dataset, and later runs go by that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::place::Place;
use crate::error::{Error, ErrorKind, Result};
use crate::forms::Forms;

/// The copy in the dataset.
pub(super) const FILE: &str = "entities.csv";
/// The columns, of which only the first must be filled.
const HEADER: [&str; 8] = ["name", "aliases", "region_code", "valid_from", "valid_to", "parent", "successor", "change"];
/// What parts names in one field; `、` stands inside names.
const SEPARATORS: [char; 3] = [';', '；', '|'];

/// The bodies of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KnownBodies {
    bodies: Vec<KnownBody>,
    /// Region (empty where the file names none) and name in its common spelling, to a position in `bodies`.
    names: BTreeMap<(String, String), usize>,
    /// The file as it was read.
    text: Vec<u8>,
}

/// One body, a line of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KnownBody {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) region: Option<String>,
    pub(super) valid_from: Option<String>,
    pub(super) valid_to: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) successor: Option<String>,
    /// `renamed`, `merged` or `abolished`.
    pub(super) change: Option<&'static str>,
}

impl KnownBodies {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or breaks its rules; the line is named.
    pub(super) fn read(path: &Path, forms: &Forms) -> Result<Self> {
        let text = fs::read(path).map_err(|e| Error::io(path.display(), e))?;
        Self::parse(text, &path.display().to_string(), forms)
    }

    /// Reads the copy in a dataset; nobody is known where there is none.
    ///
    /// # Errors
    /// As [`KnownBodies::read`].
    pub(super) fn of_dataset(dir: &Place, forms: &Forms) -> Result<Self> {
        let place = dir.join(FILE);
        let text = place.read()?.map(|text| text.to_vec());
        text.map_or_else(|| Ok(Self::default()), |text| Self::parse(text, &place.to_string(), forms))
    }

    fn parse(text: Vec<u8>, file: &str, forms: &Forms) -> Result<Self> {
        let fault = |line: u64, reason: String| {
            Error::from(ErrorKind::Form { file: file.to_owned(), reason: format!("line {line}: {reason}") })
        };
        let plain = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(plain);
        let header: Vec<String> =
            reader.headers().map_err(|e| fault(1, e.to_string()))?.iter().map(str::to_owned).collect();
        if let Some(other) = header.iter().find(|name| !HEADER.contains(&name.as_str())) {
            return Err(fault(1, format!("no column is called {other}; they are {}", HEADER.join(", "))));
        }
        let mut known = Self::default();
        for record in reader.records() {
            let record = record.map_err(|e| fault(e.position().map_or(0, csv::Position::line), e.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let field = |name: &str| header.iter().position(|h| h == name).and_then(|at| record.get(at));
            let body = KnownBody::of(&|name| field(name).filter(|text| !text.is_empty()).map(str::to_owned));
            known.put(body.map_err(|reason| fault(line, reason))?, forms).map_err(|reason| fault(line, reason))?;
        }
        known.refuse_circles(forms).map_err(|reason| fault(0, reason))?;
        known.text = text;
        Ok(known)
    }

    fn put(&mut self, body: KnownBody, forms: &Forms) -> std::result::Result<(), String> {
        let region = body.region.clone().unwrap_or_default();
        let spelt: BTreeSet<String> =
            std::iter::once(&body.name).chain(&body.aliases).map(|name| forms.joining.body(name)).collect();
        for name in spelt {
            if self.names.insert((region.clone(), name.clone()), self.bodies.len()).is_some() {
                return Err(format!("{name} stands in the file twice; give the two their region_code"));
            }
        }
        self.bodies.push(body);
        Ok(())
    }

    /// A body that takes its own name again by way of others has no last name.
    fn refuse_circles(&self, forms: &Forms) -> std::result::Result<(), String> {
        for body in &self.bodies {
            let region = body.region.as_deref().unwrap_or_default();
            if self.last_name(region, body, forms).is_none() {
                return Err(format!("{} was renamed to a name that leads back to it", body.name));
            }
        }
        Ok(())
    }

    /// The body that a printed name is the name or an alias of; a line for the region goes before one for all.
    pub(super) fn find(&self, region: &str, name: &str, forms: &Forms) -> Option<&KnownBody> {
        if self.bodies.is_empty() {
            return None;
        }
        let spelt = forms.joining.body(name);
        let at = [region, ""].into_iter().find_map(|region| self.names.get(&(region.to_owned(), spelt.clone())));
        self.bodies.get(*at?)
    }

    /// The name under which the figures of a printed name belong together over the years: that of its line, or the name
    /// that the body took since. A body that went into another keeps its own.
    pub(super) fn canonical(&self, region: &str, name: &str, forms: &Forms) -> Option<String> {
        self.last_name(region, self.find(region, name, forms)?, forms)
    }

    fn last_name(&self, region: &str, body: &KnownBody, forms: &Forms) -> Option<String> {
        let mut body = body;
        for _ in 0..=self.bodies.len() {
            let renamed = body.successor.as_ref().filter(|_| body.change == Some("renamed"));
            let Some(next) = renamed else { return Some(body.name.clone()) };
            match self.find(region, next, forms) {
                Some(found) => body = found,
                None => return Some(next.clone()),
            }
        }
        None
    }

    /// All bodies, in the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = &KnownBody> {
        self.bodies.iter()
    }

    /// The file as it was read.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }
}

impl KnownBody {
    fn of(field: &dyn Fn(&str) -> Option<String>) -> std::result::Result<Self, String> {
        let names = |text: String| {
            let names = text.split(SEPARATORS).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
            names.collect::<Vec<_>>()
        };
        let date = |name: &str| field(name).map(|text| checked_date(name, text)).transpose();
        let change = field("change").map(|word| change_of(&word)).transpose()?;
        let region = field("region_code");
        if region.as_ref().is_some_and(|code| code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit())) {
            return Err("region_code has six digits".to_owned());
        }
        let body = Self {
            name: field("name").ok_or("name is empty")?,
            aliases: field("aliases").map(names).unwrap_or_default(),
            region,
            valid_from: date("valid_from")?,
            valid_to: date("valid_to")?,
            parent: field("parent"),
            successor: field("successor"),
            change,
        };
        match (&body.successor, body.change) {
            (None, Some("renamed" | "merged")) => Err("更名 and 合并 need the successor".to_owned()),
            (Some(_), None) => Err("a successor needs a change: 更名, 合并 or 撤销".to_owned()),
            _ => Ok(body),
        }
    }
}

fn change_of(word: &str) -> std::result::Result<&'static str, String> {
    match word {
        "更名" | "renamed" => Ok("renamed"),
        "合并" | "merged" => Ok("merged"),
        "撤销" | "abolished" => Ok("abolished"),
        other => Err(format!("{other} is no change; it is 更名 (renamed), 合并 (merged) or 撤销 (abolished)")),
    }
}

/// A year, a month or a day as ISO 8601 spells it.
fn checked_date(name: &str, text: String) -> std::result::Result<String, String> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_date =
        text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && matches!(lengths.as_slice(), [4] | [4, 2] | [4, 2, 2]);
    if is_date { Ok(text) } else { Err(format!("{name} is {text}, not a year, month or day such as 2019-03-31")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name,aliases,region_code,valid_from,valid_to,parent,successor,change\n";

    fn parse(lines: &str) -> Result<KnownBodies> {
        KnownBodies::parse(format!("{HEAD}{lines}").into_bytes(), "entities.csv", Forms::builtin())
    }

    #[test]
    fn an_alias_and_an_earlier_name_lead_to_the_last_one_and_a_merger_does_not() {
        let known = parse(
            "云汀区国土局,区国土局,310199,,2018-12,,云汀区规划局,更名\n云汀区规划局,云汀区规划和自然资源局,310199,2019,,,,\n\
             云汀区物价局,,310199,,2018,,云汀区发展局,合并\n",
        );
        let known = known.expect("it keeps the rules");
        let canonical = |name: &str| known.canonical("310199", name, Forms::builtin());
        assert_eq!(canonical("区国土局").as_deref(), Some("云汀区规划局"));
        assert_eq!(canonical("云汀区规划和自然资源局").as_deref(), Some("云汀区规划局"));
        assert_eq!(canonical("云汀区物价局").as_deref(), Some("云汀区物价局"));
        assert_eq!(canonical("云汀区财政局"), None);
        assert_eq!(known.canonical("310101", "区国土局", Forms::builtin()), None, "another region's");
    }

    #[test]
    fn a_mistake_is_said_with_its_line() {
        for (lines, said) in [
            ("甲局,,31,,,,,\n", "line 2: region_code has six digits"),
            ("甲局,,,19-1,,,,\n", "line 2: valid_from is 19-1"),
            ("甲局,,,,,,,\n乙局,甲局,,,,,,\n", "line 3: 甲局 stands in the file twice"),
            ("甲局,,,,,,,更名\n", "line 2: 更名 and 合并 need the successor"),
            ("甲局,,,,,,乙局,改名\n", "line 2: 改名 is no change"),
            (",甲局,,,,,,\n", "line 2: name is empty"),
            ("甲局,,,,,,乙局,更名\n乙局,,,,,,甲局,更名\n", "leads back to it"),
        ] {
            let error = parse(lines).expect_err(lines).to_string();
            assert!(error.contains(said), "{error}");
        }
        let error = KnownBodies::parse(b"name,code\n".to_vec(), "x.csv", Forms::builtin()).expect_err("a column");
        assert!(error.to_string().contains("no column is called code"), "{error}");
    }
}
