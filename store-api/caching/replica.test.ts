import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { createReads } from './replica.ts';

const primary = useDatabase();
const copy = useDatabase();
let away: Database;
beforeAll(async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  away = connectPostgres({ url, max: 1, name: 'test', log: silentLog });
});
afterAll(() => away.end());

async function whichDatabase(from: Database): Promise<string> {
  const { rows } = await from.query<{ name: string }>('select current_database() as name');
  return rows[0]?.name ?? '';
}

describe('reads that may be a moment old', () => {
  it('go to the replica, or to the database where there is none', async () => {
    const [ofPrimary, ofCopy] = await Promise.all([primary.pool, copy.pool].map(whichDatabase));
    const reads = createReads({ database: primary.pool, replica: copy.pool, log: silentLog });
    expect(await reads.read(whichDatabase)).toBe(ofCopy);
    expect(await createReads({ database: primary.pool, log: silentLog }).read(whichDatabase)).toBe(ofPrimary);
  });

  it('go to the database while the replica is away, which is not asked again at once', async () => {
    const asked: Database[] = [];
    const reads = createReads({ database: primary.pool, replica: away, log: silentLog });
    const read = (): Promise<string> =>
      reads.read((from) => {
        asked.push(from);
        return whichDatabase(from);
      });
    const ofPrimary = await whichDatabase(primary.pool);
    expect([await read(), await read(), await read()]).toEqual([ofPrimary, ofPrimary, ofPrimary]);
    expect(asked.filter((from) => from === away)).toHaveLength(1);
  });

  it('that are wrong are wrong everywhere', async () => {
    const reads = createReads({ database: primary.pool, replica: copy.pool, log: silentLog });
    let tries = 0;
    const wrong = reads.read((from) => {
      tries += 1;
      return from.query('select nothing from nowhere');
    });
    await expect(wrong).rejects.toThrow('nowhere');
    expect(tries).toBe(1);
  });
});
