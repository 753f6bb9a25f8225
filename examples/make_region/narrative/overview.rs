//! 第一部分 (who the department is and what it did) and 第三部分 (what the words mean).

use crate::document::Start;
use crate::model::{ALL, Line, Numbering};
use crate::outline::Outline;
use crate::statement::Books;

/// 第一部分 部门概况
pub fn part_one(outline: &mut Outline, books: Books) {
    let (department, year) = (books.department, books.year);
    outline.part("第一部分", "部门概况");
    outline.chapter("一、", "基本职能及主要工作", Start::Heading);
    outline.section("（一）", "主要职能");
    for (at, duty) in department.duties.iter().enumerate() {
        outline.say(format!("{}.{duty}", at + 1));
    }
    outline.section("（二）", format!("{}年重点工作完成情况", year.year));
    for (at, work) in year.work.iter().enumerate() {
        let passage = outline.passage().say(work);
        let first_words: String = work.chars().take(6).collect();
        let name = stray_bookmark(department.numbering);
        outline.tell(if at == 0 { passage.bookmarked(name, &first_words) } else { passage });
    }
    outline.chapter("二、", "机构设置", Start::Displaced);
    outline.say(format!("{}{}", department.name, department.units_text));
    outline.say(format!("纳入{}{}年度部门决算编制范围的单位包括：", department.name, year.year));
    for (at, unit) in department.units.iter().enumerate() {
        outline.say(format!("{}.{unit}", at + 1));
    }
}

/// A bookmark inside the text that means no heading, as published files are full of them: where the cursor
/// stood last, or what is left of an earlier draft.
fn stray_bookmark(numbering: Numbering) -> &'static str {
    match numbering {
        Numbering::Typed => "_GoBack",
        Numbering::Auto => "_Toc15377201",
    }
}

/// 第三部分 名词解释: general words first, then every 项 that the accounts use.
pub fn glossary(outline: &mut Outline, books: Books) {
    outline.part("第三部分", "名词解释");
    let general = [
        ("财政拨款收入", "区财政当年拨付给本部门的资金，包括一般公共预算、政府性基金预算和国有资本经营预算三部分。"),
        ("事业收入", "所属事业单位开展本行业业务及其辅助活动取得的收入。"),
        ("其他收入", "除财政拨款、事业、经营等收入以外的零星收入，例如利息和捐赠。"),
        ("使用非财政拨款结余", "当年收不抵支时，用以前年度积累的非财政拨款结余补足的数额。"),
        ("年初结转和结余", "上年没有用完、转到本年接着使用的资金。"),
        ("结余分配", "事业单位按规定从非财政拨款结余中提取基金和缴纳税费的数额。"),
        ("年末结转和结余", "本年没有用完、留到下一年使用的资金。"),
        ("基本支出", "维持机构日常运转所需的人员支出和公用支出。"),
        ("项目支出", "为完成特定任务，在基本支出之外另行安排的支出。"),
        ("“三公”经费", "用财政拨款安排的因公出国（境）费、公务用车购置及运行维护费和公务接待费。"),
        ("机关运行经费", "行政单位和参照公务员法管理的事业单位为保障运行购买货物和服务的资金。"),
    ];
    for (at, (word, meaning)) in general.into_iter().enumerate() {
        outline.say(format!("{}.{word}：{meaning}", at + 1));
    }
    let codes = books.year.lines.codes(ALL, |line: &Line| !line.spent().is_zero());
    let items = codes.iter().filter(|code| code.len() == 7);
    for (at, code) in (general.len() + 1..).zip(items) {
        let [class, section, item] = books.names.chain(code);
        let (class_code, rest) = code.split_at(3);
        let (section_code, item_code) = rest.split_at(2);
        let head = format!("{class}（{class_code}）{section}（{section_code}）{item}（{item_code}）");
        outline.say(format!("{at}.{head}：本部门在“{section}”之下列支“{item}”的各项开支。"));
    }
}
