"use strict";
// Lights up all ends of a finding together, and lets the keyboard walk from one to the next.
(() => {
  const parts = document.querySelectorAll("[data-f]");
  const of = new Map();
  for (const part of parts)
    for (const number of part.dataset.f.split(" ")) {
      if (!of.has(number)) of.set(number, []);
      of.get(number).push(part);
    }
  let lit = [];
  const light = (numbers) => {
    for (const part of lit) part.classList.remove("on");
    lit = numbers.flatMap((number) => of.get(number) || []);
    for (const part of lit) part.classList.add("on");
  };
  const numbersAt = (target) => {
    const part = target.closest && target.closest("[data-f]");
    return part ? part.dataset.f.split(" ") : null;
  };
  const chosen = () => {
    const match = /^#[fm](\d+)/.exec(location.hash);
    return match ? [match[1]] : [];
  };
  document.addEventListener("mouseover", (event) => light(numbersAt(event.target) || chosen()));
  document.addEventListener("focusin", (event) => light(numbersAt(event.target) || chosen()));
  addEventListener("hashchange", () => light(chosen()));
  light(chosen());
  document.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const mark = event.target.closest("mark[data-f]");
    if (mark) location.hash = "f" + mark.dataset.f.split(" ")[0];
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") {
      const count = document.querySelectorAll(".finding").length;
      if (!count) return;
      const now = chosen().length ? Number(chosen()[0]) : event.key === "j" ? -1 : count;
      const next = (now + (event.key === "j" ? 1 : -1) + count) % count;
      location.hash = "m" + next;
      const item = document.getElementById("f" + next);
      if (item) item.scrollIntoView({ block: "nearest" });
    } else {
      const link = document.querySelector('a[data-key="' + (/^[np]$/.test(event.key) ? event.key : "-") + '"]');
      if (link) location.href = link.href;
    }
  });
})();
