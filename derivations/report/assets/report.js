/* The script of the page: formulas when they are shown, filters, copying, the theme. Without it the page can still be read. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const OPTIONS = { throwOnError: false, errorColor: "#b3261e", strict: "ignore", trust: false, macros: { "\\normlawfit": "#1" } };

  // Formulas. The source stays with each as data-tex, and in the annotation of its MathML.
  const displayed = (box) => { // the page has formulas on lines of their own as plain text in their box
    const node = Object.assign(document.createElement("span"), { className: "tex", textContent: box.textContent });
    node.dataset.display = "";
    box.replaceChildren(node);
  };
  const closed = (node, root) => {
    for (let at = node.parentElement; at && at !== root; at = at.parentElement) {
      if (at.localName === "details" && !at.open && !at.querySelector(":scope > summary").contains(node)) return true;
    }
    return false;
  };
  const whole = (box, source) => { // the lines of its parts follow, and are typeset after it
    const parts = [];
    for (let next = box.nextElementSibling; next?.classList.contains("part") && !box.classList.contains("part"); next = next.nextElementSibling) {
      parts.push(next.dataset.copy || pure.unbroken(next.textContent));
    }
    return pure.together(box.dataset.copy || pure.unbroken(source), parts);
  };
  const typeset = (node) => {
    const source = node.textContent;
    node.dataset.tex = source;
    node.classList.add("set");
    katex.render(source, node, { ...OPTIONS, displayMode: "display" in node.dataset });
    if ("display" in node.dataset) widths.observe(node.parentElement);
    if ("display" in node.dataset) copyable(node.parentElement, whole(node.parentElement, source), "copy LaTeX");
  };
  const typesetShown = (root) => all(".tex:not(.set)", root).filter((node) => !closed(node, document.body)).forEach(typeset);
  const typesetPrinted = () => {
    typesetShown(document); // what is folded away is not printed
    for (const box of all(".formula")) {
      const formula = box.querySelector(".katex-html");
      if (!formula) continue;
      const inside = document.createRange(); // the block is as wide as its column, what it holds is not
      inside.selectNodeContents(formula);
      box.style.setProperty("--ems", (inside.getBoundingClientRect().width / parseFloat(getComputedStyle(formula).fontSize)).toFixed(1));
    }
  };

  // A formula, table or graph that is wider than its place is scrolled, by the keyboard too.
  const REGION = { tabindex: "0", role: "group", "aria-label": "wide formula, scrolls sideways" };
  const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const wide = target.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("wide", wide);
    if (!target.classList.contains("formula")) return; // a table or a graph is a region with a name already
    if (wide) Object.entries(REGION).forEach(([name, value]) => target.setAttribute(name, value));
    else Object.keys(REGION).forEach((name) => target.removeAttribute(name));
  }));

  // Copying.
  const said = byId("said"); // what a screen reader hears
  const copyable = (node, text, words) => {
    const box = document.createElement("div");
    box.className = "formula-box";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: words });
    if (node.classList.contains("whole")) return node.firstElementChild.after(button);
    button.dataset.text = text;
    if (node.classList.contains("again")) return node.append(button);
    node.replaceWith(box);
    return box.append(node, button);
  };
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  const selected = (button, text) => { // where a browser lets no script copy: the reader does
    let area = button.closest(".whole")?.querySelector("textarea");
    if (area) area.closest("details").open = true;
    else {
      area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "offered", rows: 3 });
      area.setAttribute("aria-label", "text to copy");
      area.addEventListener("blur", () => area.remove());
      button.after(area);
    }
    area.focus();
    area.select();
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    button.dataset.words ??= button.textContent;
    const text = button.dataset.text ?? button.closest(".whole").querySelector("textarea").value;
    const done = await copied(text);
    button.textContent = done ? "copied" : "selected: press Ctrl+C";
    said.textContent = done ? "copied" : "not copied, but selected: press Control C, or Command C";
    button.classList.add("done");
    if (done) button.focus();
    else selected(button, text);
    setTimeout(() => { button.textContent = button.dataset.words; button.classList.remove("done"); }, done ? 1500 : 6000);
  });

  // Filters and search: every word has to be somewhere in the claim.
  const claims = all(".claim");
  const texts = new Map();
  const inside = (claim) => {
    if (!texts.has(claim)) {
      const parts = all("h3, .statement .tex, .hypotheses > li > p, .steps > li > p, .steps .tex, figcaption b, table th, .sources, .kernel p", claim);
      const found = parts.map((part) => [part.dataset.tex || part.textContent, ...all(".set", part).map((inner) => inner.dataset.tex)].join(" "));
      texts.set(claim, [claim.firstElementChild.id, claim.dataset.chapter, ...found].join(" ").toLowerCase());
    }
    return texts.get(claim);
  };
  const chosen = (name) => all(`#filters input[name=${name}]:checked`).map((input) => input.value);
  const filter = () => {
    const words = pure.sought(byId("search").value);
    const chapters = chosen("chapter"), verdicts = chosen("verdict");
    let shown = 0;
    for (const claim of claims) {
      claim.hidden = !pure.fits({ ...claim.dataset, text: () => inside(claim) }, chapters, verdicts, words);
      shown += !claim.hidden;
    }
    for (const section of all(".chapter, .failures")) section.hidden = !all(".claim:not([hidden])", section).length && shown < claims.length;
    byId("nothing").hidden = shown > 0;
    byId("status").textContent = `${shown} of ${claims.length} claims shown`;
  };
  const reset = () => {
    byId("filters").reset();
    filter();
  };

  // Opening: by a link, all at once, before printing.
  const named = (name) => byId(name) ?? // by its label, too: #b5
    claims.map((claim) => claim.firstElementChild).find((details) => details.querySelector(".label").textContent.toLowerCase() === name.toLowerCase());
  const open = (name) => {
    const details = name && named(name);
    if (!details || details.localName !== "details") return;
    if (details.parentElement.hidden) reset();
    details.open = true;
    typesetShown(details);
    details.scrollIntoView({ block: "start" });
    details.firstElementChild.focus({ preventScroll: true });
  };
  const follow = () => open(decodeURIComponent(location.hash.slice(1)));
  const mains = () => claims.filter((claim) => !claim.hidden).map((claim) => claim.firstElementChild);
  const expand = () => {
    const opened = mains().some((details) => !details.open);
    mains().forEach((details) => { details.open = opened; });
    byId("expand").textContent = opened ? "Collapse all" : "Expand all";
  };

  // The theme: the system's, or what the reader chose.
  const THEMES = ["system", "light", "dark"];
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("normlaw-theme", value);
      return localStorage.getItem("normlaw-theme");
    } catch { return value; }
  };
  const theme = (name) => {
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    byId("theme").textContent = `Theme: ${name}`;
  };
  let at = Math.max(0, THEMES.indexOf(stored()));

  all(".formula").forEach(displayed);
  all(".again").forEach((node) => copyable(node, node.querySelector("code").textContent, "copy"));
  all(".scrolled").forEach((node) => widths.observe(node));
  all(".whole").forEach((node) => {
    const area = node.querySelector("textarea");
    area.value = byId("notation").value + area.value;
    copyable(node, "", "copy LaTeX of the whole claim");
  });
  byId("filters").hidden = byId("theme").hidden = false;
  theme(THEMES[at]);
  byId("theme").addEventListener("click", () => { at = (at + 1) % THEMES.length; stored(THEMES[at]); theme(THEMES[at]); });
  byId("filters").addEventListener("input", filter);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  document.querySelector(".reset").addEventListener("click", () => { reset(); byId("search").focus(); });
  byId("expand").addEventListener("click", expand);
  byId("print").addEventListener("click", () => window.print());
  document.addEventListener("toggle", (event) => { if (event.target.open) typesetShown(event.target); }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", typesetPrinted);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); byId("search").focus(); }
    if (event.key === "Escape" && typing) { typing.value = ""; filter(); }
  });
  typesetShown(document);
  filter();
  follow();
})();
