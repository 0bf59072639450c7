import { describe, expect, it } from 'vitest';
import { dayOf } from '../../db/queries/forecast/count-day.ts';
import { dayBefore } from '../../queue-workers/forecast/count-demand.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { placePastOrders } from '../../test/fixtures/past-demand.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { backtestMade } from './backtest.ts';
import { forecastCommand } from './command.ts';

const database = useDatabase();

async function forecast(...args: readonly string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const code = await forecastCommand(args, {
    env: { DATABASE_URL: database.url, REGIONS: 'us-east,eu', NODE_ENV: 'test' },
    until: new AbortController().signal,
    print: (text) => lines.push(text),
  });
  return { code, out: lines.join('\n') };
}

describe('the back-test', () => {
  it('is better than every day as a week ago, with intervals that hold, and the same for a seed', () => {
    const rows = backtestMade(1, 6, { days: 14, origins: 3 });
    const byKind = new Map(rows);
    for (const kind of ['steady', 'strong season', 'growing', 'falling', 'promotions', 'few units']) {
      const { ours, lastWeek } = byKind.get(kind) ?? { ours: undefined, lastWeek: undefined };
      expect(ours?.mase, kind).toBeLessThan(0.92 * (lastWeek?.mase ?? 0));
      expect(ours?.covered, kind).toBeGreaterThan(80);
      expect(ours?.covered, kind).toBeLessThan(99);
    }
    const together = byKind.get('all together');
    expect(together?.ours.wapeOfSums).toBeLessThan(0.85 * (together?.lastWeek.wapeOfSums ?? 0));
    expect(byKind.get('intermittent')?.models['holt-winters']).toBeUndefined();
    expect(backtestMade(1, 2, { days: 7, origins: 1 })).toEqual(backtestMade(1, 2, { days: 7, origins: 1 }));
  });
});

describe('npm run forecast', () => {
  it('counts the orders of the database, forecasts, and shows what is expected', async () => {
    const { sku } = await sell(database.pool, { onHand: 10 });
    const today = dayOf(Date.now());
    const days = Array.from({ length: 50 }, (_, at) => dayBefore(today, at + 1));
    await placePastOrders(
      database.pool,
      days.map((day) => ({ sku, day, units: 5, country: 'AT' })),
    );
    const ran = await forecast('run');
    expect(ran.code, ran.out).toBe(0);
    expect(ran.out).toMatch(/51 days counted.*\n1 articles on sale, 3 forecasts .*\n0 prices suggested/);
    const shown = await forecast('show', sku);
    expect(shown.out).toMatch(/all +35\.0 +35\.0 .*250 units in 50 days/);
    expect(shown.out).toMatch(/eu +35\.0/);
    expect(await forecast('show', 'nothing')).toMatchObject({ code: 1 });
    const tested = await forecast('backtest', '--series', '1', '--origins', '1');
    expect(tested.out).toMatch(/orders of the store +1 /);
  });

  it('says how it is used', async () => {
    expect((await forecast('--help')).out).toContain('npm run forecast -- backtest|run|show');
    for (const wrong of [
      [],
      ['sing'],
      ['run', 'what'],
      ['show'],
      ['backtest', '--days', '0'],
      ['backtest', '--what'],
    ]) {
      expect((await forecast(...wrong)).code, wrong.join(' ')).toBe(64);
    }
  });
});
