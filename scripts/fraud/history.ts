/** What the shop has learnt by now about its orders, as samples to train with. */

import { Compile } from 'typebox/compile';
import { isDisposable } from '../../commerce/fraud/disposable.ts';
import { hourOf } from '../../commerce/fraud/facts.ts';
import type { Sample } from '../../commerce/fraud/train.ts';
import { FraudFacts } from '../../contracts/fraud.ts';
import { formatUuidV7, timeOfId } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { findLabelledOrders, type LabelledOrder } from '../../db/queries/fraud/labelled-orders.ts';
import type { Database } from '../../platform/connections/postgres.ts';

const compiled = Compile(FraudFacts);
const areFacts = (value: unknown): value is FraudFacts => compiled.Check(value);

export async function readHistory(database: Database, nowMs: number): Promise<Sample[]> {
  const fromId = formatUuidV7(nowMs - LIFETIMES.fraudOrdersMs, new Uint8Array(10));
  const toId = formatUuidV7(nowMs, new Uint8Array(10).fill(0xff));
  return (await findLabelledOrders(database, { nowMs, fromId, toId })).map(sampleOf);
}

function sampleOf(order: LabelledOrder): Sample {
  const { kept, isFraud, placedAtMs: atMs } = order;
  // What was written down when it was judged is exact; the rest is read from what is there now.
  return { facts: areFacts(kept) ? kept : factsOf(order), isFraud, atMs };
}

function factsOf(order: LabelledOrder): FraudFacts {
  const { placedAtMs, accountCreatedAtMs, shopperId, mailDomain, flags, ...rest } = order;
  const { totalMinor, currency, addressesDiffer, ordersWithinHour, isGuest, units, earlierOrders, failedPayments } =
    rest;
  return {
    ...{ totalMinor, currency, addressesDiffer, isGuest, units, earlierOrders, failedPayments },
    ordersWithinHour: Math.max(1, ordersWithinHour),
    accountAgeMs: Math.max(0, placedAtMs - (accountCreatedAtMs ?? timeOfId(shopperId))),
    // That it was blocked later is what has to be found out.
    accountBlocked: false,
    flags: [...flags],
    disposableMail: isDisposable(mailDomain),
    hour: hourOf(placedAtMs),
    // Sessions are deleted after a week: nobody knows any more.
    accountsOnDevice: null,
  };
}
