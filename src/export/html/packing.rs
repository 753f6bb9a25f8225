//! Text made small enough for a page: JSON, deflated, in letters that need no escape (RFC 1951, RFC 4648 §4). A
//! browser takes it apart with `DecompressionStream("deflate-raw")`.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value as JSON, deflated, in Base64.
///
/// # Errors
/// When the value has no JSON.
pub(super) fn pack(value: &impl Serialize) -> std::io::Result<String> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut deflated, value)?;
    deflated.flush()?;
    Ok(base64(&deflated.finish()?))
}

/// Base64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * i) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if i <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648 §10
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn what_is_packed_is_smaller_and_comes_back() {
        let value = vec!["一般公共服务支出"; 1000];
        let packed = pack(&value).expect("packed");
        assert!(packed.len() < 400, "{}", packed.len());
        let number = |c: u8| (0..64).zip(LETTERS).find(|(_, l)| **l == c).map_or(0u32, |(n, _)| n);
        let bytes: Vec<u8> = packed
            .trim_end_matches('=')
            .as_bytes()
            .chunks(4)
            .flat_map(|four| {
                let bits = four.iter().enumerate().fold(0, |bits, (i, c)| bits | number(*c) << (18 - 6 * i));
                bits.to_be_bytes()[1..four.len()].to_vec()
            })
            .collect();
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("inflated");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).expect("JSON"), value);
    }
}
