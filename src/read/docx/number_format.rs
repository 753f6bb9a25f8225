//! Number formats of lists (`ST_NumberFormat`, ECMA-376-1:2016 §17.18.59): a count becomes the characters that
//! Word prints for it. Formats of scripts that no fiscal report is written in come out as decimal digits.

/// Prints a count in a format such as `chineseCounting`.
pub(super) fn print_number(n: u32, format: &str) -> String {
    match format {
        "none" | "bullet" => String::new(),
        "decimalZero" => format!("{n:02}"),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        "upperLetter" => letters(n, 'A'),
        "lowerLetter" => letters(n, 'a'),
        "ordinal" => ordinal(n),
        "hex" => format!("{n:X}"),
        "numberInDash" => format!("- {n} -"),
        _ => ideographic(n, format)
            .or_else(|| enclosed(n, format))
            .or_else(|| padded(n, format))
            .unwrap_or(n.to_string()),
    }
}

fn ideographic(n: u32, format: &str) -> Option<String> {
    Some(match format {
        "chineseCounting" | "taiwaneseCounting" if n < 100 => COUNTING.spell(n),
        "chineseCounting" | "taiwaneseCounting" | "taiwaneseDigital" => by_digit(n, "○一二三四五六七八九"),
        "chineseCountingThousand" | "taiwaneseCountingThousand" => COUNTING.spell(n),
        "japaneseCounting" => JAPANESE.spell(n),
        "ideographDigital" | "japaneseDigitalTenThousand" => by_digit(n, "〇一二三四五六七八九"),
        "chineseLegalSimplified" => LEGAL_SIMPLIFIED.spell(n),
        "ideographLegalTraditional" => LEGAL_TRADITIONAL.spell(n),
        "decimalFullWidth" | "decimalFullWidth2" => by_digit(n, "０１２３４５６７８９"),
        "ideographTraditional" => nth(n, STEMS)?,
        "ideographZodiac" => nth(n, BRANCHES)?,
        "ideographZodiacTraditional" => stem_and_branch(n)?,
        _ => return None,
    })
}

const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

fn nth(n: u32, characters: &str) -> Option<String> {
    characters.chars().nth(n.checked_sub(1)? as usize).map(String::from)
}

fn stem_and_branch(n: u32) -> Option<String> {
    let at = n.checked_sub(1).filter(|&at| at < 60)? as usize;
    Some([STEMS.chars().nth(at % 10)?, BRANCHES.chars().nth(at % 12)?].iter().collect())
}

fn by_digit(n: u32, digits: &str) -> String {
    n.to_string().chars().filter_map(|c| digits.chars().nth(c.to_digit(10)? as usize)).collect()
}

/// A system that counts in tens, hundreds and thousands, and groups by ten thousand.
struct Counting {
    digits: [char; 10],
    units: [&'static str; 4],
    groups: [&'static str; 3],
    /// Whether a gap is read out, as 零 in 一百零一
    zero_in_gaps: bool,
    /// When 一 before a unit is left out
    silent_one: SilentOne,
}

#[derive(PartialEq)]
enum SilentOne {
    /// 壹拾
    Never,
    /// 十二, but 一百一十二
    LeadingTen,
    /// 百十二
    Always,
}

const COUNTING: Counting = Counting {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    units: ["", "十", "百", "千"],
    groups: ["", "万", "亿"],
    zero_in_gaps: true,
    silent_one: SilentOne::LeadingTen,
};
const JAPANESE: Counting = Counting {
    digits: ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    groups: ["", "万", "億"],
    zero_in_gaps: false,
    silent_one: SilentOne::Always,
    ..COUNTING
};
const LEGAL_SIMPLIFIED: Counting = Counting {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    silent_one: SilentOne::Never,
    ..COUNTING
};
const LEGAL_TRADITIONAL: Counting = Counting {
    digits: ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    groups: ["", "萬", "億"],
    silent_one: SilentOne::Never,
    ..COUNTING
};

impl Counting {
    fn spell(&self, n: u32) -> String {
        let text = n.to_string();
        let mut printed = String::new();
        let mut gap = false;
        for (at, c) in text.chars().enumerate() {
            let place = text.len() - 1 - at;
            let digit = c.to_digit(10).unwrap_or(0) as usize;
            if digit == 0 {
                gap = true;
            } else {
                if gap && self.zero_in_gaps {
                    printed.push(self.digits[0]);
                }
                gap = false;
                self.push_digit(&mut printed, digit, place);
            }
            let group = u64::from(n) / 10_u64.pow(u32::try_from(place).unwrap_or(0)) % 10_000;
            if place.is_multiple_of(4) && group > 0 {
                printed.push_str(self.groups.get(place / 4).copied().unwrap_or_default());
            }
        }
        if printed.is_empty() { self.digits[0].to_string() } else { printed }
    }

    fn push_digit(&self, printed: &mut String, digit: usize, place: usize) {
        let silent = digit == 1
            && match self.silent_one {
                SilentOne::Never => false,
                SilentOne::LeadingTen => place % 4 == 1 && printed.is_empty(),
                SilentOne::Always => !place.is_multiple_of(4),
            };
        if !silent {
            printed.extend(self.digits.get(digit));
        }
        printed.push_str(self.units[place % 4]);
    }
}

/// Characters that Unicode has whole; beyond its last one Word goes on with plain digits.
fn enclosed(n: u32, format: &str) -> Option<String> {
    let (first, last) = match format {
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => ('①', 20),
        "decimalEnclosedParen" => ('⑴', 20),
        "decimalEnclosedFullstop" => ('⒈', 20),
        "ideographEnclosedCircle" => ('㈠', 10),
        _ => return None,
    };
    let offset = n.checked_sub(1).filter(|_| n <= last)?;
    char::from_u32(u32::from(first) + offset).map(String::from)
}

/// A custom format as Word spells it by example, such as `001, 002, 003, ...`.
fn padded(n: u32, format: &str) -> Option<String> {
    let example = format.split(',').next()?.trim();
    let digits_alone = example.len() > 1 && example.len() < 10 && example.bytes().all(|b| b.is_ascii_digit());
    digits_alone.then(|| format!("{n:0width$}", width = example.len()))
}

fn roman(n: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if n == 0 || n > 32_767 {
        return n.to_string();
    }
    let mut rest = n;
    let mut printed = String::new();
    for (value, letters) in STEPS {
        while rest >= value {
            printed.push_str(letters);
            rest -= value;
        }
    }
    printed
}

/// A to Z, then AA, BB and so on: Word repeats the letter.
fn letters(n: u32, first: char) -> String {
    let Some(at) = n.checked_sub(1).filter(|&at| at < 780) else { return n.to_string() };
    let letter = char::from_u32(u32::from(first) + at % 26).unwrap_or(first);
    (0..=at / 26).map(|_| letter).collect()
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counting_prints_tens_as_words() {
        let printed = [1, 10, 11, 20, 21, 99].map(|n| print_number(n, "chineseCounting"));
        assert_eq!(printed, ["一", "十", "十一", "二十", "二十一", "九十九"]);
        assert_eq!(print_number(105, "chineseCounting"), "一○五");
    }

    #[test]
    fn counting_by_thousands_reads_gaps_out_once() {
        let printed =
            [100, 101, 110, 1001, 20_003, 100_000, 100_000_000].map(|n| print_number(n, "chineseCountingThousand"));
        assert_eq!(printed, ["一百", "一百零一", "一百一十", "一千零一", "二万零三", "十万", "一亿"]);
    }

    #[test]
    fn legal_numerals_say_one_before_ten() {
        assert_eq!(print_number(12, "chineseLegalSimplified"), "壹拾贰");
        assert_eq!(print_number(112, "japaneseCounting"), "百十二");
    }

    #[test]
    fn stems_branches_and_enclosed_numbers_end_in_digits() {
        let printed = [
            ("ideographTraditional", 3),
            ("ideographTraditional", 11),
            ("ideographZodiac", 12),
            ("decimalEnclosedCircle", 20),
        ];
        assert_eq!(printed.map(|(format, n)| print_number(n, format)), ["丙", "11", "亥", "⑳"]);
        assert_eq!(print_number(21, "decimalEnclosedCircle"), "21");
    }

    #[test]
    fn latin_formats_are_those_of_word() {
        let printed = [
            ("upperRoman", 49),
            ("lowerLetter", 28),
            ("decimalZero", 7),
            ("decimalFullWidth", 10),
            ("001, 002, 003, ...", 12),
        ];
        assert_eq!(printed.map(|(format, n)| print_number(n, format)), ["XLIX", "bb", "07", "１０", "012"]);
    }
}
