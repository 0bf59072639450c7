/** stock: one hot article of the store, asked for by all at once, in several ways of giving it out. */
import type { Database } from '../../platform/connections/postgres.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { type Audit, joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { auditStock } from './audit.ts';
import { type Driven, drive } from './drive.ts';
import { batched } from './schemes/batch.ts';
import { SHARDED, UNIT_ROWS } from './schemes/divided.ts';
import { ADVISORY, BARE, CHECK_THEN_WRITE } from './schemes/locks.ts';
import type { Scheme } from './schemes/scheme.ts';
import { UPDATE, UPDATE_FIRST, UPDATE_LAST } from './schemes/update.ts';
import { openStockStage, readBack, type StockStage } from './stage.ts';

const CLIENTS = 64;
const CURVE_CLIENTS = [1, 8, 64, 256];
const CONNECTIONS = 64;
const ROUNDS = { whole: 2, quick: 1 } as const;
/** A run of one scheme in one round, as a part of --seconds: there are many of them. */
const RUN_PART = 0.3;
const CURVE_PART = 0.2;
const WARM_UP_SECONDS = 0.3;
/** More than any of them gives out in that time. */
const UNITS_PER_SECOND = 40_000;
/** The scarce run: the last units, and three times as many who want one. */
const SCARCE = 200;
const ASKED = 3 * SCARCE;

const OURS = batched(1);
const SCHEMES = [BARE, UPDATE, UPDATE_FIRST, UPDATE_LAST, ADVISORY, UNIT_ROWS, SHARDED];
const BATCHES = [batched(1, 1), OURS, batched(2)];

interface Measured {
  readonly scheme: Scheme;
  readonly runs: Driven[];
  readonly scarce: (Driven & { readonly unsold: number; readonly oversold: number })[];
}

export const stock: Scenario = {
  name: 'stock',
  about: 'one hot article of the store, in several ways of setting units aside',
  async run(context) {
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    context.progress('starting PostgreSQL');
    const stage = await openStockStage(context, CONNECTIONS);
    try {
      const schemes = [...SCHEMES, ...BATCHES, ...(context.doctored ? [CHECK_THEN_WRITE] : [])];
      const measured = schemes.map((scheme): Measured => ({ scheme, runs: [], scarce: [] }));
      const audits: Audit[] = [];
      for (let round = 0; round < (context.quick ? ROUNDS.quick : ROUNDS.whole); round += 1) {
        for (const one of measured) await measure(context, stage, one, audits);
      }
      const curve = context.quick ? [] : await measureCurve(context, stage, audits);
      return findingsOf(context, { measured, curve, audits, fsyncMs, postgres: stage.postgresVersion });
    } finally {
      await stage.close();
    }
  },
};

async function measure(context: BenchContext, stage: StockStage, one: Measured, audits: Audit[]): Promise<void> {
  const { scheme } = one;
  context.progress(scheme.name);
  const isBare = scheme === BARE;
  await run(context, stage, { scheme, clients: CLIENTS, seconds: WARM_UP_SECONDS });
  const plenty = await run(context, stage, { scheme, clients: CLIENTS, seconds: context.seconds * RUN_PART });
  one.runs.push(plenty.driven);
  if (isBare) return;
  audits.push(plenty.audit);
  const scarce = await run(context, stage, { scheme, units: SCARCE, clients: CLIENTS, questions: ASKED });
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
  { signal }: BenchContext,
  { database, nextId, stock: make }: StockStage,
  { scheme, units: given, ...asked }: Run,
): Promise<{ driven: Driven; audit: Audit }> {
  const units = given ?? Math.ceil(UNITS_PER_SECOND * (asked.seconds ?? 1));
  const goods = await make(scheme, units);
  const driven = await drive({ scheme, database, goods, nextId, signal, ...asked });
  const written = await readBack(database, scheme, goods);
  await forget(database);
  return { driven, audit: auditStock({ scheme: scheme.name, units, driven, written }) };
}

/** In the product, a relay empties the outbox all the time. */
async function forget(database: Database): Promise<void> {
  await database.query('truncate outbox, checkouts');
}

async function measureCurve(context: BenchContext, stage: StockStage, audits: Audit[]): Promise<Figures[]> {
  const curve: Figures[] = [];
  for (const clients of CURVE_CLIENTS) {
    context.progress(`curve: ${clients} clients`);
    const seconds = context.seconds * CURVE_PART;
    const plain = await run(context, stage, { scheme: UPDATE, clients, seconds });
    const ours = await run(context, stage, { scheme: OURS, clients, seconds });
    audits.push(plain.audit, ours.audit);
    curve.push({
      clients,
      'update/s': round(plain.driven.perSecond),
      'update p99 ms': round(plain.driven.p99Ms, 1),
      'batches/s': round(ours.driven.perSecond),
      'batches p99 ms': round(ours.driven.p99Ms, 1),
    });
  }
  return curve;
}

interface Found {
  readonly measured: readonly Measured[];
  readonly curve: readonly Figures[];
  readonly audits: readonly Audit[];
  readonly fsyncMs: number;
  readonly postgres: string;
}

function findingsOf({ seconds, quick, doctored }: BenchContext, found: Found): Findings {
  const { measured, curve, audits, fsyncMs, postgres } = found;
  const rowOf = ({ scheme, runs, scarce }: Measured): Figures => ({
    scheme: scheme.name,
    'reservations/s': round(median(runs.map(({ perSecond }) => perSecond))),
    'p50 ms': round(median(runs.map(({ p50Ms }) => p50Ms)), 1),
    'p99 ms': round(median(runs.map(({ p99Ms }) => p99Ms)), 1),
    oversold: scarce.length === 0 ? null : scarce.reduce((sum, { oversold }) => sum + oversold, 0),
    'unsold though asked for': scarce.length === 0 ? null : Math.max(...scarce.map(({ unsold }) => unsold)),
  });
  const of = (scheme: Scheme, figure: (run: Driven) => number): number => {
    const one = measured.find((other) => other.scheme === scheme);
    if (one === undefined) throw new Error(`${scheme.name} was not measured.`);
    return median(one.runs.map(figure));
  };
  const speed = ({ perSecond }: Driven): number => perSecond;
  return {
    settings: { seconds, quick, doctored, clients: CLIENTS, connections: CONNECTIONS },
    metrics: {
      reservationsPerSecond: round(of(OURS, speed)),
      reservationP50Ms: round(
        of(OURS, (run) => run.p50Ms),
        1,
      ),
      reservationP99Ms: round(
        of(OURS, (run) => run.p99Ms),
        1,
      ),
      conditionalUpdatePerSecond: round(of(UPDATE, speed)),
      fsyncMs,
    },
    limits: {
      bareReservationsPerSecond: round(of(BARE, speed)),
      bareP99Ms: round(
        of(BARE, (run) => run.p99Ms),
        1,
      ),
    },
    ratios: {
      reservations: round(of(OURS, speed) / of(BARE, speed), 3),
      toConditionalUpdate: round(of(OURS, speed) / of(UPDATE, speed), 3),
    },
    curves: { clients: curve },
    samples: {},
    charts: [],
    audit: joinAudits(audits),
    servers: { postgres },
    tables: [
      tableOf(`${CLIENTS} clients, one article`, measured.map(rowOf)),
      ...(curve.length > 0 ? [tableOf('By the number of clients', curve)] : []),
    ],
    notes: [
      'Each client asks for one unit after the other. What is counted is durable: fsync and synchronous_commit are on.',
      `unsold though asked for: of the last ${SCARCE} units, asked for ${ASKED} times.`,
      'bare: one row a reservation, and no stock that anybody shares. Clients and PostgreSQL share the cores.',
    ],
  };
}
