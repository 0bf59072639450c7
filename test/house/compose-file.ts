/** docker-compose.yml as Compose reads it: anchors merged, variables filled in. */
import { Ajv } from 'ajv';
import Type, { type Static } from 'typebox';
import { parse } from 'yaml';

/**
 * Narrower than the Compose specification on purpose: only the keys that are used here, so that a mistyped one is
 * found, and those that every service must have. A new key is a decision; it is added here as well.
 */
const duration = Type.String({ pattern: '^\\d+(ms|s|m)$' });
const size = Type.String({ pattern: '^\\d+[mg]$' });
const strings = Type.Array(Type.String());
const closed = { additionalProperties: false };

const healthCheck = Type.Union([
  Type.Object({ disable: Type.Literal(true) }, closed),
  Type.Object(
    {
      test: Type.Array(Type.String(), { minItems: 2 }),
      interval: duration,
      timeout: duration,
      retries: Type.Integer({ minimum: 1 }),
      start_period: duration,
      start_interval: duration,
    },
    closed,
  ),
]);

const service = Type.Object(
  {
    image: Type.String(),
    build: Type.Optional(Type.Object({ context: Type.String(), dockerfile: Type.String() }, closed)),
    profiles: Type.Optional(strings),
    command: Type.Optional(Type.Union([Type.String(), strings])),
    environment: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    ports: Type.Optional(strings),
    volumes: Type.Optional(strings),
    depends_on: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            condition: Type.Union([Type.Literal('service_healthy'), Type.Literal('service_completed_successfully')]),
          },
          closed,
        ),
      ),
    ),
    healthcheck: healthCheck,
    restart: Type.String({ pattern: '^(unless-stopped|on-failure:\\d+)$' }),
    stop_grace_period: duration,
    cpus: Type.Number({ exclusiveMinimum: 0 }),
    mem_limit: size,
    shm_size: Type.Optional(size),
    ulimits: Type.Optional(
      Type.Object({ nofile: Type.Object({ soft: Type.Integer(), hard: Type.Integer() }, closed) }, closed),
    ),
    init: Type.Optional(Type.Boolean()),
    read_only: Type.Optional(Type.Boolean()),
    tmpfs: Type.Optional(strings),
    cap_drop: Type.Optional(strings),
    security_opt: Type.Optional(strings),
    logging: Type.Object(
      {
        driver: Type.Literal('json-file'),
        options: Type.Object({ 'max-size': size, 'max-file': Type.String({ pattern: '^\\d+$' }) }, closed),
      },
      closed,
    ),
  },
  closed,
);

const composeFile = Type.Object(
  {
    name: Type.String(),
    services: Type.Record(Type.String(), service),
    volumes: Type.Record(Type.String(), Type.Null()),
  },
  { ...closed, patternProperties: { '^x-': {} } },
);

export type ComposeFile = Static<typeof composeFile>;
export type Service = Static<typeof service>;

const ajv = new Ajv({ allErrors: true });
const isComposeFile = ajv.compile<ComposeFile>(composeFile);

export function readComposeFile(text: string): ComposeFile {
  const file: unknown = parse(text, { merge: true });
  if (!isComposeFile(file)) throw new Error(ajv.errorsText(isComposeFile.errors, { dataVar: 'docker-compose.yml' }));
  return file;
}

export interface Reference {
  readonly name: string;
  /** What is taken when it is not set; undefined for one that has to be set. */
  readonly fallback: string | undefined;
}

const reference = /\$\{(?<name>[A-Z0-9_]+)(?::(?<mark>[-?])(?<rest>[^}]*))?\}/g;

/** Every `${NAME:-fallback}` and `${NAME:?why}` of a text. A bare `${NAME}` would quietly be empty: it is refused. */
export function references(text: string): readonly Reference[] {
  return [...text.matchAll(reference)].map(({ groups }) => {
    if (groups?.name === undefined || groups.mark === undefined)
      throw new Error(`neither a default nor required: ${text}`);
    return { name: groups.name, fallback: groups.mark === '-' ? (groups.rest ?? '') : undefined };
  });
}

/** A value as the container gets it, given what is set outside. */
export function fillIn(value: string | number, outer: Readonly<Record<string, string>>): string {
  return String(value).replace(reference, (whole, name: string) => {
    const [found] = references(whole);
    const filled = outer[name] ?? found?.fallback;
    if (filled === undefined) throw new Error(`${name} has to be set`);
    return filled;
  });
}

export const commandOf = ({ command }: Service): readonly string[] => (Array.isArray(command) ? command : []);

/** The program of a service of ours, behind the options of Node.js. */
export const entryOf = (service: Service): string => commandOf(service).at(-1) ?? '';
