/** The tables of `npm run recommend`. */
import type { ModelRow } from '../../db/queries/recommendations/models.ts';
import { type Evaluation, WAYS } from './evaluate.ts';
import type { Measured } from './measure.ts';

const MB = 1_024 * 1_024;

export function evaluationTable(evaluations: ReadonlyMap<string, Evaluation>): string {
  const names = [...evaluations.keys()];
  const header = ['', ...names.flatMap((name) => [`${name}: recall@20`, 'nDCG@20'])];
  const rows = WAYS.map((way) => [
    way,
    ...[...evaluations.values()].flatMap(({ qualities }) => [
      qualities[way].recall.toFixed(4),
      qualities[way].ndcg.toFixed(4),
    ]),
  ]);
  return table([header, ...rows]);
}

export function gains(evaluations: ReadonlyMap<string, Evaluation>): string {
  return [...evaluations]
    .map(([name, { gain, shoppers, newShoppers, known }]) => {
      const of = (interval: { mean: number; low: number; high: number }) =>
        `${signed(interval.mean)} (${signed(interval.low)} to ${signed(interval.high)})`;
      return `${name}: hybrid less popularity, 95 %: recall ${of(gain.recall)}, nDCG ${of(gain.ndcg)}; ${shoppers} shoppers, ${newShoppers} of them new; learned from ${known.toLocaleString('en')} interactions`;
    })
    .join('\n');
}

export function measuredTable(all: readonly Measured[]): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const header = ['', ...all.map(({ users }) => `${short(users)} x ${short(users)}`)];
  const row = (name: string, of: (measured: Measured) => string) => [name, ...all.map(of)];
  return table([
    header,
    row('interactions', ({ interactions }) => interactions.toLocaleString('en')),
    row('factors', ({ factorsMs }) => seconds(factorsMs)),
    row('lists of shoppers', ({ userListsMs }) => seconds(userListsMs)),
    row('alike', ({ alikeMs }) => seconds(alikeMs)),
    row('bought together', ({ togetherMs }) => seconds(togetherMs)),
    row('all of it', (m) => seconds(m.factorsMs + m.userListsMs + m.alikeMs + m.togetherMs)),
    row('CPU', ({ cpuMs }) => seconds(cpuMs)),
    row('memory before', ({ beforeBytes }) => `${Math.round(beforeBytes / MB)} MB`),
    row('memory at most', ({ peakBytes }) => `${Math.round(peakBytes / MB)} MB`),
  ]);
}

export function modelsTable(models: readonly ModelRow[], current: string | null): string {
  const header = [
    'version',
    'state',
    'begun',
    'took',
    'shoppers',
    'products',
    'interactions',
    'iteration',
    'loss',
    'lists',
    'memory',
  ];
  const rows = models.map((model) => [
    `${model.version}${model.version === current ? ' *' : ''}`,
    model.state,
    model.startedAt.toISOString().slice(0, 19),
    model.endedAt === null ? '' : `${((model.endedAt.getTime() - model.startedAt.getTime()) / 1_000).toFixed(1)} s`,
    ...[model.users, model.products, model.interactions].map((count) => count.toLocaleString('en')),
    `${model.iteration}/${model.iterations}`,
    model.loss === null ? '' : model.loss.toFixed(1),
    model.lists.toLocaleString('en'),
    `${Math.round(model.peakBytes / MB)} MB`,
  ]);
  const failures = models.flatMap(({ version, failure }) => (failure === null ? [] : [`${version}: ${failure}`]));
  return [table([header, ...rows]), ...failures].join('\n');
}

const short = (count: number) => (count % 1_000 === 0 ? `${count / 1_000} k` : String(count));
const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
