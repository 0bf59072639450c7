import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, loadConfig } from '../../platform/config/load.ts';

/** What the launcher writes of the servers that it runs, in DATA_DIR. */
const LOCAL_ENV = 'local.env';

/**
 * The environment with what is missing in it taken from DATA_DIR/local.env, so that a command typed beside a running
 * `npm start` speaks to the same servers. What is set wins.
 */
export async function withLocalEnvironment(env: Environment): Promise<Environment> {
  const { DATA_DIR } = loadConfig(env, ['DATA_DIR']);
  const local = await readIfThere(join(DATA_DIR, LOCAL_ENV));
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return { ...parseEnv(local), ...Object.fromEntries(set) };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return '';
    throw error;
  }
}

/** The address as it may be shown: without its password. */
export function shownDatabase(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
