"""The page in a real browser: filters, opening, formulas, copying, the keyboard, paper, small screens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.latex.export import fragments
from tests.test_report.chromium import Page
from tests.test_report.runs import invented_pairs, undecided_run
from theory.claims import prove

Made = Callable[[bool], Path]
SHOWN = "[...document.querySelectorAll('.claim:not([hidden]) > details')].map(d => d.id)"


def opened(page: Page, path: Path) -> Page:
    page.size(1200, 900)
    page.open(path.as_uri())
    return page


def test_filters_and_search_leave_the_claims_that_fit(page: Page, made: Made) -> None:
    opened(page, made(True))
    assert page.do(SHOWN) == ["it-follows", "it-holds", "elsewhere-too"]
    page.do("document.querySelector('input[value=other]').click()")
    assert page.do(SHOWN) == ["elsewhere-too"]
    assert page.do("document.getElementById('status').textContent") == "1 of 3 claims shown"
    page.do("document.querySelector('input[value=other]').click(); document.querySelector('input[value=short]').click()")
    assert page.do(SHOWN) == ["it-follows"]
    page.do("document.querySelector('input[value=short]').click(); document.getElementById('search').focus()")
    page.type("ADAM another")
    assert page.do(SHOWN) == ["elsewhere-too"]
    page.type(" nowhere")
    assert page.do(SHOWN) == []
    assert page.do("document.getElementById('nothing').checkVisibility()")
    page.press("Escape", 27)
    assert page.do(SHOWN) == ["it-follows", "it-holds", "elsewhere-too"]
    page.type("noether")
    assert page.do(SHOWN) == ["it-holds"]


def test_a_claim_opens_by_the_keyboard_and_its_formulas_are_typeset(page: Page, made: Made) -> None:
    opened(page, made(False))
    assert page.do("document.querySelectorAll('.body .tex.set').length") == 0
    for _ in range(60):
        page.press("Tab", 9)
        if page.do("document.activeElement.matches('#it-holds > summary')"):
            break
    assert page.do("document.activeElement.matches('#it-holds > summary:focus-visible')"), "Tab never came there"
    page.press("Enter", 13, "\r")
    page.until("document.querySelector('#it-holds .statement .katex-html')")
    source = "document.querySelector('#it-holds .statement .tex').dataset.tex"
    assert page.do(source) == page.do("document.querySelector('#it-holds .statement annotation').textContent") != ""
    page.press("Enter", 13, "\r")
    assert not page.do("document.getElementById('it-holds').open")
    page.do("document.activeElement.blur()")
    page.press("/", 191, "/")
    assert page.do("document.activeElement.id") == "search"


def test_latex_is_copied_as_it_was_written(page: Page, made: Made) -> None:
    opened(page, made(False))
    page.do("document.getElementById('it-holds').open = true")
    page.until("document.querySelector('#it-holds .statement .copy')")
    page.do("navigator.clipboard.writeText = async (text) => { window.taken = text }")
    page.do("document.querySelector('#it-holds .statement .copy').click()")
    page.until("window.taken")
    assert page.do("window.taken") == page.do("document.querySelector('#it-holds .statement annotation').textContent")
    page.until("document.querySelector('#it-holds .statement .copy').textContent === 'copied'")
    page.do("document.querySelector('#it-holds .again .copy').click()")
    page.until("window.taken.startsWith('normlaw')")
    assert page.do("window.taken") == "normlaw verify Z8 --seed 0 --effort quick"


def test_latex_of_a_whole_claim_is_copied_as_export_prints_it(page: Page, made: Made) -> None:
    """By the keyboard; and where no script may copy, the reader finds it selected."""
    opened(page, made(False))
    page.do("document.getElementById('it-holds').open = true; navigator.clipboard.writeText = async (text) => { window.taken = text }")
    page.do("document.querySelector('#it-holds .whole .copy').focus()")
    page.press("Enter", 13, "\r")
    page.until("window.taken")
    expected = fragments((prove(invented_pairs(broken=False)[0][0]),), "latex")
    assert page.do("window.taken") == expected
    page.until("document.getElementById('said').textContent === 'copied'")
    page.do("navigator.clipboard.writeText = async () => { throw new Error('refused') }; document.execCommand = () => false")
    page.press("Enter", 13, "\r")
    page.until("document.activeElement.localName === 'textarea'")
    assert page.do("document.activeElement.checkVisibility() && getSelection().toString()") == expected
    assert "selected" in page.do("document.getElementById('said').textContent")


def test_a_formula_that_may_not_be_copied_by_a_script_is_selected(page: Page, made: Made) -> None:
    opened(page, made(False))
    page.do("navigator.clipboard.writeText = async () => { throw new Error('refused') }; document.execCommand = () => false")
    page.do("document.getElementById('it-holds').open = true")
    page.until("document.querySelector('#it-holds .statement .copy')")
    page.do("document.querySelector('#it-holds .statement .copy').click()")
    page.until("document.activeElement.matches('textarea.offered')")
    assert page.do("getSelection().toString()") == page.do("document.querySelector('#it-holds .statement annotation').textContent")
    page.press("Tab", 9)
    assert page.do("document.querySelectorAll('textarea.offered').length") == 0


def test_a_formula_wider_than_its_place_shows_it_and_scrolls_by_the_keyboard(page: Page, made: Made) -> None:
    opened(page, made(False))
    page.size(360, 740)
    page.do("document.querySelector('#it-holds .statement .tex').textContent = 'x = ' + 'y + '.repeat(15) + 'z'")
    page.do("document.getElementById('it-holds').open = true")
    page.until("document.querySelector('#it-holds .statement .formula.wide')")
    assert page.do("document.querySelector('.formula.wide').tabIndex") == 0
    assert page.do("document.querySelectorAll('.formula:not(.wide)[tabindex]').length") == 0
    assert page.do("document.documentElement.scrollWidth") <= 360
    page.do("document.querySelector('.formula.wide').focus()")
    page.press("ArrowRight", 39)
    page.until("document.querySelector('.formula.wide').scrollLeft > 0")
    page.size(1200, 740)
    page.until("!document.querySelector('.formula.wide')")


def test_everything_that_can_be_operated_has_a_name_and_its_place_in_the_order(page: Page, made: Made) -> None:
    """The accessibility tree, as a screen reader gets it."""
    opened(page, made(True))
    page.do("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.until("document.querySelectorAll('.tex:not(.set)').length === 0")
    page.ask("Accessibility.enable")
    nodes = [n for n in page.ask("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
    named = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes]
    operated = ("button", "link", "checkbox", "searchbox", "textbox", "image", "DisclosureTriangle", "group", "region", "table")
    assert [found for found in named if found[0] in operated[:-3] and not found[1].strip()] == []
    assert {"banner", "main", "search", "heading", "searchbox", "checkbox", "DisclosureTriangle"} <= {role for role, _ in named}
    levels = page.do("[...document.querySelectorAll('h1, h2, h3, h4')].filter(h => h.checkVisibility()).map(h => +h.localName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.do("document.querySelectorAll('[tabindex]:not([tabindex=\"0\"]):not([tabindex=\"-1\"])').length") == 0


def test_a_link_opens_what_it_names_even_if_it_is_filtered_away(page: Page, made: Made) -> None:
    opened(page, made(False))
    page.do("document.getElementById('search').focus()")
    page.type("cosines")
    assert page.do(SHOWN) == ["it-follows"]
    page.do("document.querySelector('#graph a[href=\"#elsewhere-too\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    page.until("document.getElementById('elsewhere-too').open")
    assert "elsewhere-too" in page.do(SHOWN)


def test_a_link_by_label_opens_the_claim_and_back_leads_back(page: Page, made: Made) -> None:
    path = made(False)
    page.size(1200, 900)
    page.open(path.as_uri() + "#z13")
    page.until("document.getElementById('elsewhere-too').open")
    page.do("location.hash = 'it-follows'")
    page.until("document.getElementById('it-follows').open")
    page.do("history.back()")
    page.until("location.hash === '#z13' && document.activeElement.matches('#elsewhere-too > summary')")


def test_axes_have_their_names_and_graphs_their_boxes(page: Page, made: Made) -> None:
    """They are drawn once and used everywhere; what is used must be seen, in the size and colour of its place."""
    opened(page, made(False))
    page.do("document.getElementById('expand').click()")
    page.until("document.querySelector('.plot use').getBoundingClientRect().height > 0")
    sizes = page.do("[...document.querySelectorAll('#it-holds .plot use, #it-holds .graph use')].map(u => {"
                    " const b = u.getBoundingClientRect(); return Math.min(b.width, b.height); })")  # fmt: skip
    assert len(sizes) > 5
    assert min(sizes) > 6
    assert page.do("getComputedStyle(document.querySelector('.plot use')).fontSize") == "22px"
    filled = "getComputedStyle(document.querySelector('#it-holds .graph .chosen use')).fill"
    assert page.do(filled) != page.do("getComputedStyle(document.querySelector('#it-holds .graph a:not(.chosen) use')).fill")


def test_a_failing_run_shows_the_failure_first(page: Page, made: Made) -> None:
    opened(page, made(True))
    assert page.do("document.title") == "1 of 3 claims falls short · normlaw"
    assert page.do("document.querySelector('h1').textContent") == "1 of 3 claims falls short"
    assert page.do("document.querySelector('.claim > details').id") == "it-follows"
    assert page.do("document.getElementById('it-follows').open && document.querySelector('#it-follows .why').checkVisibility()")
    top = "document.querySelector('#it-follows .why').getBoundingClientRect().bottom + scrollY"
    assert page.do(top) < page.do("document.getElementById('claims').getBoundingClientRect().top + scrollY")
    assert page.do("getComputedStyle(document.querySelector('h1')).color") == "rgb(179, 38, 30)"
    assert page.do("document.querySelector('#it-follows .plots .crosses').checkVisibility()")
    assert page.do("document.querySelector('.named a').hash") == "#it-follows"


def test_all_is_on_paper_that_is_open_and_nothing_else(page: Page, made: Made) -> None:
    opened(page, made(False))
    few = page.paper()
    page.do("document.getElementById('expand').click()")
    many = page.paper()
    ems = page.do("[...document.querySelectorAll('.formula')].map(f => f.style.getPropertyValue('--ems')).filter(Boolean).map(Number)")
    assert len(ems) > 5
    assert all(0 < width < 40 for width in ems), "short formulas are printed at their full size"
    assert few.startswith(b"%PDF")
    assert many.count(b"/Type /Page\n") > few.count(b"/Type /Page\n")
    page.media("print")
    assert not page.do("document.getElementById('filters').checkVisibility()")
    assert page.do("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_the_page_follows_the_system_and_the_reader(page: Page, made: Made) -> None:
    opened(page, made(False))
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.do(paper)
    page.media(prefers_color_scheme="dark", prefers_reduced_motion="reduce")
    dark = page.do(paper)
    assert dark != light
    assert page.do("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.do("document.getElementById('theme').click()")
    assert (page.do("document.getElementById('theme').textContent"), page.do(paper)) == ("Theme: light", light)


def test_nothing_is_wider_than_a_phone(page: Page, made: Made) -> None:
    opened(page, made(True))
    page.size(360, 740)
    page.do("document.getElementById('expand').click()")
    assert page.do("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(page: Page, made: Made, scheme: str) -> None:
    opened(page, made(True))
    page.media(prefers_color_scheme=scheme)
    page.do("document.querySelectorAll('details').forEach(d => { d.open = true })")
    weak = page.do(CONTRAST)
    assert weak == []


# Text against the first opaque background behind it; WCAG's ratio, 4.5 for text and 3 for large text
CONTRAST = r"""(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (text) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const lum = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => { for (let at = node; at; at = at.parentElement) {
    const c = rgba(getComputedStyle(at).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const weak = new Set();
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || node.closest("svg, script, .katex-mathml") || !node.checkVisibility()) continue;
    const style = getComputedStyle(node), a = lum(rgba(style.color)), b = lum(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) weak.add(`${node.className} ${node.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return [...weak];
})()"""

EVERY = r"""(() => {
  const failed = [];
  for (const node of document.querySelectorAll(".tex")) {
    const display = "display" in node.dataset;
    for (const text of new Set([node.dataset.tex || node.textContent, node.dataset.copy].filter(Boolean))) {
      try { katex.renderToString(text, { displayMode: display, throwOnError: true, strict: "ignore", macros: { "\\normlawfit": "#1" } }); }
      catch (error) { failed.push([node.closest("details[id]")?.id, text, String(error)]); }
    }
  }
  return failed;
})()"""


def test_every_formula_of_every_claim_is_typeset_without_an_error(page: Page, tmp_path: Path) -> None:
    assert main(["report", "--ledger", str(undecided_run(tmp_path)), "--out", str(tmp_path), "--quiet"]) == 0
    opened(page, tmp_path / "report.html")
    assert page.do("document.querySelectorAll('.tex').length") > 3000
    assert page.do(EVERY) == []
    page.do("document.querySelector('.tex:not([data-display])').dataset.tex = '\\\\frac{1'")
    assert len(page.do(EVERY)) == 1, "a formula that is broken has to be found"


def test_opening_everything_leaves_no_formula_behind(page: Page, made: Made) -> None:
    opened(page, made(True))
    page.do("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.until("document.querySelectorAll('.tex:not(.set)').length === 0")
    assert page.do("document.querySelectorAll('.katex-error').length") == 0
    assert page.do("document.querySelectorAll('.formula > .tex > .katex-display').length") > 5
