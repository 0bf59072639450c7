import { connect } from 'node:net';
import type { ServerName } from '../servers/server.ts';
import type { ExternalServer } from './settings.ts';

const DEADLINE_MS = 3_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'redis:': 6379,
  'rediss:': 6379,
  'postgres:': 5432,
  'postgresql:': 5432,
};
const TITLES: Readonly<Record<ServerName, string>> = { redis: 'Redis', kafka: 'Kafka', postgres: 'PostgreSQL' };

/** What to tell about a server whose URL is set but where nobody answers, or nothing when somebody does. */
export async function whyUnreachable(external: ExternalServer): Promise<string | undefined> {
  const { variable, server, addresses } = external;
  const tries = await Promise.all(addresses.map(async (address) => ({ address, reason: await tryConnect(address) })));
  const [first] = tries;
  if (first === undefined || tries.some(({ reason }) => reason === undefined)) return undefined;
  const where = tries.map(({ address }) => withoutPassword(address)).join(', ');
  const advice = `start a ${TITLES[server]} there or unset ${variable}${isRegional(variable) ? '' : ' and npm start runs one'}`;
  return `${variable} ${where} cannot be reached: ${first.reason}; ${advice}`;
}

/** Neither who we are nor the password: what is left says where it is. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.host === '') return address;
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}

function isRegional(variable: string): boolean {
  return variable.startsWith('REDIS_URL_');
}

/** Nothing when a connection comes about, else the reason in words. */
function tryConnect(address: string): Promise<string | undefined> {
  const { host, port } = hostAndPort(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: DEADLINE_MS });
    const end = (reason: string | undefined) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${DEADLINE_MS / 1000} s`));
    socket.once('error', (error) => end(inWords(error, host)));
  });
}

function hostAndPort(address: string): { host: string; port: number } {
  const url = new URL(address.includes('://') ? address : `tcp://${address}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0) };
}

function inWords(error: Error, host: string): string {
  const code = 'code' in error ? String(error.code) : error.message;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: `the name ${host} is not known`,
    EAI_AGAIN: `the name ${host} cannot be looked up`,
    EHOSTUNREACH: 'no way to that host',
    ENETUNREACH: 'no way to that network',
    ETIMEDOUT: 'no answer',
  };
  return words[code] ?? code;
}
