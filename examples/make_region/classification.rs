//! Names of the functional and economic codes that the sample region uses.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

/// The code lists.
#[derive(Debug, Deserialize)]
pub struct Classification {
    function: BTreeMap<String, String>,
    economic: BTreeMap<String, String>,
    summary: Summary,
}

#[derive(Debug, Deserialize)]
struct Summary {
    lines: Vec<(String, String)>,
}

impl Classification {
    /// Reads the lists.
    pub fn load() -> Result<Self> {
        Ok(toml::from_str(include_str!("district/classification.toml"))?)
    }

    /// Name of a functional code; the code itself where it has none.
    pub fn function<'a>(&'a self, code: &'a str) -> &'a str {
        self.function.get(code).map_or(code, String::as_str)
    }

    /// Name of an economic code; the code itself where it has none.
    pub fn economic<'a>(&'a self, code: &'a str) -> &'a str {
        self.economic.get(code).map_or(code, String::as_str)
    }

    /// Economic 款 below a 类, in order.
    pub fn economic_below<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a str> {
        self.economic.keys().map(String::as_str).filter(move |code| code.len() == 5 && code.starts_with(class))
    }

    /// Code and name of each line on the right side of the summary.
    pub fn summary_lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.summary.lines.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }

    /// 类, 款 and 项 of a seven-digit code: code and name each.
    pub fn chain<'a>(&'a self, code: &'a str) -> [&'a str; 3] {
        [3, 5, 7].map(|digits| self.function(code.get(..digits).unwrap_or(code)))
    }
}

/// The ordinals of headings and summary lines: `一` for 1 to `二十六` for 26.
pub fn ordinal(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        0..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n - 10]),
        _ => format!("{}十{}", DIGITS[(n / 10).min(9)], DIGITS[n % 10]),
    }
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_count_past_ten_and_twenty() {
        assert_eq!([1, 10, 14, 20, 26].map(ordinal), ["一", "十", "十四", "二十", "二十六"]);
    }
}
