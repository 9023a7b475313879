"""What holds for every page, whatever it reports: found by reading its HTML as a browser would."""

import html.parser
import re

VOID = {"meta", "br", "wbr"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "div", "nav", "ul", "ol", "li", "a", "main", "header", "p",
           "h1", "h2", "h3", "section", "article", "svg", "desc", "path", "circle", "line", "text", "figure", "table",
           "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "span", "strong", "em", "bdi", "code",
           "pre", "time", "br", "wbr"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Page(html.parser.HTMLParser):
    """The elements of a page, with every fault that was met while reading."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.elements = [], [], []
        self.headings, self.ids, self.links, self.commands = [], [], [], []
        self.style = self.text = ""
        if not text.startswith("<!DOCTYPE html>\n"):
            self.faults.append("does not begin with its document type")
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.elements.append((tag, values))
        if tag not in ALLOWED:
            self.faults.append(f"element {tag}")
        for name, value in attributes:
            if name.startswith("on") or name in {"src", "srcset", "action", "formaction", "xlink:href", "style"}:
                self.faults.append(f"attribute {name} of {tag}")
            if name == "href":
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "pre":
            self.commands.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if "style" in self.open:
            self.style += data
        elif "pre" in self.open:
            self.commands[-1] += data
        self.text += data

    def handle_comment(self, data):
        self.faults.append(f"comment {data[:40]}")


def faults_of(text, language="en"):
    page = Page(text)
    faults = list(page.faults)

    def expect(holds, what):
        if not holds:
            faults.append(what)

    attributes = [values for tag, values in page.elements if tag == "html"]
    expect(len(attributes) == 1 and attributes[0].get("lang") == language, f"language is not {language}")
    expect(attributes[0].get("dir") in {"ltr", "rtl"}, "no direction of writing")
    expect(any(values.get("http-equiv") == "Content-Security-Policy" and values.get("content") == POLICY
               for tag, values in page.elements if tag == "meta"), "no strict Content-Security-Policy")
    expect(page.headings[:2] == [1, 2] and page.headings.count(1) == 1, "headings do not begin with one h1")
    expect(all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:])), "a heading is skipped")
    expect(all(values.get("scope") in {"col", "row"} for tag, values in page.elements if tag == "th"),
           "a table header without scope")
    expect(all(values.get("dir") == "auto" for tag, values in page.elements if tag == "bdi"), "bdi without dir")
    expect(len(page.ids) == len(set(page.ids)), "an id stands twice")
    expect(all(link.startswith("#") and link[1:] in page.ids for link in page.links), "a link leads elsewhere")
    expect(not re.search(r"url\(|@import|expression|http", page.style), "the style refers to something outside")
    expect(not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text),
           "a control or direction character")
    return faults
