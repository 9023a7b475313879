// How the page looks on a screen, on a telephone and on A4. Fonts are the reader's own.
#include "verification/page_parts.h"

namespace evidence {

// Contrast of every text to its ground is at least 4.5:1 (WCAG 2.1, 1.4.3); the test computes it.
const std::string_view page_style = R"css(
:root { --ink: #1c2127; --quiet: #55606c; --line: #d5dae0; --soft: #f5f7f9; --link: #1f4e8c;
  --ok: #17603a; --ok-soft: #eaf5ee; --warning: #7a4d00; --warning-soft: #fdf4e0;
  --failed: #9c1c1c; --failed-soft: #fcecec; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: #fff;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic",
    "Noto Sans CJK SC", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
.page { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
nav { display: none; }
h1, h2, h3 { line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
h1 { font-size: 2.1rem; margin: 0 0 .75rem; }
h2 { font-size: 1.4rem; margin: 0 0 1.25rem; }
h3 { font-size: 1.05rem; margin: 2.25rem 0 .75rem; }
p { margin: 0 0 .85rem; max-width: 46rem; }
a { color: var(--link); }
header { margin-bottom: 2rem; }
header time { white-space: nowrap; }
.overline { margin: 0 0 .35rem; color: var(--quiet); font-size: .8rem; font-weight: 600;
  letter-spacing: .09em; text-transform: uppercase; }
.case { font-size: 1.2rem; margin-bottom: .35rem; }
.quiet, .more, .limits { color: var(--quiet); }
.more { font-size: .9rem; margin-top: .5rem; }
section { margin-top: 3.5rem; padding-top: 1.75rem; border-top: 1px solid var(--line);
  scroll-margin-top: 1rem; }
#verdict { margin-top: 0; padding-top: 0; border-top: 0; }
.icon { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor;
  stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.verdict { display: flex; gap: 1.25rem; padding: 1.6rem 1.75rem; margin-bottom: 1.75rem;
  border: 1px solid; border-inline-start-width: .5rem; border-radius: .35rem; }
.verdict .icon { width: 3rem; height: 3rem; margin-top: .15rem; stroke-width: 1.6; }
.verdict h2 { font-size: 1.6rem; margin: 0 0 .25rem; }
.verdict p { color: var(--ink); margin: 0; }
.verdict .signer { margin-top: .7rem; font-size: .93rem; }
.verdict .term { color: inherit; font-size: .85rem; font-weight: 650; letter-spacing: .07em;
  margin-bottom: .7rem; text-align: start; }
.verdict.ok { color: var(--ok); background: var(--ok-soft); }
.verdict.unknown { color: var(--warning); background: var(--warning-soft); }
.verdict.failed { color: var(--failed); background: var(--failed-soft); }
.lead { font-weight: 650; margin: 0 0 .4rem; }
.reasons { margin: 0 0 1.25rem; padding-inline-start: 1.25rem; }
.reasons li { margin-bottom: .35rem; }
.limits { font-size: .92rem; }
.state { display: inline-flex; align-items: baseline; gap: .45em; font-weight: 600; }
.state .icon { align-self: center; }
.state.ok { color: var(--ok); }
.state.warning, .state.unknown { color: var(--warning); }
.state.failed { color: var(--failed); }
.state.none { color: var(--quiet); font-weight: 500; }
h3 .state { font-size: .9rem; margin-inline-start: .75em; letter-spacing: 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono",
    "DejaVu Sans Mono", monospace; font-size: .84em; }
code { unicode-bidi: isolate; }
pre code { font-size: inherit; }
.about { white-space: nowrap; }
.code { display: inline-block; }
.code code { color: var(--quiet); }
table { width: 100%; table-layout: fixed; border-collapse: collapse;
  font-size: .93rem; line-height: 1.5; }
caption { text-align: start; color: var(--quiet); font-size: .88rem; padding-bottom: .6rem; }
th, td { padding-block: .6rem; padding-inline: 0 .9rem; vertical-align: top; text-align: start;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; border-bottom: 2px solid var(--ink); font-size: .82rem;
  font-weight: 650; }
tbody th { font-weight: 500; }
tbody tr:first-child > * { border-top: 0; }
.label { display: none; }
.layers th:nth-child(1) { width: 45%; }
.layers th:nth-child(2) { width: 23%; }
.name { display: inline-block; }
.layers .name { display: block; }
.name::first-letter, td .state span::first-letter, h3 .state span::first-letter,
.finding .state span::first-letter, .card .state span::first-letter { text-transform: uppercase; }
.state span { display: inline-block; }
.objects th:nth-child(1) { width: 21%; }
.objects th:nth-child(2) { width: 13%; }
.objects th:nth-child(3) { width: 15%; }
.objects th:nth-child(5) { width: 15%; }
.signatures th:nth-child(1), .stamps th:nth-child(1) { width: 17%; }
.signatures th:nth-child(2), .stamps th:nth-child(3) { width: 31%; }
.conditions th:first-child { width: 20%; }
.request th:nth-child(1) { width: 24%; }
.request th:nth-child(3) { width: 26%; }
.layers tr.none { color: var(--quiet); }
.events th:nth-child(1) { width: 3.5rem; }
.events th:nth-child(2) { width: 14%; }
.events th:nth-child(6) { width: 14%; }
em { font-style: normal; color: var(--warning); font-weight: 600; }
.facts { margin: 1.25rem 0 1rem; }
.card .facts { margin-top: .5rem; }
.facts > div { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; gap: .25rem 1.25rem;
  padding: .4rem 0; border-top: 1px solid var(--line); }
.facts > div:first-child { border-top: 0; }
dt { color: var(--quiet); font-size: .93rem; }
dd { margin: 0; }
.card { margin: 0 0 1.25rem; padding: 1.1rem 1.4rem .6rem; border: 1px solid var(--line);
  border-radius: .35rem; }
.card h3 { margin: 0 0 .2rem; font-size: 1.15rem; }
.timeline { margin: 1.5rem 0 2rem; padding: 1.1rem 1.4rem 1rem; background: var(--soft);
  border-radius: .35rem; }
.timeline svg { display: block; overflow: visible; }
.timeline text { fill: var(--ink); font-size: 13px; font-weight: 600; }
.timeline .axis { fill: var(--quiet); font-size: 12px; font-weight: 500; }
.timeline line { stroke: #b9c1ca; stroke-width: 1.5; }
.signed { fill: #22405f; stroke: #fff; stroke-width: 1; }
.unsigned { fill: #fff; stroke: #22405f; stroke-width: 2; }
.bad { fill: var(--failed); stroke: #fff; }
.stamp { fill: var(--ok); stroke: #fff; }
.claim { fill: #fff; stroke: var(--ok); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: .9rem 0 0;
  color: var(--quiet); font-size: .86rem; }
.legend > span { display: inline-flex; align-items: center; gap: .4rem; }
.timeline .key { width: 14px; height: 14px; flex: none; }
.findings { list-style: none; margin: 0; padding: 0; }
.finding { padding: .6rem 0; padding-inline-start: 1rem; margin-bottom: .5rem;
  border-inline-start: 3px solid var(--line); }
.finding p { margin: 0; }
.finding .state { font-size: .88rem; margin-inline-end: .6em; }
.finding.warning, .finding.unknown { border-color: #c98a1b; }
.finding.failed { border-color: var(--failed); }
.finding.none strong { font-weight: 500; }
.detail { color: var(--quiet); font-size: .88rem; }
.steps { padding-inline-start: 1.4rem; }
.steps li { margin-bottom: 1rem; padding-inline-start: .35rem; }
.steps p { margin-bottom: .45rem; }
pre { margin: 0; padding: .8rem 1rem; background: var(--soft); border-radius: .3rem;
  white-space: pre-wrap; text-align: left; }
@media (min-width: 76rem) {
  .page { max-width: 80rem; display: grid; grid-template-columns: 14rem minmax(0, 1fr);
    gap: 4rem; }
  nav { display: block; position: sticky; top: 2.5rem; align-self: start; font-size: .9rem; }
  nav ul { list-style: none; margin: 0; padding: 0; border-inline-start: 1px solid var(--line); }
  nav a { display: block; padding-block: .35rem; color: var(--quiet);
    padding-inline: 1rem 0; text-decoration: none; }
  nav a:hover, nav a:focus { color: var(--link); text-decoration: underline; }
}
@media screen and (max-width: 46rem) {
  .page { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.65rem; }
  .verdict { flex-direction: column; gap: .75rem; padding: 1.2rem; }
  .verdict h2 { font-size: 1.3rem; }
  .facts > div { grid-template-columns: 1fr; gap: 0; }
  .card, .timeline { padding-inline: 1rem; }
  .wide { display: none; }
  table, tbody, tr, th, td, caption { display: block; width: auto !important; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: .8rem 0; border-top: 1px solid var(--line); }
  tbody th, tbody td { padding: .1rem 0; border: 0; }
  .label { display: block; color: var(--quiet); font-size: .8rem; margin-top: .4rem; }
  td:has(> div:empty), .request .label { display: none; }
  .events tbody th div::before { content: "# "; }
  .events tbody th { font-weight: 650; }
}
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif;
    color: #55606c; } }
@media print {
  html { font-size: 10pt; }
  body { font-size: 10pt; line-height: 1.45; }
  .page { display: block; max-width: none; padding: 0; }
  nav { display: none; }
  section { margin-top: 1.75rem; padding-top: 1.1rem; }
  .verdict, .timeline, pre, .state, .signed, .unsigned, .bad, .stamp, .claim {
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3, caption, .lead { break-after: avoid; }
  tr, .finding, .steps li, .verdict, .timeline, .facts > div, .reasons li {
    break-inside: avoid; }
  .card { break-inside: auto; }
  thead { display: table-header-group; }
  p { orphans: 3; widows: 3; }
}
)css";

}  // namespace evidence
