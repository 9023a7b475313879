#!/usr/bin/env python3
"""The report looked at in a real browser: on a telephone, on a laptop, and printed on A4.

browser_test.py SOURCE_DIR BIN_DIR [PICTURES_DIR]

With PICTURES_DIR the screenshots and the PDF stay there, to be looked at. Exit 77 without chromium or poppler-utils.
"""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from browser import Browser, find_browser  # noqa: E402
from sample_case import ANCHOR, OFFICER, PLACE, REASON, SampleCase  # noqa: E402

complaints = []

# For every text that is shown: its colour against the first opaque ground behind it (WCAG 2.1, 1.4.3).
CONTRAST = r"""
(() => {
  const parse = text => text.match(/[\d.]+/g).map(Number);
  const channel = value => (value /= 255) <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length || ["TITLE", "DESC"].includes(element.tagName.toUpperCase()))
      continue;
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [luminance(ink), luminance(ground(element))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    ++seen;
    if (ratio < 4.5) weak.push(ratio.toFixed(2) + " " + node.data.trim().slice(0, 40));
  }
  return {seen, weak};
})()
"""

# Elements that stick out of the window, or whose text sticks out of them.
OVERFLOW = r"""
[...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && (box.right > WIDTH + 1 || box.left < -1);
}).map(element => element.tagName + "." + element.className + " " + element.textContent.slice(0, 30)).slice(0, 5)
"""


def expect(holds, what):
    if not holds:
        complaints.append(what)


def colours_in(png):
    """How many different bytes the decoded picture has: a blank one has hardly any."""
    content = pathlib.Path(png).read_bytes()
    data, offset = b"", 8
    while offset < len(content):
        length, kind = struct.unpack(">I4s", content[offset:offset + 8])
        if kind == b"IDAT":
            data += content[offset + 8:offset + 8 + length]
        offset += length + 12
    return len(set(zlib.decompress(data)))


def look(browser, page, width, pictures, mobile=False):
    name = f"{page.stem} at {width} px"
    requests = browser.open(page, width, mobile=mobile)
    expect(requests == [page.resolve().as_uri()], f"{name}: the browser was made to ask for {requests}")
    measured = browser.evaluate("[document.documentElement.scrollWidth, document.body.scrollHeight, innerWidth]")
    expect(measured[2] == width, f"{name}: shown in a window of {measured[2]} px")
    sticking_out = OVERFLOW.replace("WIDTH", str(width))
    expect(measured[0] <= width, f"{name}: {measured[0]} px wide: "
           f"{browser.evaluate(sticking_out)}")
    expect(measured[1] > 1000, f"{name}: only {measured[1]} px high")
    contrast = browser.evaluate(CONTRAST)
    expect(contrast["seen"] > 100 and not contrast["weak"], f"{name}: contrast {contrast}")
    expect(browser.evaluate("document.scripts.length") == 0, f"{name}: has a script")
    navigation = browser.evaluate("getComputedStyle(document.querySelector('nav')).display")
    expect((navigation != "none") == (width >= 1216), f"{name}: table of contents is {navigation}")
    picture = pictures / f"{page.stem}-{width}.png"
    browser.screenshot(picture)
    expect(colours_in(picture) > 60, f"{name}: is blank")


def print_page(browser, page, pictures):
    """On A4: a sane number of pages, none of them cut, the names of people in the text."""
    browser.open(page, 1280)
    pdf = pictures / f"{page.stem}.pdf"
    browser.print_to_pdf(pdf)
    facts = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"^Pages:\s+(\d+)", facts, re.MULTILINE).group(1))
    expect(4 <= pages <= 16, f"{page.stem}: {pages} pages of A4")
    width, height = map(float, re.search(r"^Page size:\s+([\d.]+) x ([\d.]+)", facts, re.MULTILINE).groups())
    expect(abs(width - 595) < 2 and abs(height - 842) < 2, f"{page.stem}: pages of {width} x {height}")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for name in (OFFICER, REASON):
        expect(name in text, f"{page.stem}: {name} is not in the text of the PDF")
    # Right-to-left text may come out in the order in which it is painted, and with spaces of its own.
    squeezed = "".join(text.split())
    expect(any(form in squeezed for word in PLACE.split() for form in (word, word[::-1])),
           f"{page.stem}: {PLACE} is not in the text of the PDF")
    boxes = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    right = max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes))
    expect(right <= width - 30, f"{page.stem}: text reaches {right:.0f} of {width:.0f} points")
    subprocess.run(["pdftoppm", "-r", "60", "-png", pdf, pictures / f"{page.stem}-print"], check=True)


def main():
    program = find_browser()
    if not program or not shutil.which("pdftotext"):
        print("skipped: no chromium or no poppler-utils here (scripts/install-deps has them)")
        sys.exit(77)
    source, binaries = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        pictures = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else pathlib.Path(scratch)
        pictures.mkdir(parents=True, exist_ok=True)
        os.chdir(scratch)
        sample = SampleCase(source, binaries)
        sample.make()
        sample.damage("damaged.asice")
        sample.page("sealed.asice", "passed.html", *ANCHOR)
        sample.page("sealed.asice", "unknown.html", "--lang", "vi", expect=(6,))
        sample.page("damaged.asice", "failed.html", *ANCHOR, "--lang", "vi", expect=(1,))
        sample.page("case", "case.html", *ANCHOR)
        with Browser(program) as browser:
            for name in ("passed", "unknown", "failed", "case"):
                page = pathlib.Path(f"{name}.html")
                look(browser, page, 360, pictures, mobile=True)
                look(browser, page, 768, pictures)
                look(browser, page, 1280, pictures)
            for name in ("passed", "failed"):
                print_page(browser, pathlib.Path(f"{name}.html"), pictures)
        os.chdir(source)
    print("\n".join(complaints[:20]), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
