/** A process of people who shop as on any other day, before a drop and while it is on. */
import { joinCrew } from '../../crew/member.ts';
import { createRandom } from '../../line/eta/random.ts';
import { shopByAutocannon } from './by-autocannon.ts';
import { shopByOpenLoop } from './by-open-loop.ts';
import type { Shop, Shopped } from './notes.ts';
import { createShopping } from './session.ts';
import { createShopTally } from './tally.ts';

joinCrew<Shop, Shopped>(async ({ next, report }) => {
  for (;;) {
    const order = await next();
    const tally = createShopTally();
    const random = createRandom(order.seed);
    const { productIds, queries, buyers } = order;
    let came = 0;
    const nextBuyer = () => {
      const buyer = buyers[came % buyers.length];
      came += 1;
      if (buyer === undefined) throw new Error('There is nobody who shops.');
      return buyer;
    };
    const { session: onSession, order: onOrder } = tally;
    const createOne = () => createShopping({ productIds, queries, random, nextBuyer, onSession, onOrder });
    await (order.how === 'mix' ? shopByAutocannon : shopByOpenLoop)(order, tally, createOne);
    report({ t: 'shopped', ...tally.told() });
  }
});
