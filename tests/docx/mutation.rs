//! Damaged copies of documents, the same ones on every machine: bytes of the archive changed, cut or doubled, and,
//! what readers meet more often behind a correct checksum, the text of a part changed before it is packed.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Words that find the edges of a reader: extreme numbers, other elements, references.
const WORDS: [&str; 14] = [
    "4294967295",
    "-1",
    "999999999999999999999",
    "&#0;",
    "&unknown;",
    "<w:tbl><w:tr><w:tc>",
    "</w:p>",
    "<w:fldChar w:fldCharType='begin'/>",
    "<w:gridSpan w:val='2000000000'/>",
    "<w:vMerge/>",
    "<w:bookmarkStart w:id='1' w:name='x'/>",
    "<mc:AlternateContent><mc:Fallback>",
    "<w:del>",
    "\u{10FFFF}",
];

/// Makes one damaged document after the other.
pub struct Mutations<'a> {
    seeds: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutations<'a> {
    /// Starts the sequence over these documents.
    pub fn of(seeds: &'a [Vec<u8>]) -> Self {
        Self { seeds, state: 0x9E37_79B9_7F4A_7C15 }
    }

    /// The next damaged document.
    pub fn make(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        let seed = self.seeds[at].clone();
        if self.below(4) > 0 { self.repack(&seed).unwrap_or(seed) } else { self.damage(seed) }
    }

    /// A number below `end` (xorshift64*, Vigna 2016).
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let high = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % end.max(1)
    }

    /// Changes some bytes, cuts the end off, or doubles a stretch.
    fn damage(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        match self.below(4) {
            0 => bytes.truncate(self.below(bytes.len())),
            1 => {
                let start = self.below(bytes.len());
                let stretch = bytes[start..(start + 500).min(bytes.len())].to_vec();
                bytes.splice(start..start, stretch);
            }
            _ => {
                for _ in 0..=self.below(20) {
                    let at = self.below(bytes.len());
                    bytes[at] = u8::try_from(self.below(256)).unwrap_or(0);
                }
            }
        }
        bytes
    }

    /// Packs the document again with one part changed, each part by chance.
    fn repack(&mut self, seed: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
        let mut archive = ZipArchive::new(Cursor::new(seed))?;
        let chosen = self.choose(&archive);
        let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            if index == chosen {
                for _ in 0..=self.below(4) {
                    bytes = self.rewrite(bytes);
                }
            }
            packed.start_file(entry.name()?.into_owned(), SimpleFileOptions::default())?;
            packed.write_all(&bytes)?;
        }
        Ok(packed.finish()?.into_inner())
    }

    /// The body every other time, else any part.
    fn choose(&mut self, archive: &ZipArchive<Cursor<&[u8]>>) -> usize {
        let body = archive.index_for_name("word/document.xml");
        body.filter(|_| self.below(2) == 0).unwrap_or_else(|| self.below(archive.len()))
    }

    /// Changes the text of a part at one place: an element gone, moved or doubled, a word put in, a stretch nested.
    fn rewrite(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let Ok(text) = String::from_utf8(bytes) else { return Vec::new() };
        let tags: Vec<usize> = text.match_indices('<').map(|(at, _)| at).collect();
        let (first, second) = (self.pick(&tags), self.pick(&tags));
        let (start, end) = (first.min(second), first.max(second).min(first.min(second) + 4_000));
        let end = text.get(start..end).map_or(start, |_| end);
        let (head, middle, tail) = (&text[..start], &text[start..end], &text[end..]);
        let word = WORDS[self.below(WORDS.len())];
        match self.below(7) {
            0 => format!("{head}{tail}"),
            1 => format!("{head}{middle}{middle}{tail}"),
            2 => format!("{head}{word}{middle}{tail}"),
            3 => format!("{head}{}{tail}", middle.replacen(|c: char| c.is_ascii_digit(), word, 3)),
            4 => format!("{head}{}{middle}{tail}", "<w:tbl><w:tr><w:tc>".repeat(self.below(400))),
            5 => format!("{head}{}{tail}", middle.repeat(self.below(60))),
            _ => format!("{head}{}{tail}", middle.replacen("/>", ">", 1)),
        }
        .into_bytes()
    }

    fn pick(&mut self, places: &[usize]) -> usize {
        let at = self.below(places.len());
        places.get(at).copied().unwrap_or(0)
    }
}
