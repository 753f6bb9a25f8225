//! The compound file binary format ([MS-CFB]): the container of XLS, DOC, PPT, WPS and of encrypted OOXML.
//!
//! Lists the streams and copies one out. Chains of sectors are followed at most once round the file, so that
//! a loop or a wild pointer ends as damage and never as an endless read. What the streams mean is told
//! elsewhere.

use crate::error::{Error, Result};

/// The first eight bytes of every compound file.
pub(super) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const HEADER: usize = 512;
const ENTRY: usize = 128;
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
const STREAM: u8 = 2;
const ROOT: u8 = 5;

/// A compound file over its bytes.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    mini_sector: usize,
    mini_cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    streams: Vec<Stream>,
}

#[derive(Debug)]
struct Stream {
    name: String,
    start: u32,
    size: u64,
    kind: u8,
}

impl<'a> Compound<'a> {
    /// Reads the header, the allocation tables and the directory.
    ///
    /// # Errors
    /// When the header is no header, or the directory cannot be reached.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        if !bytes.starts_with(&SIGNATURE) {
            return Err(damaged("no compound file header"));
        }
        let shift = u16_at(bytes, 30).ok_or_else(|| damaged("the header is cut off"))?;
        let mini_shift = u16_at(bytes, 32).unwrap_or(6);
        if !(7..=16).contains(&shift) || !(4..=12).contains(&mini_shift) {
            return Err(damaged("impossible sector size"));
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            mini_sector: 1 << mini_shift,
            mini_cutoff: u64::from(u32_at(bytes, 56).unwrap_or(4096)),
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            streams: Vec::new(),
        };
        file.fat = file.read_fat();
        file.mini_fat = words(&file.chain(u32_at(bytes, 60).unwrap_or(u32::MAX), u64::MAX));
        file.streams = entries(&file.chain(u32_at(bytes, 48).unwrap_or(u32::MAX), u64::MAX));
        let root = file.streams.iter().find(|s| s.kind == ROOT).map(|s| (s.start, s.size));
        let (start, size) = root.ok_or_else(|| damaged("no root entry in the directory"))?;
        file.mini_stream = file.chain(start, size);
        Ok(file)
    }

    /// Names of the streams and storages, in directory order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.streams.iter().map(|s| s.name.as_str())
    }

    /// Whether a stream or storage of that name exists, ASCII case aside.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.names().any(|n| n.eq_ignore_ascii_case(name))
    }

    /// The content of a stream, as far as its chain leads; `None` where no stream has that name.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let stream = self.streams.iter().find(|s| s.kind == STREAM && s.name.eq_ignore_ascii_case(name))?;
        Some(if stream.size < self.mini_cutoff {
            self.mini_chain(stream.start, stream.size)
        } else {
            self.chain(stream.start, stream.size)
        })
    }

    /// The sector allocation table: 109 places in the header, further ones in a chain of DIFAT sectors.
    fn read_fat(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0..109).filter_map(|i| u32_at(self.bytes, 76 + 4 * i)).collect();
        let mut next = u32_at(self.bytes, 68).unwrap_or(u32::MAX);
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..most {
            let Some(sector) = self.sector_at(next) else { break };
            let mut table = words(sector);
            next = table.pop().unwrap_or(u32::MAX);
            places.append(&mut table);
        }
        places.truncate(most);
        places.iter().filter_map(|&p| self.sector_at(p)).flat_map(words).collect()
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        if number > LAST_SECTOR {
            return None;
        }
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?.max(HEADER);
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(self.bytes.len());
        let mut out = Vec::new();
        let mut next = start;
        while out.len() < size {
            let Some(sector) = self.sector_at(next).filter(|s| !s.is_empty()) else { break };
            out.extend_from_slice(sector);
            next = self.fat.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        out.truncate(size);
        out
    }

    fn mini_chain(&self, start: u32, size: u64) -> Vec<u8> {
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(self.mini_stream.len());
        let mut out = Vec::new();
        let mut next = start;
        while out.len() < size {
            let from = (next as usize).saturating_mul(self.mini_sector);
            let to = from.saturating_add(self.mini_sector).min(self.mini_stream.len());
            let Some(sector) = self.mini_stream.get(from..to).filter(|s| !s.is_empty()) else { break };
            out.extend_from_slice(sector);
            next = self.mini_fat.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        out.truncate(size);
        out
    }
}

fn entries(directory: &[u8]) -> Vec<Stream> {
    directory.chunks_exact(ENTRY).filter_map(entry).collect()
}

/// One directory entry ([MS-CFB] §2.6.1); unused ones are left out.
fn entry(raw: &[u8]) -> Option<Stream> {
    let kind = *raw.get(66)?;
    if kind == 0 {
        return None;
    }
    let length = usize::from(u16_at(raw, 64)?).clamp(2, 64) - 2;
    let units: Vec<u16> = (0..length / 2).filter_map(|i| u16_at(raw, 2 * i)).collect();
    let size = u64::from(u32_at(raw, 120)?);
    Some(Stream { name: String::from_utf16_lossy(&units), start: u32_at(raw, 116)?, size, kind })
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|w| u32_at(w, 0)).collect()
}

/// A little-endian number at a byte offset.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A little-endian number at a byte offset.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn damaged(reason: &str) -> Error {
    Error::damaged("OLE", reason)
}

/// A compound file for tests: one FAT sector, the directory behind it, then the streams, none of them mini.
#[cfg(test)]
pub(super) fn compound_of(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut fat = vec![0xFFFF_FFFDu32];
    let directory_sectors = (streams.len() + 1).div_ceil(4);
    chain_into(&mut fat, directory_sectors);
    let mut directory = directory_entry("Root Entry", ROOT, 0xFFFF_FFFE, 0);
    let mut data = Vec::new();
    for (name, content) in streams {
        let mut content = content.to_vec();
        let size = content.len().max(4096);
        content.resize(size.next_multiple_of(512), 0);
        directory.extend(directory_entry(name, STREAM, u32::try_from(fat.len()).unwrap(), size));
        chain_into(&mut fat, content.len() / 512);
        data.extend(content);
    }
    directory.resize(directory_sectors * 512, 0);
    assert!(fat.len() <= 128, "one FAT sector holds 128 sectors");
    fat.resize(128, u32::MAX);
    let mut file = SIGNATURE.to_vec();
    file.resize(HEADER, 0);
    for (at, value) in [(30, 9u16), (32, 6)] {
        file[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    for (at, value) in [(44, 1u32), (48, 1), (56, 4096), (60, u32::MAX), (68, u32::MAX), (76, 0)] {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    file[80..HEADER].fill(0xFF);
    file.extend(fat.iter().flat_map(|w| w.to_le_bytes()));
    file.extend(directory);
    file.extend(data);
    file
}

#[cfg(test)]
fn chain_into(fat: &mut Vec<u32>, sectors: usize) {
    for i in 0..sectors {
        let next = u32::try_from(fat.len() + 1).unwrap();
        fat.push(if i + 1 == sectors { 0xFFFF_FFFE } else { next });
    }
}

#[cfg(test)]
fn directory_entry(name: &str, kind: u8, start: u32, size: usize) -> Vec<u8> {
    let mut raw: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(raw.len() + 2).unwrap();
    raw.resize(ENTRY, 0);
    raw[64..66].copy_from_slice(&length.to_le_bytes());
    raw[66] = kind;
    raw[116..120].copy_from_slice(&start.to_le_bytes());
    raw[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_followed_over_its_sectors() {
        let content: Vec<u8> = (0..5000u32).flat_map(u32::to_le_bytes).collect();
        let file = compound_of(&[("Other", b"x"), ("Workbook", &content)]);
        let compound = Compound::open(&file).expect("a compound file");
        assert!(compound.contains("workbook") && !compound.contains("Book"));
        assert_eq!(compound.stream("Workbook"), Some(content));
    }

    #[test]
    fn a_looping_chain_ends_with_the_size_of_the_file() {
        let mut file = compound_of(&[("Workbook", &[7; 9000])]);
        file[HEADER + 4 * 2..HEADER + 4 * 2 + 4].copy_from_slice(&2u32.to_le_bytes());
        let stream = Compound::open(&file).expect("a compound file").stream("Workbook").expect("the stream");
        assert!(stream.len() <= file.len());
    }

    #[test]
    fn every_truncation_is_an_error_or_a_shorter_stream() {
        let file = compound_of(&[("Workbook", &[7; 9000])]);
        for end in 0..file.len() {
            if let Ok(compound) = Compound::open(&file[..end]) {
                assert!(compound.stream("Workbook").is_none_or(|s| s.len() <= 9000));
            }
        }
    }
}
