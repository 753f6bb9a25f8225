// Views of the region: overview, functions, funds, years, 三公, coverage, findings, bodies, documents, search.

const unitNote = () => say("table_unit", { unit: say("unit_table") });

function filterBar({ hasFund = true } = {}) {
  const options = (rows, key) => [...new Set(rows.map(key))].filter((v) => v !== undefined && v !== null);
  const regionLeaves = index.leaves.filter((leaf) => inRegion(leaf.body));
  const levelLeaves = regionLeaves.filter((leaf) => index.bodies[leaf.body].l === address.l);
  const stageLeaves = levelLeaves.filter((leaf) => leaf.stage === address.s);
  const choices = [
    ["g", say("region"), index.regions.map((_, i) => [String(i), regionName(i)])],
    ["y", say("year"), options(stageLeaves, (l) => l.year).sort((a, b) => b - a).map((y) => [String(y), String(y)])],
    ["l", say("level"), options(regionLeaves, (l) => index.bodies[l.body].l).map((l) => [l, word(l || "unknown_level")])],
    ["s", say("stage"), options(levelLeaves, (l) => l.stage).map((s) => [s, word(s)])],
    ["n", say("fund"), options(stageLeaves, (l) => l.fund).map((n) => [n, word(n)])],
  ];
  return h("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    choices.filter(([key, , values]) => values.length > 1 && (hasFund || key !== "n")).map(([key, label, values]) =>
      h("label", {}, h("span", {}, label), h("select", {
        name: key,
        onchange: (event) => { location.hash = to(address.steps, { [key]: event.target.value }); },
      }, values.map(([value, text]) => h("option", { value, selected: value === address[key] }, text))))));
}

const looking = () => [regionName(Number(address.g)), address.y && say("year_n", { n: address.y }),
  word(address.l || "unknown_level"), word(address.s), word(address.n)].filter(Boolean).join(" · ");

function overview() {
  return [
    h("h1", {}, regionName(Number(address.g)), h("small", {}, say("report"))),
    filterBar(),
    cards(),
    h("div", { class: "two" }, functionsCard(), h("div", { class: "stack" }, fundsCard(), severityCard())),
    yearsCard(),
    h("div", { class: "two" }, threePublicCard(10), coverageCard(12)),
  ];
}

function tile(label, value, detail, href) {
  const inner = [h("span", { class: "label" }, label), h("span", { class: "value" }, value),
    h("span", { class: "detail" }, detail)];
  return href ? h("a", { class: "tile", href }, inner) : h("div", { class: "tile" }, inner);
}

function cards() {
  const both = inBothYears();
  const like = (year) => total(leavesOf({ year }).filter((leaf) => both.has(leaf.body)));
  const growth = both.size
    ? [say("like_for_like", { n: both.size, year: yearBefore() }) + " ", change(like(address.y), like(yearBefore()))]
    : say("no_year_before");
  const leaves = leavesOf();
  const bodies = index.bodies.map((_, i) => i).filter(isLookedAt);
  const reporting = new Set(leaves.map((leaf) => leaf.body)).size;
  const travel = bodies.map((body) => headlineOf("tp.total", address.y, body)).filter(Boolean);
  const documents = index.documents.filter((d) => d.d === undefined || inRegion(d.d));
  const failed = documents.filter((d) => !["extracted", "partial"].includes(d.s));
  const findings = findingsOf();
  const grave = findings.filter((f) => f.s === "critical" || f.s === "error").length;
  const holds = documents.reduce((count, d) => count + d.c[0], 0);
  return h("div", { class: "tiles" },
    tile(say("spending_of", { fund: word(address.n), year: address.y }), headlineAmount(total(leaves)), growth, to(["function"])),
    tile(say("three_public"), travel.length ? headlineAmount(total(travel)) : "—",
      say("of_bodies", { n: travel.length }), to(["three"])),
    tile(say("bodies_published"), reporting + " / " + bodies.length, say("see_coverage"), to(["coverage"])),
    tile(say("documents_read"), documents.length - failed.length,
      failed.length ? say("n_failed", { n: failed.length }) : say("none_failed"), to(["documents"])),
    tile(say("findings_grave"), grave, say("checks_hold", { n: holds.toLocaleString("en") }), to(["findings"])));
}

const classColumns = (whole, most, link) => [
  { label: say("function"), cell: (row) => h("a", { href: link(row) }, row.key + " " + codeName(row.key)), value: (row) => row.key },
  { label: say("amount"), n: true, cell: (row) => amount(row.value, link(row)), value: (row) => row.value },
  { label: "", cell: (row) => bar(row.value, most) },
  { label: say("share"), n: true, cell: (row) => percent(row.value, whole), value: (row) => row.value },
  { label: say("bodies"), n: true, cell: (row) => row.bodies, value: (row) => row.bodies },
];

function summed(leaves, digits) {
  return grouped(leaves, (leaf) => leaf.code.slice(0, digits)).map(([key, rows]) =>
    ({ key, value: total(rows), bodies: new Set(rows.map((row) => row.body)).size }));
}

const largest = (rows) => rows.reduce((most, row) => (absolute(row.value) > most ? absolute(row.value) : most), 0n);

function functionsCard() {
  const rows = summed(leavesOf(), 3);
  const whole = total(rows);
  const link = (row) => to(["function", row.key]);
  const sorted = [...rows].sort(descending);
  return card(say("by_function"),
    rows.length ? chart({
      kind: "row", labels: sorted.map((row) => codeName(row.key)), height: 60 + 34 * sorted.length,
      series: [{ name: word(address.n), values: sorted.map((row) => forEye(row.value)) }],
      label: say("by_function") + "：" + looking(), tell: (_, i) => inYuan(sorted[i].value),
      press: (i) => { location.hash = link(sorted[i]); },
    }) : h("p", { class: "none" }, say("nothing")),
    table(classColumns(whole, largest(rows), link), rows, {
      caption: unitNote(), sort: { by: 1, down: true },
      foot: [say("total"), h("b", {}, amount(whole, to(["function"]))), "", "", ""],
    }));
}

function fundsCard() {
  const funds = grouped(index.leaves.filter((leaf) => isLookedAt(leaf.body) && leaf.stage === address.s &&
    String(leaf.year) === address.y), (leaf) => leaf.fund);
  const order = ["all", "fiscal", "gpb", "gf", "soc", "nonfiscal"];
  const rows = funds.map(([key, leaves]) => ({ key, value: total(leaves) }))
    .sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const link = (row) => to(["function"], { n: row.key });
  return card(say("by_fund"),
    rows.length > 0 && chart({
      kind: "row", labels: rows.map((row) => word(row.key)), height: 50 + 34 * rows.length,
      series: [{ name: say("amount"), values: rows.map((row) => forEye(row.value)) }],
      label: say("by_fund"), tell: (_, i) => inYuan(rows[i].value), press: (i) => { location.hash = link(rows[i]); },
    }),
    table([
      { label: say("fund"), cell: (row) => h("a", { href: link(row) }, word(row.key)) },
      { label: say("amount"), n: true, cell: (row) => amount(row.value, link(row)), value: (row) => row.value },
    ], rows, { caption: unitNote() }),
    h("p", { class: "note" }, say("funds_note")));
}

function yearsCard() {
  const both = inBothYears();
  const of = (year) => new Map(summed(leavesOf({ year }).filter((leaf) => both.has(leaf.body)), 3).map((row) => [row.key, row.value]));
  const [now, before] = [of(address.y), of(yearBefore())];
  const rows = [...new Set([...now.keys(), ...before.keys()])].sort()
    .map((key) => ({ key, value: now.get(key) ?? 0n, before: before.get(key) ?? 0n }));
  const title = say("year_on_year");
  if (!both.size) return card(title, h("p", { class: "none" }, say("no_year_before")));
  const [all, past] = [total(rows), sum(rows.map((row) => row.before))];
  return card(title,
    chart({
      kind: "bar", labels: rows.map((row) => codeName(row.key)), height: 260,
      series: [{ name: yearBefore(), values: rows.map((row) => forEye(row.before)) },
        { name: address.y, values: rows.map((row) => forEye(row.value)) }],
      label: title, tell: (series, i) => inYuan(series ? rows[i].value : rows[i].before),
      press: (i) => { location.hash = to(["function", rows[i].key]); },
    }),
    table([
      { label: say("function"), cell: (row) => h("a", { href: to(["function", row.key]) }, row.key + " " + codeName(row.key)), value: (row) => row.key },
      { label: yearBefore(), n: true, cell: (row) => amount(row.before, to(["function", row.key], { y: yearBefore() })), value: (row) => row.before },
      { label: address.y, n: true, cell: (row) => amount(row.value, to(["function", row.key])), value: (row) => row.value },
      { label: say("difference"), n: true, cell: (row) => amount(row.value - row.before), value: (row) => row.value - row.before },
      { label: say("change"), n: true, cell: (row) => change(row.value, row.before) },
    ], rows, { caption: unitNote(), foot: [say("total"), amount(past), amount(all), amount(all - past), change(all, past)] }),
    h("p", { class: "note" }, say("like_for_like_note", { n: both.size })));
}

const THREE = ["tp.total", "tp.abroad", "tp.vehicle", "tp.reception"];

function threePublicCard(most) {
  const rows = index.bodies.map((_, body) => body).filter(isLookedAt).map((body) => ({
    body,
    now: Object.fromEntries(THREE.map((metric) => [metric, headlineOf(metric, address.y, body)])),
    before: headlineOf("tp.total", yearBefore(), body),
  })).filter((row) => THREE.some((metric) => row.now[metric]));
  const value = (row) => row.now["tp.total"]?.value;
  rows.sort((a, b) => ((value(a) ?? -1n) < (value(b) ?? -1n) ? 1 : -1));
  const top = rows.reduce((most, row) => ((value(row) ?? 0n) > most ? value(row) : most), 0n);
  // The overview has room for the whole alone.
  const kinds = most ? [] : THREE.slice(1);
  const linked = (figure) => figure ? amount(figure.value, toFigure(figure)) : amount(undefined);
  const shown = most ? rows.slice(0, most) : rows;
  const foot = (metric) => amount(total(rows.map((row) => row.now[metric]).filter(Boolean)));
  return card(say("three_ranking", { year: address.y }),
    table([
      { label: say("body"), cell: (row) => h("a", { href: toBody(row.body) }, shortName(row.body)), value: (row) => shortName(row.body) },
      { label: say("three_public"), n: true, cell: (row) => linked(row.now["tp.total"]), value },
      { label: "", cell: (row) => bar(value(row) ?? 0n, top) },
      ...kinds.map((metric) => ({ label: say(metric), n: true, cell: (row) => linked(row.now[metric]), value: (row) => row.now[metric]?.value })),
      { label: say("change"), n: true, cell: (row) => change(value(row), row.before?.value) },
    ], shown, { caption: unitNote(), sort: { by: 1, down: true }, foot: [say("total"), foot("tp.total"), "", ...kinds.map(foot), ""] }),
    shown.length < rows.length && h("p", { class: "more" }, h("a", { href: to(["three"]) }, say("show_all", { n: rows.length }))));
}

// --- Coverage: body by year and kind

function coverageCard(most) {
  const bodies = index.bodies.map((_, body) => body).filter(inRegion);
  const kinds = ["final_accounts", "budget", "performance", "government"];
  const years = [...new Set(index.documents.filter((d) => inRegion(d.d) && d.y).map((d) => d.y))].sort();
  const columns = years.flatMap((year) => kinds.filter((kind) =>
    index.documents.some((d) => inRegion(d.d) && d.y === year && family(d.k) === kind)).map((kind) => ({ year, kind })));
  const shown = most ? bodies.slice(0, most) : bodies;
  const byYear = grouped(columns, (column) => column.year);
  return card(say("coverage"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("coverage") },
      h("table", { class: "data matrix" },
        h("caption", {}, say("coverage_legend")),
        h("thead", {},
          h("tr", {}, h("th", { scope: "col", rowspan: 2 }, say("body")), byYear.map(([year, list]) => h("th", { scope: "colgroup", colspan: list.length }, String(year)))),
          h("tr", {}, columns.map(({ kind }) => h("th", { scope: "col" }, say("kind_" + kind))))),
        h("tbody", {}, shown.map((body) => h("tr", {}, h("th", { scope: "row" },
          h("a", { href: toBody(body) }, shortName(body)), index.bodies[body].l === "unit" && h("small", {}, " " + word("unit"))),
          columns.map((column) => h("td", {}, coverageMark(body, column)))))))),
    shown.length < bodies.length && h("p", { class: "more" }, h("a", { href: to(["coverage"]) }, say("show_all", { n: bodies.length }))));
}

function coverageMark(body, { year, kind }) {
  const documents = documentsOf(body).filter((d) => d.y === year && family(d.k) === kind);
  const disclosed = index.disclosed.filter((d) => d.d === body && d.y === year && family(d.k) === kind);
  const read = documents.filter((d) => d.s === "extracted" || d.s === "partial");
  const missing = [...new Set(disclosed.flatMap((d) => d.m))];
  const isPartial = missing.length > 0 || read.some((d) => d.s === "partial");
  const [state, text] = !documents.length ? ["absent", say("cover_absent")]
    : !read.length ? ["failed", documents.map((d) => word(d.s)).join(" ")]
      : isPartial ? ["part", missing.length ? say("cover_missing", { list: missing.join("、") }) : word("partial")]
        : ["whole", say("cover_whole", { n: read.length })];
  const mark = h("span", { class: "mark " + state, title: text, role: "img", "aria-label": text },
    { absent: "·", failed: "✕", part: "◐", whole: "●" }[state]);
  return read.length ? h("a", { href: toBody(body, read[0].i) }, mark) : mark;
}

// --- Findings

function severityCard() {
  const all = findingsOf();
  const rows = SEVERITIES.map((severity) => ({ severity, list: all.filter((f) => f.s === severity) })).filter((row) => row.list.length);
  return card(say("findings_by_severity"),
    rows.length ? h("ul", { class: "bars" }, rows.map((row) => h("li", {},
      h("a", { href: to(["findings", row.severity]) }, badge(row.severity)),
      bar(BigInt(row.list.length), BigInt(all.length)), h("b", { class: "n" }, row.list.length))))
      : h("p", { class: "none" }, say("clean")));
}

const findingPlace = (finding) => {
  const [document, i] = finding.w[0];
  return to(["finding", document, i]);
};

function findingsTable(list, hasBody = true) {
  const of = (finding) => index.documents[finding.w[0][0]];
  return table([
    { label: say("severity"), cell: (f) => badge(f.s), value: (f) => SEVERITIES.indexOf(f.s) },
    ...(hasBody ? [{ label: say("body"), cell: (f) => h("a", { href: toBody(of(f).d, f.w[0][0]) }, shortName(of(f).d)), value: (f) => shortName(of(f).d) }] : []),
    { label: say("year"), cell: (f) => String(of(f).y ?? ""), value: (f) => of(f).y ?? 0 },
    { label: say("check"), cell: (f) => h("code", {}, f.c), value: (f) => f.c },
    { label: say("finding"), cell: (f) => h("a", { href: findingPlace(f) }, f.m) },
  ], list, { caption: say("n_findings", { n: list.length }) });
}

function findings([severity]) {
  const all = findingsOf();
  const list = severity ? all.filter((f) => f.s === severity) : all;
  return [
    crumbs([regionName(Number(address.g)), to([])], [say("findings")]),
    h("h1", {}, say("findings")),
    h("p", { class: "choices" }, h("a", { href: to(["findings"]), "aria-current": severity ? null : "true" }, say("all_n", { n: all.length })),
      SEVERITIES.map((s) => [s, all.filter((f) => f.s === s).length]).filter(([, n]) => n).map(([s, n]) =>
        h("a", { href: to(["findings", s]), "aria-current": s === severity ? "true" : null }, badge(s, n)))),
    list.length ? findingsTable(list) : h("p", { class: "none" }, say("clean")),
  ];
}

// --- Functions: from the total down to the figure

function functions([code = "", body]) {
  const owner = body === undefined ? undefined : Number(body);
  const leaves = leavesOf({ code, body: owner });
  const whole = total(leaves);
  const levels = [3, 5, 7].filter((digits) => digits <= code.length).map((digits) => code.slice(0, digits));
  const steps = [[regionName(Number(address.g)), to([])], [say("by_function"), code || body ? to(["function"]) : null],
    ...levels.map((step) => [step + " " + codeName(step), step === code && owner === undefined ? null : to(["function", step])]),
    ...(owner === undefined ? [] : [[shortName(owner), null]])];
  const digits = code.length < 3 ? 3 : 7;
  const children = code.length < 7 && owner === undefined ? summed(leaves, digits) : [];
  const link = (row) => to(["function", row.key]);
  return [
    crumbs(...steps),
    h("h1", {}, code ? code + " " + codeName(code) : say("by_function"), owner === undefined ? null : h("small", {}, shortName(owner))),
    filterBar(),
    h("p", { class: "total", id: "total" }, headlineAmount(whole), h("span", { class: "exact" }, inYuan(whole)), h("span", {}, looking())),
    children.length > 0 && card(say(digits === 3 ? "classes" : "items"),
      table(classColumns(whole, largest(children), link), children, { caption: unitNote(), sort: { by: 1, down: true }, foot: [say("total"), amount(whole), "", "", ""] })),
    code && owner === undefined ? card(say("by_body"), bodiesOf(leaves, whole, code)) : null,
    owner !== undefined || (code.length === 7 && leaves.length) ? card(say("figures"), leafTable(leaves, whole)) : null,
  ];
}

function bodiesOf(leaves, whole, code) {
  const rows = grouped(leaves, (leaf) => leaf.body).map(([body, list]) => ({ body, list, value: total(list) }));
  const most = largest(rows);
  const link = (row) => (row.list.length === 1 ? toFigure(row.list[0]) : to(["function", code, row.body]));
  return table([
    { label: say("body"), cell: (row) => h("a", { href: toBody(row.body) }, shortName(row.body)), value: (row) => shortName(row.body) },
    { label: say("amount"), n: true, cell: (row) => amount(row.value, link(row)), value: (row) => row.value },
    { label: "", cell: (row) => bar(row.value, most) },
    { label: say("share"), n: true, cell: (row) => percent(row.value, whole), value: (row) => row.value },
    { label: say("figures"), n: true, cell: (row) => row.list.length, value: (row) => row.list.length },
  ], rows, { caption: unitNote(), sort: { by: 1, down: true }, id: "by-body", foot: [say("total"), amount(whole), "", "", leaves.length] });
}

function leafTable(leaves, whole) {
  return table([
    { label: say("function"), cell: (leaf) => leaf.code + " " + codeName(leaf.code), value: (leaf) => leaf.code },
    { label: say("body"), cell: (leaf) => shortName(leaf.body), value: (leaf) => shortName(leaf.body) },
    { label: say("amount"), n: true, cell: (leaf) => amount(leaf.value, toFigure(leaf)), value: (leaf) => leaf.value },
    { label: say("document"), cell: (leaf) => fileName(index.documents[leaf.document].p) },
  ], leaves, { caption: unitNote(), id: "leaves", foot: [say("total"), "", amount(whole), ""] });
}

// --- Bodies, documents, search

const fileName = (path) => path.split(/[/!\\]/).pop();

function bodies() {
  const list = index.bodies.map((_, body) => body).filter(inRegion).map((body) => ({
    body, value: total(isLookedAt(body) ? leavesOf({ body }) : []), documents: documentsOf(body), findings: findingsOf(body),
  }));
  const most = largest(list);
  return [
    crumbs([regionName(Number(address.g)), to([])], [say("bodies")]),
    h("h1", {}, say("bodies")),
    filterBar(),
    table([
      { label: say("body"), cell: (row) => h("a", { href: toBody(row.body) }, shortName(row.body)), value: (row) => shortName(row.body) },
      { label: say("level"), cell: (row) => word(index.bodies[row.body].l || "unknown_level"), value: (row) => index.bodies[row.body].l },
      { label: word(address.n), n: true, cell: (row) => (isLookedAt(row.body) ? amount(row.value, to(["function", "", row.body])) : amount(undefined)), value: (row) => row.value },
      { label: "", cell: (row) => bar(row.value, most) },
      { label: say("years"), cell: (row) => [...new Set(row.documents.map((d) => d.y).filter(Boolean))].sort().join(" "), value: (row) => row.documents.length },
      { label: say("documents"), n: true, cell: (row) => row.documents.length, value: (row) => row.documents.length },
      { label: say("findings"), cell: (row) => SEVERITIES.map((s) => [s, row.findings.filter((f) => f.s === s).length]).filter(([, n]) => n).map(([s, n]) => badge(s, n)), value: (row) => row.findings.length },
    ], list, { caption: unitNote(), sort: { by: 2, down: true } }),
  ];
}

function documentsTable(list) {
  return table([
    { label: say("document"), cell: (d) => (d.d === undefined ? d.p : h("a", { href: toBody(d.d, d.i), title: d.p }, fileName(d.p))), value: (d) => d.p },
    { label: say("body"), cell: (d) => (d.d === undefined ? "—" : shortName(d.d)), value: (d) => shortName(d.d) },
    { label: say("kind"), cell: (d) => word(d.k), value: (d) => d.k },
    { label: say("year"), cell: (d) => String(d.y ?? ""), value: (d) => d.y ?? 0 },
    { label: say("outcome"), cell: (d) => [h("span", { class: "state " + d.s }, word(d.s)), d.o && h("small", {}, " " + say("copy")), d.e && h("small", {}, " " + d.e)], value: (d) => d.s },
  ], list, { caption: say("n_documents", { n: list.length }) });
}

function documents() {
  const list = index.documents.map((d, i) => ({ ...d, i })).filter((d) => d.d === undefined || inRegion(d.d));
  const isRead = (d) => d.s === "extracted" || d.s === "partial";
  const failed = list.filter((d) => !isRead(d));
  return [
    crumbs([regionName(Number(address.g)), to([])], [say("documents")]),
    h("h1", {}, say("documents")),
    failed.length > 0 && card(say("not_read"), documentsTable(failed)),
    card(say("read"), documentsTable(list.filter(isRead))),
  ];
}

function search() {
  const asked = (address.q ?? "").trim();
  const has = (text) => text.toLowerCase().includes(asked.toLowerCase());
  const list = (title, links) => links.length > 0 && card(title + " " + links.length,
    h("ul", { class: "links" }, links.slice(0, 100).map(([text, href, more]) =>
      h("li", {}, h("a", { href }, text), more && h("small", {}, " " + more)))));
  const found = !asked ? [] : [
    list(say("bodies"), index.bodies.map((b, i) => [bodyName(i), toBody(i), word(b.l)]).filter(([name]) => has(name))),
    list(say("functions"), Object.entries(index.codes).filter(([code, name]) => has(code + " " + name)).map(([code, name]) => [code + " " + name, to(["function", code])])),
    list(say("documents"), index.documents.map((d, i) => [d.t || fileName(d.p), toBody(d.d ?? "x", i), d.p]).filter(([title, , path]) => has(title + path))),
    list(say("findings"), index.findings.filter((f) => has(f.m + f.c)).map((f) => [f.m, findingPlace(f), f.c + " " + shortName(index.documents[f.w[0][0]].d)])),
  ].filter(Boolean);
  return [
    crumbs([regionName(Number(address.g)), to([])], [say("search")]),
    h("h1", {}, say("search_for", { text: asked })),
    found.length ? found : h("p", { class: "none" }, say("not_found")),
  ];
}
