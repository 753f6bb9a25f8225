//! Chapters 六 to 十: basic spending, the 三公, the other budgets, and other matters.

use rust_decimal::Decimal;

use super::{pie, prior};
use crate::document::Start;
use crate::model::{Fund, Year};
use crate::outline::Outline;
use crate::statement::Books;

/// 六、一般公共预算财政拨款基本支出决算情况说明
pub fn basic(outline: &mut Outline, books: Books) {
    let year = books.year;
    outline.chapter("六、", "一般公共预算财政拨款基本支出决算情况说明", Start::Heading);
    let spent = year.lines.personnel() + year.lines.operating();
    let told = outline.passage().say(format!("{}年一般公共预算财政拨款基本支出", year.year));
    outline.tell(told.money("gpb.exp.basic", spent).say("，其中："));
    let told = outline.passage().say("人员经费").money("gpb.basic.personnel", year.lines.personnel());
    outline.tell(told.say(format!("，主要包括：{}。", names(books, ["301", "303"]))));
    let told = outline.passage().say("公用经费").money("gpb.basic.operating", year.lines.operating());
    outline.tell(told.say(format!("，主要包括：{}。", names(books, ["302", "310"]))));
}

/// Names of the economic codes that basic money is spent on.
fn names(books: Books, classes: [&str; 2]) -> String {
    let codes = classes.into_iter().flat_map(|class| books.year.lines.basic_codes(class));
    let names: Vec<String> = codes.map(|code| books.names.economic(&code).to_owned()).collect();
    names.join("、")
}

/// 七、“三公”经费财政拨款支出决算情况说明
pub fn three_public(outline: &mut Outline, books: Books) {
    let year = books.year;
    let (tp, budget) = (year.outturn(), &year.travel);
    outline.chapter("七、", "“三公”经费财政拨款支出决算情况说明", Start::Displaced);
    outline.section("（一）", "“三公”经费财政拨款支出决算总体情况说明");
    let told = outline.passage().say(format!("{}年“三公”经费财政拨款支出决算为", year.year));
    let told = told.money("tp.total", tp.total());
    if budget.total().is_zero() {
        outline.tell(told.say("，全年没有安排，也没有发生“三公”经费。"));
        outline.section("（二）", "“三公”经费财政拨款支出决算具体情况说明");
        let told = outline.passage().say("因公出国（境）费").money("tp.abroad", Decimal::ZERO);
        let told = told.say("，公务用车购置及运行维护费").money("tp.vehicle", Decimal::ZERO);
        outline.tell(told.say("，公务接待费").money("tp.reception", Decimal::ZERO).say("。"));
        return;
    }
    let told = told.say("，").completion("tp.total", tp.total(), budget.total());
    outline.tell(told.say(format!("，决算数小于预算数的主要原因是{}。", year.reason("travel"))));
    outline.say("上述预算数为调整后的全年预算数。");
    three_public_items(outline, books);
}

/// （二）具体情况: shares, chart, then one paragraph an item.
fn three_public_items(outline: &mut Outline, books: Books) {
    let year = books.year;
    let tp = year.outturn();
    outline.section("（二）", "“三公”经费财政拨款支出决算具体情况说明");
    let parts = [
        ("因公出国（境）费", "tp.abroad", tp.abroad),
        ("公务用车购置及运行维护费", "tp.vehicle", tp.vehicle()),
        ("公务接待费", "tp.reception", tp.reception),
    ];
    let mut told = outline.passage().say(format!("{}年“三公”经费财政拨款支出决算中，", year.year));
    for (at, (name, metric, amount)) in parts.iter().enumerate() {
        let end = if at + 1 == parts.len() { "。具体情况如下：" } else { "；" };
        told = told.say(name).say("支出决算").money(*metric, *amount);
        told = told.say("，").share(*metric, *amount, tp.total()).say(end);
    }
    outline.tell(told);
    let slices = parts.iter().map(|(name, _, amount)| ((*name).to_owned(), *amount)).collect();
    outline.chart(pie("“三公”经费财政拨款支出结构图", year.year, slices));
    abroad(outline, year);
    vehicles(outline, books);
    receptions(outline, books);
}

/// 1. Nobody travels abroad in this district.
fn abroad(outline: &mut Outline, year: &Year) {
    let told = outline.passage().say("1.因公出国（境）费支出").money("tp.abroad", year.outturn().abroad);
    let told = told.say("。全年安排因公出国（境）团组").count("tp.abroad.groups", 0, "个，出国（境）");
    outline.tell(told.count("tp.abroad.persons", 0, "人次。"));
}

/// 2. Vehicles: completion, change, purchases, stock, operation.
fn vehicles(outline: &mut Outline, books: Books) {
    let (year, before) = (books.year, prior(books).vehicle);
    let (tp, fleet) = (year.outturn(), &year.fleet);
    let told = outline.passage().say("2.公务用车购置及运行维护费支出").money("tp.vehicle", tp.vehicle());
    if year.travel.vehicle().is_zero() {
        let told = told.say(format!("。截至{}年12月底，单位共有公务用车", year.year));
        outline.tell(told.count("tp.vehicle.stock", fleet.total(), "辆。"));
        return;
    }
    let told = told.say("，").completion("tp.vehicle", tp.vehicle(), year.travel.vehicle());
    let told = told.say(format!("。公务用车购置及运行维护费支出决算比{}年", year.year - 1));
    outline.tell(told.change("tp.vehicle", "", tp.vehicle(), before).say("。"));
    let told = outline.passage().say("其中：公务用车购置支出").money("tp.vehicle.purchase", tp.purchase);
    let told = told.say("。全年按规定更新购置公务用车").count("tp.vehicle.purchased", year.bought.suv, "辆");
    let told = told.say(format!("。截至{}年12月底，单位共有公务用车", year.year));
    let told = told.count("tp.vehicle.stock", fleet.total(), "辆，其中：轿车");
    let told = told.count("tp.vehicle.stock.sedan", fleet.sedan, "辆、越野车");
    let told = told.count("tp.vehicle.stock.suv", fleet.suv, "辆、载客汽车");
    outline.tell(told.count("tp.vehicle.stock.bus", fleet.bus, "辆。"));
    let told = outline.passage().say("公务用车运行维护费支出").money("tp.vehicle.operation", tp.operation);
    outline.tell(told.say("，用于在编车辆的燃料、维修、保险和过路过桥。"));
}

/// 3. Receptions: completion, change, batches and persons.
fn receptions(outline: &mut Outline, books: Books) {
    let (year, before) = (books.year, prior(books).reception);
    let spent = year.outturn().reception;
    let told = outline.passage().say("3.公务接待费支出").money("tp.reception", spent);
    let told = told.say("，").completion("tp.reception", spent, year.travel.reception);
    let told = told.say(format!("。公务接待费支出决算比{}年", year.year - 1));
    outline.tell(told.change("tp.reception", "", spent, before).say("。"));
    let told =
        outline.passage().say("其中：国内公务接待支出").money("tp.reception.domestic", spent).say("，国内公务接待");
    let told = told.count("tp.reception.domestic.batches", year.guests.batches, "批次，");
    let told = told.count("tp.reception.domestic.persons", year.guests.persons, "人次（不含陪同人员）");
    let told = told.say("；外事接待支出").money("tp.reception.foreign", Decimal::ZERO);
    outline.tell(told.say("。"));
}

/// 八 and 九: government fund and state capital.
pub fn other_funds(outline: &mut Outline, books: Books) {
    let (year, gf) = (books.year.year, books.year.spent(&[Fund::Gf]));
    outline.chapter("八、", "政府性基金预算支出决算情况说明", Start::Heading);
    let told = outline.passage().say(format!("{year}年政府性基金预算财政拨款支出")).money("gf.exp", gf);
    outline.tell(told.say("。"));
    outline.chapter("九、", "国有资本经营预算支出决算情况说明", Start::Heading);
    let told = outline.passage().say(format!("{year}年国有资本经营预算财政拨款支出")).money("soc.exp", Decimal::ZERO);
    outline.tell(told.say("。"));
}

/// 十、其他重要事项的情况说明, as far as （三）; the performance section follows.
pub fn other_matters(outline: &mut Outline, books: Books) {
    outline.chapter("十、", "其他重要事项的情况说明", Start::Displaced);
    running_cost(outline, books);
    procurement(outline, books);
    assets(outline, books);
}

/// （一）机关运行经费支出情况
fn running_cost(outline: &mut Outline, books: Books) {
    let (year, name) = (books.year, &books.department.name);
    let (spent, before) = (year.lines.running(&books.department.running), prior(books).running);
    outline.section("（一）", "机关运行经费支出情况");
    let told = outline.passage().say(format!("{}年，{name}机关运行经费支出", year.year)).money("ops.cost", spent);
    let told = told.say(format!("，比{}年", year.year - 1)).change("ops.cost", "", spent, before);
    outline.tell(told.say(format!("。主要原因是{}。", year.reason("running"))));
}

/// （二）政府采购支出情况
fn procurement(outline: &mut Outline, books: Books) {
    let (year, bought, name) = (books.year, &books.year.procurement, &books.department.name);
    let total = bought.goods + bought.works + bought.services;
    outline.section("（二）", "政府采购支出情况");
    let told = outline.passage().say(format!("{}年，{name}政府采购支出总额", year.year)).money("proc.total", total);
    let told = told.say("，其中：政府采购货物支出").money("proc.goods", bought.goods);
    let told = told.say("、政府采购工程支出").money("proc.works", bought.works);
    let told = told.say("、政府采购服务支出").money("proc.services", bought.services);
    let told = told.say(format!("。主要用于{}。授予中小企业合同金额", bought.uses)).money("proc.sme", bought.sme);
    let told = told.say("，占政府采购支出总额的").bare_share("proc.sme", bought.sme, total);
    let told = told.say("，其中：授予小微企业合同金额").money("proc.micro", bought.micro);
    let told = told.say("，占政府采购支出总额的").bare_share("proc.micro", bought.micro, total);
    outline.tell(told.say("。"));
}

/// （三）国有资产占有使用情况
fn assets(outline: &mut Outline, books: Books) {
    let (year, fleet, name) = (books.year, &books.year.fleet, &books.department.name);
    outline.section("（三）", "国有资产占有使用情况");
    let told = outline.passage().say(format!("截至{}年12月31日，{name}共有车辆", year.year));
    let told = told.count("asset.vehicle.total", fleet.total(), "辆，其中：主要领导干部用车");
    let told = told.count("asset.vehicle.leader", fleet.leader, "辆、机要通信用车");
    let told = told.count("asset.vehicle.confidential", fleet.confidential, "辆、应急保障用车");
    let told = told.count("asset.vehicle.emergency", fleet.emergency, "辆、其他用车");
    let told = told.count("asset.vehicle.other", fleet.other, "辆。单价100万元（含）以上设备（不含车辆）");
    outline.tell(told.count("asset.equip.over_100", year.large_equipment, "台（套）。"));
}
