/** The AsyncAPI 3 document of the line, made from the contracts: never written by hand. */
import { ERROR_CODES, ERRORS } from '../../contracts/errors.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { EdgeMessage, ShopperMessage } from '../../contracts/line/messages.ts';
import { DEFAULT_REGIONS, REGION_PATTERN } from '../../contracts/regions.ts';
import { closeCodeRows } from './close-codes.ts';
import { EDGE_EXAMPLES, SHOPPER_EXAMPLES } from './examples.ts';

interface MessageSchema {
  readonly properties: { readonly t: { readonly const: string } };
  readonly description?: string;
}

const fromShopper: readonly MessageSchema[] = ShopperMessage.anyOf;
const fromEdge: readonly MessageSchema[] = EdgeMessage.anyOf;
const examples = new Map<string, unknown>(Object.entries({ ...SHOPPER_EXAMPLES, ...EDGE_EXAMPLES }));
const nameOf = ({ properties }: MessageSchema): string => properties.t.const;
const textOf = ({ description }: MessageSchema): string => description ?? '';

/** What the edge may answer to each message; everything else it says by itself. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  join: ['ticket', 'line', 'admitted', 'refused'],
  claim: ['claimed', 'refused'],
  leave: [],
  ping: ['pong'],
};

export function asyncapiDocument(): unknown {
  const messages = [...fromShopper, ...fromEdge];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Dropgate line',
      version: '1.0.0',
      description: info(),
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:8080', protocol: 'ws', description: 'The edge of npm start.' },
      edge: {
        host: '{host}',
        protocol: 'wss',
        description: 'An edge behind the proxy that ends TLS.',
        variables: { host: { description: 'Where the edges are reached.', default: 'localhost' } },
      },
    },
    channels: { line: lineChannel(messages) },
    operations: Object.fromEntries([...fromShopper.map(heard), ['tell', told()]]),
    components: {
      messages: Object.fromEntries(messages.map((message) => [nameOf(message), messageObject(message)])),
      schemas: Object.fromEntries(messages.map((message) => [nameOf(message), message])),
    },
    'x-close-codes': closeCodeRows(),
    'x-error-codes': ERROR_CODES.map((code) => ({
      code,
      retryable: ERRORS[code].retryable,
      description: ERRORS[code].text,
    })),
  };
}

function lineChannel(messages: readonly MessageSchema[]): unknown {
  return {
    title: 'The line of one drop',
    address: '/v1/drops/{dropId}/line',
    description: 'One socket of one shopper. Frames are JSON text; t says which message it is.',
    servers: [{ $ref: '#/servers/local' }, { $ref: '#/servers/edge' }],
    parameters: { dropId: { description: `The id of the drop, ${UUID_V7_PATTERN}` } },
    messages: Object.fromEntries(
      messages.map((message) => [nameOf(message), ref('components/messages', nameOf(message))]),
    ),
    bindings: {
      ws: {
        method: 'GET',
        query: {
          type: 'object',
          properties: {
            region: {
              type: 'string',
              pattern: REGION_PATTERN.source,
              description: 'From whose share of the stock is claimed; the first of the installation unless given.',
              examples: [...DEFAULT_REGIONS],
            },
          },
        },
        bindingVersion: '0.1.0',
      },
    },
  };
}

/** The document is the edge's: it receives what shoppers say. */
function heard(message: MessageSchema): [string, unknown] {
  const name = nameOf(message);
  const answers = ANSWERS[name] ?? [];
  const reply = {
    channel: { $ref: '#/channels/line' },
    messages: answers.map((answer) => ref('channels/line/messages', answer)),
  };
  return [
    name,
    {
      action: 'receive',
      channel: { $ref: '#/channels/line' },
      summary: textOf(message),
      messages: [ref('channels/line/messages', name)],
      ...(answers.length === 0 ? {} : { reply }),
    },
  ];
}

function told(): unknown {
  return {
    action: 'send',
    channel: { $ref: '#/channels/line' },
    summary: 'What the edge says, asked or not.',
    messages: fromEdge.map((message) => ref('channels/line/messages', nameOf(message))),
  };
}

function messageObject(message: MessageSchema): unknown {
  const name = nameOf(message);
  return {
    name,
    title: name,
    summary: textOf(message),
    payload: ref('components/schemas', name),
    examples: [{ name: 'one', payload: examples.get(name) }],
  };
}

function ref(where: string, name: string): { $ref: string } {
  return { $ref: `#/${where}/${name}` };
}

function info(): string {
  const codes = closeCodeRows().map(
    ({ code, name, reconnect, description }) => `| ${code} | ${name} | ${reconnect ? 'yes' : 'no'} | ${description} |`,
  );
  return [
    'How a shopper stands in a line, is admitted and claims. docs/PROTOCOL.md explains it.',
    `A frame of a shopper has at most ${LIMITS.socketFrameBytes} bytes. A socket that is silent for ` +
      `${LIMITS.socketIdleSeconds} s is closed: send ping. Times are epoch milliseconds, money is an integer of minor ` +
      'units. Leave aside messages and fields that you do not know.',
    ['When the edge closes the socket:', '', '| code | name | come back | |', '|---|---|---|---|', ...codes].join('\n'),
  ].join('\n\n');
}
