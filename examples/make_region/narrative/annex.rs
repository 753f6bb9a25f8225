//! 第四部分: the department's own evaluation of its spending. It repeats the main figures, as annexes do.

use crate::document::{Block, Start};
use crate::model::{ALL, FISCAL, Line};
use crate::outline::Outline;
use crate::statement::Books;

/// 第四部分 附件
pub fn part_four(outline: &mut Outline, books: Books) {
    let (department, year) = (books.department, books.year);
    outline.part("第四部分", "附件");
    outline.push(Block::Centred(format!("{}年部门整体支出绩效评价报告", year.year)));
    outline.chapter("一、", "部门概况", Start::Heading);
    outline.say(format!("{}{}", department.name, department.units_text));
    outline.chapter("二、", "部门财政资金收支情况", Start::Heading);
    finances(outline, books);
    outline.chapter("三、", "部门整体支出绩效分析", Start::Heading);
    outline.say("从预算编制看，项目在年初全部细化到单位；从执行看，支出进度按季通报，没有超范围列支。");
    outline.say("从效果看，各项年度目标均已完成，服务对象的评价保持在较高水平。");
    outline.chapter("四、", "存在问题与改进措施", Start::Heading);
    outline.say("个别项目前期准备不足，资金集中在下半年支出。下一年将把采购准备提前到预算批复之前，并按月跟踪进度。");
}

/// 二: revenue, expenditure, balances and assets.
fn finances(outline: &mut Outline, books: Books) {
    let year = books.year;
    let told = outline.passage().say(format!("{}年本部门收入合计", year.year));
    let told = told.money("rev.current", year.sum(ALL, "", Line::revenue)).say("，其中财政拨款收入");
    outline.tell(told.money("rev.fiscal", year.sum(FISCAL, "", Line::revenue)).say("。"));
    let told = outline.passage().say(format!("{}年本部门支出合计", year.year)).money("exp.current", year.spent(ALL));
    let told = told.say("，其中基本支出").money("exp.basic", year.sum(ALL, "", Line::basic_total));
    let told = told.say("，项目支出").money("exp.project", year.sum(ALL, "", Line::project_total));
    outline.tell(told.say("。"));
    let told = outline.passage().say("年末结转和结余").money("bal.close", year.sum(ALL, "", |line| line.close));
    outline.tell(told.say("。"));
    let told = outline.passage().say(format!("截至{}年12月31日，资产总额", year.year));
    let told = told.money("asset.total", year.assets.total).say("，其中固定资产");
    outline.tell(told.money("asset.fixed", year.assets.fixed).say("。"));
}
