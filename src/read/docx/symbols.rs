//! Characters of symbol fonts (`w:sym`, ECMA-376-1:2016 §17.3.3.30, and bullets): code points of Wingdings,
//! Wingdings 2 and Symbol as the Unicode characters that they look like. Boxes and ticks matter most: forms
//! are filled in with them.

/// The Unicode character for a code point of a font; none when the font or the code point is not known.
///
/// Code points may stand in the private area F000 to F0FF, as Word writes them, or below 256.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let low = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let table = match font.trim().to_lowercase().as_str() {
        "wingdings" => WINGDINGS,
        "wingdings 2" => WINGDINGS_2,
        "symbol" => SYMBOL,
        "webdings" | "wingdings 3" => return None,
        // a text font: the code point is the character, unless it lies in the private area
        _ => return char::from_u32(code).filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c)),
    };
    table.iter().find(|(at, _)| *at == low).map(|&(_, c)| c)
}

const WINGDINGS: &[(u32, char)] = &[
    (0x20, ' '),
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x3F, '✍'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x70, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x73, '⬧'),
    (0x74, '⧫'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '⬥'),
    (0x80, '⓪'),
    (0x81, '①'),
    (0x82, '②'),
    (0x83, '③'),
    (0x84, '④'),
    (0x85, '⑤'),
    (0x86, '⑥'),
    (0x87, '⑦'),
    (0x88, '⑧'),
    (0x89, '⑨'),
    (0x8A, '⑩'),
    (0x8B, '⓿'),
    (0x8C, '❶'),
    (0x8D, '❷'),
    (0x8E, '❸'),
    (0x8F, '❹'),
    (0x90, '❺'),
    (0x91, '❻'),
    (0x92, '❼'),
    (0x93, '❽'),
    (0x94, '❾'),
    (0x95, '❿'),
    (0x9E, '·'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA4, '◉'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xAB, '★'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xE8, '➔'),
    (0xEF, '⇦'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

const WINGDINGS_2: &[(u32, char)] = &[
    (0x4F, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0x98, '•'),
    (0xA2, '■'),
    (0xA3, '□'),
];

const SYMBOL: &[(u32, char)] = &[
    (0x2D, '−'),
    (0x44, 'Δ'),
    (0x53, 'Σ'),
    (0x57, 'Ω'),
    (0x61, 'α'),
    (0x62, 'β'),
    (0x67, 'γ'),
    (0x64, 'δ'),
    (0x65, 'ε'),
    (0x6C, 'λ'),
    (0x6D, 'μ'),
    (0x70, 'π'),
    (0x72, 'ρ'),
    (0x73, 'σ'),
    (0x6A, 'φ'),
    (0x77, 'ω'),
    (0xA3, '≤'),
    (0xA5, '∞'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB8, '÷'),
    (0xB7, '•'),
    (0xB9, '≠'),
    (0xBB, '≈'),
    (0xD6, '√'),
    (0xE5, '∑'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticked_box_is_a_character_whichever_way_the_code_is_written() {
        assert_eq!(symbol("Wingdings", 0xF0FE), Some('☑'));
        assert_eq!(symbol("Wingdings 2", 0x52), Some('☑'));
        assert_eq!(symbol("宋体", 0x2460), Some('①'));
        assert_eq!(symbol("Webdings", 0xF061), None);
    }
}
