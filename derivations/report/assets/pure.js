/* What the page works out of text alone; no document is touched here, so that it is tested without a browser, too. */
const pure = {
  // A formula that was broken into rows, as it was: the same as `unbroken` in derivations/report/formulas.py.
  unbroken(shown) {
    const fitted = shown.replace(/^\\normlawfit\{([^]*)\}$/, "$1").replaceAll("\\dfrac", "\\frac");
    const inside = /^\\begin\{aligned\}\n& ([^]*)\n\\end\{aligned\}$/.exec(fitted);
    if (!inside) return fitted;
    const [first, ...broken] = inside[1].split(" \\\\\n& \\qquad ");
    const rows = broken.map((row) => {
      if (!row.startsWith("\\hphantom{")) return row; // room below the left side, which is what the first row begins with
      let end = 10;
      while (row[end] === first[end - 10]) end += 1;
      return row.slice(end + 2);
    });
    const text = first + rows.map((row) => (row.startsWith("\\times") ? row.slice(6) : ` ${row}`)).join("");
    return text.replaceAll("\\biggl", "\\left").replaceAll("\\biggr", "\\right");
  },

  // A formula and the parts that have a name in it, as one to paste into a display.
  together(formula, parts) {
    return parts.length ? `\\begin{gathered}\n${[formula, ...parts].join(" \\\\\n")}\n\\end{gathered}` : formula;
  },

  // What is sought, word by word; a Greek letter is sought by the name that LaTeX has for it.
  GREEK: Object.fromEntries(("α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu ν nu ξ xi π pi " +
    "ρ rho σ sigma τ tau φ phi ϕ phi χ chi ψ psi ω omega").split(" ").map((part, i, all) => [part, all[i + 1]]).filter((_, i) => i % 2 === 0)),
  sought(text) {
    return text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => [...word].map((letter) => pure.GREEK[letter] ?? letter).join(""));
  },

  // Whether a claim is among those that are asked for: nothing chosen is everything, every word has to be in its text.
  fits(claim, chapters, verdicts, words) {
    return (!chapters.length || chapters.includes(claim.chapter)) && (!verdicts.length || verdicts.includes(claim.verdict)) &&
      words.every((word) => claim.text().includes(word));
  },
};
