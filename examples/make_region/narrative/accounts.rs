//! Chapters 一 to 五: totals, revenue, expenditure, 财政拨款, and the general budget in three sections.

use rust_decimal::Decimal;

use super::{pie, prior, two_bars};
use crate::document::{Passage, Start};
use crate::fact::Key;
use crate::model::{ALL, CodeStyle, FISCAL, Fund, Line};
use crate::outline::Outline;
use crate::statement::Books;

const GPB: &[Fund] = &[Fund::Gpb];

/// 一、收入支出决算总体情况说明
pub fn totals(outline: &mut Outline, books: Books) {
    let (year, total, before) = (books.year.year, books.year.total(ALL), prior(books).total);
    outline.chapter("一、", "收入支出决算总体情况说明", Start::Heading);
    let told = outline.passage().say(format!("{year}年度收、支总计")).money("total.in", total);
    let told = told.say(format!("。与{}年相比，收、支总计", year - 1)).change("total.in", "各", total, before);
    outline.tell(told.say(format!("。主要变动原因是{}。", books.year.reason("total"))));
    outline.chart(two_bars("收、支决算总计变动情况图", "收、支总计", year, before, total));
}

/// Revenue by kind; zero kinds are left out, as most departments do.
fn revenue_parts(books: Books) -> Vec<(&'static str, &'static str, Decimal)> {
    let of = |fund: Fund, source: &str| {
        let lines = books.year.lines.0.iter().filter(|line| line.fund == fund && line.source == source);
        lines.map(Line::revenue).sum::<Decimal>()
    };
    let parts = [
        ("一般公共预算财政拨款收入", "rev.gpb", of(Fund::Gpb, "")),
        ("政府性基金预算财政拨款收入", "rev.gf", of(Fund::Gf, "")),
        ("事业收入", "rev.business", of(Fund::Nonfiscal, "business")),
        ("其他收入", "rev.other", of(Fund::Nonfiscal, "other")),
    ];
    parts.into_iter().filter(|(_, _, amount)| !amount.is_zero()).collect()
}

/// 二、收入决算情况说明
pub fn revenue(outline: &mut Outline, books: Books) {
    let (year, total) = (books.year.year, books.year.sum(ALL, "", Line::revenue));
    outline.chapter("二、", "收入决算情况说明", Start::Displaced);
    let told = outline.passage().say(format!("{year}年本年收入合计")).money("rev.current", total).say("，其中：");
    let parts = revenue_parts(books);
    outline.tell(listed(told, &parts, total));
    let slices = parts.into_iter().map(|(name, _, amount)| (name.to_owned(), amount)).collect();
    outline.chart(pie("收入决算结构图", year, slices));
}

/// 三、支出决算情况说明
pub fn expenditure(outline: &mut Outline, books: Books) {
    let (year, total) = (books.year.year, books.year.spent(ALL));
    outline.chapter("三、", "支出决算情况说明", Start::Heading);
    let told = outline.passage().say(format!("{year}年本年支出合计")).money("exp.current", total).say("，其中：");
    let parts = [
        ("基本支出", "exp.basic", books.year.sum(ALL, "", Line::basic_total)),
        ("项目支出", "exp.project", books.year.sum(ALL, "", Line::project_total)),
    ];
    outline.tell(listed(told, &parts, total));
    let slices = parts.into_iter().map(|(name, _, amount)| (name.to_owned(), amount)).collect();
    outline.chart(pie("支出决算结构图", year, slices));
}

/// Lists parts with their shares, from 其中 to the full stop.
fn listed(mut told: Passage, parts: &[(&str, &'static str, Decimal)], whole: Decimal) -> Passage {
    for (at, (name, metric, amount)) in parts.iter().enumerate() {
        let end = if at + 1 == parts.len() { "。" } else { "；" };
        told = told.say(name).money(*metric, *amount).say("，").share(*metric, *amount, whole).say(end);
    }
    told
}

/// 四、财政拨款收入支出决算总体情况说明
pub fn fiscal(outline: &mut Outline, books: Books) {
    let (year, total, before) = (books.year.year, books.year.total(FISCAL), prior(books).fiscal);
    outline.chapter("四、", "财政拨款收入支出决算总体情况说明", Start::Displaced);
    let told = outline.passage().say(format!("{year}年财政拨款收、支总计")).money("fin.total.in", total);
    let told = told.say(format!("。与{}年相比，财政拨款收、支总计", year - 1));
    let told = told.change("fin.total.in", "各", total, before);
    outline.tell(told.say(format!("。主要变动原因是{}。", books.year.reason("fiscal"))));
    outline.chart(two_bars("财政拨款收、支决算总计变动情况图", "财政拨款收、支总计", year, before, total));
}

/// 五、一般公共预算财政拨款支出决算情况说明
pub fn general_budget(outline: &mut Outline, books: Books) {
    outline.chapter("五、", "一般公共预算财政拨款支出决算情况说明", Start::Displaced);
    general_total(outline, books);
    general_structure(outline, books);
    general_items(outline, books);
}

/// （一）总体情况
fn general_total(outline: &mut Outline, books: Books) {
    let (year, spent, before) = (books.year.year, books.year.spent(GPB), prior(books).gpb);
    outline.section("（一）", "一般公共预算财政拨款支出决算总体情况");
    let told = outline.passage().say(format!("{year}年一般公共预算财政拨款支出")).money("gpb.exp", spent);
    let told = told.say("，占本年支出合计的").bare_share("gpb.exp", spent, books.year.spent(ALL));
    let told = told.say(format!("。与{}年相比，一般公共预算财政拨款支出", year - 1));
    let told = told.change("gpb.exp", "", spent, before);
    outline.tell(told.say(format!("。主要变动原因是{}。", books.year.reason("gpb"))));
    let title = "一般公共预算财政拨款支出决算变动情况图";
    outline.chart(two_bars(title, "一般公共预算财政拨款支出", year, before, spent));
}

/// （二）结构情况
fn general_structure(outline: &mut Outline, books: Books) {
    let (year, spent) = (books.year.year, books.year.spent(GPB));
    outline.section("（二）", "一般公共预算财政拨款支出决算结构情况");
    let classes: Vec<_> = books.year.lines.codes(GPB, |_| true).into_iter().filter(|code| code.len() == 3).collect();
    let mut told = outline.passage().say(format!("{year}年一般公共预算财政拨款支出")).money("gpb.exp", spent);
    told = told.say("，主要用于以下方面：");
    let mut slices = Vec::new();
    for (at, code) in classes.iter().enumerate() {
        let (name, amount) = (books.names.function(code), books.year.sum(GPB, code, Line::spent));
        let key = || Key::func("gpb.exp.func", code);
        let level = if books.department.codes == CodeStyle::Digits { code.as_str() } else { "类" };
        let end = if at + 1 == classes.len() { "。" } else { "；" };
        told = told.say(name).say(format!("（{level}）")).money(key(), amount);
        told = told.say("，").share(key(), amount, spent).say(end);
        slices.push((name.to_owned(), amount));
    }
    outline.tell(told);
    outline.chart(pie("一般公共预算财政拨款支出决算结构图", year, slices));
}

/// （三）具体情况
fn general_items(outline: &mut Outline, books: Books) {
    let (year, spent) = (books.year.year, books.year.spent(GPB));
    let budget = books.year.sum(GPB, "", Line::adjusted_budget);
    outline.section("（三）", "一般公共预算财政拨款支出决算具体情况");
    let told = outline.passage().say(format!("{year}年一般公共预算支出决算数为")).money("gpb.exp", spent);
    outline.tell(told.say("，").completion("gpb.exp", spent, budget).say("。其中："));
    let mut lines: Vec<&Line> = books.year.paid_by(GPB).collect();
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    for (at, line) in lines.into_iter().enumerate() {
        let key = || Key::func("gpb.exp.func", &line.code);
        let told = outline.passage().say(format!("{}.{}：支出决算为", at + 1, item_name(books, &line.code)));
        let told = told.money(key(), line.spent()).say("，");
        let told = told.completion(key(), line.spent(), line.adjusted_budget());
        outline.tell(if line.spent() == line.adjusted_budget() {
            told.say("，决算数与预算数持平。")
        } else {
            told.say(format!("，决算数小于预算数的主要原因是{}。", line.why))
        });
    }
    outline.say("上述预算数为调整后的全年预算数。");
}

/// 类, 款 and 项 with their codes, or with the words that stand for codes.
fn item_name(books: Books, code: &str) -> String {
    let [class, section, item] = books.names.chain(code);
    match books.department.codes {
        CodeStyle::Words => format!("{class}（类）{section}（款）{item}（项）"),
        CodeStyle::Digits => {
            let (class_code, rest) = code.split_at(3);
            let (section_code, item_code) = rest.split_at(2);
            format!("{class}（{class_code}）{section}（{section_code}）{item}（{item_code}）")
        }
    }
}
