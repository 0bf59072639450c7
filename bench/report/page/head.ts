/** The top of a page: what was run, where, and whether it counts. */
import { sayTime } from '../../progress.ts';
import { type GoalVerdict, goalsOf } from '../goal-verdict.ts';
import type { Report } from '../report.ts';
import { type Html, html, NOTHING } from './html.ts';
import { full } from './numbers.ts';
import { drawTable } from './tables.ts';

export function drawHead(report: Report): Html {
  const { scenario, at, commit, machine, metrics, settings, tookSeconds, audit } = report;
  const servers = [
    ['Node', machine.node],
    ['Redis', machine.redis],
    ['Kafka', machine.kafka],
    ['PostgreSQL', machine.postgres],
  ].filter(([, version]) => version !== null);
  const facts: [string, string][] = [
    ['commit', commit],
    [
      'measured',
      `${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}${tookSeconds === null ? '' : `, in ${sayTime(tookSeconds)}`}`,
    ],
    ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memGiB} GiB`],
    ['with', servers.map(([name, version]) => `${name} ${version}`).join(', ')],
    ...(metrics['bottleneck'] === undefined ? [] : [['bottleneck', full(metrics['bottleneck'])] as [string, string]]),
  ];
  const verdict = audit.ok
    ? html`<p class="verdict good"><span aria-hidden="true">✓</span> Audit: nothing oversold, lost or doubled</p>`
    : html`<div class="verdict bad"><p><span aria-hidden="true">✗</span> AUDIT FAILED: ${audit.oversold} oversold, ${audit.lost} lost, ${audit.duplicated} doubled. No figure of this run counts.</p><ul>${audit.problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`;
  const generator = String(metrics['bottleneck'] ?? '').startsWith('generator');
  return html`<header><h1>bench: ${scenario}</h1>${verdict}
${generator ? html`<p class="warnings">The load generator was the bottleneck: what was measured can do more than this says.</p>` : NOTHING}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<details class="settings"><summary>Settings</summary>${drawTable({ title: 'Settings', columns: [], rows: Object.entries(settings) })}</details></header>`;
}

export function drawGoals(report: Report): Html {
  const goals = goalsOf(report);
  if (goals.length === 0) return NOTHING;
  const columns = ['what', 'measured', 'bare', 'ours ÷ bare', 'goal', 'verdict', 'best published by a peer'];
  const rows = goals.map((goal) => [
    ...[goal.what, goal.measured, goal.bare, goal.ratio],
    html`${goal.goal.split('; ').map((part, at) => html`${at > 0 ? '; ' : ''}<span class="whole">${part}</span>`)}`,
    drawVerdict(goal),
    goal.peer,
  ]);
  return html`<section><h2>Goals</h2>${drawTable({ title: 'The figures to reach', columns, rows })}</section>`;
}

const SIGNS = { held: '✓', missed: '✗', 'not measured': '–' } as const;
const CLASSES = { held: 'good', missed: 'bad', 'not measured': 'plain' } as const;

function drawVerdict({ verdict, detail }: GoalVerdict): Html {
  const told = [verdict, detail].filter((part) => part !== '').join(': ');
  return html`<span class="${CLASSES[verdict]}"><span aria-hidden="true">${SIGNS[verdict]}</span> ${told}</span>`;
}
