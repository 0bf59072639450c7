import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeProvider } from '../../../commerce/payments/stripe-provider.ts';
import { eventually } from '../../../test/servers/eventually.ts';
import { GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, startTestGateway } from '../../../test/servers/payment-gateway.ts';
import type { Intent } from './book.ts';
import { openJournal } from './journal.ts';

describe('killed in the middle of 200 charges', () => {
  it('has each of them once after all are asked again', async () => {
    const gateway = await startTestGateway();
    const stripe = new StripeProvider({
      name: 'stripe',
      apiUrl: gateway.url,
      apiKey: GATEWAY_KEY,
      webhookSecret: GATEWAY_WEBHOOK_SECRET,
      returnUrl: 'http://127.0.0.1:3000/',
      connections: 16,
      timeoutMs: 5_000,
    });
    try {
      const charges = Array.from({ length: 200 }, () => ({
        paymentId: randomUUID(),
        orderId: randomUUID(),
        amountMinor: 250,
        currency: 'EUR',
        methodToken: 'pm_card_visa',
      }));
      const told = new Map<string, string>();
      const killed = Promise.withResolvers<void>();
      let kill: (() => Promise<void>) | undefined = () => gateway.kill();
      const ask = async (charge: (typeof charges)[number]) => {
        const { state, ref } = await stripe.charge(charge);
        if (state === 'captured') told.set(charge.paymentId, ref);
        if (told.size < 60 || kill === undefined) return;
        // Once: who is asked again was told before, and does not make the number grow.
        killed.resolve(kill());
        kill = undefined;
      };
      const first = await Promise.allSettled(charges.map(ask));
      await killed.promise;
      expect(first.some(({ status }) => status === 'rejected')).toBe(true);
      const before = new Map(told);
      await gateway.restart();
      await eventually(
        async () => {
          const again = await Promise.allSettled(charges.map(ask));
          expect(again.filter(({ status }) => status === 'rejected')).toEqual([]);
          return true;
        },
        { withinMs: 15_000 },
      );
      // What was told before the crash is what is told after it.
      for (const [paymentId, ref] of before) expect(told.get(paymentId)).toBe(ref);
      const books = await gateway.books();
      expect(charges.map(({ paymentId }) => books[paymentId])).toEqual(
        charges.map(() => expect.objectContaining({ intents: 1, captures: 1, capturedMinor: 250 })),
      );
    } finally {
      stripe.close();
      await gateway.end();
    }
  });
});

describe('the journal', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dropgate-journal-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const intent = (id: string, captures = 0): Intent => ({
    id,
    amount: 1,
    currency: 'eur',
    metadata: { note: 'two\u2028lines\nthree' },
    createdMs: 1,
    phase: { status: 'succeeded' },
    captures,
    refunded: 0,
  });

  it('forgets a line that was cut in the middle, and nothing else', async () => {
    const first = await openJournal(folder);
    for (const id of ['pi_1', 'pi_2']) first.journal.append({ intent: intent(id) });
    await first.journal.close();
    await appendFile(join(folder, 'journal.jsonl'), '{"intent":{"id":"pi_3"');
    const second = await openJournal(folder);
    expect([...second.book.allIntents()].map(({ id }) => id)).toEqual(['pi_1', 'pi_2']);
    expect(second.book.intent('pi_1')).toEqual(intent('pi_1'));
    second.journal.append({ intent: intent('pi_4') });
    await second.journal.close();
    const third = await openJournal(folder);
    expect([...third.book.allIntents()].map(({ id }) => id)).toEqual(['pi_1', 'pi_2', 'pi_4']);
    await third.journal.close();
  });

  it('is written anew at start when most of it is history', async () => {
    const { journal } = await openJournal(folder);
    for (let captures = 0; captures < 5_000; captures += 1) journal.append({ intent: intent('pi_1', captures) });
    await journal.close();
    const again = await openJournal(folder);
    expect(again.book.intent('pi_1')?.captures).toBe(4_999);
    await again.journal.close();
    expect((await readFile(join(folder, 'journal.jsonl'), 'utf8')).split('\n')).toHaveLength(2);
  });

  it('does not begin with books that are damaged', async () => {
    await writeFile(join(folder, 'journal.jsonl'), 'nonsense\n{}\n');
    await expect(openJournal(folder)).rejects.toThrow('journal.jsonl:1 is damaged');
  });
});
