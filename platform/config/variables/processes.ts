/** What every process is told, and where it listens. */
import { integer, list, network, oneOf, origin, orNothing, port, url } from '../kinds.ts';
import { host, variable } from './variable.ts';

export const PROCESS_VARIABLES = {
  NODE_ENV: variable({
    kind: oneOf(['development', 'test', 'production']),
    fallback: 'development',
    about: 'What this installation is for. Demo data and development accounts exist only outside production.',
  }),
  LOG_LEVEL: variable({
    kind: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    fallback: 'info',
    about: 'The least important level that is logged.',
  }),
  SHUTDOWN_TIMEOUT_MS: variable({
    kind: integer({ min: 100, max: 600_000, unit: 'milliseconds' }),
    fallback: '10000',
    about: 'How long a process may take to finish what it has begun when it is asked to stop.',
  }),

  WORKER_NICENESS: variable({
    kind: integer({ min: 0, max: 19, unit: 'steps' }),
    fallback: '10',
    about:
      'How far workers that run as processes of their own stand back where they share cores with edges and store, as nice does it: 0 not at all, 19 as far as can be. Shoppers wait for edge and store; what workers do waits in queues.',
  }),

  EDGE_HOST: variable({ kind: host, fallback: '127.0.0.1', about: 'Where the edge listens.' }),
  EDGE_PORT: variable({ kind: port(), fallback: '8080', about: 'WebSocket and HTTP of the line and of claims.' }),
  EDGE_PROCESSES: variable({
    kind: integer({ min: 1, max: 64, unit: 'processes' }),
    fallback: '2',
    about:
      'Edges that npm start runs, all on EDGE_PORT. Two: one can be restarted or die while the other holds the line. Each uses up to one core, takes 140 MB, and holds up to 19,000 sockets.',
  }),
  EDGE_PUBLIC_URL: variable({
    kind: url(['ws:', 'wss:']),
    fallback: 'ws://127.0.0.1:8080',
    about: 'The address of the edge as shoppers see it.',
  }),
  EDGE_ORIGINS: variable({
    kind: list(origin(), { min: 1, max: 256 }),
    fallback: '*',
    about: 'Web pages from which browsers may speak to the edge: origins like https://shop.example, or * for any.',
  }),
  EDGE_TRUSTED_PROXIES: variable({
    kind: list(network(), { min: 0, max: 256 }),
    fallback: '',
    about: 'Proxies whose X-Forwarded-For is believed: addresses and networks like 10.0.0.0/8. None unless set.',
  }),
  EDGE_UNLIMITED: variable({
    kind: list(network(), { min: 0, max: 256 }),
    fallback: '127.0.0.0/8,::1',
    about:
      'Clients that no limit by address holds up, such as load generators. Behind a proxy on this machine, set EDGE_TRUSTED_PROXIES.',
  }),
  EDGE_SOCKETS_PER_ADDRESS: variable({
    kind: integer({ min: 1, max: 1_000_000, unit: 'sockets' }),
    fallback: '1000',
    about: 'The most sockets that one address may have open at one edge process.',
  }),
  STORE_HOST: variable({ kind: host, fallback: '127.0.0.1', about: 'Where the store API listens.' }),
  STORE_PORT: variable({ kind: port(), fallback: '3000', about: 'HTTP of the store.' }),
  STORE_ORIGINS: variable({
    kind: list(origin(), { min: 1, max: 256 }),
    fallback: '*',
    about: 'Web pages from which browsers may speak to the store: origins like https://shop.example, or * for any.',
  }),
  STORE_TRUSTED_PROXIES: variable({
    kind: list(network(), { min: 0, max: 256 }),
    fallback: '',
    about: 'Proxies before the store whose X-Forwarded-For is believed. None unless set.',
  }),
  STORE_UNLIMITED: variable({
    kind: list(network(), { min: 0, max: 256 }),
    fallback: '127.0.0.0/8,::1',
    about:
      'Clients of the store that no rate limit holds up, such as load generators. Behind a proxy on this machine, set STORE_TRUSTED_PROXIES.',
  }),
  OPS_HOST: variable({ kind: host, fallback: '127.0.0.1', about: 'Where health, readiness and metrics listen.' }),
  OPS_PORT: variable({
    kind: port(),
    fallback: '9464',
    about:
      'Health, readiness and metrics of a process. The launcher counts up from it: edge, workers +1, store +2, local gateway +3, mailbox +4, the other edges from +5 on.',
  }),

  TRACES_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about: 'A collector of traces that speaks OTLP over HTTP, such as http://127.0.0.1:4318. None unless set.',
  }),
  TRACES_ONE_IN: variable({
    kind: integer({ min: 1, max: 1_000_000_000, unit: 'orders' }),
    fallback: '100',
    about: 'Of so many orders, and of so many calls of the store, one is followed through all processes.',
  }),
} as const;
