/** The storm as pictures: what happened in each second, and how long things took. */
import type { Chart, Line } from '../report/chart.ts';
import { latencyLine } from '../report/latency-line.ts';
import type { CountedName } from './crowd/notes.ts';
import { joinHistograms, PER_MS } from './histograms.ts';
import type { Round } from './round.ts';

const MS_PER_SECOND = 1_000;

/** Of the last round: a timeline is of one storm. */
export function chartsOf(rounds: readonly Round[]): Chart[] {
  const last = rounds.at(-1);
  if (last === undefined) return [];
  const counted = (name: string, what: CountedName): Line => ({ name, points: secondsOf(last, what) });
  return [
    {
      ...{ kind: 'timeline', title: 'The storm by second', unit: 'shoppers/s', marks: marksOf(last) },
      lines: [counted('come', 'arrivals'), counted('admitted', 'admitted'), counted('refused claims', 'refused')],
    },
    {
      ...{ kind: 'timeline', title: 'From claims to paid orders', unit: 'a second', marks: marksOf(last) },
      lines: [
        counted('claims won', 'won'),
        { name: 'orders written', points: last.orders.written },
        { name: 'orders paid', points: last.orders.paid },
      ],
    },
    {
      ...{ kind: 'timeline', title: 'The shop meanwhile: the slowest answer of each second', unit: 'ms' },
      marks: marksOf(last),
      lines: [{ name: 'slowest', points: last.storm.probe.worstBySecond.map((ms, second) => [second, ms] as const) }],
    },
    {
      ...{ kind: 'latency', title: 'The shop, from when a request was due' },
      lines: (['calm', 'storm'] as const).map((phase) =>
        latencyLine(phase, joinHistograms(rounds.map((one) => one[phase].probe.latencies)), PER_MS),
      ),
    },
    { kind: 'latency', title: 'The line, from when somebody was due', lines: latencyLines(rounds) },
  ];
}

const NAMES = {
  ...{ joinLobby: 'to join, in the lobby', joinLive: 'to join, after the start' },
  ...{ decisionWon: 'claims won', decisionRefused: 'claims refused' },
} as const;

function latencyLines(rounds: readonly Round[]): Line[] {
  const all = (['joinLobby', 'joinLive', 'decisionWon', 'decisionRefused'] as const).map((name) => ({
    name: NAMES[name],
    histogram: joinHistograms(rounds.flatMap(({ told }) => told.map(({ latencies }) => latencies[name]))),
  }));
  return all
    .filter(({ histogram }) => histogram.totalCount > 0)
    .map(({ name, histogram }) => latencyLine(name, histogram, PER_MS));
}

function secondsOf({ told }: Round, what: CountedName): (readonly [number, number])[] {
  const seconds = Math.max(0, ...told.map(({ bySecond }) => bySecond[what].length));
  return Array.from({ length: seconds }, (_, second) => [
    second,
    told.reduce((sum, { bySecond }) => sum + (bySecond[what][second] ?? 0), 0),
  ]);
}

function marksOf({ drop, milestones, endedAtMs }: Round): { atSeconds: number; name: string }[] {
  const mark = (name: string, atMs: number | undefined) =>
    atMs === undefined ? [] : [{ name, atSeconds: Math.round((atMs - drop.lobbyOpensAtMs) / 100) / 10 }];
  return [
    ...mark('lobby', drop.lobbyOpensAtMs),
    ...mark('start', drop.startsAtMs),
    ...mark('sold out', milestones.soldOutAtMs),
    ...mark('first return', milestones.firstReturnAtMs),
    ...mark('end', endedAtMs),
  ].filter(({ atSeconds }) => atSeconds >= 0);
}

export const sinceLobby = ({ drop }: Round, atMs: number | undefined): number | null =>
  atMs === undefined ? null : Math.round((atMs - drop.lobbyOpensAtMs) / (MS_PER_SECOND / 10)) / 10;
