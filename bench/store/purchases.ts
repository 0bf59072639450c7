/** Purchases at full speed and at half of it, the time until the last of them is paid, and the ledger of it all. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Crew } from '../crew/crew.ts';
import { type CpuUse, cpuDuring } from '../machine/cpu-use.ts';
import type { BenchContext } from '../scenario.ts';
import type { Bought, Buy, Fire, Fired } from './generator/notes.ts';
import type { StoreStage } from './stage.ts';

export type Generator = Crew<Fire | Buy, Fired | Bought>;

export interface PurchaseRound {
  readonly full: Bought;
  /** While it was at full speed. */
  readonly cpu: CpuUse;
  readonly half: Bought;
  /** From the last answer at full speed until its order was paid, as the others were. */
  readonly paidAfterMs: number;
}

export interface Purchases {
  readonly rounds: readonly PurchaseRound[];
  readonly orders: Bought['orders'];
  readonly problems: readonly string[];
}

const CONNECTIONS = 64;
const HALF = 0.5;
const WARM_UP_SECONDS = 5;
const PAID_DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 20;
const AUDIT = join(import.meta.dirname, '../../scripts/audit/main.ts');
const AUDIT_BYTES = 64 * 1_024 * 1_024;

export async function measurePurchases(
  { seconds, progress, signal, doctored }: BenchContext,
  stage: StoreStage,
  generator: Generator,
  roundsAsked: number,
): Promise<Purchases> {
  const label = `${stage.products.toLocaleString('en-US')} products: checkout`;
  const buy = async (forSeconds: number, perSecond?: number): Promise<Bought> => {
    const bought = generator.reports('bought');
    const { url, buyers } = stage;
    const rate = perSecond === undefined ? {} : { perSecond };
    generator.order(() => ({ t: 'buy', url, connections: CONNECTIONS, seconds: forSeconds, buyers, ...rate }));
    const [result] = await bought;
    if (result === undefined) throw new Error('No generator, no load.');
    return result;
  };
  progress(label);
  const before = await countOrders(stage);
  const warmUp = await buy(WARM_UP_SECONDS);
  await untilPaid(stage, signal);
  // As autovacuum does within a minute: plans made for tables in which there was nothing read all of them ever after.
  await stage.database.query('analyze');
  const rounds: PurchaseRound[] = [];
  const pids = { ...stage.pids, generator: generator.pids };
  let perSecond = 0;
  for (let round = 1; round <= roundsAsked; round += 1) {
    progress(`${label}, round ${round} of ${roundsAsked}`);
    const { result: full, cpu } = await cpuDuring(pids, () => buy(seconds));
    const paidAfterMs = await untilPaid(stage, signal);
    // The same in each round: what is compared is asked for at one rate.
    perSecond = perSecond === 0 ? Math.max(1, Math.floor(full.ordersPerSecond * HALF)) : perSecond;
    const half = await buy(seconds, perSecond);
    await untilPaid(stage, signal);
    rounds.push({ full, cpu, half, paidAfterMs });
  }
  progress(`${label}: audit`);
  const orders = [warmUp, ...rounds.flatMap(({ full, half }) => [full, half])].flatMap((bought) => bought.orders);
  if (doctored) await stage.database.query('update inventory set reserved = reserved + 1 where on_hand > reserved');
  const problems = [
    ...checkOrders(before, await countOrders(stage), orders.length),
    ...(await auditShelvesAndMoney(stage, signal)),
  ];
  return { rounds, orders, problems };
}

async function untilPaid({ database }: StoreStage, signal: AbortSignal): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const { rowCount } = await database.query(
      `select from orders where source = 'store' and status in ('PENDING', 'REVIEW') limit 1`,
    );
    const tookMs = performance.now() - startMs;
    if (rowCount === 0) return tookMs;
    if (tookMs > PAID_DEADLINE_MS) throw new Error('Orders of the store are not paid after a minute.');
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

interface Counted {
  readonly confirmed: number;
  readonly others: number;
}

/** Those that a curve puts there beforehand are cancelled. */
async function countOrders({ database }: StoreStage): Promise<Counted> {
  const { rows } = await database.query<Counted>(
    `select count(*) filter (where status = 'CONFIRMED')::int as confirmed,
       count(*) filter (where status not in ('CONFIRMED', 'CANCELLED'))::int as others
     from orders where source = 'store'`,
  );
  return rows[0] ?? { confirmed: 0, others: 0 };
}

/** Each that was answered is there and paid, and no other. */
function checkOrders(before: Counted, after: Counted, answered: number): string[] {
  const confirmed = after.confirmed - before.confirmed;
  return confirmed === answered && after.others === 0
    ? []
    : [`${answered} orders were answered, ${confirmed} are paid, ${after.others} are not`];
}

async function auditShelvesAndMoney({ databaseUrl }: StoreStage, signal: AbortSignal): Promise<string[]> {
  const env = { DATABASE_URL: databaseUrl, PATH: process.env['PATH'] };
  try {
    await promisify(execFile)(process.execPath, [AUDIT, '--store'], { env, signal, maxBuffer: AUDIT_BYTES });
    return [];
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    return [
      `npm run audit -- --store: ${
        said
          .split('\n')
          .filter((line) => line.includes('BROKEN'))
          .join('; ') || said
      }`,
    ];
  }
}
