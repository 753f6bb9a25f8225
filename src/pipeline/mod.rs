//! Many documents, many workers, one order. The only floor that knows how the others follow one another.

mod extract;

pub use extract::{EXTRACTOR, extract_bytes};
