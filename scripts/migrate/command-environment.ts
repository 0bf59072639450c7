import { join, resolve } from 'node:path';
import { type Environment, loadConfig } from '../../platform/config/load.ts';
import { readEnvironment, withLocalServers } from '../up/environment.ts';
import { localEnvFile } from '../up/secrets.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What a command typed beside a running `npm start` works with: the same servers, unless something else is set. */
export async function commandEnvironment(outer: Environment): Promise<Environment> {
  const environment = await readEnvironment(outer, ROOT);
  const { DATA_DIR } = loadConfig(environment, ['DATA_DIR']);
  return await withLocalServers(environment, localEnvFile(resolve(ROOT, DATA_DIR)));
}

/** The address of a database as it may be shown: without its password. */
export function shownDatabase(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
