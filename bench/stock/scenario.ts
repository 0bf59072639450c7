/** stock: one hot article of the store, asked for by all at once, in several ways of giving it out. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { onlyAudited } from '../only-audited.ts';
import { type Audit, joinAudits } from '../report/audit.ts';
import { round } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { Findings, Scenario } from '../scenario.ts';
import { chartsOf, figuresOf, rowOf } from './figures.ts';
import type { Ask, Asked } from './generator/notes.ts';
import {
  ASKED,
  CLIENTS,
  CONNECTIONS,
  type Measured,
  measureCurves,
  measureScheme,
  type Place,
  SCARCE,
} from './measure.ts';
import { SCHEMES } from './schemes/all.ts';
import { CHECK_THEN_WRITE } from './schemes/locks.ts';
import { openStockStage } from './stage.ts';

const GENERATOR = join(import.meta.dirname, 'generator', 'main.ts');

export const stock: Scenario = {
  name: 'stock',
  about: 'one hot article of the store, in several ways of setting units aside',
  async run(context) {
    const { signal } = context;
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    context.progress('starting PostgreSQL');
    const stage = await openStockStage(context);
    const crew = startCrew<Ask, Asked>({ program: GENERATOR, count: 1, signal });
    try {
      const place: Place = { context, stage, crew, audits: [] };
      return context.doctored ? await doctor(place) : await measureAll(place, fsyncMs);
    } finally {
      await crew.end();
      await stage.close();
    }
  },
};

async function measureAll(place: Place, fsyncMs: number): Promise<Findings> {
  const { context, stage, audits } = place;
  const { quick, rounds } = context;
  const measured = SCHEMES.map((scheme): Measured => ({ scheme, runs: [], scarce: [] }));
  for (let at = 1; at <= rounds; at += 1) {
    for (const one of measured) {
      context.progress(`${one.scheme.name}, round ${at} of ${rounds}`);
      await measureScheme(place, one);
    }
  }
  const curves: Findings['curves'] = quick ? {} : await measureCurves(place);
  return {
    settings: { clients: CLIENTS, connections: CONNECTIONS, generators: 1 },
    ...figuresOf(measured, fsyncMs, availableParallelism()),
    curves,
    charts: chartsOf(measured, curves),
    audit: joinAudits(audits),
    servers: { postgres: stage.postgresVersion },
    tables: [
      tableOf(`${CLIENTS} clients, one article`, measured.map(rowOf)),
      ...Object.entries(curves).map(([name, points]) => tableOf(`By the number of ${name}`, points)),
    ],
    notes: NOTES,
  };
}

/** A race is not lost each time: tried until it was, and no longer than that. */
async function doctor(place: Place): Promise<Findings> {
  const one: Measured = { scheme: CHECK_THEN_WRITE, runs: [], scarce: [] };
  const broken = (): Audit[] => place.audits.filter(({ ok }) => !ok);
  for (let tries = 0; tries < MOST_TRIES && broken().length === 0; tries += 1) {
    place.context.progress(`${one.scheme.name}, try ${tries + 1}`);
    await measureScheme(place, one);
  }
  const what = 'a scheme that looks first and writes then sold units twice.';
  return onlyAudited(joinAudits(place.audits), what, { postgres: place.stage.postgresVersion });
}
const MOST_TRIES = 5;

const NOTES = [
  'Each client asks for one unit after the other. What is counted is durable: fsync and synchronous_commit are on.',
  `unsold though asked for: of the last ${SCARCE} units, asked for ${ASKED} times.`,
  'bare: one row a reservation, and no stock that anybody shares. Clients and PostgreSQL share the cores.',
  'generator: the clients, in a process of their own; what a scheme does in the store (to collect a batch) is in it.',
];
