// Views of one body: its documents with figures, findings, charts, tables and sentences; one figure; one finding.

const documentLabel = (d) => [d.y, word(d.k), d.f.toUpperCase(), d.o ? say("copy") : null].filter(Boolean).join(" · ");

/** A link from elsewhere may lead to a body of another region, which is then the one that is looked at. */
function lookAt(body) {
  const region = body === undefined ? undefined : String(index.bodies[body].r);
  if (region !== undefined && region !== address.g) address = { ...defaultsOf(region), steps: address.steps };
}

async function bodyView([key, asked, tableId, row, column]) {
  const body = key === "x" ? undefined : Number(key);
  const list = documentsOf(body);
  if (!list.length) return notThere();
  lookAt(body);
  const isRead = (d) => d.s === "extracted" || d.s === "partial";
  const chosen = asked === undefined
    ? [...list].reverse().find((d) => isRead(d) && !d.o && String(d.y) === address.y) ?? [...list].reverse().find((d) => isRead(d) && !d.o) ?? list[0]
    : list.find((d) => d.i === Number(asked)) ?? list[0];
  const content = await contentOf(chosen.i);
  const marked = tableId === undefined ? undefined : { id: tableId, at: row === undefined ? undefined : [Number(row), Number(column)] };
  return [
    crumbs([regionName(body === undefined ? Number(address.g) : index.bodies[body].r), to([])], [say("bodies"), to(["bodies"])], [bodyName(body), asked === undefined ? null : toBody(body ?? "x")],
      ...(asked === undefined ? [] : [[documentLabel(chosen), tableId === undefined ? null : toBody(body ?? "x", chosen.i)]]),
      ...(tableId === undefined ? [] : [[content.T.find((g) => g.i === tableId)?.t ?? tableId]])),
    h("h1", {}, bodyName(body), body === undefined ? null : h("small", {}, word(index.bodies[body].l || "unknown_level"))),
    h("nav", { class: "choices", "aria-label": say("documents") }, list.map((d) =>
      h("a", { href: toBody(body ?? "x", d.i), "aria-current": d.i === chosen.i ? "true" : null, title: d.p }, documentLabel(d)))),
    documentHead(chosen),
    body === undefined ? null : historyCard(body),
    headlineCard(chosen, content),
    content.N.length > 0 && card(say("findings"), findingsTable(findingsOf(body).filter((f) => f.w.some(([d]) => d === chosen.i)), false)),
    chartsCard(content),
    tablesCard(chosen, content, marked),
    narrativeCard(chosen, content),
    figuresCard(chosen, content),
    notesCard(chosen, content),
  ];
}

function documentHead(d) {
  const isAddress = /^https?:\/\//.test(d.p);
  return h("section", { class: "file" },
    h("p", {}, h("b", {}, d.t || fileName(d.p))),
    h("p", {}, isAddress ? h("a", { href: d.p, rel: "noopener noreferrer" }, d.p) : h("code", {}, d.p)),
    h("p", { class: "note" }, [d.f.toUpperCase(), Math.ceil(d.b / 1024).toLocaleString("en") + " KB", d.g && say("pages_n", { n: d.g }),
      word(d.s), say("checks_n", { holds: d.c[0], fails: d.c[1], unknown: d.c[2] })].filter(Boolean).join(" · ")),
    h("p", { class: "note" }, "SHA-256 ", h("code", {}, d.h)),
    d.e && h("p", { class: "state failed" }, d.e));
}

/** What the body spent, year by year. */
function historyCard(body) {
  const own = index.leaves.filter((leaf) => leaf.body === body && leaf.stage === address.s && leaf.fund === address.n);
  const years = grouped(own, (leaf) => leaf.year).map(([year, leaves]) => ({ year, value: total(leaves) }));
  if (!years.length) return null;
  const link = (row) => to(["function", "", body], { y: String(row.year), l: index.bodies[body].l });
  return card(say("spending_by_year", { fund: word(address.n) }),
    years.length > 1 && chart({
      kind: "bar", labels: years.map((row) => String(row.year)), height: 200,
      series: [{ name: word(address.n), values: years.map((row) => forEye(row.value)) }], label: say("spending_by_year", { fund: word(address.n) }),
      tell: (_, i) => inYuan(years[i].value), press: (i) => { location.hash = link(years[i]); },
    }),
    table([
      { label: say("year"), cell: (row) => String(row.year) },
      { label: say("amount"), n: true, cell: (row) => amount(row.value, link(row)) },
      { label: say("change"), n: true, cell: (row) => change(row.value, years.find((other) => other.year === row.year - 1)?.value) },
    ], years, { caption: unitNote() }));
}

function headlineCard(d, content) {
  const rows = index.headline.filter((row) => row.document === d.i);
  if (!rows.length) return null;
  return card(say("headline"), table([
    { label: say("metric"), cell: (row) => metricName(row.metric), value: (row) => metricName(row.metric) },
    { label: say("stage"), cell: (row) => word(row.stage), value: (row) => row.stage },
    { label: say("amount"), n: true, cell: (row) => amount(row.value, toFigure(row)), value: (row) => row.value },
    { label: say("place"), cell: (row) => placeLink(d.i, content.F[row.figure]?.at ?? {}, content) },
  ], rows, { caption: unitNote() }));
}

function chartsCard(content) {
  if (!content.C.length) return null;
  return card(say("charts_n", { n: content.C.length }), h("div", { class: "charts" }, content.C.map((one) => {
    const labels = [...new Set(one.s.flatMap(([, points]) => points.map(([category]) => category)))];
    const title = one.t ?? one.c ?? say("chart");
    const value = (points, category) => points.find(([name]) => name === category)?.[1] ?? null;
    return h("figure", {},
      chart({
        kind: /pie|doughnut/.test(one.k) ? "pie" : /line|area/.test(one.k) ? "line" : "bar", labels, height: 220,
        series: one.s.map(([name, points]) => ({ name, values: labels.map((category) => Number(value(points, category))) })),
        label: title + "：" + labels.map((category) => category + " " + one.s.map(([, points]) => value(points, category) ?? "—").join(" / ")).join("；"),
        tell: (series, i) => (one.s[series][0] ? one.s[series][0] + " " : "") + labels[i] + " " + (value(one.s[series][1], labels[i]) ?? "—"),
      }),
      h("figcaption", {}, title));
  })));
}

function tablesCard(d, content, marked) {
  if (!content.T.length) return null;
  return card(say("tables_n", { n: content.T.length }), content.T.map((grid) => {
    const isOpen = marked?.id === grid.i;
    const inner = h("div");
    const draw = () => {
      if (inner.firstChild) return;
      put(inner, [
        h("p", { class: "note" }, [grid.c, grid.p?.replaceAll("\n", "　"), grid.u && say("unit_n", { unit: grid.u }), grid.f].filter(Boolean).join("　")),
        grid.o ? h("p", { class: "none" }, say("cells_left_out")) : gridTable(d.i, content, grid, isOpen ? marked.at : undefined),
        grid.n && h("p", { class: "note" }, grid.n),
      ]);
    };
    const places = [...new Set(grid.l.map((place) => placeText({ ...place, t: undefined })))].filter(Boolean).slice(0, 4).join("、");
    const details = h("details", { class: "grid-box", open: isOpen, ontoggle: () => details.open && draw() },
      h("summary", {}, h("b", {}, grid.t ?? say("untitled")), h("small", {}, ` ${grid.i} · ${grid.r}×${grid.k}` + (places ? " · " + places : ""))), inner);
    details.drawNow = draw;
    if (isOpen) draw();
    return details;
  }));
}

function narrativeCard(d, content) {
  const rows = content.F.map((figure, i) => ({ figure, i })).filter(({ figure }) => figure.s);
  if (!rows.length) return null;
  const bySentence = grouped(rows, ({ figure }) => figure.s[0]);
  return card(say("narrative_n", { n: bySentence.length }), h("ul", { class: "sentences" }, bySentence.map(([i, list]) => {
    const letters = Array.from(content.S[i]);
    const marks = [...new Map(list.map(({ figure, i: n }) => [figure.s[1], { from: figure.s[1], until: figure.s[1] + Array.from(figure.x).length, n }])).values()].sort((a, b) => a.from - b.from);
    const pieces = [];
    let at = 0;
    for (const mark of marks) {
      if (mark.from < at) continue;
      pieces.push(letters.slice(at, mark.from).join(""), h("a", { href: to(["figure", d.i, mark.n]) }, letters.slice(mark.from, mark.until).join("")));
      at = mark.until;
    }
    pieces.push(letters.slice(at).join(""));
    return h("li", {}, pieces, h("small", {}, " " + placeText(list[0].figure.at, content)));
  })));
}

function figuresCard(d, content) {
  const rows = content.F.map((figure, i) => ({ figure, i }));
  const hold = h("div");
  const draw = (text = "") => hold.replaceChildren(table([
    { label: say("metric"), cell: ({ figure }) => figureName(figure), value: ({ figure }) => figureName(figure) },
    { label: say("measure"), cell: ({ figure }) => word(figure.q), value: ({ figure }) => figure.q },
    { label: say("year"), cell: ({ figure }) => figure.y ?? "", value: ({ figure }) => figure.y ?? "" },
    { label: say("stage"), cell: ({ figure }) => (figure.f ? word(figure.f) : ""), value: ({ figure }) => figure.f ?? "" },
    { label: say("printed"), n: true, cell: ({ figure, i }) => h("a", { href: to(["figure", d.i, i]), title: figure.v && isMoney(figure) ? inYuan(exact(figure.v)) : null }, printedText(figure)),
      value: ({ figure }) => (figure.v === undefined ? undefined : exact(figure.v)) },
    { label: say("place"), cell: ({ figure }) => placeLink(d.i, figure.at, content) },
  ], rows.filter(({ figure }) => !text || (figureName(figure) + figure.x).includes(text)), { caption: say("n_figures", { n: rows.length }) }));
  if (!rows.length) return null;
  const details = h("details", { ontoggle: () => details.open && !hold.firstChild && draw() }, h("summary", {}, say("n_figures", { n: rows.length })),
    h("label", { class: "find" }, h("span", {}, say("filter")), h("input", { type: "search", oninput: (event) => draw(event.target.value) })), hold);
  return card(say("all_figures"), details);
}

function notesCard(d, content) {
  if (!content.M.length) return null;
  return card(say("notes"), table([
    { label: say("kind"), cell: ([kind]) => word(kind) },
    { label: say("note"), cell: ([, message]) => message },
    { label: say("place"), cell: ([, , place]) => placeLink(d.i, place, content) },
  ], content.M, { caption: say("notes_note") }));
}

// --- One figure

async function figureView([document, number]) {
  const d = { ...index.documents[Number(document)], i: Number(document) };
  const content = d.p === undefined ? undefined : await contentOf(d.i);
  const figure = content?.F[Number(number)];
  if (!figure) return notThere();
  lookAt(d.d);
  const leaf = index.leaves.find((one) => one.document === d.i && one.figure === Number(number));
  const grid = figure.at.t === undefined ? undefined : content.T.find((one) => one.i === figure.at.t);
  const headings = grid && !grid.o && figure.at.r !== undefined ? headingsOf(grid, figure.at.r, figure.at.k ?? 0) : undefined;
  const context = leaf ? { y: String(leaf.year), n: leaf.fund, s: leaf.stage, l: index.bodies[leaf.body].l, g: String(index.bodies[leaf.body].r) } : {};
  const line = (label, ...value) => value.some(Boolean) && [h("dt", {}, say(label)), h("dd", {}, ...value)];
  return [
    crumbs([regionName(d.d === undefined ? Number(address.g) : index.bodies[d.d].r), to([])],
      ...(leaf ? [[say("by_function"), to(["function"], context)], [leaf.code.slice(0, 3) + " " + codeName(leaf.code.slice(0, 3)), to(["function", leaf.code.slice(0, 3)], context)],
        [leaf.code + " " + codeName(leaf.code), to(["function", leaf.code], context)]] : []),
      [shortName(d.d), toBody(d.d ?? "x", d.i)], [say("figure")]),
    h("h1", {}, figureName(figure), figure.q === "amount" ? null : h("small", {}, word(figure.q))),
    h("p", { class: "total" }, figure.v !== undefined && isMoney(figure) ? headlineAmount(exact(figure.v)) : figureValue(figure),
      figure.v !== undefined && isMoney(figure) && h("span", { class: "exact" }, inYuan(exact(figure.v))), h("span", {}, shortName(d.d))),
    card(say("place"),
      h("dl", {},
        line("document", h("a", { href: toBody(d.d ?? "x", d.i) }, d.t || fileName(d.p)), h("br"), h("code", {}, d.p)),
        line("place", placeText(figure.at, content)),
        headings && line("row", headings.row.join(" › ")),
        headings && line("column", headings.column.join(" › ")),
        line("printed", h("b", {}, printedText(figure))),
        line("sentence", sentence(content, figure))),
      grid && h("p", {}, h("a", { class: "button", id: "to-cell", href: toCell(d.i, figure.at) }, say("see_cell")))),
    card(say("meaning"), h("dl", {},
      line("metric", metricName(figure.m) + "（" + figure.m + "）"),
      line("function", figure.c && figure.c + " " + (codeName(figure.c) || figure.l || "")),
      line("measure", word(figure.q)), line("year", figure.y), line("stage", figure.f && word(figure.f)),
      line("fund", figure.n && word(figure.n)), line("basis", word(figure.b)),
      line("choice", say(figure.o ? "not_preferred" : "preferred")))),
    await printings(d, figure, Number(number)),
    faultsOf(d, content, figure),
  ];
}

/** The same figure as other places print it: all documents of the body. */
async function printings(d, figure, number) {
  const same = (other) => ["m", "q", "y", "f", "n", "c", "e", "l"].every((key) => other[key] === figure[key]);
  const list = d.d === undefined ? [d] : documentsOf(d.d);
  const found = [];
  for (const one of list) {
    const content = await contentOf(one.i);
    content.F.forEach((other, i) => {
      if (same(other) && !(one.i === d.i && i === number)) found.push({ one, content, other, i });
    });
  }
  if (!found.length) return null;
  return card(say("other_printings", { n: found.length }), table([
    { label: say("printed"), n: true, cell: ({ one, other, i }) => h("a", { href: to(["figure", one.i, i]) }, printedText(other)) },
    { label: "", cell: ({ other }) => (other.v === figure.v ? say("same") : h("b", { class: "bad" }, say("differs"))) },
    { label: say("document"), cell: ({ one }) => documentLabel(one) },
    { label: say("place"), cell: ({ one, content, other }) => placeLink(one.i, other.at, content) },
  ], found));
}

function faultsOf(d, content, figure) {
  const own = content.N.map((finding, i) => ({ finding, i })).filter(({ finding }) => finding.f.includes(figure.i));
  return own.length > 0 && card(say("findings"), h("ul", { class: "links" }, own.map(({ finding, i }) =>
    h("li", {}, badge(finding.s), " ", h("a", { href: to(["finding", d.i, i]) }, finding.m)))));
}

// --- One finding

async function findingView([document, number]) {
  const d = { ...index.documents[Number(document)], i: Number(document) };
  const content = d.p === undefined ? undefined : await contentOf(d.i);
  const finding = content?.N[Number(number)];
  if (!finding) return notThere();
  lookAt(d.d);
  const whole = index.findings.find((one) => one.w.some(([a, b]) => a === d.i && b === Number(number)));
  const figures = finding.f.map((id) => content.F.findIndex((figure) => figure.i === id)).filter((i) => i >= 0);
  return [
    crumbs([regionName(d.d === undefined ? Number(address.g) : index.bodies[d.d].r), to([])], [say("findings"), to(["findings"])], [finding.c]),
    h("h1", {}, badge(finding.s), " ", finding.c),
    h("p", { class: "message" }, finding.m),
    finding.h && h("p", {}, h("b", {}, say("hint") + " "), finding.h),
    card(say("place"), h("p", {}, h("a", { href: toBody(d.d ?? "x", d.i) }, d.t || fileName(d.p)), h("br"), h("code", {}, d.p)),
      h("ul", { class: "links" }, finding.l.map((place) => h("li", {}, placeLink(d.i, place, content))))),
    figures.length > 0 && card(say("figures"), table([
      { label: say("metric"), cell: (i) => figureName(content.F[i]) },
      { label: say("printed"), n: true, cell: (i) => h("a", { href: to(["figure", d.i, i]) }, printedText(content.F[i])) },
      { label: say("place"), cell: (i) => placeLink(d.i, content.F[i].at, content) },
    ], figures)),
    whole && whole.w.length > 1 && card(say("also_in"), h("ul", { class: "links" }, whole.w.filter(([a]) => a !== d.i).map(([a, b]) =>
      h("li", {}, h("a", { href: to(["finding", a, b]) }, documentLabel(index.documents[a])))))),
  ];
}

const notThere = () => [h("h1", {}, say("not_there")), h("p", {}, h("a", { href: "#/" }, say("to_overview")))];
