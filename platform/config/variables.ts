/**
 * Every environment variable that Dropgate reads, once. `.env.example`, the launcher, docker-compose.yml and the docs
 * are compared with this list by tests; a process names those it needs and gets them typed (see load.ts).
 */
import { DEFAULT_REGIONS, REGION_PATTERN } from '../../contracts/regions.ts';
import {
  hostAndPort,
  integer,
  type Kind,
  list,
  network,
  oneOf,
  origin,
  orNothing,
  port,
  secret,
  text,
  url,
} from './kinds.ts';
import { oidcProviders } from './oidc-providers.ts';

export interface Variable<T> {
  readonly kind: Kind<T>;
  /** As it would be written in the environment. Without one, the variable has to be set. */
  readonly fallback?: string;
  readonly secret?: true;
  readonly about: string;
}

const variable = <T>(definition: Variable<T>): Variable<T> => definition;

const host = text({ pattern: /^[A-Za-z0-9._:-]{1,253}$/, expected: 'a host name or an address' });
const prefix = text({ pattern: /^[a-z0-9._-]{0,40}$/, expected: 'up to 40 of a-z 0-9 . _ -, or nothing' });
const sender = text({
  pattern: /^([^\r\n<>"@]{1,100} <[^\s<>@]{1,64}@[^\s<>@]{1,189}>|[^\s<>@]{1,64}@[^\s<>@]{1,189})$/,
  expected: 'a mail address, or Name <address>',
});
const path = text({ pattern: /^[^\0]{1,4096}$/, expected: 'a path' });

export const variables = {
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

  REDIS_URL: variable({
    kind: url(['redis:', 'rediss:']),
    fallback: 'redis://127.0.0.1:16379',
    secret: true,
    about:
      'Redis of the line and, unless a region has its own, of the stock. When set, npm start uses it and starts none.',
  }),
  REDIS_PREFIX: variable({ kind: prefix, fallback: 'dg', about: 'Begins every Redis key.' }),
  REGIONS: variable({
    kind: list(text({ pattern: REGION_PATTERN, expected: 'a name like us-east' }), { min: 1, max: 64 }),
    fallback: DEFAULT_REGIONS.join(','),
    about: 'The regions that stock is allocated to. REDIS_URL_US_EAST gives us-east a Redis of its own, and so on.',
  }),
  REGION_PLACES: variable({
    kind: list(
      text({
        pattern: /^[a-z][a-z0-9-]{0,30}[a-z0-9]=-?\d{1,2}(\.\d{1,4})?\/-?\d{1,3}(\.\d{1,4})?$/,
        expected: 'a region with its latitude and longitude, like eu=50/9',
      }),
      { min: 0, max: 64 },
    ),
    fallback: '',
    about:
      'Where regions are: an address counts for the nearest one when demand is forecast. Only needed for names of your own (docs/FORECAST.md).',
  }),
  REDIS_MODE: variable({
    kind: oneOf(['single', 'cluster']),
    fallback: 'single',
    about: 'Whether an address of Redis is that of one server, or of a node of a Redis Cluster.',
  }),
  CLAIM_DURABILITY: variable({
    kind: oneOf(['fsync', 'replicated']),
    fallback: 'fsync',
    about:
      'What a claim waits for before it is answered: the disk of Redis, or a replica of it as well (docs/DURABILITY.md).',
  }),
  KAFKA_BROKERS: variable({
    kind: list(hostAndPort(), { min: 1, max: 64 }),
    fallback: '127.0.0.1:19092',
    about: 'Kafka. When set, npm start uses it and starts none.',
  }),
  KAFKA_TOPIC_PREFIX: variable({ kind: prefix, fallback: '', about: 'Begins every topic and consumer group.' }),
  KAFKA_PARTITIONS: variable({
    kind: integer({ min: 1, max: 1_000 }),
    fallback: '8',
    about: 'Partitions of a topic when it is made.',
  }),
  KAFKA_REPLICATION: variable({
    kind: integer({ min: 1, max: 9 }),
    fallback: '1',
    about: 'Copies of a topic when it is made; 3 with three brokers or more.',
  }),
  DATABASE_URL: variable({
    kind: url(['postgres:', 'postgresql:']),
    secret: true,
    about: 'PostgreSQL. When set, npm start uses it and starts none.',
  }),
  DATABASE_REPLICA_URL: variable({
    kind: orNothing(url(['postgres:', 'postgresql:'])),
    fallback: '',
    secret: true,
    about:
      'A copy of the database for reads of the store that may be a moment old. Without it, or while it does not answer, they go to DATABASE_URL.',
  }),
  DATABASE_POOL: variable({
    kind: integer({ min: 1, max: 500, unit: 'connections' }),
    fallback: '10',
    about: 'The most connections to PostgreSQL of one process.',
  }),

  SEARCH_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    secret: true,
    about:
      'An OpenSearch or Elasticsearch that searches instead of PostgreSQL, with user and password where it wants them (docs/SEARCH.md).',
  }),

  ANALYTICS_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    secret: true,
    about:
      'A ClickHouse that keeps the sums of figures instead of PostgreSQL, with user, password and database where it wants them (docs/ANALYTICS.md).',
  }),

  RECOMMENDATION_WEIGHTS: variable({
    kind: text({
      pattern: /^(?=.*[1-9])\d{1,3}(,\d{1,3}){3}$/,
      expected: 'four whole numbers like 40,30,20,10, not all 0',
    }),
    fallback: '40,30,20,10',
    about:
      'What weighs how much in recommendations: people alike, products alike, what trends, this session (docs/RECOMMENDATIONS.md).',
  }),

  RECOMMENDATION_THREADS: variable({
    kind: integer({ min: 1, max: 64, unit: 'threads' }),
    fallback: '2',
    about: 'Threads that train recommendations (docs/RECOMMENDATIONS.md), each up to one core while they train.',
  }),

  AUTH_SECRET: variable({
    kind: secret(32),
    secret: true,
    about: 'Signs the access tokens of shoppers and merchants. npm start makes one on its first run.',
  }),
  PASS_SECRET: variable({
    kind: secret(32),
    secret: true,
    about: 'Signs tickets and passes of the line. npm start makes one on its first run.',
  }),

  PAYMENT_API_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:12111',
    about:
      'The payment provider, one that speaks as https://api.stripe.com does. When set, npm start uses it and starts no local gateway.',
  }),
  PAYMENT_API_KEY: variable({
    kind: secret(16),
    secret: true,
    about: 'The secret key of our account at the payment provider.',
  }),
  PAYMENT_WEBHOOK_SECRET: variable({
    kind: secret(16),
    secret: true,
    about: 'What the payment provider signs its webhooks with.',
  }),
  PAYMENT_FALLBACK_API_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about: 'A second provider of the same kind, for payments that never reached the first. None unless set.',
  }),
  PAYMENT_FALLBACK_API_KEY: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about: 'The secret key of our account at the second provider.',
  }),
  PAYMENT_FALLBACK_WEBHOOK_SECRET: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about: 'What the second provider signs its webhooks with.',
  }),
  PAYMENT_CONCURRENCY: variable({
    kind: integer({ min: 1, max: 10_000, unit: 'calls' }),
    fallback: '64',
    about: 'Calls that may be under way at once to one payment provider, over all processes.',
  }),
  PAYMENT_RETURN_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:3000/',
    about: 'The page that a shopper comes back to from the confirmation of their bank (3-D Secure).',
  }),

  CARRIER_SECRET: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about:
      'What the built-in carrier signs with what it tells of parcels (docs/FULFILMENT.md). Without it, merchants say themselves what has arrived.',
  }),

  OBJECTS_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about:
      'A store that speaks S3 for pictures, with its bucket as the path: https://s3.eu-central-1.amazonaws.com/pictures. Without it they are files in OBJECTS_DIR.',
  }),
  OBJECTS_REGION: variable({
    kind: text({ pattern: /^[a-z0-9-]{1,40}$/, expected: 'a region like eu-central-1' }),
    fallback: 'us-east-1',
    about: 'The region of OBJECTS_URL; where a store has none, what it wants to be signed for.',
  }),
  OBJECTS_ACCESS_KEY: variable({
    kind: orNothing(text({ pattern: /^[^\s]{1,200}$/, expected: 'an access key' })),
    fallback: '',
    secret: true,
    about: 'The access key for OBJECTS_URL.',
  }),
  OBJECTS_SECRET_KEY: variable({
    kind: orNothing(secret(8)),
    fallback: '',
    secret: true,
    about: 'The secret key for OBJECTS_URL.',
  }),
  OBJECTS_DIR: variable({
    kind: path,
    fallback: '.dropgate/objects',
    about:
      'Without OBJECTS_URL: the folder of the pictures, the same one for store and workers. npm start has it in DATA_DIR.',
  }),

  SMTP_URL: variable({
    kind: url(['smtp:', 'smtps:']),
    fallback: 'smtp://127.0.0.1:11025',
    secret: true,
    about:
      'The mail server, with user and password where it wants them. When set, npm start uses it and starts no mailbox.',
  }),
  MAIL_FROM: variable({
    kind: sender,
    fallback: 'Dropgate <notices@dropgate.example>',
    about: 'Whom mails to shoppers come from.',
  }),

  OUTGOING_SECRET: variable({
    kind: orNothing(secret(32)),
    fallback: '',
    secret: true,
    about:
      'What the secrets of merchants’ webhooks and the links to unsubscribe are made from (docs/WEBHOOKS.md); another one makes all of them invalid. Without it there are none.',
  }),
  VAPID_PRIVATE_KEY: variable({
    kind: orNothing(
      text({ pattern: /^[A-Za-z0-9_-]{43}$/, expected: 'a private key on P-256 as 43 characters of base64url' }),
    ),
    fallback: '',
    secret: true,
    about:
      'What push services know us by (docs/NOTICES.md). Browsers subscribe with its public half: another one loses them all. Without it there is no web push.',
  }),
  STORE_PUBLIC_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:3000',
    about: 'The address of the store as shoppers see it, for links in mails.',
  }),

  OIDC_PROVIDERS: variable({
    kind: oidcProviders(),
    fallback: '',
    secret: true,
    about:
      'Where else people may sign in, as JSON: [{"name":"google","issuer":"https://accounts.google.com","clientId":"…","clientSecret":"…"}] (docs/STORE.md). Their redirect address is STORE_PUBLIC_URL/api/v1/auth/oidc/NAME/callback.',
  }),

  DATA_DIR: variable({
    kind: path,
    fallback: '.dropgate',
    about: 'Data, logs and secrets of the local servers that npm start runs.',
  }),
  LOCAL_REDIS_PORT: variable({ kind: port(), fallback: '16379', about: 'Port of the local Redis of npm start.' }),
  LOCAL_KAFKA_PORT: variable({ kind: port(), fallback: '19092', about: 'Port of the local Kafka of npm start.' }),
  LOCAL_KAFKA_CONTROLLER_PORT: variable({
    kind: port(),
    fallback: '19093',
    about: 'Port of the controller of the local Kafka.',
  }),
  LOCAL_POSTGRES_PORT: variable({
    kind: port(),
    fallback: '15432',
    about: 'Port of the local PostgreSQL of npm start.',
  }),
  LOCAL_SMTP_PORT: variable({
    kind: port(),
    fallback: '11025',
    about: 'Port of the mail server of npm start, which delivers nothing and keeps the last mails to be looked at.',
  }),
  LOCAL_MAILBOX_PORT: variable({
    kind: port(),
    fallback: '11080',
    about: 'Port of the page that shows the mails of the local mail server.',
  }),
  LOCAL_GATEWAY_HOST: variable({
    kind: host,
    fallback: '127.0.0.1',
    about:
      'Where the local payment gateway listens. It is a toy that takes no real money: loopback, or inside a container.',
  }),
  LOCAL_GATEWAY_PORT: variable({
    kind: port(),
    fallback: '12111',
    about: 'Port of the local payment gateway of npm start, which stands in for Stripe.',
  }),
  LOCAL_GATEWAY_WEBHOOK_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about: 'Where the local payment gateway sends its webhooks; npm start names its store. None unless set.',
  }),
} as const;

export type VariableName = keyof typeof variables;
export type ValueOf<N extends VariableName> = (typeof variables)[N] extends Variable<infer T> ? T : never;

/** `REDIS_URL_US_EAST` for `us-east`. */
export function regionRedisVariable(region: string): string {
  return `REDIS_URL_${region.toUpperCase().replaceAll('-', '_')}`;
}
