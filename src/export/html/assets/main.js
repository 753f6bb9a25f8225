// The way from an address to a view, the frame around views, and the first steps.

const VIEWS = {
  function: functions,
  three: () => [crumbs([regionName(Number(address.g)), to([])], [say("three_public")]), h("h1", {}, say("three_public")), filterBar({ hasFund: false }), threePublicCard()],
  coverage: () => [crumbs([regionName(Number(address.g)), to([])], [say("coverage")]), h("h1", {}, say("coverage")), coverageCard()],
  findings,
  finding: findingView,
  bodies,
  body: bodyView,
  figure: figureView,
  documents,
  search,
};

const MENU = [["", "overview"], ["bodies", "bodies"], ["function", "by_function"], ["three", "three_public"], ["coverage", "coverage"],
  ["findings", "findings"], ["documents", "documents"]];

function frame() {
  const field = h("input", { type: "search", name: "q", placeholder: say("search_hint"), "aria-label": say("search") });
  const ask = (event) => { event.preventDefault(); location.hash = to(["search"], { q: field.value }); };
  document.getElementById("top").replaceChildren(
    h("a", { class: "brand", href: "#/" }, isChinese ? "决算" : "juesuan"),
    h("nav", { "aria-label": say("menu") }, MENU.map(([view, label]) => h("a", { href: to(view ? [view] : []), "data-view": view }, say(label)))),
    h("form", { role: "search", onsubmit: ask }, field),
    h("button", { type: "button", class: "theme", title: say("theme"), "aria-label": say("theme"), onclick: turnTheme }, "◐"));
  put(document.getElementById("bottom"), [
    h("p", {}, say("made_by", { program: words.program }), " ", say("exact_note")),
    words.cited_only && h("p", {}, say("cited_only")),
  ]);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
}

// A page from a file may have no storage.
const stored = {
  get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
  set: (value) => { try { localStorage.setItem("theme", value); } catch { /* it lasts as long as the page */ } },
};

function turnTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  stored.set(root.dataset.theme);
  show();
}

let turn = 0;

async function show({ keepsFocus } = {}) {
  const own = ++turn;
  address = readAddress();
  const view = address.steps.length ? VIEWS[address.steps[0]] ?? notThere : overview;
  const content = await view(address.steps.slice(1));
  if (own !== turn) return;
  clearCharts();
  const main = document.getElementById("main");
  main.replaceChildren();
  put(main, content);
  drawCharts();
  for (const link of document.querySelectorAll("#top nav a")) {
    const isHere = (address.steps[0] ?? "") === link.dataset.view;
    if (isHere) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    link.href = to(link.dataset.view ? [link.dataset.view] : []);
  }
  document.title = [main.querySelector("h1")?.textContent, say("report")].filter(Boolean).join(" · ");
  const marked = document.getElementById("marked");
  if (marked) {
    marked.scrollIntoView({ block: "center", inline: "center" });
    marked.focus({ preventScroll: true });
  } else if (!keepsFocus) {
    scrollTo(0, 0);
    if (own > 1) main.focus({ preventScroll: true });
  }
  main.dataset.shown = location.hash;
}

async function start() {
  const theme = stored.get();
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  if (typeof DecompressionStream === "undefined") {
    document.getElementById("main").replaceChildren(h("p", { class: "loading" }, say("old_browser")));
    return;
  }
  await loadIndex();
  setDefaults();
  address = readAddress();
  frame();
  addEventListener("hashchange", () => show());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show({ keepsFocus: true }));
  // Folded tables are printed too, and folded again.
  const unfolded = [];
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll(".grid-box:not([open])")) {
      details.drawNow();
      details.open = true;
      unfolded.push(details);
    }
    charts.forEach((one) => one.resize());
  });
  addEventListener("afterprint", () => unfolded.splice(0).forEach((details) => { details.open = false; }));
  await show();
}

start().catch((error) => {
  document.getElementById("main").replaceChildren(h("p", { class: "loading" }, say("broken") + " " + error.message));
  throw error;
});
