/** What each kind of shopper lived through, what was refused, what an order cost, as tables. */
import { addCpu } from '../machine/cpu-use.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import { type Table, tableOf } from '../report/table.ts';
import { KIND_NAMES, KINDS } from './crowd/kinds.ts';
import type { KindTold } from './crowd/notes.ts';
import { joinHistograms, percentileMs } from './histograms.ts';
import type { Round } from './round.ts';
import { STEPS } from './shopping/mix.ts';

const P50 = 50;
const P99 = 99;

export function tablesOf(rounds: readonly Round[]): Table[] {
  return [
    tableOf('What each kind of shopper lived through, all rounds together', kindRows(rounds)),
    tableOf('Refusals and other answers, by kind', refusalRows(rounds)),
    tableOf('The shop by what was asked, open loop, calm and in the storm', stepRows(rounds)),
    tableOf('What one paid order cost: CPU from the lobby until everything is settled, by process', costRows(rounds)),
    ...ledgerOf(rounds),
  ];
}

/** Of the last round. */
function ledgerOf(rounds: readonly Round[]): Table[] {
  const lines = rounds.at(-1)?.ledger ?? [];
  return lines.length === 0 ? [] : [tableOf('The ledger of the drop, as npm run audit tells it', lines)];
}

function kindRows(rounds: readonly Round[]): Figures[] {
  return KIND_NAMES.map((kind) => {
    const told = ofKind(rounds, kind);
    const sum = (what: 'shoppers' | 'joined' | 'admitted' | 'winners' | 'units' | 'paid' | 'cancelled'): number =>
      told.reduce((all, one) => all + one[what], 0);
    const waits = joinHistograms(told.map((one) => one.waits));
    const decisions = joinHistograms(told.map((one) => one.decisions));
    return {
      ...{ kind, shoppers: sum('shoppers'), joined: sum('joined'), admitted: sum('admitted') },
      ...{ winners: sum('winners'), units: sum('units'), 'told paid': sum('paid'), 'told off': sum('cancelled') },
      ...{ 'wait p50 ms': percentileMs(waits, P50), 'wait p99 ms': percentileMs(waits, P99) },
      ...{ 'claim p50 ms': percentileMs(decisions, P50), 'claim p99 ms': percentileMs(decisions, P99) },
      who: KINDS[kind].about,
    };
  });
}

function refusalRows(rounds: readonly Round[]): Figures[] {
  const codes = new Set(rounds.flatMap(({ told }) => told.flatMap(({ kinds }) => kinds.flatMap(codesOf))));
  return [...codes].sort().map((code) => ({
    code,
    ...Object.fromEntries(
      KIND_NAMES.map((kind) => [
        kind,
        ofKind(rounds, kind).reduce((all, { refused }) => all + (refused[code] ?? 0), 0),
      ]),
    ),
  }));
}

const codesOf = ({ refused }: KindTold): string[] => Object.keys(refused);

function ofKind(rounds: readonly Round[], kind: string): KindTold[] {
  return rounds.flatMap(({ told }) => told.flatMap(({ kinds }) => kinds.filter((one) => one.kind === kind)));
}

function stepRows(rounds: readonly Round[]): Figures[] {
  return STEPS.map((step) => {
    const of = (phase: 'calm' | 'storm') =>
      joinHistograms(rounds.flatMap((one) => one[phase].probe.byStep[step] ?? []));
    const [calm, storm] = [of('calm'), of('storm')];
    return {
      step,
      ...{ 'calm n': calm.totalCount, 'calm p50 ms': percentileMs(calm, P50), 'calm p99 ms': percentileMs(calm, P99) },
      ...{ 'storm n': storm.totalCount, 'storm p50 ms': percentileMs(storm, P50) },
      ...{ 'storm p99 ms': percentileMs(storm, P99) },
    };
  });
}

function costRows(rounds: readonly Round[]): Figures[] {
  const whole = addCpu(rounds.map(({ wholeCpu }) => wholeCpu));
  const calm = addCpu(rounds.map(({ calmCpu }) => calmCpu));
  const storm = addCpu(rounds.map(({ stormCpu }) => stormCpu));
  const paid = rounds.reduce((sum, { paidOrders }) => sum + paidOrders, 0);
  return Object.entries(whole.ms).map(([process, ms = 0]) => ({
    process,
    'ms an order': paid === 0 ? null : round(ms / paid, 3),
    'cores, calm': cores(calm.ms[process], calm.wallMs),
    'cores, storm': cores(storm.ms[process], storm.wallMs),
  }));
}

const cores = (ms: number | undefined, wallMs: number): number => round((ms ?? 0) / Math.max(1, wallMs), 3);
