// What views are made of: tables that sort, charts, grids of cells, places.

const ROWS_AT_ONCE = 200;

/** A table of rows. Columns: label, cell(row), and for sorting value(row); `n` marks figures. */
function table(columns, rows, { caption, sort, foot, id } = {}) {
  const body = h("tbody");
  const more = h("p", { class: "more" });
  let order = sort ?? {};
  let shown = ROWS_AT_ONCE;
  const compare = (column, sign) => (a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    const isText = typeof x === "string" && typeof y === "string";
    return sign * (isText ? x.localeCompare(y, "zh-CN", { numeric: true }) : x < y ? -1 : x > y ? 1 : 0);
  };
  const draw = () => {
    const column = columns[order.by];
    const sorted = column?.value ? [...rows].sort(compare(column, order.down ? -1 : 1)) : rows;
    body.replaceChildren(...sorted.slice(0, shown).map((row) => h("tr", {}, columns.map((column, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: column.n ? "num" : null }, column.cell(row))))));
    const rest = rows.length - shown;
    more.replaceChildren();
    if (rest > 0) more.append(h("button", { type: "button", onclick: () => { shown = rows.length; draw(); } },
      say("show_rest", { n: rest })));
    heads.forEach((head, i) => {
      head.setAttribute("aria-sort", i === order.by ? (order.down ? "descending" : "ascending") : "none");
    });
  };
  const heads = columns.map((column, i) => {
    const press = () => {
      order = { by: i, down: order.by === i ? !order.down : Boolean(column.n) };
      draw();
    };
    return h("th", { scope: "col", class: column.n ? "num" : null },
      column.value ? h("button", { type: "button", class: "sort", onclick: press }, column.label) : column.label);
  });
  const element = h("table", { class: "data", id },
    caption && h("caption", {}, caption), h("thead", {}, h("tr", {}, heads)), body,
    foot && h("tfoot", {}, h("tr", {}, foot.map((cell, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: columns[i].n ? "num" : null }, cell)))));
  draw();
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption ?? say("table") },
    element, more);
}

// --- Charts

const charts = new Set();
// A chart is drawn once its canvas stands in the page.
const undrawn = [];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const SERIES = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"];

function clearCharts() {
  charts.forEach((chart) => chart.destroy());
  charts.clear();
}

const drawCharts = () => undrawn.splice(0).forEach((draw) => draw());

/** Draws a chart: `kind` bar, row (bars that lie), line or pie. Values are floats for the eye; `tell` has the exact. */
function chart({ kind, labels, series, label, tell, press, height }) {
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const box = h("div", { class: "chart" }, canvas);
  if (height) box.style.height = height + "px";
  const isPie = kind === "pie";
  const axis = { grid: { color: colour("--line") }, ticks: { color: colour("--soft") }, border: { display: false } };
  const names = { ...axis, grid: { display: false }, ticks: { color: colour("--ink"), autoSkip: false } };
  undrawn.push(() => {
    if (!canvas.isConnected) return;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts.add(new Chart(canvas, {
      type: isPie ? "doughnut" : kind === "line" ? "line" : "bar",
      data: {
        labels,
        datasets: series.map((one, i) => ({
          label: one.name,
          data: one.values,
          backgroundColor: isPie ? labels.map((_, k) => colour(SERIES[k % SERIES.length])) : colour(SERIES[i % SERIES.length]),
          borderColor: isPie ? colour("--card") : colour(SERIES[i % SERIES.length]),
          borderWidth: isPie ? 2 : kind === "line" ? 2 : 0,
          borderRadius: isPie ? 0 : 3,
          maxBarThickness: 28,
        })),
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        indexAxis: kind === "row" ? "y" : "x",
        onClick: press && ((_, hit) => hit[0] && press(hit[0].index)),
        onHover: press && ((event, hit) => { event.native.target.style.cursor = hit[0] ? "pointer" : "default"; }),
        plugins: {
          legend: { display: isPie || series.length > 1, position: isPie ? "right" : "top",
            labels: { color: colour("--ink"), boxWidth: 12 } },
          tooltip: { callbacks: tell && { label: (item) => tell(item.datasetIndex, item.dataIndex) } },
        },
        scales: isPie ? {} : kind === "row" ? { x: { ...axis, beginAtZero: true }, y: names }
          : { x: names, y: { ...axis, beginAtZero: true } },
      },
    }));
  });
  return box;
}

/** For the eye alone: the figures beside a chart are exact. */
const forEye = (value) => Number(value) / Number(TABLE_UNIT.size);

// --- Grids of cells

/** The cells of a grid with their places, and for each position the cell that covers it. */
function laidOut(grid) {
  if (grid.laid) return grid.laid;
  const cells = [];
  const covered = new Map();
  let at = 0;
  let spans = [1, 1];
  for (const token of grid.x) {
    if (typeof token === "number") at += token;
    else if (Array.isArray(token)) spans = token;
    else {
      const cell = { r: Math.floor(at / grid.k), k: at % grid.k, down: spans[0], across: spans[1], text: token };
      cells.push(cell);
      for (let r = cell.r; r < Math.min(cell.r + cell.down, cell.r + 2000); r++) {
        if (covered.size > 1e6) break;
        for (let k = cell.k; k < Math.min(cell.k + cell.across, cell.k + 500); k++) {
          if (!covered.has(r * grid.k + k)) covered.set(r * grid.k + k, cell);
        }
      }
      at += 1;
      spans = [1, 1];
    }
  }
  grid.laid = { cells, at: (r, k) => covered.get(r * grid.k + k) };
  return grid.laid;
}

const isFigure = (text) => /^[−-]?[\d,，]*\.?\d+%?$|^[-—–－]+$/.test(text.replace(/\s/g, ""));
/** A code of a classification is read like a word. */
const isCode = (text, k) => k < 3 && /^\d{3}(\d{2}){0,2}$/.test(text);
const MOST_ROWS = 300;
const MOST_COLUMNS = 80;

/** What stands beside and above a cell: the words of its row, and of its column. */
function headingsOf(grid, r, k) {
  const laid = laidOut(grid);
  const own = laid.at(r, k);
  const unique = (cells) => [...new Set(cells.filter((c) => c && c !== own && c.text && !isFigure(c.text)))].map((c) => c.text);
  const left = Array.from({ length: Math.min(k, 100) }, (_, i) => laid.at(r, k - 1 - i)).reverse();
  const above = Array.from({ length: grid.h }, (_, i) => laid.at(i, k));
  return { row: unique(left).slice(-2), column: unique(above) };
}

/** Draws a grid; figures lead to where they are told about, `marked` is [row, column]. */
function gridTable(document, content, grid, marked) {
  const laid = laidOut(grid);
  const key = (place) => place.r + "," + place.k;
  const own = (place) => place.t === grid.i && place.r !== undefined;
  const figures = new Map();
  content.F.forEach((figure, i) => {
    if (own(figure.at) && (!figures.has(key(figure.at)) || !figure.o)) figures.set(key(figure.at), i);
  });
  // The first place is what the finding is about, the others what it rests on. The gravest finding of a cell is shown.
  const faults = new Map();
  const gravity = (fault) => SEVERITIES.indexOf(fault.finding.s) * 2 + (fault.isFirst ? 0 : 1);
  for (const finding of content.N) {
    finding.l.forEach((place, i) => {
      const fault = { finding, isFirst: i === 0 };
      const held = own(place) ? faults.get(key(place)) : undefined;
      if (own(place) && (!held || gravity(fault) < gravity(held))) faults.set(key(place), fault);
    });
  }
  const least = marked ? marked[0] + 20 : 0;
  const rows = Math.min(grid.r, Math.max(MOST_ROWS, least));
  const columns = Math.min(grid.k, MOST_COLUMNS);
  const drawCell = (r, k) => {
    const cell = laid.at(r, k);
    if (cell && (cell.r !== r || cell.k !== k)) return null;
    const place = r + "," + k;
    const text = cell?.text ?? "";
    const figure = figures.get(place);
    const fault = faults.get(place);
    const isMarked = marked && marked[0] === r && marked[1] === k;
    const properties = {
      rowspan: cell?.down > 1 ? Math.min(cell.down, rows - r) : null,
      colspan: cell?.across > 1 ? Math.min(cell.across, columns - k) : null,
      class: [isFigure(text) && !isCode(text, k) && "num", fault && "fault " + fault.finding.s + (fault.isFirst ? " first" : ""), isMarked && "marked"].filter(Boolean).join(" ") || null,
      id: isMarked ? "marked" : null,
      tabindex: isMarked ? "-1" : null,
      title: fault?.finding.m,
      "data-cell": place,
    };
    const inner = figure === undefined ? text : h("a", { href: to(["figure", document, figure]) }, text || "·");
    return h(r < grid.h ? "th" : "td", properties, inner);
  };
  const line = (r) => h("tr", {}, Array.from({ length: columns }, (_, k) => drawCell(r, k)));
  const lines = (from, until) => Array.from({ length: Math.max(0, until - from) }, (_, i) => line(from + i));
  const hidden = [grid.r - rows, grid.k - columns];
  return [
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": grid.t ?? say("table") },
      h("table", { class: grid.k > 16 ? "grid wide" : "grid" }, h("thead", {}, lines(0, Math.min(grid.h, rows))), h("tbody", {}, lines(grid.h, rows)))),
    hidden[0] > 0 && h("p", { class: "more" }, say("rows_hidden", { n: hidden[0] })),
    hidden[1] > 0 && h("p", { class: "more" }, say("columns_hidden", { n: hidden[1] })),
  ];
}

// --- Places and figures

/** A place as it is cited: page, sheet and cell, paragraph, table with row and column from 1. */
function placeText(place, content) {
  const grid = place.t && content?.T.find((one) => one.i === place.t);
  return [
    place.p && say("page_n", { n: place.p }),
    place.s && say("sheet_n", { name: place.s, cell: place.c ?? "" }),
    place.a && place.a !== "word/document.xml" && place.a,
    place.g && say("paragraph_n", { n: place.g }),
    grid && place.r !== undefined
      && say("cell_n", { table: grid.t ?? grid.i, row: place.r + 1, col: (place.k ?? 0) + 1 }),
  ].filter(Boolean).join(" ");
}

const placeLink = (document, place, content) =>
  place.t && content?.T.some((grid) => grid.i === place.t)
    ? h("a", { href: toCell(document, place) }, placeText(place, content))
    : placeText(place, content);

const isMoney = (figure) => figure.u === "元" && figure.q !== "share" && figure.q !== "yoy_pct";

function figureValue(figure) {
  if (figure.v === undefined) return figure.x;
  return isMoney(figure) ? amount(exact(figure.v)) : figure.v + (figure.u === "%" ? "%" : " " + word(figure.u));
}

const printedText = (figure) =>
  figure.x + (figure.w && !figure.x.endsWith(figure.w) ? " " + figure.w : "");

const figureName = (figure) => [metricName(figure.m), figure.c, figure.e, figure.l].filter(Boolean).join(" · ");

/** A sentence with the figure in it marked. */
function sentence(content, figure) {
  if (!figure.s) return null;
  const [i, from] = figure.s;
  const until = from + Array.from(figure.x).length;
  const letters = Array.from(content.S[i] ?? "");
  return h("q", {}, letters.slice(0, from).join(""), h("mark", {}, letters.slice(from, until).join("")),
    letters.slice(until).join(""));
}

const badge = (severity, count) =>
  h("span", { class: "badge " + severity }, word(severity), count === undefined ? null : " " + count);

const crumbs = (...steps) =>
  h("nav", { class: "crumbs", "aria-label": say("path") }, h("ol", {}, steps.map(([text, href]) =>
    h("li", {}, href ? h("a", { href }, text) : h("span", { "aria-current": "page" }, text)))));

const card = (title, ...children) => h("section", { class: "card" }, title && h("h2", {}, title), ...children);
