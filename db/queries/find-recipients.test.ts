import { expect, it } from 'vitest';
import { checkOut, fillCart, HOME, order, stock } from '../../test/fixtures/checkout.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt } from '../../test/fixtures/told.ts';
import { findRecipients } from './find-recipients.ts';

const store = useStore();

it('finds accounts, and guests where they said to be told of their last order', async () => {
  const { sku } = await stock(store);
  const [guest, stranger, person] = [await store.guest(), await store.guest(), await store.person()];
  for (const email of ['old@people.example', 'new@people.example']) {
    await fillCart(store, guest, sku);
    const id = textAt((await checkOut(store, guest, { address: HOME, email })).body, 'id');
    expect((await order(store, guest, id)).status).toBe(201);
  }
  const asked = [guest.userId, stranger.userId, person.userId];
  const found = await findRecipients(store.database.pool, asked);
  expect(found.get(guest.userId)).toEqual({
    ...{ userId: guest.userId, mailAddress: 'new@people.example', name: 'Ada', language: null },
    ...{ orderMails: true, reminderMails: false },
  });
  expect(found.has(stranger.userId)).toBe(false);
  expect(found.get(person.userId)?.mailAddress).toContain('@people.example');
});
