/** A report as one file that needs no other: no script, nothing fetched, read by any browser and on paper. */
import { compareReports } from '../comparison.ts';
import type { Report } from '../report.ts';
import { type Table, tableOf } from '../table.ts';
import { drawComparison } from './changes.ts';
import { drawChart } from './charts.ts';
import { drawFigures } from './figures.ts';
import { drawGoals, drawHead } from './head.ts';
import { type Html, html, NOTHING } from './html.ts';
import { STYLE } from './style.ts';
import { drawTable } from './tables.ts';

const STYLE_ELEMENT: Html = { text: `<style>${STYLE}</style>` };
/** Whatever were to get into a page by mistake, no browser would run or fetch it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** `baseline`: a report of the same scenario to compare with. */
export function renderPage(report: Report, baseline?: Report): string {
  const { scenario, at, commit, notes, charts } = report;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>bench ${scenario} · ${commit} · ${at}</title>${STYLE_ELEMENT}</head><body>
${drawHead(report)}
<main>${drawGoals(report)}
${baseline === undefined ? NOTHING : drawComparison(compareReports(baseline, report))}
${
  charts.length > 0
    ? html`<section><h2>Charts</h2><div class="charts">${charts.map((chart) =>
        drawChart(
          chart,
          baseline?.charts.find(({ title }) => title === chart.title),
        ),
      )}</div></section>`
    : NOTHING
}
${drawTables(tablesOf(report))}
<section><h2>All figures</h2>${drawFigures(report)}</section>
${notes.length > 0 ? html`<section><h2>To read the figures right</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></section>` : NOTHING}
</main>
<footer>Ours ÷ bare: the same step with nothing around it, measured in the same run. Figures of one machine say little on another; ratios do.</footer>
</body></html>
`.text;
}

function drawTables(tables: readonly Table[]): Html {
  if (tables.length === 0) return NOTHING;
  return html`<section><h2>Tables</h2>${tables.map(drawTable)}</section>`;
}

/** Reports that are older than their tables still have the curves. */
function tablesOf({ tables, curves }: Report): Table[] {
  const told = new Set(tables.map(({ title }) => title));
  const missing = Object.entries(curves)
    .map(([name, points]) => tableOf(`Curve: ${name}`, points))
    .filter(({ title }) => !told.has(title));
  return [...tables, ...missing].filter(({ rows }) => rows.length > 0);
}
