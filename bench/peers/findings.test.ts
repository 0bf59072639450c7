import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, it } from 'vitest';
import type { Books } from './audit.ts';
import type { Contender } from './contender.ts';
import { CONTENDERS } from './contenders.ts';
import { findingsOf } from './findings.ts';
import type { Asked } from './generator/notes.ts';
import type { Killed, Measured, Run, Turn } from './turn.ts';

const SOUND: Books = { oversold: 0, lost: 0, untold: 0, stranded: 0, left: 0 };
function run(perSecond: number): Run {
  const latencies = build();
  latencies.recordValueWithCount(1_500, 200);
  const asked: Asked = {
    ...{ won: [], refused: {}, askedAgain: 0, unanswered: 0, measured: 1, measuredMs: 1, fromMs: 0 },
    histogram: encodeIntoCompressedBase64(latencies),
  };
  const cpu = { ms: { server: 500 }, busiestMs: { server: 500 }, wallMs: 1_000, othersMs: 0 };
  return { perSecond, latencies, cpu, asked };
}

function turn(perSecond: number, books = SOUND): Turn {
  const [winning, rest] = [run(perSecond), run(perSecond / 2)];
  return {
    ...{ winning, half: rest, common: rest, soldOut: rest, last: rest.asked, ordersPerSecond: perSecond },
    ...{ cpuUsPerOrder: 100, books: [books, SOUND], redisVersion: '7' },
  };
}

function measured(contender: Contender, books = SOUND): Measured {
  const killed: Killed = { ...{ books: SOUND, asked: run(1).asked }, downMs: 10, settledMs: 20 };
  const perSecond = contender.isOurs ? 4_000 : 1_000;
  const turns = [turn(perSecond, books), turn(perSecond + 100, books)];
  return { contender, turns, killed: contender.name === 'oursSockets' ? [] : [killed] };
}

const found = (all: readonly Measured[]) => findingsOf({ all, fsyncMs: 0.1, postgres: '18' });

it('reports by its names, with the value of each round', () => {
  const { metrics, ratios, samples, charts, audit, servers } = found(CONTENDERS.map((one) => measured(one)));
  for (const name of ['ours', 'oursSockets', 'tutorial', 'tutorialAlways', 'update', 'skipLocked']) {
    expect(metrics).toMatchObject({
      [`${name}DecisionsPerSecond`]: name.startsWith('ours') ? 4_050 : 1_050,
      [`${name}OrdersPerSecond`]: expect.any(Number),
      ...{ [`${name}P99MsAtHalf`]: 1.5, [`${name}Oversold`]: 0, [`${name}Lost`]: 0 },
    });
  }
  expect(ratios).toMatchObject({ toTutorial: 3.864, toUpdate: 3.864, toSkipLocked: 3.864 });
  expect(samples['metrics.updateDecisionsPerSecond']).toEqual([1_000, 1_100]);
  expect(charts.map(({ lines }) => lines.length)).toEqual([6, 6]);
  expect(audit.ok).toBe(true);
  expect(servers.redis).toBe('7');
});

it('fails for books of ours that are off, and only tells those of others', () => {
  const off = { ...SOUND, oversold: 3 };
  const booksOf = (ours: Books, theirs: Books) =>
    found(CONTENDERS.map((one) => measured(one, one.isOurs ? ours : theirs)));
  expect(booksOf(SOUND, off)).toMatchObject({ audit: { ok: true }, metrics: { tutorialOversold: 6, oursOversold: 0 } });
  expect(booksOf(off, SOUND).audit).toMatchObject({ ok: false, oversold: 12 });
});
