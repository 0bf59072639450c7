/** One scheme after the other, in rounds: with plenty, and over the last units. Both are audited. */
import type { Crew } from '../crew/crew.ts';
import { type CpuUse, cpuDuring } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { auditStock } from './audit.ts';
import type { Ask, Asked } from './generator/notes.ts';
import { OURS } from './schemes/all.ts';
import { BARE } from './schemes/locks.ts';
import type { Scheme } from './schemes/scheme.ts';
import { UPDATE } from './schemes/update.ts';
import { readBack, type StockStage } from './stage.ts';

export const CLIENTS = 64;
export const CONNECTIONS = 64;
/** ×1 ×10 ×100. */
const CURVE_CLIENTS = [1, 10, 100];
const CURVE_UNITS = [1_000, 10_000, 100_000];
/** A run of one scheme in one round, as a part of --seconds: there are many of them. */
const RUN_PART = 0.3;
const CURVE_PART = 0.2;
const WARM_UP_SECONDS = 0.3;
/** More than any of them gives out in that time. */
const UNITS_PER_SECOND = 40_000;
/** The scarce run: the last units, and three times as many who want one. */
export const SCARCE = 200;
export const ASKED = 3 * SCARCE;

export interface Measured {
  readonly scheme: Scheme;
  readonly runs: { readonly driven: Asked; readonly cpu: CpuUse }[];
  readonly scarce: (Asked & { readonly unsold: number; readonly oversold: number })[];
}

export interface Place {
  readonly context: BenchContext;
  readonly stage: StockStage;
  readonly crew: Crew<Ask, Asked>;
  readonly audits: Audit[];
}

/** One round of one scheme. */
export async function measureScheme(place: Place, one: Measured): Promise<void> {
  const { context, audits } = place;
  const { scheme } = one;
  const isBare = scheme === BARE;
  await run(place, { scheme, clients: CLIENTS, seconds: WARM_UP_SECONDS });
  const plenty = await run(place, { scheme, clients: CLIENTS, seconds: context.seconds * RUN_PART });
  one.runs.push(plenty);
  if (isBare) return;
  audits.push(plenty.audit);
  const scarce = await run(place, { scheme, units: SCARCE, clients: CLIENTS, questions: ASKED });
  audits.push(scarce.audit);
  const unsold = SCARCE - scarce.driven.won;
  one.scarce.push({ ...scarce.driven, unsold: Math.max(0, unsold), oversold: scarce.audit.oversold });
}

interface Run {
  readonly scheme: Scheme;
  /** Otherwise plenty for those seconds. */
  readonly units?: number;
  readonly clients: number;
  readonly seconds?: number;
  readonly questions?: number;
}

async function run(
  { context, stage, crew }: Place,
  { scheme, units: given, ...how }: Run,
): Promise<{ driven: Asked; cpu: CpuUse; audit: Audit }> {
  context.signal.throwIfAborted();
  const units = given ?? Math.ceil(UNITS_PER_SECOND * (how.seconds ?? 1));
  const goods = await stage.stock(scheme, units);
  const { url } = stage;
  const pids = { generator: crew.pids, postgres: stage.postgresPid };
  const { result: driven, cpu } = await cpuDuring(pids, async () => {
    const asked = crew.reports('asked');
    crew.order(() => ({ t: 'ask', url, connections: CONNECTIONS, name: scheme.name, goods, ...how }));
    const [result] = await asked;
    if (result === undefined) throw new Error('No generator, no questions.');
    return result;
  });
  const written = await readBack(stage.database, scheme, goods);
  // In the product, a relay empties the outbox all the time.
  await stage.database.query('truncate outbox, checkouts');
  return { driven, cpu, audit: auditStock({ scheme, units, driven, written }) };
}

export async function measureCurves(place: Place): Promise<Readonly<Record<'clients' | 'units', readonly Figures[]>>> {
  const clients: Figures[] = [];
  for (const many of CURVE_CLIENTS) {
    place.context.progress(`curve: ${many} clients`);
    clients.push({ clients: many, ...(await point(place, { clients: many })) });
  }
  const units: Figures[] = [];
  for (const many of CURVE_UNITS) {
    place.context.progress(`curve: ${many} units`);
    units.push({ units: many, ...(await point(place, { clients: CLIENTS, units: many, questions: many })) });
  }
  return { clients, units };
}

async function point(place: Place, how: Omit<Run, 'scheme'>): Promise<Figures> {
  const seconds = place.context.seconds * CURVE_PART;
  const plain = await run(place, { scheme: UPDATE, seconds, ...how });
  const ours = await run(place, { scheme: OURS, seconds, ...how });
  place.audits.push(plain.audit, ours.audit);
  return {
    'update/s': round(plain.driven.perSecond),
    'update p99 ms': round(plain.driven.p99Ms, 1),
    'batches/s': round(ours.driven.perSecond),
    'batches p99 ms': round(ours.driven.p99Ms, 1),
    'postgres us': usEach(ours, 'postgres'),
    'generator us': usEach(ours, 'generator'),
  };
}

export function usEach({ driven, cpu }: { readonly driven: Asked; readonly cpu: CpuUse }, name: string): number {
  return round(((cpu.ms[name] ?? 0) * 1_000) / Math.max(1, driven.won), 1);
}
