import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';

export interface StripeClientOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** Connections kept open, and calls under way at once from this process. */
  readonly connections: number;
}

export interface StripeClient {
  readonly stripe: Stripe;
  close(): void;
}

/** The SDK at an address of our choice, with one try a call: what is tried again, and when, is decided in one place. */
export function createStripeClient(options: StripeClientOptions): StripeClient {
  const { protocol, hostname, port } = new URL(options.apiUrl);
  const isPlain = protocol === 'http:';
  const Agent = isPlain ? HttpAgent : HttpsAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections, timeout: options.timeoutMs * 2 });
  const stripe = new Stripe(options.apiKey, {
    protocol: isPlain ? 'http' : 'https',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
    timeout: options.timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: oneTry(agent),
  });
  return { stripe, close: () => agent.destroy() };
}

type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof Stripe>[1]>['httpClient']>;

/**
 * The SDK tries once more when a connection is closed, even with no retries allowed, and then tells of the second try
 * only. Whether the first one arrived decides whether another provider may be asked, so it has to be told.
 */
function oneTry(agent: HttpAgent): HttpClient {
  const client = Stripe.createNodeHttpClient(agent);
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...call) => {
      try {
        return await client.makeRequest(...call);
      } catch (error) {
        const isClosed = error instanceof Error && 'code' in error && CLOSED.has(String(error.code));
        throw isClosed ? new Error('the connection was closed', { cause: error }) : error;
      }
    },
  };
}

const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);
