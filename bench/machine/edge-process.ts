/** The product's own edge process, started as in production and asked only over the network. */
import { SHORT_LIVED_OBJECTS } from '../../platform/node-options.ts';
import { freePort } from './free-port.ts';
import { type ProductProcess, startProduct } from './product-process.ts';

export interface EdgeProcess extends ProductProcess {
  readonly port: number;
}

export interface EdgeOptions {
  readonly redisUrl: string;
  readonly kafka: string;
  readonly prefix: string;
  readonly regions: readonly string[];
  readonly secret: string;
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** For Node.js itself, before the program. */
  readonly execArgv?: readonly string[];
  readonly signal: AbortSignal;
}

/** Of tokens and passes: of this machine's loopback alone, gone with the run. */
export const SECRET = 'secret-of-a-bench-run-on-loopback';

export async function startEdge(options: EdgeOptions): Promise<EdgeProcess> {
  const { redisUrl, kafka, prefix, regions, secret, env, execArgv = [], signal } = options;
  const port = await freePort();
  const edge = await startProduct({
    name: 'edge',
    env: {
      ...{ EDGE_HOST: '127.0.0.1', EDGE_PORT: String(port) },
      ...{ REDIS_URL: redisUrl, REDIS_PREFIX: prefix, REGIONS: regions.join(','), KAFKA_BROKERS: kafka },
      ...{ AUTH_SECRET: secret, PASS_SECRET: secret },
      ...env,
    },
    ...{ execArgv: [...SHORT_LIVED_OBJECTS, ...execArgv], signal },
  });
  return { ...edge, port };
}
