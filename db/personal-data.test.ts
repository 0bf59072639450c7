import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../test/servers/database.ts';
import type { TableData } from './personal-data/kinds.ts';
import { PERSONAL_DATA, PERSONAL_DATA_LISTS } from './personal-data.ts';
import { ERASE_STEPS, EXPORT_PARTS } from './queries/privacy/index.ts';

const database = useDatabase();
let schema: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  // Partitions are their parent; views and analytics in schemas of their own count as well.
  const { rows } = await database.pool.query<{ name: string; columns: string[] }>(`
    select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as name,
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'm') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
    group by 1`);
  schema = new Map(rows.map(({ name, columns }) => [name, columns]));
});

const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter((word) => word !== '');
const columnsOf = ({ none, person, personal, secret, kept }: TableData) =>
  [none, person, personal, secret, kept].flatMap(words);
const tables = Object.entries(PERSONAL_DATA);
const isAboutPeople = ([, { person, personal, secret, kept }]: readonly [string, TableData]) =>
  [person, personal, secret, kept].some((text) => words(text).length > 0);

describe('the classification of all columns', () => {
  it('knows every column of every table once, and none that is not there', () => {
    const listed = new Set(tables.flatMap(([table, data]) => columnsOf(data).map((column) => `${table}.${column}`)));
    const real = [...schema].flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`));
    expect(real.filter((column) => !listed.has(column))).toEqual([]);
    expect([...listed].filter((column) => !real.includes(column))).toEqual([]);
    for (const [table, data] of tables) expect(new Set(columnsOf(data)).size, table).toBe(columnsOf(data).length);
    const names = PERSONAL_DATA_LISTS.flatMap((list) => Object.keys(list));
    expect(names.length).toBe(new Set(names).size);
  });

  it('says of all that is about people how it gets into an export, or why not', () => {
    const problems = tables.filter(isAboutPeople).flatMap(([table, data]) => {
      const { exported, notExported, personal, kept, secret } = data;
      if ((exported === undefined) === (notExported === undefined)) return [`${table}: exported, or why not?`];
      if (exported === undefined) return [];
      const part = EXPORT_PARTS.find(({ name }) => name === exported);
      if (part === undefined) return [`${table}: no part ${exported}`];
      const has = (column: string) => new RegExp(`\\b${column}\\b`).test(part.text);
      return [
        ...words(`${personal ?? ''} ${kept ?? ''}`).flatMap((column) =>
          has(column) ? [] : [`${table}: no ${column}`],
        ),
        ...words(secret).flatMap((column) => (has(column) ? [`${table}: tells ${column}`] : [])),
      ];
    });
    expect(problems).toEqual([]);
  });

  it('and how it leaves the store, or why not', () => {
    const steps = new Set(ERASE_STEPS.map(({ name }) => name));
    const problems = tables.filter(isAboutPeople).flatMap(([table, data]) => {
      const { erased, notErased, personal, secret, kept, because } = data;
      if (words(kept).length > 0 && because === undefined) return [`${table}: kept because?`];
      if ((erased === undefined) === (notErased === undefined)) return [`${table}: erased, or why not?`];
      const mustGo = words(`${personal ?? ''} ${secret ?? ''}`);
      if (erased === undefined) return mustGo.map((column) => `${table}: who erases ${column}?`);
      return steps.has(erased) ? [] : [`${table}: no step ${erased}`];
    });
    expect(problems).toEqual([]);
  });

  it('has parts and steps that the database understands, and whose names are there once', async () => {
    const nobody = '01890000-0000-7000-8000-000000000000';
    for (const { text } of EXPORT_PARTS) await database.pool.query(text, [nobody]);
    for (const statement of ERASE_STEPS.flatMap(({ statements }) => statements)) {
      expect((await database.pool.query(statement, [nobody])).rowCount, statement).toBe(0);
    }
    for (const list of [EXPORT_PARTS, ERASE_STEPS]) {
      const names = list.map(({ name }) => name);
      expect(names.length).toBe(new Set(names).size);
    }
  });
});
