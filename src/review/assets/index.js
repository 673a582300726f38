"use strict";
// Shows the rows a hundred at a time, sorted and filtered. Texts are only ever set as text.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const all = read("rows"), states = read("states");
  const order = { clean: 0, hint: 1, warning: 2, error: 3, unread: 4 };
  const SIZE = 100;
  const $ = (id) => document.getElementById(id);
  const body = document.querySelector("#reports tbody");
  const heads = [...document.querySelectorAll("#reports th")];
  const view = { key: "", down: true, page: 0 };
  const compare = new Intl.Collator(document.documentElement.lang).compare;

  for (const [place, row] of all.entries()) {
    row.place = place;
    row.words = [row.path, row.title, row.unit, row.year, row.kind, ...row.worst.flat()].join(" ").toLowerCase();
  }
  for (const id of ["kind", "year"]) {
    const values = [...new Set(all.map((row) => row[id]).filter((value) => value))].sort();
    for (const value of values) $(id).append(new Option(value, value));
  }

  const value = (row) => {
    switch (view.key) {
      case "state": return order[row.state] * 1e9 + row.errors * 1e4 + row.warnings;
      case "unit": return row.unit || row.path;
      case "worst": return row.worst.length ? row.worst[0].join(" ") : "";
      case "coverage": return row.coverage === null ? -1 : row.coverage;
      default: return row[view.key] === null ? "" : row[view.key];
    }
  };

  const chosen = () => {
    const words = $("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = all.filter((row) =>
      words.every((word) => row.words.includes(word)) &&
      (!$("state").value || row.state === $("state").value) &&
      (!$("kind").value || row.kind === $("kind").value) &&
      (!$("year").value || String(row.year) === $("year").value));
    if (view.key) {
      const sign = view.down ? -1 : 1;
      rows.sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        const by = typeof x === "number" && typeof y === "number" ? x - y : compare(String(x), String(y));
        return sign * by || a.place - b.place;
      });
    }
    return rows;
  };

  const put = (parent, name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    if (className) made.className = className;
    parent.append(made);
    return made;
  };

  const show = () => {
    const rows = chosen();
    const pages = Math.max(1, Math.ceil(rows.length / SIZE));
    view.page = Math.min(view.page, pages - 1);
    body.textContent = "";
    for (const row of rows.slice(view.page * SIZE, (view.page + 1) * SIZE)) {
      const line = put(body, "tr");
      put(put(line, "td"), "span", states[row.state], "badge " + row.state);
      const cell = put(line, "td");
      const name = row.unit || row.title || row.path;
      if (row.page) put(cell, "a", name).href = row.page;
      else put(cell, "span", name);
      put(cell, "div", row.path, "path");
      put(line, "td", row.year);
      put(line, "td", row.kind);
      const read = row.state !== "unread";
      for (const key of ["errors", "warnings", "hints"]) put(line, "td", read ? row[key] : "", "n");
      put(line, "td", row.coverage === null ? "" : row.coverage + "%", "n");
      const list = put(put(line, "td"), "ul");
      for (const [code, message] of row.worst) {
        const item = put(list, "li", message + " ");
        if (code) put(item, "code", code);
      }
    }
    $("count").textContent = $("count").dataset.of.replace("{n}", rows.length).replace("{all}", all.length);
    $("page").textContent = view.page + 1 + " / " + pages;
    $("back").disabled = view.page === 0;
    $("forth").disabled = view.page >= pages - 1;
    for (const head of heads)
      if (head.dataset.key === view.key) head.setAttribute("aria-sort", view.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    const kept = ["words", "state", "kind", "year"].map((id) => [id, $(id).value]).filter(([, value]) => value);
    if (view.key) kept.push(["sort", (view.down ? "-" : "") + view.key]);
    if (view.page) kept.push(["page", view.page + 1]);
    const hash = new URLSearchParams(kept).toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  };

  // What was chosen is kept in the address: coming back from a report finds the list as it was left.
  const kept = new URLSearchParams(location.hash.slice(1));
  for (const id of ["words", "state", "kind", "year"]) $(id).value = kept.get(id) || "";
  const sort = kept.get("sort") || "-state";
  view.down = sort.startsWith("-");
  view.key = sort.replace("-", "");
  view.page = Math.max(0, (Number(kept.get("page")) || 1) - 1);

  for (const head of heads)
    head.querySelector("button").addEventListener("click", () => {
      const numbers = ["state", "errors", "warnings", "hints"].includes(head.dataset.key);
      view.down = view.key === head.dataset.key ? !view.down : numbers;
      view.key = head.dataset.key;
      view.page = 0;
      show();
    });
  const again = () => { view.page = 0; show(); };
  $("words").addEventListener("input", again);
  for (const id of ["state", "kind", "year"]) $(id).addEventListener("change", again);
  $("clear").addEventListener("click", () => {
    for (const id of ["words", "state", "kind", "year"]) $(id).value = "";
    again();
  });
  const turn = (step) => { view.page += step; show(); $("reports").scrollIntoView(); };
  $("back").addEventListener("click", () => turn(-1));
  $("forth").addEventListener("click", () => turn(1));
  show();
})();
