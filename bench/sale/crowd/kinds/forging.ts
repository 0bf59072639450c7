/** A bot that makes things up. None of it may be worth anything: what it wins fails the audit. */
import { createHmac } from 'node:crypto';
import type { Behaviour, Visit } from '../behaviour.ts';

const CLAIM = '{"t":"claim","key":"forged","sku":"';
const LARGE = 5_000;

/** A token like ours, signed with something else. */
function madeUpToken(): string {
  const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url');
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const claims = { kind: 'user', role: 'admin', iss: 'dropgate', sub: crypto.randomUUID(), exp: nowSeconds + 900 };
  const body = `${part({ alg: 'HS256' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', 'guessed').update(body).digest('base64url')}`;
}

const madeUp = (bytes: number): string =>
  Buffer.from(`${Math.random()}`.repeat(bytes)).toString('base64url').slice(0, bytes);

/** Each of them once in six. */
const ATTACKS: readonly ((visit: Visit) => void)[] = [
  (visit) => visit.send(JSON.stringify({ t: 'join', token: madeUpToken(), nonce: 'n' })),
  (visit) => visit.send(JSON.stringify({ t: 'join', token: madeUp(200), ticket: madeUp(200), nonce: 'n' })),
  (visit) => visit.send(`${CLAIM}${visit.sku}","qty":1}`),
  (visit) => visit.send('{"t":"join","token":'),
  (visit) => visit.send(`${CLAIM}${'x'.repeat(LARGE)}","qty":1}`),
  (visit) => {
    const status = visit.claimOverHttp(`${madeUp(60)}.${madeUp(43)}`);
    status.then(
      (code) => visit.note(`forged pass ${code}`),
      () => visit.wrong('claims over HTTP that nobody answered'),
    );
  },
];

const STAYS_MS = 2_000;

export const forging: Behaviour = {
  attacks: true,
  enter(visit) {
    ATTACKS[visit.at % ATTACKS.length]?.(visit);
    visit.later(STAYS_MS, visit.end);
  },
};
