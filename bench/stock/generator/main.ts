/** The clients, in a process of their own: what they cost is not PostgreSQL's. What a scheme does in the store is theirs too. */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { connectPostgres, type Database } from '../../../platform/connections/postgres.ts';
import { createLogger } from '../../../platform/logging/logger.ts';
import { joinCrew } from '../../crew/member.ts';
import { drive } from './drive.ts';
import type { Ask, Asked } from './notes.ts';

joinCrew<Ask, Asked>(async ({ next, report }) => {
  const nextId = createIdSource(systemClock);
  const log = createLogger({ name: 'bench', level: 'silent' });
  let database: Database | undefined;
  for (;;) {
    const ask = await next();
    database ??= connectPostgres({ url: ask.url, max: ask.connections, name: 'bench', log });
    report(await drive(ask, database, nextId));
  }
});
