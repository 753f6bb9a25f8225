// What the page holds: an index, and a packed part for each body that is unpacked when somebody turns to it.

async function unpack(id) {
  const packed = document.getElementById(id);
  if (!packed) return {};
  const bytes = Uint8Array.from(atob(packed.textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

let index;
// What all bodies have in common: kinds, subjects and parts of figures, texts of cells.
let shared;
const parts = new Map();
const contents = new Map();

/** The content of a document, once its body's part is unpacked. */
async function contentOf(document) {
  const owner = index.documents[document].d ?? "x";
  if (!parts.has(owner)) parts.set(owner, unpack("b" + owner));
  const part = await parts.get(owner);
  if (!contents.has(document)) contents.set(document, content(part, part.D.indexOf(document)));
  return contents.get(document);
}

function content(part, n) {
  const [T, S, N, C, M] = ["T", "S", "N", "C", "M"].map((key) => part[key][n]);
  // A number below zero is a text that many bodies print.
  for (const grid of T) grid.x = grid.x.map((token) => (typeof token === "number" && token < 0 ? shared.X[-token - 1] : token));
  const columns = Object.fromEntries(Object.entries(part.F).map(([key, column]) => [key, column[n]]));
  return { T, S, N, C, M, F: figuresOf(columns, T) };
}

const SHIFTS = { 千元: 3, 万元: 4, 亿元: 8 };

/** The value that a literal in a unit says, as a decimal without needless zeros. */
function made(printed, unit) {
  const plain = printed.replace(/[,， ]/g, "").replace(/%$/, "");
  const [whole, fraction = ""] = plain.replace("-", "").split(".");
  const shift = SHIFTS[unit] ?? 0;
  const digits = fraction.padEnd(shift, "0");
  const left = (whole + digits.slice(0, shift)).replace(/^0+(?=\d)/, "");
  const right = digits.slice(shift).replace(/0+$/, "");
  const value = left + (right ? "." + right : "");
  return plain.startsWith("-") && /[1-9]/.test(value) ? "-" + value : value;
}

/** The figures of a document out of their columns, as `figures.rs` writes them. */
function figuresOf(columns, tables) {
  const texts = tables.map((grid) => {
    const found = new Map();
    let at = 0;
    for (const token of grid.x) {
      if (typeof token === "number") at += token;
      else if (typeof token === "string") found.set(at++, token);
    }
    return found;
  });
  let paragraph = 0;
  return columns.k.map((kind, n) => {
    const [m, q, y, f, fund, u, w, b, o] = shared.K[kind];
    const [c, e, l] = shared.J[columns.j[n]];
    const [a, s] = shared.W[columns.w[n]];
    const at = { p: columns.p[n] || undefined, a: a ?? undefined, s: s ?? undefined, c: columns.c[n] || undefined };
    if (columns.g[n] !== null) at.g = paragraph += columns.g[n];
    const table = columns.t[n];
    if (table >= 0) Object.assign(at, { t: tables[table].i, r: columns.r[n], k: columns.l[n] });
    const x = columns.x[n] === 0 ? texts[table].get(at.r * tables[table].k + at.k) : columns.x[n];
    const v = columns.v[n] === 0 ? made(x, w) : columns.v[n] ?? undefined;
    const figure = { m, q, y, f, n: fund, c, e, l, u, w, b, o: Boolean(o), at, x, v, s: columns.s[n] || undefined };
    figure.i = columns.i[n] || "f" + (n + 1);
    return figure;
  });
}

const isBudget = (kind) => kind.startsWith("budget");
const stageOf = (document) => (isBudget(document.k) ? "initial_budget" : "final");
const family = (kind) => kind.split(".")[0];

async function loadIndex() {
  [index, shared] = await Promise.all([unpack("index"), unpack("shared")]);
  index.leaves = index.leaves.d.map((document, i) => ({
    document,
    figure: index.leaves.f[i],
    code: index.leaves.c[i],
    fund: index.leaves.n[i],
    value: exact(index.leaves.v[i]),
    body: index.documents[document].d,
    year: index.documents[document].y,
    stage: stageOf(index.documents[document]),
  }));
  index.headline = index.headline.d.map((document, i) => ({
    document,
    figure: index.headline.f[i],
    metric: index.headline.m[i],
    stage: index.headline.s[i],
    value: exact(index.headline.v[i]),
    body: index.documents[document].d,
    year: index.documents[document].y,
  }));
}

const codeName = (code) => index.codes[code] ?? "";
const metricName = (metric) => index.metrics[metric] || metric;
const bodyName = (body) => (body === undefined ? say("unknown_body") : index.bodies[body].n || say("unknown_body"));
const regionName = (region) => {
  const { n, c } = index.regions[region] ?? {};
  return n || (c && c !== "000000" ? c : say("unknown_region"));
};
/** The name without the region's, which everybody knows here. */
const shortName = (body) => {
  const name = bodyName(body);
  const region = body === undefined ? "" : index.regions[index.bodies[body].r].n;
  return region && name.startsWith(region) && name.length > region.length ? name.slice(region.length) : name;
};

// --- What is looked at stands in the address: #/view/…?g=region&y=year&l=level&s=stage&n=fund

const mostFrequent = (values) => {
  const counts = values.reduce((seen, value) => seen.set(value, (seen.get(value) ?? 0) + 1), new Map());
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
};

const known = new Map();

/** What of a region is looked at first: departments, final accounts, the last year, the general public budget. */
function defaultsOf(region) {
  if (!known.has(region)) {
    const own = index.leaves.filter((leaf) => String(index.bodies[leaf.body].r) === region);
    const l = prefer(own.map((leaf) => index.bodies[leaf.body].l), "department");
    const s = prefer(own.filter((leaf) => index.bodies[leaf.body].l === l).map((leaf) => leaf.stage), "final");
    known.set(region, { g: region, l, s, ...yearAndFund(region, l, s) });
  }
  return known.get(region);
}

const prefer = (values, wanted) => (values.includes(wanted) ? wanted : mostFrequent(values) ?? wanted);

function yearAndFund(region, level, stage, year, fund) {
  const own = index.leaves.filter((leaf) =>
    String(index.bodies[leaf.body].r) === region && index.bodies[leaf.body].l === level && leaf.stage === stage);
  const years = own.map((leaf) => String(leaf.year ?? ""));
  const y = years.includes(year) ? year : years.reduce((last, one) => (one > last ? one : last), "");
  const funds = own.filter((leaf) => String(leaf.year ?? "") === y).map((leaf) => leaf.fund);
  return { y, n: funds.includes(fund) ? fund : prefer(funds, "gpb") };
}

let firstRegion = "0";

function setDefaults() {
  firstRegion = String(mostFrequent(index.leaves.map((leaf) => index.bodies[leaf.body].r)) ?? 0);
}

function readAddress() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const asked = Object.fromEntries(new URLSearchParams(query));
  const steps = path.split("/").map((step) => {
    try { return decodeURIComponent(step); } catch { return step; }
  });
  const defaults = defaultsOf(index.regions[asked.g] ? asked.g : firstRegion);
  const chosen = { ...defaults, ...asked, g: defaults.g };
  // What another level or stage has no figures of gives way.
  const settled = yearAndFund(chosen.g, chosen.l, chosen.s, chosen.y, chosen.n);
  return { ...chosen, ...settled, steps: steps[0] ? steps : [] };
}

let address = { steps: [] };

/** The address of a view with what is looked at now, or with something of it changed; another region begins anew. */
function to(steps, changed = {}) {
  const region = changed.g ?? address.g;
  const defaults = defaultsOf(region);
  const now = region === address.g ? address : defaults;
  const asked = region === firstRegion ? {} : { g: region };
  for (const key of ["y", "l", "s", "n"]) {
    const value = changed[key] ?? now[key];
    if (value !== defaults[key]) asked[key] = value;
  }
  if (changed.q !== undefined) asked.q = changed.q;
  const query = new URLSearchParams(asked).toString();
  return "#/" + steps.map(encodeURIComponent).join("/") + (query ? "?" + query : "");
}

const inRegion = (body) => body !== undefined && String(index.bodies[body].r) === address.g;
const isLookedAt = (body) => inRegion(body) && index.bodies[body].l === address.l;

/** The item-level figures that are looked at, of a year and perhaps of a class or item. */
function leavesOf({ year = address.y, fund = address.n, code = "", body } = {}) {
  return index.leaves.filter((leaf) =>
    isLookedAt(leaf.body) && leaf.stage === address.s && leaf.fund === fund && String(leaf.year) === String(year) &&
    leaf.code.startsWith(code) && (body === undefined || leaf.body === body));
}

/** Rows put together by a key, in the order of the keys. */
function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const name = key(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

const total = (rows) => sum(rows.map((row) => row.value));
const descending = (a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0);

/** Figures that a body's fullest document gives for metrics, that of the stage's own kind of report first. */
function headlineOf(metric, year, body) {
  const found = index.headline.filter((row) => row.metric === metric && row.stage === address.s &&
    row.body === body && String(row.year) === String(year));
  return found.find((row) => stageOf(index.documents[row.document]) === address.s) ?? found[0];
}

const yearBefore = () => String(Number(address.y) - 1);

/** Bodies that have figures in both years, so that like is compared with like. */
function inBothYears(fund = address.n) {
  const bodies = (year) => new Set(leavesOf({ year, fund }).map((leaf) => leaf.body));
  const before = bodies(yearBefore());
  return new Set([...bodies(address.y)].filter((body) => before.has(body)));
}

const SEVERITIES = ["critical", "error", "warn", "info"];
/** Findings of the region, or of one body, gravest first. */
function findingsOf(body) {
  const own = index.findings.filter((finding) => {
    const owner = index.documents[finding.w[0][0]].d;
    return body === undefined ? inRegion(owner) : owner === body;
  });
  return own.sort((a, b) => SEVERITIES.indexOf(a.s) - SEVERITIES.indexOf(b.s));
}

const documentsOf = (body) =>
  index.documents.map((document, i) => ({ ...document, i })).filter((document) => document.d === body);

// --- Addresses of things

const toBody = (body, document) => to(document === undefined ? ["body", body] : ["body", body, document]);
const toFigure = (row) => to(["figure", row.document, row.figure]);
const toCell = (document, place) =>
  to(["body", index.documents[document].d ?? "x", document, place.t, place.r ?? 0, place.k ?? 0]);
