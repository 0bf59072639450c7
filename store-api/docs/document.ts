/** The OpenAPI document as it leaves: what is the same for every route is said once, for all of them. */
import { ERROR_CODES } from '../../contracts/errors.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../../contracts/line/messages.ts';

type Json = Record<string, unknown>;

const PROBLEM_REF = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  400: 'The request does not have the form that is described here.',
  401: 'No valid access token.',
  403: 'Not for this caller.',
  404: 'There is none, or it is somebody else’s.',
  409: 'It contradicts what is there.',
  413: 'The body is too large.',
  422: 'It has the right form and cannot be done.',
  429: 'Too many requests.',
  503: 'Overloaded, or a part that is needed is away.',
};

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457. `code` is what a program reads; `detail` is for people.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', examples: ['urn:dropgate:NOT_FOUND'] },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: [...ERROR_CODES] },
    detail: { type: 'string' },
    short: {
      type: 'array',
      description: 'With OUT_OF_STOCK: of what there is not enough, and how much is left.',
      items: {
        type: 'object',
        properties: { sku: { type: 'string' }, asked: { type: 'integer' }, available: { type: 'integer' } },
      },
    },
  },
};

export function finishDocument<T extends object>(document: T): T {
  for (const path of Object.values(objectOf(Reflect.get(document, 'paths')))) {
    for (const operation of Object.values(objectOf(path))) finishOperation(objectOf(operation));
  }
  const components = objectOf(Reflect.get(document, 'components'));
  components['schemas'] = { ...objectOf(components['schemas']), Problem: PROBLEM };
  return document;
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'The same key with the same content gets the first answer, for 24 hours; other content is refused (KEY_REUSED), and while the first call is under way the answer is 409 KEY_IN_USE.',
  schema: { type: 'string', pattern: IDEMPOTENCY_KEY_PATTERN },
};

function finishOperation(operation: Json): void {
  const takesKey = operation['x-idempotency-key'] === true;
  if (takesKey) addKey(operation);
  const responses = objectOf(operation['responses']);
  for (const [status, response] of Object.entries(responses)) {
    if (isProblem(objectOf(response))) responses[status] = problem(status);
    else if (objectOf(response)['description'] === 'Default Response')
      objectOf(response)['description'] = 'As asked for.';
  }
  const isOpen = operation['security'] === undefined;
  const takesInput = operation['parameters'] !== undefined || operation['requestBody'] !== undefined;
  const always = [...(takesInput ? ['400'] : []), ...(isOpen ? [] : ['401', '403']), '429', '503'];
  const keys = takesKey ? ['409', '422'] : [];
  const bodies = operation['requestBody'] === undefined ? [] : ['413'];
  for (const status of [...always, ...keys, ...bodies]) responses[status] ??= problem(status);
  operation['responses'] = responses;
}

/** A route that needs a key may have said so itself. */
function addKey(operation: Json): void {
  delete operation['x-idempotency-key'];
  const given: unknown = operation['parameters'];
  const parameters: readonly unknown[] = Array.isArray(given) ? given : [];
  const isSaid = parameters.some((one) => String(objectOf(one)['name']).toLowerCase() === 'idempotency-key');
  if (!isSaid) operation['parameters'] = [...parameters, IDEMPOTENCY_KEY];
}

function problem(status: string): Json {
  const description = DESCRIPTIONS[status] ?? 'A refusal.';
  const isLater = status === '429' || status === '503';
  return { description, ...(isLater ? { headers: RETRY_AFTER } : {}), content: PROBLEM_REF };
}

function isProblem(response: Json): boolean {
  return Object.values(objectOf(response['content'])).some((content) => {
    const schema = objectOf(objectOf(content)['schema']);
    const properties = objectOf(schema['properties']);
    return 'code' in properties && 'type' in properties && 'title' in properties && 'status' in properties;
  });
}

/** The document is our own: where an object is expected there is one, or nothing. */
function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
