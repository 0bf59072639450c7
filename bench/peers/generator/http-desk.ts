/** Shoppers in turn over keep-alive connections. */
import { type Connection, openConnection } from './connection.ts';
import type { Decision, Desk, Desks } from './desk.ts';
import { findAskers } from './line.ts';
import type { Counter } from './notes.ts';
import { type Asker, writeClaim } from './requests.ts';

const CREATED = 201;

export async function openHttpDesks(counter: Counter, count: number): Promise<Desks> {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(counter.port)));
  const askers = await findAskers(counter, connections);
  const deskOf = (connection: Connection): Desk => openDesk(counter, askers, connection);
  return {
    all: connections.map(deskOf),
    reopen: async (_at, port) => deskOf(await openConnection(port)),
  };
}

function openDesk(counter: Counter, askers: readonly Asker[], connection: Connection): Desk {
  return {
    async claim(number, key) {
      const asker = askers[number % askers.length];
      if (asker === undefined) throw new Error('There is nobody to claim.');
      const answer = await connection.ask(writeClaim(counter, asker, key));
      return answer === undefined ? undefined : decisionOf(answer.status, answer.body);
    },
    close: () => connection.close(),
  };
}

function decisionOf(status: number, body: string): Decision {
  if (status === CREATED) return { claimId: wordIn(body, 'claimId'), code: '' };
  return { claimId: '', code: wordIn(body, 'code') || `status ${status}` };
}

/** Read without parsing all of it: what the generator saves, whoever is measured has. */
function wordIn(json: string, field: string): string {
  const mark = `"${field}":"`;
  const from = json.indexOf(mark);
  return from === -1 ? '' : json.slice(from + mark.length, json.indexOf('"', from + mark.length));
}
