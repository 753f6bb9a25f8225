//! One district budget in the nine-table form: tables in 元, the 三公 and the text in 万元. It is there so that
//! a reader must not take one unit for all, and reports of two kinds stand side by side.

mod tables;

use anyhow::Result;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;

use crate::classification::Classification;
use crate::document::{Block, Document, Passage, Start, printed_date};
use crate::fact::{FigureStyle, Key};
use crate::model::{DISTRICT, FISCAL, Fleet, Fund, Line, Lines, Travel};
use crate::outline::Outline;

/// The budget's data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Body that it is of.
    pub department: String,
    /// Folder of its file.
    pub folder: String,
    /// Year.
    pub year: u16,
    lines: Lines,
    prior: PriorBudget,
    travel: Travel,
    travel_before: Decimal,
    procurement: Purchases,
    targets: Targets,
    fleet: Fleet,
    project: String,
    project_text: Vec<(String, String)>,
}

/// Budget of the year before, in 万元.
#[derive(Debug, Deserialize)]
struct PriorBudget {
    gpb: Decimal,
    gf: Decimal,
}

#[derive(Debug, Deserialize)]
struct Purchases {
    goods: Decimal,
    services: Decimal,
    sme: Decimal,
    micro: Decimal,
}

#[derive(Debug, Deserialize)]
struct Targets {
    projects: u32,
    amount: Decimal,
}

/// Reads the budget.
pub fn load() -> Result<Budget> {
    Ok(toml::from_str(include_str!("../district/budget.toml"))?)
}

/// 元 in 万元 as the text prints them: two decimals, halves away from zero.
fn in_text(yuan: Decimal) -> Decimal {
    (yuan / Decimal::from(10_000)).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Writes the budget.
pub fn document(budget: &Budget, names: &Classification, first_bookmark: u32) -> Document {
    let (year, name) = (budget.year, &budget.department);
    let published = format!("{year}-02-06");
    let document = Document {
        kind: "budget.department",
        entity: name.clone(),
        year,
        published: published.clone(),
        cover: vec![
            format!("{DISTRICT}{year}年区级部门预算"),
            format!("预算主管部门：{name}"),
            format!("公开时间：{}", printed_date(&published)),
        ],
        blocks: Vec::new(),
    };
    let mut outline = Outline::new(document, FigureStyle::Fixed, first_bookmark);
    outline.part("", "部门主要职能");
    outline.say(format!("{name}是主管全区文化、广播电视、体育和旅游工作的区政府工作部门。"));
    outline.part("", "部门机构设置");
    outline.say(format!("{name}部门预算包括局本级以及下属2家事业单位的综合收支计划。"));
    outline.say("本部门中，行政单位1家，事业单位2家，具体为局本级、区文化馆和区图书馆。");
    glossary(&mut outline);
    explanation(&mut outline, budget, names);
    outline.part("", format!("{year}年部门预算表"));
    for statement in tables::all(budget, names) {
        outline.chapter("", statement.title.clone(), Start::Heading);
        outline.push(Block::Statement(Box::new(statement)));
    }
    other_matters(&mut outline, budget);
    project(&mut outline, budget);
    mark_initial(outline.finish())
}

/// Figures of a budget are initial ones.
fn mark_initial(mut document: Document) -> Document {
    for block in &mut document.blocks {
        if let Block::Passage(passage) = block {
            passage.facts.iter_mut().filter(|fact| fact.measure != "count").for_each(|f| f.phase = "initial_budget");
        }
    }
    document
}

fn glossary(outline: &mut Outline) {
    outline.part("", "名词解释");
    outline.say("（一）财政拨款收入：区财政当年安排给本部门的资金，分为一般公共预算、政府性基金和国有资本经营预算。");
    outline.say("（二）基本支出预算：维持机构运转的人员经费和公用经费计划。");
    outline.say("（三）项目支出预算：为完成专门任务另行安排的支出计划。");
    outline.say("（四）机关运行经费：行政单位用一般公共预算安排的日常公用经费。");
}

/// 编制说明: totals, changes against the year before, then one item a line.
fn explanation(outline: &mut Outline, budget: &Budget, names: &Classification) {
    let year = budget.year;
    let spent = |funds: &[Fund]| in_text(budget.lines.sum(funds, "", Line::spent));
    let (all, gpb, gf) = (spent(FISCAL), spent(&[Fund::Gpb]), spent(&[Fund::Gf]));
    let before = budget.prior.gpb + budget.prior.gf;
    outline.part("", format!("{year}年部门预算编制说明"));
    let told = outline.passage().say(format!("{year}年，{}收入预算", budget.department)).money("total.in", all);
    let told = told.say("，其中：财政拨款收入").money("rev.fiscal", all);
    let told = plain_change(told, year, all, before);
    outline.tell(told.say("；事业收入0万元；事业单位经营收入0万元；其他收入0万元。"));
    let told = outline.passage().say("支出预算").money("total.out", all).say("，其中：财政拨款支出预算");
    let told = plain_change(told.money("fin.exp", all), year, all, before);
    let told = told.say("。财政拨款支出预算中，一般公共预算拨款支出预算").money("gpb.exp", gpb);
    let told = plain_change(told, year, gpb, budget.prior.gpb);
    let told = told.say("；政府性基金拨款支出预算").money("gf.exp", gf);
    let told = plain_change(told, year, gf, budget.prior.gf);
    outline.tell(told.say("；国有资本经营预算拨款支出预算0万元。"));
    outline.say("财政拨款收入支出增加的主要原因是新开三处夜读点。");
    outline.say("财政拨款支出主要内容如下：");
    for (at, line) in budget.lines.0.iter().enumerate() {
        let [class, section, item] = names.chain(&line.code);
        let metric = if line.fund == Fund::Gf { "gf.exp.func" } else { "gpb.exp.func" };
        let told = outline.passage().say(format!("{}.“{class}（类）{section}（款）{item}（项）”科目", at + 1));
        let told = told.money(Key::func(metric, &line.code), in_text(line.spent()));
        let use_of = if line.project.is_empty() {
            "人员和日常公用开支"
        } else {
            "业务项目及相应的日常开支"
        };
        outline.tell(told.say(format!("，主要用于{use_of}。")));
    }
}

/// `，比2023年预算增加…万元`, without a percentage.
fn plain_change(told: Passage, year: u16, now: Decimal, before: Decimal) -> Passage {
    let word = if now >= before { "增加" } else { "减少" };
    let amount = FigureStyle::Fixed.print((now - before).abs());
    told.say(format!("，比{}年预算{word}{amount}万元", year - 1))
}

/// 其他相关情况说明: five points.
fn other_matters(outline: &mut Outline, budget: &Budget) {
    let (year, name, travel) = (budget.year, &budget.department, &budget.travel);
    outline.part("", "其他相关情况说明");
    outline.chapter("一、", format!("{year}年“三公”经费预算情况说明"), Start::Title);
    let told = outline.passage().say(format!("{year}年“三公”经费预算数为")).money("tp.total", travel.total());
    outline.tell(plain_change(told, year, travel.total(), budget.travel_before).say("。其中："));
    let told = outline.passage().say("（一）因公出国（境）费").money("tp.abroad", travel.abroad);
    outline.tell(told.say("，没有安排出国（境）团组。"));
    let told = outline.passage().say("（二）公务用车购置及运行费").money("tp.vehicle", travel.vehicle());
    let told = told.say("。其中：公务用车购置费").money("tp.vehicle.purchase", travel.purchase);
    outline.tell(told.say("，公务用车运行费").money("tp.vehicle.operation", travel.operation).say("。"));
    outline.tell(outline.passage().say("（三）公务接待费").money("tp.reception", travel.reception).say("。"));
    outline.chapter("二、", "机关运行经费预算", Start::Title);
    let running = in_text(budget.lines.running(&["2070101".to_owned()]));
    let told = outline.passage().say(format!("{year}年{name}下属1家机关财政拨款的机关运行经费预算为"));
    outline.tell(told.money("ops.cost", running).say("。"));
    procurement(outline, budget);
    outline.chapter("四、", "绩效目标设置情况", Start::Title);
    let told = outline.passage().say(format!("{year}年本部门编报绩效目标的项目"));
    let told = told.count("perf.target.projects", budget.targets.projects, "个，涉及项目预算资金");
    outline.tell(told.money("perf.target.amount", budget.targets.amount).say("。"));
    assets(outline, budget);
}

fn procurement(outline: &mut Outline, budget: &Budget) {
    let bought = &budget.procurement;
    outline.chapter("三、", "政府采购预算情况", Start::Title);
    let told = outline.passage().say(format!("{}年本部门政府采购预算", budget.year));
    let told = told.money("proc.total", bought.goods + bought.services);
    let told = told.say("，其中：政府采购货物预算").money("proc.goods", bought.goods);
    let told = told.say("、政府采购工程预算").money("proc.works", Decimal::ZERO);
    outline.tell(told.say("、政府采购服务预算").money("proc.services", bought.services).say("。"));
    let told = outline.passage().say(format!("{}年本部门面向中小企业预留政府采购项目预算金额", budget.year));
    let told = told.money("proc.sme_reserved_budget", bought.sme);
    let told = told.say("，其中，预留给小型和微型企业的政府采购项目预算为");
    outline.tell(told.money("proc.micro_reserved_budget", bought.micro).say("。"));
}

fn assets(outline: &mut Outline, budget: &Budget) {
    let fleet = &budget.fleet;
    outline.chapter("五、", "国有资产占有使用情况", Start::Title);
    let told = outline.passage().say(format!("截至{}年8月31日，{}共有车辆", budget.year - 1, budget.department));
    let told = told.count("asset.vehicle.total", fleet.total(), "辆，其中：主要领导干部用车");
    let told = told.count("asset.vehicle.leader", fleet.leader, "辆、机要通信用车");
    let told = told.count("asset.vehicle.confidential", fleet.confidential, "辆、应急保障用车");
    let told = told.count("asset.vehicle.emergency", fleet.emergency, "辆、其他用车");
    outline.tell(told.count("asset.vehicle.other", fleet.other, "辆。"));
}

/// 项目经费情况说明: seven fixed headings.
fn project(outline: &mut Outline, budget: &Budget) {
    outline.part("", format!("{}项目经费情况说明", budget.project));
    for (at, (title, text)) in budget.project_text.iter().enumerate() {
        outline.chapter(&format!("{}、", crate::classification::ordinal(at + 1)), title, Start::Title);
        outline.say(text);
    }
}
