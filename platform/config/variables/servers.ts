/** Redis, Kafka, PostgreSQL, and the servers that can take a part of their work. */
import { DEFAULT_REGIONS, REGION_PATTERN } from '../../../contracts/regions.ts';
import { hostAndPort, integer, list, oneOf, orNothing, text, url } from '../kinds.ts';
import { prefix, variable } from './variable.ts';

export const SERVER_VARIABLES = {
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
  ORDER_GATHER_MS: variable({
    kind: integer({ min: 0, max: 150, unit: 'milliseconds' }),
    fallback: '40',
    about:
      'How long claims that trickle in may wait for others on their way to an order: in the relay (twice as long where its Redis is slow to answer), and again in the orders worker. Less costs more CPU an order.',
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
} as const;
