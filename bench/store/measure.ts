/** All that is asked of one store: each kind of request as fast as it is answered and at half of that, in rounds, next to the bare route. */
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { type CpuUse, cpuDuring } from '../machine/cpu-use.ts';
import type { BenchContext } from '../scenario.ts';
import type { Serve, Serving } from './bare/notes.ts';
import type { Fire, Fired } from './generator/notes.ts';
import { type Generator, measurePurchases, type Purchases } from './purchases.ts';
import type { StoreStage } from './stage.ts';
import { KINDS, type Kind, scriptsOf } from './traffic.ts';

export const CONNECTIONS = 16;
const HALF = 0.5;
const WARM_UP_SECONDS = 2;

/** One round: as fast as it answers, and at half of that. */
export interface KindRound {
  readonly full: Fired;
  /** While it was at full speed. */
  readonly cpu: CpuUse;
  readonly half: Fired;
}

export interface BareRound {
  readonly full: Fired;
  readonly cpu: CpuUse;
  /** At the rate at which the product page was measured. */
  readonly same: Fired;
}

export interface Measured {
  readonly products: number;
  readonly seedSeconds: number;
  readonly redisVersion: string;
  readonly kinds: Readonly<Record<Kind, readonly KindRound[]>>;
  readonly purchases: Purchases;
  readonly bare: readonly BareRound[];
}

export async function measureStore(
  context: BenchContext,
  stage: StoreStage,
  crew: Generator,
  rounds: number,
): Promise<Measured> {
  const { products, seedSeconds, redisVersion } = stage;
  const label = `${products.toLocaleString('en-US')} products`;
  // Where orders are looked at afterwards, they are those that were bought here.
  const purchases = await measurePurchases(context, stage, crew, rounds);
  const given = { connections: CONNECTIONS, orders: purchases.orders };
  const body = await (await fetch(`${stage.url}/api/v1/products/${stage.productIds[0]}`)).text();
  const bare: BareRound[] = [];
  const kinds: Record<Kind, KindRound[]> = {
    ...{ search: [], product: [], cart: [], orderStatus: [], recommendations: [] },
  };
  for (const kind of KINDS) {
    context.progress(`${label}: ${kind}`);
    const at = { url: stage.url, scripts: await scriptsOf(kind, stage, given) };
    await warmUp(crew, at);
    let half: number | undefined;
    for (let round = 1; round <= rounds; round += 1) {
      context.progress(`${label}: ${kind}, round ${round} of ${rounds}`);
      const one = await fullAndHalf(context, stage, crew, { ...at, ...(half === undefined ? {} : { half }) });
      // The same in each round: what is compared is asked for at one rate.
      half ??= one.atHalf;
      kinds[kind].push(one);
      if (kind === 'product') bare.push(await measureBare(context, crew, { body, perSecond: half }));
    }
  }
  return { products, seedSeconds, redisVersion, kinds, purchases, bare };
}

/** One round of requests of one kind, warm-up included. */
export async function measureRound(
  context: BenchContext,
  stage: StoreStage,
  crew: Generator,
  scripts: Fire['scripts'],
): Promise<KindRound> {
  const at = { url: stage.url, scripts };
  await warmUp(crew, at);
  return await fullAndHalf(context, stage, crew, at);
}

type At = Pick<Fire, 'url' | 'scripts'>;

async function warmUp(crew: Generator, at: At): Promise<void> {
  await shoot(crew, { ...at, seconds: WARM_UP_SECONDS });
}

async function fullAndHalf(
  { seconds }: BenchContext,
  stage: StoreStage,
  crew: Generator,
  { half, ...at }: At & { readonly half?: number },
): Promise<KindRound & { readonly atHalf: number }> {
  const { result: full, cpu } = await cpuDuring(pidsOf(stage, crew), () => shoot(crew, { ...at, seconds }));
  const atHalf = half ?? Math.max(1, Math.floor(full.requestsPerSecond * HALF));
  return { full, cpu, atHalf, half: await shoot(crew, { ...at, seconds, perSecond: atHalf }) };
}

/** The generator with them: what it takes is missing for the others. */
function pidsOf(stage: StoreStage, crew: Generator) {
  return { ...stage.pids, generator: crew.pids };
}

async function measureBare(
  { seconds, signal, progress }: BenchContext,
  crew: Generator,
  { body, perSecond }: { readonly body: string; readonly perSecond: number },
): Promise<BareRound> {
  progress('bare: a Fastify route with the bytes of a product page');
  const program = join(import.meta.dirname, 'bare', 'main.ts');
  const server = startCrew<Serve, Serving>({ program, count: 1, signal });
  try {
    const serving = server.reports('serving');
    server.order(() => ({ t: 'serve', body }));
    const at = { url: (await serving)[0]?.url ?? '', scripts: [[{ method: 'GET', path: '/product' } as const]] };
    await warmUp(crew, at);
    const pids = { bare: server.pids, generator: crew.pids };
    const { result: full, cpu } = await cpuDuring(pids, () => shoot(crew, { ...at, seconds }));
    return { full, cpu, same: await shoot(crew, { ...at, seconds, perSecond }) };
  } finally {
    await server.end();
  }
}

async function shoot(crew: Generator, fire: Omit<Fire, 't' | 'connections'>): Promise<Fired> {
  const fired = crew.reports('fired');
  crew.order(() => ({ t: 'fire', connections: CONNECTIONS, ...fire }));
  const [result] = await fired;
  if (result === undefined) throw new Error('No generator, no load.');
  return result;
}
