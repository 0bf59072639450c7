/**
 * The rooms and what each may import: the table of docs/ARCHITECTURE.md as a check.
 * The arrows of this map are the whole allow-list. Nobody may import in a circle.
 */
const mayImport = {
  contracts: [],
  platform: ['contracts'],
  commerce: ['contracts', 'platform'],
  'reservation-core': ['contracts', 'platform'],
  db: ['contracts', 'platform'],
  edge: ['contracts', 'platform', 'reservation-core'],
  'queue-workers': ['contracts', 'platform', 'commerce', 'reservation-core', 'db'],
  'store-api': ['contracts', 'platform', 'commerce', 'reservation-core', 'db'],
  web: ['contracts'],
  // The core has no port of its own: its bench calls it in process, every other scenario speaks over the network.
  bench: ['contracts', 'platform', 'reservation-core'],
};

const bare = 'bench/([^/]+/bare|limits|peers)/';

/** Packages that only one room may touch, so that another can take their place. */
const kept = [
  // The benches compare the product with the bare parts, and with what others would build of them.
  { package: 'uWebSockets\\.js|uws-pack', by: `^(edge/|${bare})` },
  { package: 'kafkajs', by: `^(platform/connections/kafka\\.ts$|${bare})` },
  { package: 'pg', by: `^(platform/connections/postgres(-together)?\\.ts$|db/|${bare})` },
  { package: 'fastify|@fastify', by: `^(store-api/|${bare})` },
  // The second one signs what a provider would have sent.
  { package: 'stripe', by: '^(commerce/payments/stripe-[a-z-]+\\.ts$|store-api/payments/[a-z-]+\\.test\\.ts$)' },
  { package: 'nodemailer', by: '^queue-workers/notify/' },
];

/** What a test sits beside may also use the servers, clocks and faults of test/. */
const isTest = '\\.test\\.ts$';
const rooms = [...Object.keys(mayImport), 'lua', 'test', 'scripts', 'ops'];

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      from: { pathNot: `^((${rooms.join('|')})/|vitest\\.config\\.ts$|\\.dependency-cruiser\\.mjs$)` },
      to: {},
    },
    ...Object.entries(mayImport).map(([room, others]) => ({
      name: `${room}-imports-only-its-neighbours`,
      severity: 'error',
      from: { path: `^${room}/`, pathNot: isTest },
      to: {
        path: `^(${rooms.join('|')})/`,
        pathNot: `^(${[room, ...others].join('|')})/`,
      },
    })),
    ...Object.entries(mayImport).map(([room, others]) => ({
      name: `${room}-tests-import-only-its-neighbours-and-test`,
      severity: 'error',
      from: { path: `^${room}/.*${isTest}` },
      to: {
        path: `^(${rooms.join('|')})/`,
        pathNot: `^(${[room, ...others, 'test', 'lua'].join('|')})/`,
      },
    })),
    ...kept.map(({ package: name, by }) => ({
      name: `${name}-is-kept-behind-its-own-files`,
      severity: 'error',
      from: { pathNot: `${by}|^(test|scripts)/` },
      to: { path: `node_modules/(${name})/` },
    })),
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'tools-of-development-stay-in-development',
      severity: 'error',
      from: {
        path: '^(contracts|platform|commerce|reservation-core|db|edge|queue-workers|store-api)/',
        pathNot: isTest,
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^\\.dropgate/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};
