import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../../platform/config/load.ts';

/** The environment over `.env`: what is set where the command is given wins. An empty value counts as unset. */
export async function readEnvironment(outer: Environment, root: string): Promise<Environment> {
  return { ...(await readEnvFile(join(root, '.env'))), ...onlySet(outer) };
}

/**
 * For the commands that talk to what `npm start` runs (doctor, audit): its addresses and secrets, below everything
 * that is set otherwise.
 */
export async function withLocalServers(environment: Environment, localEnvFile: string): Promise<Environment> {
  return { ...(await readEnvFile(localEnvFile)), ...environment };
}

async function readEnvFile(path: string): Promise<Environment> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return onlySet(parseEnv(text));
}

function onlySet(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}
