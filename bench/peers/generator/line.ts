/** Shoppers who take a place in the line over HTTP and ask until they have a pass. */
import { setTimeout as delay } from 'node:timers/promises';
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { readMessage, textIn } from '../../sockets/read-message.ts';
import type { Connection } from './connection.ts';
import type { Counter } from './notes.ts';
import { type Asker, addressOf, write } from './requests.ts';

const DEADLINE_MS = 30_000;
const POLL_MS = 50;

/** All of them, each connection working for one after the other. */
export async function findAskers(counter: Counter, connections: readonly Connection[]): Promise<Asker[]> {
  const nextId = createIdSource(systemClock);
  const askers = Array.from({ length: counter.shoppers }, (_, at) => ({
    id: nextId(),
    address: addressOf(at),
    pass: '',
  }));
  const { line } = counter;
  if (line === null) return askers;
  const queue = askers.entries();
  const admitted: Asker[] = [];
  await Promise.all(
    connections.map(async (connection) => {
      // All of them share the iterator: each takes the next who has no pass.
      for (const [, asker] of queue) admitted.push({ ...asker, pass: await takePass(line, asker, connection) });
    }),
  );
  return admitted;
}

async function takePass(
  { path, region, secret }: NonNullable<Counter['line']>,
  { id, address }: Asker,
  connection: Connection,
): Promise<string> {
  const tokens = createAccessTokens({ secret, clock: systemClock });
  const { accessToken } = await tokens.issue({ userId: id, kind: 'guest', role: 'shopper' });
  const body = { nonce: id, region };
  const deadline = performance.now() + DEADLINE_MS;
  let answer = await connection.ask(write({ method: 'POST', path, address, bearer: accessToken, body }));
  for (;;) {
    const said = readMessage(answer?.body ?? '{}');
    const [pass, ticket] = [textIn(said, 'pass'), textIn(said, 'ticket')];
    if (pass !== '') return pass;
    if (ticket === '')
      throw new Error(`A shopper got no ticket: ${answer?.status ?? 'no answer'} ${answer?.body ?? ''}`);
    if (performance.now() > deadline) throw new Error(`A shopper was not called within ${DEADLINE_MS} ms.`);
    await delay(POLL_MS);
    answer = await connection.ask(write({ method: 'GET', path: `${path}/${ticket}`, address }));
  }
}
