"use strict";
// Shows the facts that lie in the page. Everything is made of elements and text, never of markup, and nothing is loaded.
(() => {
  const D = JSON.parse(document.getElementById("facts").textContent);
  const MONEY = ["funding", "funding_state", "task_budget_state", "task_budget_other"];
  const DISBURSED = "|funding_kind=disbursed";
  const UNALLOCATED = "CHUA-PHAN-BO";
  const MOST_FILES = 400;
  const MOST_TOOLS = 12;
  const state = { lang: D.lang, column: firstColumn(), view: "34", unit: "", tool: "", measure: "enterprises_supported" };

  // ---- words and numbers ---------------------------------------------------------------------------------------
  const side = () => (state.lang === "vi" ? 0 : 1);
  const say = (key, ...parts) => parts.reduce((text, part, i) => text.split(`{${i}}`).join(part), D.words[key][side()]);
  const both = (pair) => pair[side()];
  const marks = (text) => (state.lang === "vi" ? text.replace(/[,.]/g, (m) => (m === "," ? "." : ",")) : text);
  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
  const whole = (value) => marks(grouped(String(BigInt(value))));
  const plain = (value) => {
    const [head, tail] = String(value).split(".");
    return marks(grouped(head) + (tail ? `.${tail}` : ""));
  };
  // đồng as millions with one decimal, rounded half up, as everywhere in xltrack.
  const millions = (value) => {
    const big = BigInt(value);
    const tenths = ((big < 0n ? -big : big) + 50000n) / 100000n;
    return (big < 0n ? "-" : "") + marks(`${grouped(String(tenths / 10n))}.${tenths % 10n}`);
  };
  const isMoney = (key) => MONEY.includes(key.split("|")[0]);
  const shown = (key, value) => (isMoney(key) ? millions(value) : whole(value));
  const dashed = (text) => text.replace("-", "–");

  // ---- figures -------------------------------------------------------------------------------------------------
  function firstColumn() {
    const single = D.columns.map((c, i) => [c, i]).filter(([c]) => c[0].length === 4);
    const actual = single.filter(([c]) => c[1] === "actual");
    return (actual.at(-1) || single.at(-1) || [null, 0])[1];
  }
  const columnName = (i) => {
    const [period, kind] = D.columns[i];
    return dashed(period) + (kind === "estimate" ? ` (${say("estimate")})` : "");
  };
  const singles = () => D.columns.map((_, i) => i).filter((i) => D.columns[i][0].length === 4 || D.kind === "five_year");
  const columnOf = (period, kind) => D.columns.findIndex((c) => c[0] === period && c[1] === kind);
  const units = (view = state.view) => D.provinces[view];
  const place = (code, view = state.view) => units(view).findIndex((u) => u[0] === code);
  const unitName = (code, view = state.view) => {
    const unit = units(view).find((u) => u[0] === code) || Object.values(D.provinces).flat().find((u) => u[0] === code);
    return unit ? unit[1 + side()] : code;
  };
  const cutBy = (key, tool) => (tool ? `${key}|tool=${tool}` : key);
  const hasTool = (key) => Object.keys(D.nation).some((name) => name.startsWith(`${key}|tool=`));
  const hasToolByUnit = (key) => Object.keys(D.units[state.view]).some((name) => name.startsWith(`${key}|tool=`));

  // What stands for one figure: its value, or null where nothing is known of it.
  function figure(key, column, unit = "", view = state.view) {
    if (!unit) return D.nation[key]?.[column] ?? null;
    const at = place(unit, view);
    const value = D.units[view][key]?.[at]?.[column] ?? null;
    if (value !== null) return value;
    const isKnown = "zp".includes(D.states[view][at]?.[column] ?? "-") && figure(key.split("|tool=")[0], column) !== null;
    return isKnown ? 0 : null;
  }
  const reported = (unit, column, view = state.view) => D.states[view][place(unit, view)]?.[column] ?? "-";

  // ---- elements ------------------------------------------------------------------------------------------------
  function h(tag, options = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "css") Object.entries(value).forEach(([k, v]) => element.style.setProperty(k, v));
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  }

  // A figure that can be opened: its text, and which figure of the roll-up it is.
  function number(key, column, unit = "", view = state.view, label = "") {
    const value = figure(key, column, unit, view);
    if (value === null) return h("span", { class: "nothing" }, "–");
    const text = shown(key, value);
    const [period, kind] = D.columns[column];
    const named = [key, period, kind, view, unit].join(" ");
    const what = `${label || title(key)}, ${unit ? unitName(unit, view) : say("nation")}, ${columnName(column)}: ${text}`;
    return h("button", {
      type: "button", class: "figure", "data-figure": named,
      "aria-label": say("open_figure", what), onclick: () => openFigure(key, column, unit, view),
    }, text);
  }
  function title(key) {
    const [measure, ...cut] = key.split("|");
    const names = cut.map((part) => {
      const [name, code] = part.split("=");
      return codeName(name, code);
    });
    return [both(D.measures[measure].title), ...names].join(" · ") + (isMoney(key) ? `, ${say("million")}` : "");
  }
  const codeName = (list, code) => {
    const entry = (D.lists[list] || []).find((one) => one[0] === code);
    return entry ? entry[1 + side()] : code;
  };

  // `numeric` are the columns of numbers; the column `scope` names its row.
  function table(heads, rows, caption, numeric = [], scope = 0) {
    return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
      h("table", {},
        h("caption", { class: "hidden" }, caption),
        h("thead", {}, h("tr", {}, heads.map((head, i) => h("th", { scope: "col", class: numeric.includes(i) ? "n" : null }, head)))),
        h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
          h(i === scope ? "th" : "td", { scope: i === scope ? "row" : null, class: numeric.includes(i) ? "n" : null }, cell)))))));
  }
  const wide = (...asked) => classed("wide", table(...asked));
  const ranking = (...asked) => classed("ranking", table(...asked));
  const classed = (name, element) => {
    element.classList.add(name);
    return element;
  };
  const behind = (content, open = false) => h("details", { open }, h("summary", {}, say("as_table")), content);
  const section = (id, heading, note, ...content) =>
    h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, heading), note ? h("p", { class: "note" }, note) : null, ...content);

  // A list of lines with a bar each: label, bar, figure.
  function bars(rows, caption, longest = 0) {
    const most = longest || Math.max(1, ...rows.map((row) => Number(row.value ?? 0)));
    return h("ul", { class: "bars", "aria-label": caption }, rows.map((row) =>
      h("li", {},
        h("span", { class: "label" }, row.label),
        h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "bar", css: { width: `${(100 * Number(row.value ?? 0)) / most}%` } })),
        h("span", { class: "n" }, row.shown))));
  }

  // ---- parts of the page ---------------------------------------------------------------------------------------
  function header() {
    const languages = ["vi", "en"].map((lang) => h("button", {
      type: "button", lang, "aria-pressed": String(state.lang === lang), onclick: () => change({ lang }), id: `lang-${lang}`,
    }, lang === "vi" ? "Tiếng Việt" : "English"));
    return h("header", {},
      h("div", { class: "top" },
        h("p", { class: "kicker" }, say("kicker")),
        h("div", { class: "switch", role: "group", "aria-label": say("language") }, languages)),
      h("h1", {}, say("title")),
      h("p", { class: "until" }, `${say(D.kind)} · ${D.until ? say("until", both(D.until)) : say(D.columns.length ? "no_day" : "no_data")}`),
      D.as_of.map((line) => h("p", { class: "until" }, both(line))),
      coverageLines());
  }

  function coverageLines() {
    const own = D.rounds.filter((r) => r.kind === D.kind);
    const newest = own.filter((r) => r.year === own[0]?.year).sort((one, two) => two.group.localeCompare(one.group));
    if (!newest.length) return null;
    const counts = newest.map((r) => say(r.group === "province" ? "provinces_of" : "others_of", r.reported, r.expected)).join(" · ");
    const lists = [["absent", "absent_line"], ["not_counted", "not_counted_line"], ["partial", "partial_line"]].map(([name, words]) => {
      const names = newest.map((r) => both(r[name])).filter(Boolean).join("; ");
      return names ? h("p", { class: "absent" }, say(words, names)) : null;
    });
    return h("div", { class: "coverage" }, h("p", {}, h("strong", {}, say("coverage_line", newest[0].year, counts))), lists,
      D.lacking.map((line) => h("p", { class: "absent" }, both(line))),
      D.twice.map((t) => h("p", { class: "absent" }, say("twice_line", t[0], both(t.slice(1))))),
      D.doubted.length ? h("p", { class: "absent" }, say("doubted_line", D.doubted.map(both).join("; "))) : null);
  }

  function filters() {
    const select = (name, label, options) => h("label", { for: `f-${name}` }, h("span", {}, label),
      h("select", { id: `f-${name}`, onchange: (event) => change({ [name]: name === "column" ? Number(event.target.value) : event.target.value }) }, options));
    const option = (value, text, chosen) => h("option", { value, selected: value === chosen }, text);
    const periods = D.columns.map((c, i) => (c[2] ? option(String(i), columnName(i), String(state.column)) : null));
    const groups = [["province", "provinces"], ["other", "others"]].map(([group, words]) => {
      const members = units().filter((u) => u[3] === group);
      return members.length ? h("optgroup", { label: say(words) }, members.map((u) => option(u[0], u[1 + side()], state.unit))) : null;
    });
    const tools = D.lists.tool.filter((t) => hasCode("tool", t[0])).map((t) => option(t[0], t[1 + side()], state.tool));
    const views = ["34", "63"].map((view) => h("button", {
      type: "button", id: `view-${view}`, "aria-pressed": String(state.view === view), onclick: () => change({ view, unit: "" }),
    }, say(`view_${view}`)));
    return h("form", { class: "filters", "aria-label": say("filters"), onsubmit: (event) => event.preventDefault() },
      select("column", say("period"), periods),
      h("div", { class: "field", role: "group", "aria-label": say("view") }, h("span", {}, say("view")), h("div", { class: "switch" }, views)),
      select("unit", say("unit"), [option("", say("nation"), state.unit), ...groups]),
      select("tool", say("tool"), [option("", say("every_tool"), state.tool), ...tools]),
      h("button", { type: "button", id: "reset", class: "quiet", onclick: () => change({ column: firstColumn(), view: "34", unit: "", tool: "" }) }, say("reset")));
  }
  const hasCode = (name, code) => Object.keys(D.nation).some((key) => key.includes(`|${name}=${code}`));
  const choice = () => [state.unit ? unitName(state.unit) : say("nation"), state.tool ? codeName("tool", state.tool) : say("every_tool")].join(" · ");

  function headlines() {
    const H = D.headlines;
    const cards = [
      card("enterprises_supported", H.span, say("enterprises", dashed(H.span)), null),
      growthCard(H.growth),
      card("pilot_models", H.whole, say("pilots", dashed(H.whole)), aimOf("PILOT-MODELS", H.whole)),
      card("certified_experts", H.span, say("experts", dashed(H.span)), aimOf("EXPERTS", H.span)),
      moneyCard(H.span),
      planCard(),
    ];
    return section("headlines", say("headlines"), say("headline_note"), h("dl", { class: "cards" }, cards));
  }
  const aimOf = (code, period) => D.targets.find((t) => t.code === code && t.period === period) || null;
  const kindsOf = (key, period) => ["actual", "estimate"].map((kind) => columnOf(period, kind)).filter((i) => i >= 0 && figure(key, i) !== null);

  function card(key, period, label, aim) {
    const found = kindsOf(key, period);
    const values = found.map((i) => h("span", { class: "big" }, number(key, i, "", "34", label), D.columns[i][1] === "estimate" ? h("small", {}, ` ${say("estimate")}`) : null));
    return h("div", { class: "card" }, h("dt", {}, label), h("dd", {}, values.length ? values : h("span", { class: "big nothing" }, say("none_yet")), aimLine(aim, found.length ? Number(figure(key, found[0])) : null)));
  }
  function aimLine(aim, value) {
    if (!aim) return null;
    const done = value !== null && value >= aim.low;
    const share = Math.min(100, (100 * (value ?? 0)) / aim.low);
    return h("div", { class: "aim" },
      h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: done ? "bar done" : "bar", css: { width: `${share}%` } })),
      h("span", {}, `${say("target", both(aim.aim))} · ${say(done ? "reached" : "not_reached")}`));
  }
  function growthCard(growth) {
    const text = growth ? `${growth.value > 0 ? "+" : ""}${plain(growth.value)} %` : say("none_yet");
    const lines = growth ? [h("p", { class: "small" }, both(growth.detail)), h("p", { class: "small" }, say("target", `${both(growth.aim)} %`))] : [];
    const kind = growth?.kind === "estimate" ? h("small", {}, ` ${say("estimate")}`) : null;
    return h("div", { class: "card" }, h("dt", {}, say("growth")), h("dd", {}, h("span", { class: growth ? "big" : "big nothing" }, text, kind), lines));
  }
  function moneyCard(period) {
    const key = `funding${DISBURSED}`;
    const found = kindsOf(key, period);
    const values = found.map((i) => h("span", { class: "big" }, number(key, i, "", "34"), h("small", {}, ` ${say("million")}${D.columns[i][1] === "estimate" ? `, ${say("estimate")}` : ""}`)));
    const state_ = found.map((i) => h("p", { class: "small" }, ...spliced(say("of_state", "\u0000"), number(`funding_state${DISBURSED}`, i, "", "34"))));
    return h("div", { class: "card" }, h("dt", {}, say("disbursed", dashed(period))), h("dd", {}, values.length ? values : h("span", { class: "big nothing" }, say("none_yet")), state_));
  }
  const spliced = (text, element) => {
    const [before, after] = text.split("\u0000");
    return [before, element, after];
  };
  function planCard() {
    const issued = D.plan36[state.view].find((row) => row[0] === "issued");
    const aim = aimOf("PROVINCES-PLAN36", (D.headlines.newest ?? 0) <= 2025 ? "2021-2025" : "2026-2030");
    return h("div", { class: "card" }, h("dt", {}, say("plans")), h("dd", {},
      h("span", { class: "big", "data-plan": "issued" }, String(issued[4]), h("small", {}, ` ${say("of_provinces", issued[5])}`)), aimLine(aim, issued[4])));
  }

  // ---- charts --------------------------------------------------------------------------------------------------
  const chartWidth = (box) => Math.max(280, Math.round(box.clientWidth || 340));
  const STYLE = { fontFamily: "inherit", fontSize: "13px", background: "none", color: "var(--ink)" };
  const axisText = (value) => marks(grouped(String(Math.round(value))));

  // The figure over each column, unless they would run into one another.
  function above(rows, value, width) {
    const texts = rows.map((row) => axisText(value(row)));
    const room = (width - 70) / Math.max(1, singles().length);
    if (Math.max(...texts.map((text) => text.length)) * 6.8 > room) return [];
    return [Plot.text(rows, { x: "year", y: value, text: (row) => axisText(value(row)), dy: -9, fontWeight: 600, fontSize: 12, fill: "var(--ink)" })];
  }
  function chart(box, label, marks_, most, options = {}) {
    const width = chartWidth(box);
    const plot = Plot.plot({
      width, height: 250, marginLeft: 16 + 7.5 * axisText(most).length, marginTop: 26, marginBottom: 32, className: "chart", style: STYLE,
      y: { label: null, grid: true, ticks: Math.max(1, Math.min(4, Math.floor(most))), tickFormat: axisText, tickSize: 0, insetTop: 14, nice: true, zero: true },
      marks: marks_, ...options,
    });
    plot.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", label);
    box.replaceChildren(plot);
  }

  function yearRows(key) {
    return singles().map((i) => ({ column: i, year: columnName(i), kind: D.columns[i][1], value: Number(figure(key, i, state.unit) ?? 0), known: figure(key, i, state.unit) !== null }));
  }
  const spoken = (rows, key) => rows.filter((row) => row.known).map((row) => `${row.year}: ${shown(key, figure(key, row.column, state.unit))}`).join("; ");

  const yearAxis = (rows) => ({ type: "band", label: null, padding: 0.32, tickSize: 0, domain: rows.map((row) => row.year) });

  function drawEnterprises(box) {
    const key = cutBy("enterprises_supported", state.tool);
    const rows = yearRows(key);
    const known = rows.filter((row) => row.known);
    if (!known.length) return box.replaceChildren(h("p", { class: "nothing" }, say("no_figures")));
    const of = (kind) => known.filter((row) => row.kind === kind);
    const common = { x: "year", y: "value", rx: 2 };
    return chart(box, `${say("chart_enterprises")}. ${choice()}. ${spoken(rows, key)}`, [
      Plot.barY(of("actual"), { ...common, fill: "var(--accent)" }),
      Plot.barY(of("estimate"), { ...common, fill: "var(--pale)", stroke: "var(--accent)", strokeDasharray: "4 3" }),
      ...above(known, (row) => row.value, chartWidth(box)),
      Plot.ruleY([0], { stroke: "var(--rule)" }),
    ], Math.max(...known.map((row) => row.value)), { x: yearAxis(rows) });
  }

  function drawFunding(box) {
    const total = `funding${DISBURSED}`;
    const part = `funding_state${DISBURSED}`;
    const rows = yearRows(total);
    const known = rows.filter((row) => row.known);
    if (!known.length) return box.replaceChildren(h("p", { class: "nothing" }, say("no_figures")));
    const parts = known.flatMap((row) => {
      const state_ = Number(figure(part, row.column, state.unit) ?? 0);
      return [{ ...row, source: say("state_budget"), value: state_ / 1e6 }, { ...row, source: say("other_sources"), value: (row.value - state_) / 1e6 }];
    });
    const sources = [say("state_budget"), say("other_sources")];
    return chart(box, `${say("chart_funding")}. ${choiceOfUnit()}. ${spoken(rows, total)}`, [
      Plot.barY(parts, { x: "year", y: "value", fill: "source", order: sources, stroke: (row) => (row.kind === "estimate" ? "var(--accent)" : "none"), strokeDasharray: "4 3" }),
      ...above(known, (row) => row.value / 1e6, chartWidth(box)),
      Plot.ruleY([0], { stroke: "var(--rule)" }),
    ], Math.max(...known.map((row) => row.value / 1e6)), {
      x: yearAxis(rows),
      color: { domain: sources, range: ["var(--accent)", "var(--second)"] },
    });
  }
  const choiceOfUnit = () => (state.unit ? unitName(state.unit) : say("nation"));

  function years() {
    const box = (id) => h("div", { class: "chart-box", id });
    const legend = h("p", { class: "legend" }, h("span", { class: "key accent" }), say("state_budget"), h("span", { class: "key second" }), say("other_sources"));
    return section("years", say("by_year"), say("by_year_note", choice()),
      h("div", { class: "pair" },
        h("figure", {}, h("figcaption", {}, say("chart_enterprises")), box("chart-enterprises")),
        h("figure", {}, h("figcaption", {}, say("chart_funding"), state.tool ? ` (${say("not_by_tool")})` : ""), legend, box("chart-funding"))),
      behind(yearTable()));
  }
  function lines() {
    const order = D.lists.funding_kind.map((one) => one[0]);
    const keys = [];
    for (const measure of Object.keys(D.measures)) {
      const kinds = order.map((code) => `${measure}|funding_kind=${code}`).filter((key) => D.nation[key]);
      keys.push(...(kinds.length ? kinds : [measure]));
    }
    return keys.filter((key) => D.nation[key]);
  }
  function yearTable() {
    const columns = D.columns.map((_, i) => i).filter((i) => D.columns[i][2]);
    const rows = lines().filter((key) => !state.tool || (state.unit ? hasToolByUnit(key) : hasTool(key))).map((key) => [title(key), ...columns.map((i) => number(cutBy(key, state.tool), i, state.unit))]);
    return table([say("measure"), ...columns.map(columnName)], rows, `${say("by_year")}: ${choice()}`, columns.map((_, i) => i + 1));
  }

  // ---- units ---------------------------------------------------------------------------------------------------
  const MAPPED = ["enterprises_supported", "enterprises_first_supported", "pilot_models", "applications", "certificates_issued", `funding${DISBURSED}`, `funding_state${DISBURSED}`, "participants", "certified_experts"];
  const mapKey = () => (hasToolByUnit(state.measure) ? cutBy(state.measure, state.tool) : state.measure);

  function unitsPart() {
    const measures = MAPPED.filter((key) => D.nation[key]);
    const choose = h("label", { for: "f-measure", class: "inline" }, h("span", {}, say("measure")),
      h("select", { id: "f-measure", onchange: (event) => change({ measure: event.target.value }) }, measures.map((key) => h("option", { value: key, selected: key === state.measure }, title(key)))));
    const byTool = state.tool ? (hasToolByUnit(state.measure) ? codeName("tool", state.tool) : say("not_by_tool")) : say("every_tool");
    return section("units", say("by_unit"), say("by_unit_note", columnName(state.column), byTool), choose,
      state.view === "34" ? h("div", { class: "map-and-list" }, tiles(), ranked()) : [h("p", { class: "note" }, say("no_map")), ranked()],
      sumLine());
  }
  function sumLine() {
    const apart = state.tool ? null : D.apart[state.measure]?.[state.view]?.[state.column];
    if (!apart) return null;
    return h("p", { class: "note" }, say("sum_note", whole(apart[0]), whole(apart[1]), whole(figure(state.measure, state.column))));
  }
  function tiles() {
    const key = mapKey();
    const most = Math.max(1, ...units("34").map((u) => Number(figure(key, state.column, u[0], "34") ?? 0)));
    const boxes = units("34").filter((u) => D.tiles[u[0]]).map((u) => {
      const [column, row] = D.tiles[u[0]];
      const value = figure(key, state.column, u[0], "34");
      const standing = reported(u[0], state.column, "34");
      const step = value === null ? (standing === "m" ? "none" : "unknown") : Math.min(5, Math.ceil((5 * Math.sqrt(Number(value))) / Math.sqrt(most)));
      const text = value !== null ? shown(key, value) : standing === "m" ? say("not_reported") : "–";
      return h("button", {
        type: "button", class: `tile step-${step}`, id: `tile-${u[0]}`, "data-value": `${key} ${u[0]}`, "aria-pressed": String(state.unit === u[0]),
        css: { "grid-column": column, "grid-row": row }, onclick: () => change({ unit: state.unit === u[0] ? "" : u[0] }),
      }, h("span", {}, u[1 + side()]), h("b", {}, text));
    });
    const scale = h("p", { class: "scale" }, say("less"), [0, 1, 2, 3, 4, 5].map((i) => h("i", { class: `step-${i}` })), say("more"), h("i", { class: "step-none" }), say("not_reported"));
    return h("div", { class: "map", role: "group", "aria-label": say("map") }, h("div", { class: "tiles" }, boxes), scale);
  }
  function ranked() {
    const key = mapKey();
    const rows = units().map((u) => ({ unit: u, value: figure(key, state.column, u[0]) }));
    const isPlace = (row) => row.unit[0] !== UNALLOCATED;
    const order = (row) => (row.value === null ? -1 : isPlace(row) ? Number(row.value) : -0.5);
    rows.sort((one, two) => order(two) - order(one));
    const total = Number(figure(key, state.column) ?? 0);
    const most = Math.max(1, ...rows.map((row) => Number(row.value ?? 0)));
    const isSum = D.measures[key.split("|")[0]].additive;
    let rank = 0;
    const cells = rows.map(({ unit, value }) => {
      const name = h("button", { type: "button", class: "name", "aria-pressed": String(state.unit === unit[0]), onclick: () => change({ unit: state.unit === unit[0] ? "" : unit[0] }), id: `row-${unit[0]}` }, unit[1 + side()]);
      const standing = reported(unit[0], state.column);
      const part = standing === "p" ? h("small", {}, ` ${say("in_part")}`) : null;
      if (value === null) return ["", name, h("small", { class: standing === "m" ? "absent" : "nothing" }, standing === "m" ? say("not_reported") : "–"), ...(isSum ? ["", ""] : [""])];
      rank += isPlace({ unit }) ? 1 : 0;
      const bar = h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "bar", css: { width: `${(100 * Number(value)) / most}%` } }));
      const share = total ? `${marks(((100 * Number(value)) / total).toFixed(1))} %` : "";
      return [isPlace({ unit }) ? String(rank) : "", h("span", {}, name, part), bar, number(key, state.column, unit[0]), ...(isSum ? [share] : [])];
    });
    return ranking([say("rank"), say("unit"), h("span", { class: "hidden" }, "–"), title(key), ...(isSum ? [say("share")] : [])], cells, `${say("by_unit")}: ${title(key)}`, [0, 3, 4], 1);
  }

  // ---- by tool, size, source, group ----------------------------------------------------------------------------
  function barRows(measure, list, unit = state.unit) {
    return D.lists[list].map((one) => {
      const key = `${measure}|${list}=${one[0]}`;
      return { code: one[0], label: one[1 + side()], value: D.nation[key] ? figure(key, state.column, unit) : null, shown: number(key, state.column, unit) };
    }).filter((row) => row.value !== null && Number(row.value) > 0);
  }
  function toolsPart() {
    const rows = barRows("enterprises_supported", "tool").sort((one, two) => Number(two.value) - Number(one.value));
    const note = say("by_tool_note", [choiceOfUnit(), columnName(state.column)].join(", "));
    const rest = rows.slice(MOST_TOOLS);
    const most = Number(rows[0]?.value ?? 0);
    return section("tools", say("by_tool"), note, rows.length ? bars(rows.slice(0, MOST_TOOLS), say("by_tool"), most) : h("p", { class: "nothing" }, say("no_figures")),
      rest.length ? h("details", {}, h("summary", {}, say("more_tools", rest.length)), bars(rest, say("by_tool"), most)) : null);
  }
  function kindsPart() {
    const part = (heading, rows) => h("div", {}, h("h3", {}, heading), rows.length ? bars(rows, heading) : h("p", { class: "nothing" }, say("no_figures")));
    return section("kinds", say("by_kind"), say("by_kind_note", columnName(state.column)), h("div", { class: "three" },
      part(say("by_size"), barRows("enterprises_supported", "size", "")),
      part(say("by_source"), barRows(`funding${DISBURSED}`, "source", "")),
      part(say("by_group"), barRows("enterprises_supported", "task_group", ""))));
  }

  // ---- plan 36, targets, coverage, definitions -----------------------------------------------------------------
  function plansPart() {
    const stages = D.plan36[state.view];
    const rows = [...stages].reverse().map((row) => ({ label: row[1 + side()], value: row[3], shown: h("span", { "data-stage": row[0] }, String(row[3])) }));
    const names = (status) => Object.entries(D.stages[state.view]).filter(([, one]) => one === status).map(([code]) => unitName(code)).join("; ");
    const who = [...stages].reverse().filter((row) => row[3]).map((row) => [row[1 + side()], String(row[3]), names(row[0])]);
    return section("plan36", say("plan36"), say("plan36_note"), bars(rows, say("plan36")),
      h("details", {}, h("summary", {}, say("plan36_who")), table([say("plan36"), "Σ", say("unit")], who, say("plan36_who"), [1])));
  }
  function targetsPart() {
    const rows = D.targets.map((t) => [
      both(t.name), dashed(t.period),
      t.value === null ? "–" : h("span", { "data-target-value": `${t.code} ${t.period}` }, plain(t.value) + (t.kind === "estimate" ? ` (${say("estimate")})` : "")),
      both(t.aim), t.in, both(t.detail), [both(t.source), t.verified ? "" : ` (${say("unverified")})`].join(""),
    ]);
    return section("targets", say("targets"), null, wide([say("indicator"), say("period"), say("value"), say("aim"), say("in_what"), say("stands_for"), say("source")], rows, say("targets"), [2, 3]));
  }
  function coveragePart() {
    const rows = D.rounds.map((r) => [
      `${r.year} · ${say(r.kind)}`, say(r.group === "province" ? "provinces" : "others"), String(r.expected), String(r.reported), String(r.late), both(r.absent) || "–", both(r.not_counted) || "–", both(r.partial) || "–", String(r.held_back),
    ]);
    return section("coverage", say("coverage"), null, wide([say("round"), say("group"), say("expected"), say("received"), say("late"), say("who_not"), say("who_not_counted"), say("who_part"), say("held_back")], rows, say("coverage"), [2, 3, 4, 8]));
  }
  function definitionsPart() {
    const entries = Object.values(D.measures).flatMap((m) => [h("dt", {}, both(m.title)), h("dd", {}, both(m.definition))]);
    return section("definitions", say("definitions"), null, h("details", {}, h("summary", {}, say("definitions")), h("dl", { class: "definitions" }, entries)));
  }

  // ---- what a figure is made of --------------------------------------------------------------------------------
  // What figures are made of lies packed in the page, and is unpacked when the first of them is opened.
  let unpacked = null;
  async function lineage() {
    if (!unpacked) {
      const packed = Uint8Array.from(atob(document.getElementById("lineage").textContent.trim()), (c) => c.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      unpacked = new Response(stream).json();
    }
    return unpacked;
  }
  function linesBehind(made, key, column, unit, view) {
    const L = made.rows[key];
    if (!L) return [];
    const [period, kind] = D.columns[column];
    const [from, to] = D.kind === "five_year" ? [period.slice(-4), period.slice(-4)] : [period.slice(0, 4), period.slice(-4)];
    const at = unit ? place(unit, view) : -1;
    const found = new Map();
    L.f.forEach((file, i) => {
      const inUnit = !unit || (view === "34" ? L.a[i] : L.b[i]) === at;
      if (!inUnit || L.y[i] < Number(from) || L.y[i] > Number(to) || (L.e[i] === 1) !== (kind === "estimate")) return;
      const name = `${file} ${L.s[i]}`;
      const line = found.get(name) ?? { file, sheet: L.s[i], first: L.i[i], last: L.j[i], rows: 0, value: 0n };
      line.first = Math.min(line.first, L.i[i]);
      line.last = Math.max(line.last, L.j[i]);
      line.rows += L.n[i];
      line.value = L.v?.[i] == null ? null : line.value === null ? null : line.value + BigInt(L.v[i]);
      found.set(name, line);
    });
    return [...found.values()].sort((one, two) => made.files[one.file][1] - made.files[two.file][1] || one.file - two.file);
  }
  const quoted = (text) => (/^[\w./-]+$/.test(text) ? text : `"${text}"`);
  function command(key, column, unit, view) {
    const [measure, ...cut] = key.split("|");
    const [period, kind] = D.columns[column];
    const parts = ["xltrack trace", measure, "--year", period];
    if (unit) parts.push("--unit", quoted(unit), ...(unit.startsWith("T") ? [] : ["--view", view]));
    if (kind === "estimate") parts.push("--figures", "estimate");
    if (cut.length) parts.push(...cut.flatMap((one) => [`--${one.split("=")[0].replace("_", "-")}`, quoted(one.split("=")[1])]));
    if (D.kind !== "annual") parts.push("--period", D.kind);
    if (D.day) parts.push("--as-of", D.day);
    return parts.join(" ");
  }
  async function openFigure(key, column, unit, view) {
    const made = await lineage();
    const dialog = document.getElementById("made-of");
    const measure = D.measures[key.split("|")[0]];
    const rows = linesBehind(made, key, column, unit, view);
    const apart = !unit && !key.includes("|") ? D.apart[key]?.[view]?.[column] : null;
    const heads = [say("unit"), say("year"), say("file"), say("sheet"), say("rows"), say("count"), measure.additive ? say("amount") : null].filter(Boolean);
    const cells = rows.slice(0, MOST_FILES).map((line) => {
      const [sender, year, name, sha, day] = made.files[line.file];
      const [tab, letter] = made.sheets[line.sheet];
      const [first, last] = [`${letter ?? ""}${line.first}`, `${letter ?? ""}${line.last}`];
      const range = first === last ? first : `${first}–${last}`;
      const amount = measure.additive ? [line.value === null ? "–" : shown(key, line.value)] : [];
      return [unitName(sender), String(year), h("span", { title: `SHA-256 ${sha}…${day ? ` · ${say("arrived")} ${day}` : ""}` }, name), tab, range, whole(line.rows), ...amount];
    });
    const isLatest = measure.additive && D.columns[column][0].length > 4 && /^(courses|participants|women_participants|enterprises_trained|certified_experts)/.test(key);
    dialog.replaceChildren(
      h("div", { class: "dialog-head" },
        h("h2", { id: "made-of-title" }, say("made_of")),
        h("button", { type: "button", class: "quiet", id: "close", onclick: () => dialog.close() }, say("close"))),
      h("p", { class: "what" }, h("strong", {}, `${title(key)}`), ` · ${unit ? unitName(unit, view) : say("nation")} · ${columnName(column)} · `, h("strong", { class: "value" }, shown(key, figure(key, column, unit, view)))),
      apart ? h("p", {}, say("sum_note", whole(apart[0]), whole(apart[1]), whole(figure(key, column)))) : "",
      h("p", { class: "note" }, both(measure.definition)),
      rows.length ? h("p", {}, [say("made_note", whole(rows.length)), measure.additive ? "" : ` ${say("distinct_note")}`, isLatest ? ` ${say("latest_note")}` : ""].join("")) : h("p", {}, say("nothing_below")),
      rows.length ? table(heads, cells, say("made_of"), [1, 5, 6]) : "",
      h("p", {}, say("every_cell"), h("br"), h("code", {}, command(key, column, unit, view))));
    dialog.showModal();
  }

  // ---- the whole -----------------------------------------------------------------------------------------------
  function draw() {
    drawEnterprises(document.getElementById("chart-enterprises"));
    drawFunding(document.getElementById("chart-funding"));
  }
  const now = () => [columnName(state.column), say(`view_${state.view}`), choice()].join(" · ");
  const chosen = () => [
    filters(), h("p", { class: "printed" }, say("shown_now", now())),
    years(), unitsPart(), toolsPart(), kindsPart(),
  ];
  function render() {
    document.documentElement.lang = state.lang;
    document.title = `${say("title")} · ${D.headlines.newest ?? ""}`;
    const active = document.activeElement?.id;
    const open = new Set([...document.querySelectorAll("section details[open]")].map((one) => one.closest("section").id));
    const footer = h("footer", {}, h("p", {}, say("footer")), h("p", {}, say("schema_version", D.schemas)));
    document.getElementById("page").replaceChildren(
      h("a", { class: "skip", href: "#headlines" }, say("skip")),
      header(),
      h("main", {}, D.columns.length ? null : h("p", { class: "coverage" }, say("no_returns")), headlines(), D.columns.length ? chosen() : null, plansPart(), targetsPart(), coveragePart(), definitionsPart()),
      footer,
      h("dialog", { id: "made-of", "aria-labelledby": "made-of-title" }));
    open.forEach((id) => document.querySelector(`#${id} details`)?.setAttribute("open", ""));
    if (D.columns.length) draw();
    if (active) document.getElementById(active)?.focus({ preventScroll: true });
  }
  function change(part) {
    Object.assign(state, part);
    render();
    document.getElementById("said").textContent = say("shown_now", now());
  }
  if (!D.nation[state.measure] && D.nation.applications) state.measure = "applications";
  render();
  let waiting = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    if (D.columns.length) waiting = requestAnimationFrame(draw);
  });
})();
