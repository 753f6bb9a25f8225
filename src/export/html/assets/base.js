// Elements, words, and exact amounts. Data reaches the page as text nodes alone, never as markup.

const words = JSON.parse(document.getElementById("words").textContent);
const say = (key, values = {}) =>
  (words.page[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const word = (key) => words.report[key] ?? key;
const isChinese = document.documentElement.lang.startsWith("zh");

/** Makes an element; `on…` are listeners, other properties attributes, `undefined`, `null` and `false` nothing. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  put(element, children);
  return element;
}

function put(element, children) {
  for (const child of children.flat(9)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

// Amounts are whole numbers of 1/10000 元; a float never holds one.
const YUAN = 10000n;

function exact(text) {
  const [whole, fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + fraction.slice(0, 4).padEnd(4, "0"));
  return text.startsWith("-") ? -value : value;
}

const absolute = (value) => (value < 0n ? -value : value);
const sum = (values) => values.reduce((total, value) => total + value, 0n);

/** `value` divided by `unit`, half up, with thousands separators. */
function decimal(value, unit, digits) {
  const scale = 10n ** BigInt(digits);
  const rounded = (absolute(value) * scale * 2n + unit) / (unit * 2n);
  const text = rounded.toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value < 0n && rounded > 0n ? "−" : "";
  return sign + whole + (digits ? "." + text.slice(-digits) : "");
}

const inYuan = (value) => decimal(value, YUAN, value % 100n ? 4 : 2) + " " + say("yuan");
// Both show hundreds of 元, which is what 万元 with two decimals shows.
const TABLE_UNIT = isChinese ? { size: YUAN * 10000n, digits: 2 } : { size: YUAN * 1000n, digits: 1 };
const LARGE_UNIT = isChinese ? { size: YUAN * 100000000n, digits: 2 } : { size: YUAN * 1000000n, digits: 2 };

/** An amount in the unit of tables, with the exact one for the pointer and for readers. */
function amount(value, href) {
  if (value === undefined) return h("span", { class: "none" }, "—");
  const properties = { class: "n", title: inYuan(value), "aria-label": inYuan(value) };
  const text = decimal(value, TABLE_UNIT.size, TABLE_UNIT.digits);
  return href ? h("a", { ...properties, href }, text) : h("span", { ...properties, role: "img" }, text);
}

/** An amount for a headline: 亿元 from 1 亿元 on. */
function headlineAmount(value) {
  const isLarge = absolute(value) >= LARGE_UNIT.size;
  const unit = isLarge ? LARGE_UNIT : TABLE_UNIT;
  const name = say(isLarge ? "unit_large" : "unit_table");
  return h("span", { class: "n", title: inYuan(value), role: "img", "aria-label": inYuan(value) },
    decimal(value, unit.size, unit.digits), h("small", {}, " " + name));
}

/** `part` of `whole` in percent, two decimals, exact before it is rounded. */
function percent(part, whole) {
  if (!whole) return "—";
  return decimal(part * 100n * (whole < 0n ? -1n : 1n), absolute(whole), 2) + "%";
}

function change(now, before) {
  if (before === undefined || now === undefined) return h("span", { class: "none" }, "—");
  const difference = now - before;
  const sign = difference > 0n ? "+" : "";
  return h("span", { class: "n change", title: sign + inYuan(difference) },
    before ? sign + percent(difference, before) : sign + decimal(difference, TABLE_UNIT.size, TABLE_UNIT.digits));
}

/** A length for the eye; the figure beside it is exact. */
function bar(value, most) {
  const track = h("span", { class: "bar", "aria-hidden": "true" }, h("span"));
  const share = most ? Number((absolute(value) * 1000n) / absolute(most)) / 10 : 0;
  track.firstChild.style.width = share + "%";
  return track;
}
