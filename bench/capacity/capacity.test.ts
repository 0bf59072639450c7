import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { runCheck } from './checks/check.ts';
import { runChecks } from './checks/run-checks.ts';
import { withPart } from './document.ts';
import { sharesOf, straightThrough } from './fit.ts';
import { DEFAULT_LOADS } from './loads.ts';
import { makePlan } from './plan/plan.ts';
import { mostEdgesOnAShard, shardRate, turnMs } from './plan/redis.ts';
import { markdownOfPlan, markdownOfVerdict, printPlan, printVerdict } from './print.ts';
import { figureAt, type Reports, readReports, whyUseless } from './reports.ts';
import { readUnitCosts, type UnitCosts } from './unit-costs.ts';

const BASELINES = join(import.meta.dirname, '../baselines');

async function baselines(): Promise<{ reports: Reports; costs: UnitCosts }> {
  const read = await readReports(BASELINES);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const known = readUnitCosts(read.reports);
  if (!known.ok) throw new Error(known.problems.join('\n'));
  return { reports: read.reports, costs: known.costs };
}

describe('the fits', () => {
  test('go through the points they were made from', () => {
    expect(straightThrough({ x: 1, y: 5 }, { x: 3, y: 11 })).toEqual({ fixed: 2, each: 3 });
    // 2 edges and 10 sockets take 14, 3 edges and 40 sockets take 46.
    expect(sharesOf({ a: 2, b: 10, y: 14 }, { a: 3, b: 40, y: 46 })).toEqual({ perA: 2, perB: 1 });
  });
});

describe('reports', () => {
  test('figures are found by their path', async () => {
    const { reports } = await baselines();
    expect(figureAt(reports.core, 'metrics.claimsPerSecond')).toBeGreaterThan(0);
    expect(figureAt(reports.orders, 'curves.partitions[partitions=1].orders/s')).toBeGreaterThan(0);
    expect(figureAt(reports.store, 'curves.products[products=100000,what=product].req/s')).toBeGreaterThan(0);
    expect(figureAt(reports.core, 'metrics.bottleneck')).toBeUndefined();
    expect(figureAt(reports.core, 'curves.no such[first].x')).toBeUndefined();
    expect(() => figureAt(reports.core, 'claimsPerSecond')).toThrow('no path');
  });

  test('a report of something else, or whose audit failed, is refused', async () => {
    const { reports } = await baselines();
    const { core } = reports;
    if (core === undefined) throw new Error('It is committed.');
    expect(whyUseless(core, 'core')).toBeUndefined();
    expect(whyUseless(core, 'edge')).toContain('a report of core');
    expect(whyUseless({ ...core, audit: { ...core.audit, ok: false } }, 'core')).toContain('audit failed');
  });

  test('the last of a kind is not the last of all', async () => {
    const { reports } = await baselines();
    const { store } = reports;
    if (store === undefined) throw new Error('It is committed.');
    const products = [
      { products: 1, what: 'cart', 'store ms': 1 },
      { products: 2, what: 'cart', 'store ms': 2 },
      { products: 2, what: 'search', 'store ms': 3 },
    ];
    const report = { ...store, curves: { products } };
    expect(figureAt(report, 'curves.products[last,what=cart].store ms')).toBe(2);
    expect(figureAt(report, 'curves.products[what=cart].store ms')).toBe(1);
    expect(figureAt(report, 'curves.products[last].store ms')).toBe(3);
  });

  test('all that is missing is told at once, with what measures it anew', async () => {
    const nowhere = await readReports(join(BASELINES, 'nowhere'));
    expect(nowhere.ok ? [] : nowhere.problems).toHaveLength(5);
    const { reports } = await baselines();
    const { core, edge } = reports;
    if (core === undefined || edge === undefined) throw new Error('They are committed.');
    const known = readUnitCosts({ ...reports, core: { ...core, curves: {} }, edge: { ...edge, metrics: {} } });
    const problems = known.ok ? '' : known.problems.join('\n');
    expect(problems).toContain(
      'core.json has no curves.batch[batch=1].claims/s; measure it anew: npm run bench -- core',
    );
    expect(problems).toContain('edge.json has no metrics.edgeUsPerDecision');
  });
});

describe('the plan', () => {
  test('names for each part what asks for it, and where the costs come from', async () => {
    const { reports, costs } = await baselines();
    const plan = makePlan(DEFAULT_LOADS, costs, reports);
    for (const row of plan.rows) {
      expect(row.count, row.part).toBeGreaterThan(0);
      expect(Number.isSafeInteger(row.count), row.part).toBe(true);
      expect(row.limitedBy, row.part).not.toBe('');
      expect(row.from.length, row.part).toBeGreaterThan(0);
    }
    expect(printPlan(plan)).not.toMatch(/NaN|undefined|Infinity/u);
    expect(markdownOfPlan(plan)).not.toMatch(/NaN|undefined|Infinity/u);
  });

  test('more of anything never takes less', async () => {
    const { reports, costs } = await baselines();
    const before = makePlan(DEFAULT_LOADS, costs, reports);
    const harder = [
      { requestsPerSecond: 57_500_000 },
      { waitingShoppers: 10_000_000 },
      { hotUpdatesPerSecond: 500_000 },
      { ordersPerSecond: 5_000_000 },
      { storeRequestsPerSecond: 500_000 },
      { fsyncMs: 20 },
      { utilisation: 0.3 },
      { coresPerMachine: 2 },
      { replicas: 2 },
    ];
    for (const more of harder) {
      const after = makePlan({ ...DEFAULT_LOADS, ...more }, costs, reports);
      expect(after.machines, JSON.stringify(more)).toBeGreaterThanOrEqual(before.machines);
      after.rows.forEach((row, at) => {
        // Smaller machines are more of them, and fewer of what takes a whole one each.
        if (!('coresPerMachine' in more))
          expect(row.count, row.part).toBeGreaterThanOrEqual(before.rows[at]?.count ?? 0);
      });
    }
  });

  test('a disk faster than any measured takes the wait away, not the work', async () => {
    const { costs } = await baselines();
    expect(shardRate(0.01, costs)).toBeLessThanOrEqual(1e6 / costs.redis.claimUs.value);
    expect(shardRate(4, costs)).toBeLessThan(shardRate(2, costs));
  });

  test('more edges on a shard make its turns longer, up to the number that is said', async () => {
    const { costs } = await baselines();
    const load = { claimsPerSecond: 20_000, fsyncMs: 2 };
    const most = mostEdgesOnAShard({ ...load, withinMs: 25 }, costs);
    expect(turnMs({ ...load, edges: most }, costs)).toBeLessThanOrEqual(25);
    expect(turnMs({ ...load, edges: most + 1 }, costs)).toBeGreaterThan(25);
    expect(turnMs({ ...load, claimsPerSecond: 1e6, edges: 1 }, costs)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the check', () => {
  test('can be made of the committed baselines, and is right for most of their points', async () => {
    const { reports } = await baselines();
    const verdict = runChecks(reports, 30);
    expect(verdict.checks.filter((check) => check.kind === 'impossible')).toEqual([]);
    const ok = verdict.checks.filter((check) => check.kind === 'checked' && check.ok);
    // Each of them is for `npm run capacity -- --check`: a baseline measured anew is no reason for the tests to fail.
    expect(ok.length).toBeGreaterThan(verdict.checks.length / 2);
    expect(printVerdict(verdict)).toContain(`${verdict.checks.length} of ${verdict.checks.length} points`);
    expect(markdownOfVerdict(verdict)).toContain('| ok |');
  });

  test('a point beyond the bound is off, and a point that is not there is no success', async () => {
    const { reports } = await baselines();
    expect(runChecks(reports, 1).ok).toBe(false);
    const { edge, ...others } = reports;
    expect(edge).toBeDefined();
    const without = runChecks(others, 30);
    expect(without.ok).toBe(false);
    expect(printVerdict(without)).toContain('Could not be checked');
  });

  test('a sale is held against the others once the line says what a join and a tell cost', async () => {
    const { reports } = await baselines();
    const { line, core } = reports;
    if (line === undefined || core === undefined) throw new Error('They are committed.');
    const sale = {
      ...core,
      scenario: 'sale',
      settings: { stormSeconds: 60, edges: 2 },
      metrics: {
        ordersPaid: 2_000,
        joined: 30_000,
        cutAndBack: 3_000,
        claimed: 2_500,
        mostSockets: 20_000,
        drainedAfterMs: 5_000,
      },
      tables: [{ title: 'What one paid order cost: CPU', columns: ['process', 'ms an order'], rows: [['edge', 30]] }],
    };
    const metrics = { ...line.metrics, edgeUsPerJoin: 330, edgeUsPerTold: 30, idleCores: 0.1 };
    const known = runChecks({ ...reports, sale, line: { ...line, metrics } }, 30).checks.at(-1);
    expect(known).toMatchObject({ kind: 'checked', measured: 60_000, withinPercent: 50 });
    // 33,000 joins of 330 µs and 1.2 million tells of at most 30 µs are most of it.
    expect(known?.kind === 'checked' ? known.predicted : 0).toBeGreaterThan(33_000 * 0.33);
    expect(known?.kind === 'checked' ? known.predicted : 0).toBeLessThan(33_000 * 0.33 + 1_200_000 * 0.03 + 20_000);
    const { edgeUsPerJoin: _, ...without } = metrics;
    const unknown = runChecks({ ...reports, sale, line: { ...line, metrics: without } }, 30).checks;
    expect(unknown.some(({ point }) => point.startsWith('sale'))).toBe(false);
  });

  test('the error is of what was measured', () => {
    const spec = { point: 'p', madeFrom: 'm', unit: 'u', predict: () => ({ predicted: 120, measured: 100 }) };
    expect(runCheck(spec, {}, 20)).toMatchObject({ errorPercent: 20, ok: true });
    expect(runCheck({ ...spec, predict: () => ({ predicted: 1, measured: 0 }) }, {}, 20)).toMatchObject({ ok: false });
    expect(runCheck({ ...spec, predict: () => ({ predicted: 0, measured: 0 }) }, {}, 20)).toMatchObject({ ok: false });
  });
});

test('the document gets its tables where it has a place for them', () => {
  const place = '<!-- plan: npm run capacity -- --write -->\nold\n<!-- end of plan -->';
  expect(withPart(`a\n${place}\nb\n`, 'plan', 'new')).toBe(`a\n${place.replace('old', 'new')}\nb\n`);
  expect(withPart('a\n', 'plan', 'new')).toBeUndefined();
});

describe('the command line', () => {
  test('every load has an option, and all that is wrong is told', () => {
    expect(readArguments([])).toMatchObject({ kind: 'plan', loads: DEFAULT_LOADS, output: 'text' });
    expect(readArguments(['--orders', '1000', '--requests', '2000', '--hot-updates', '10', '--json'])).toMatchObject({
      kind: 'plan',
      loads: { ...DEFAULT_LOADS, ordersPerSecond: 1_000, requestsPerSecond: 2_000, hotUpdatesPerSecond: 10 },
      output: 'json',
    });
    const wrong = readArguments(['--orders', 'many', '--utilisation', '0', '--cores', '1.5', '--from', '']);
    expect(wrong.kind === 'wrong' ? wrong.problems : []).toHaveLength(4);
    expect(readArguments(['--orders', '6000000'])).toMatchObject({ kind: 'wrong' });
    expect(readArguments(['--hot-updates', '600000'])).toMatchObject({ kind: 'wrong' });
    expect(readArguments(['--no-such'])).toMatchObject({ kind: 'wrong' });
    expect(readArguments(['--json', '--markdown'])).toMatchObject({ kind: 'wrong' });
    expect(readArguments(['--help'])).toEqual({ kind: 'help' });
    expect(readArguments(['--write'])).toEqual({ kind: 'write' });
    expect(readArguments(['--write', '--json'])).toMatchObject({ kind: 'wrong' });
  });

  test('--check takes a bound and no loads', () => {
    expect(readArguments(['--check'])).toMatchObject({ kind: 'check', tolerance: 30 });
    expect(readArguments(['--check', '--tolerance', '10'])).toMatchObject({ tolerance: 10 });
    expect(readArguments(['--check', '--orders', '10'])).toMatchObject({ kind: 'wrong' });
    expect(readArguments(['--tolerance', '10'])).toMatchObject({ kind: 'wrong' });
  });
});
