/** The processes that bring a claim to a paid order, started one by one so that each can be killed. */
import { freePort } from '../../../scripts/servers/ports.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';

export const CREW = {
  gateway: 'scripts/local/payment-gateway/main.ts',
  store: 'store-api/main.ts',
  relay: 'queue-workers/relay/main.ts',
  orders: 'queue-workers/orders/main.ts',
  payments: 'queue-workers/payments/main.ts',
  outbox: 'queue-workers/outbox/main.ts',
  expiry: 'queue-workers/expiry/main.ts',
  reconcile: 'queue-workers/reconcile/main.ts',
} as const;
export type Member = keyof typeof CREW;
const MEMBERS = Object.keys(CREW).filter((name): name is Member => name in CREW);

export interface Crew {
  /** kill -9, and a new one at once, as whoever supervises it would do. */
  replace(member: Member): Promise<void>;
  readonly gatewayUrl: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

export type CrewEnvironment = Readonly<Record<string, string>>;

export async function startCrew(environment: CrewEnvironment): Promise<Crew> {
  const [gatewayPort, storePort] = [await freePort(), await freePort()];
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const webhookUrl = `http://127.0.0.1:${storePort}/api/v1/payments/webhooks/stripe`;
  const everybody = {
    ...environment,
    ...{ PAYMENT_API_URL: gatewayUrl, LOCAL_GATEWAY_PORT: String(gatewayPort), STORE_PORT: String(storePort) },
    LOCAL_GATEWAY_WEBHOOK_URL: webhookUrl,
  };
  const running = new Map<Member, OurProcess>();
  const start = async (member: Member): Promise<void> => {
    running.set(member, await startOurProcess(CREW[member], { ...everybody, OPS_PORT: String(await freePort()) }));
  };
  await Promise.all(MEMBERS.map(start));
  return {
    gatewayUrl,
    webhookUrl,
    async replace(member) {
      await running.get(member)?.kill();
      await start(member);
    },
    async stop() {
      await Promise.all([...running.values()].map((one) => one.kill()));
    },
  };
}
