import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Query {
  readonly q: string;
  readonly typo: boolean;
  /** What a right answer was made of. */
  readonly want: Readonly<Record<string, string>>;
}

/** The catalog that the queries are about: `npm run seed -- --products N` makes it. */
export const CATALOG_SEED = 1;
export const QUERIES_FILE = fileURLToPath(new URL('./queries.json', import.meta.url));

export async function readQueries(): Promise<readonly Query[]> {
  return JSON.parse(await readFile(QUERIES_FILE, 'utf8'));
}
