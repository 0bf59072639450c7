/** One contender's turn in a round: the last units, then plenty to sell at three paces, all from the same processes. */
import { join } from 'node:path';
import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { type Crew, startCrew } from '../crew/crew.ts';
import { type CpuUse, cpuBetween, cpuDuring, noteCpu } from '../machine/cpu-use.ts';
import type { OrderServers } from '../orders/servers.ts';
import type { BenchContext } from '../scenario.ts';
import { type Books, balance } from './audit.ts';
import { CONNECTIONS, type Contender, type OpenContender, type Sale } from './contender.ts';
import type { Asked, GeneratorOrder, GeneratorReport, Load } from './generator/notes.ts';

export interface Run {
  readonly perSecond: number;
  /** In microseconds. */
  readonly latencies: Histogram;
  readonly cpu: CpuUse;
  readonly asked: Asked;
}

export interface Turn {
  readonly winning: Run;
  readonly half: Run;
  readonly common: Run;
  readonly soldOut: Run;
  /** The last units, asked for by many more. */
  readonly last: Asked;
  /** Of the sale with plenty, from its first claim to the commit of its last order. */
  readonly ordersPerSecond: number;
  /** CPU time of all but the generator meanwhile, for each of those orders. */
  readonly cpuUsPerOrder: number;
  /** Of the sale with plenty, and of the one with few units. */
  readonly books: readonly Books[];
  readonly redisVersion: string | undefined;
}

export interface Killed {
  readonly books: Books;
  readonly asked: Asked;
  /** From the kill until it answers again, and until the last order is committed. */
  readonly downMs: number;
  readonly settledMs: number;
}

export interface Measured {
  readonly contender: Contender;
  readonly turns: Turn[];
  /** In the first round only, and in a quick run not over sockets: of ours, that takes a quarter of a minute. */
  readonly killed: Killed[];
}

export type Generator = Crew<GeneratorOrder, GeneratorReport>;

/** For each contender the same, whatever it can do: the rate at which targets.md has the figures of others. */
export const COMMON_PER_SECOND = 1_000;
/** More than any of them sells in a turn. */
const UNITS_PER_SECOND = 30_000;
/** The last units, and three times as many who want one. */
export const SCARCE = { units: 2_000, asks: 6_000 } as const;
export const KILL = { units: 2_000, asks: 6_000, atWins: 800 } as const;
/** Of --seconds: there are many parts. */
const PARTS = { winning: 0.3, half: 0.2, common: 0.2, soldOut: 0.15 } as const;
const HALF = 0.5;
const WARM_UP_MS = 1_000;
const SHORT_WARM_UP_MS = 500;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const PROGRAM = join(import.meta.dirname, 'generator', 'main.ts');
const QUIET: Load = { warmUpMs: 0, measureMs: 0, perSecond: null, asks: null, movesAt: null };

export async function withContender<T>(
  { context, servers, contender }: { context: BenchContext; servers: OrderServers; contender: Contender },
  use: (open: OpenContender, generator: Generator) => Promise<T>,
): Promise<T> {
  const generator: Generator = startCrew({ program: PROGRAM, count: 1, signal: context.signal });
  try {
    const open = await contender.open(context, servers);
    try {
      return await use(open, generator);
    } finally {
      await open.close();
    }
  } finally {
    await generator.end();
  }
}

export async function takeTurn(
  { seconds, signal }: BenchContext,
  open: OpenContender,
  generator: Generator,
): Promise<Turn> {
  const measure = (part: keyof typeof PARTS, load: Partial<Load>): Promise<Run> =>
    run(open, generator, { ...QUIET, measureMs: seconds * PARTS[part] * MS_PER_SECOND, ...load });
  // First, so that all processes are warm when it is measured what they sell.
  const scarce = await open.openSale(SCARCE.units);
  await enter(generator, scarce);
  const last = await ask(generator, { ...QUIET, asks: SCARCE.asks });
  const soldOut = await measure('soldOut', { warmUpMs: SHORT_WARM_UP_MS });
  const soldLast = await booksOf(scarce, [...last.won, ...soldOut.asked.won]);

  const plenty = await open.openSale(Math.ceil(UNITS_PER_SECOND * (2 + seconds)));
  await enter(generator, plenty);
  const { result, cpu } = await cpuDuring(open.pids(), async () => {
    const winning = await measure('winning', { warmUpMs: WARM_UP_MS });
    return { winning, made: await plenty.orders(winning.asked.won.length) };
  });
  const { winning, made } = result;
  const half = await measure('half', { warmUpMs: SHORT_WARM_UP_MS, perSecond: HALF * winning.perSecond });
  const common = await measure('common', { warmUpMs: SHORT_WARM_UP_MS, perSecond: COMMON_PER_SECOND });
  const sold = await booksOf(
    plenty,
    [winning, half, common].flatMap(({ asked }) => asked.won),
  );
  signal.throwIfAborted();
  return {
    ...{ winning, half, common, soldOut, last, books: [sold, soldLast] },
    redisVersion: open.redisVersion,
    ordersPerSecond: (made.ids.length / (made.lastMs - winning.asked.fromMs)) * MS_PER_SECOND,
    cpuUsPerOrder: (sumOf(cpu) * US_PER_MS) / made.ids.length,
  };
}

/** The contender's own processes die in the middle of a sale, and are started again at once. Shoppers ask once more. */
export async function killInTheMiddle(open: OpenContender, generator: Generator): Promise<Killed> {
  const sale = await open.openSale(KILL.units);
  await enter(generator, sale);
  const move = generator.reports('move');
  const answered = generator.reports('asked');
  answered.catch(() => undefined);
  generator.order(() => ({ t: 'ask', load: { ...QUIET, asks: KILL.asks, movesAt: KILL.atWins } }));
  await move;
  await open.crash();
  const killedAtMs = performance.timeOrigin + performance.now();
  await open.restart();
  const downMs = performance.timeOrigin + performance.now() - killedAtMs;
  generator.order(() => ({ t: 'moved', port: sale.counter().port }));
  const [report] = await answered;
  if (report === undefined) throw new Error('No generator, no answers.');
  const { asked } = report;
  const { ids, lastMs } = await sale.orders(new Set(asked.won).size);
  const sold = { units: sale.units, left: await sale.left(), told: asked.won, committed: ids };
  return { books: balance(sold), asked, downMs, settledMs: lastMs - killedAtMs };
}

async function enter(generator: Generator, sale: Sale): Promise<void> {
  const entered = generator.reports('entered');
  generator.order(() => ({ t: 'enter', counter: sale.counter(), connections: CONNECTIONS }));
  await entered;
}

async function ask(generator: Generator, load: Load): Promise<Asked> {
  const answered = generator.reports('asked');
  generator.order(() => ({ t: 'ask', load }));
  const [report] = await answered;
  if (report === undefined) throw new Error('No generator, no answers.');
  return report.asked;
}

async function run(open: OpenContender, generator: Generator, load: Load): Promise<Run> {
  const pids = { generator: generator.pids, ...open.pids() };
  const between = async (): Promise<CpuUse> => {
    const [measuring, measured] = [generator.reports('measuring'), generator.reports('measured')];
    measured.catch(() => undefined);
    await measuring;
    const from = await noteCpu(pids);
    await measured;
    return cpuBetween(from, await noteCpu(pids));
  };
  const [cpu, asked] = await Promise.all([between(), ask(generator, load)]);
  return {
    perSecond: (asked.measured / asked.measuredMs) * MS_PER_SECOND,
    latencies: decodeFromCompressedBase64(asked.histogram),
    cpu,
    asked,
  };
}

async function booksOf(sale: Sale, told: readonly string[]): Promise<Books> {
  const { ids } = await sale.orders(new Set(told).size);
  return balance({ units: sale.units, left: await sale.left(), told, committed: ids });
}

function sumOf({ ms }: CpuUse): number {
  return Object.values(ms).reduce<number>((sum, spent) => sum + (spent ?? 0), 0);
}
