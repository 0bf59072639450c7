import { FINISHED } from './find-obstacles.ts';
import type { EraseStep } from './parts.ts';

/*
 * Of orders that are finished. One that was placed in the moment in which the erasure began still needs where it is sent to
 * and what it is paid with: the second look waits for its end.
 */
const theirs = `(select id from orders where shopper_id = $1 and status in ${FINISHED})`;

export const ORDER_STEPS: readonly EraseStep[] = [
  {
    // An invoice names who it was made out to; nothing else needs the address any more, and nothing the rest of it.
    name: 'orderAddresses',
    statements: [
      `delete from order_addresses a where order_id in ${theirs}
         and not exists (select from invoices i where i.order_id = a.order_id)`,
      `update order_addresses set phone = '', email = null, updated_at = now()
       where order_id in ${theirs} and (phone <> '' or email is not null)`,
    ],
  },
  {
    name: 'orders',
    statements: ['update orders set risk_score = null where shopper_id = $1 and risk_score is not null'],
  },
  {
    name: 'orderReviews',
    statements: [
      `update order_reviews set score = 0, signals = '[]', facts = null, model = null
       where order_id in ${theirs} and (score <> 0 or signals <> '[]' or facts is not null or model is not null)`,
    ],
  },
  {
    name: 'payments',
    statements: [
      `update payments set method_token = null, action_url = null
       where order_id in ${theirs} and (method_token is not null or action_url is not null)`,
    ],
  },
  // What people wrote.
  {
    name: 'refunds',
    statements: [`update refunds set reason = 'erased' where order_id in ${theirs} and reason <> 'erased'`],
  },
  {
    name: 'returns',
    statements: [
      `update returns set reason = 'erased', note = ''
       where order_id in ${theirs} and (reason <> 'erased' or note <> '')`,
    ],
  },
];
