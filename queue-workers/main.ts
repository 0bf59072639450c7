import { runService } from '../platform/service.ts';
import { analyticsWorker } from './analytics/worker.ts';
import { cartsWorker } from './carts/worker.ts';
import { drawWorker } from './draw/worker.ts';
import { dropsWorker } from './drops/worker.ts';
import { expiryWorker } from './expiry/worker.ts';
import { forecastWorker } from './forecast/worker.ts';
import { fulfilmentWorker } from './fulfilment/worker.ts';
import { monthsWorker } from './months/worker.ts';
import { notifyWorker } from './notify/worker.ts';
import { objectsWorker } from './objects/worker.ts';
import { ordersWorker } from './orders/worker.ts';
import { outboxWorker } from './outbox/worker.ts';
import { paymentsWorker } from './payments/worker.ts';
import { privacyWorker } from './privacy/worker.ts';
import { pushWorker } from './push/worker.ts';
import { ratingsWorker } from './ratings/worker.ts';
import { rebalanceWorker } from './rebalance/worker.ts';
import { recommendationOutcomesWorker } from './recommendation-outcomes/worker.ts';
import { recommendationsWorker } from './recommendations/worker.ts';
import { reconcileWorker } from './reconcile/worker.ts';
import { relayWorker } from './relay/worker.ts';
import { reservationsWorker } from './reservations/worker.ts';
import { riskWorker } from './risk/worker.ts';
import { segmentsWorker } from './segments/worker.ts';
import { settlementsWorker } from './settlements/worker.ts';
import { stockAlertsWorker } from './stock-alerts/worker.ts';
import { webhooksWorker } from './webhooks/worker.ts';

/**
 * All workers in one process, for development and small installations. It does not stand back as they do by themselves: it
 * is one among many on its cores anyway, and everybody in the line waits for the draw.
 */
const workers = [
  ...[relayWorker, ordersWorker, paymentsWorker, outboxWorker, notifyWorker],
  ...[expiryWorker, rebalanceWorker, drawWorker, reconcileWorker, cartsWorker, reservationsWorker, stockAlertsWorker],
  ...[dropsWorker, webhooksWorker, pushWorker, fulfilmentWorker],
  ...[forecastWorker, ratingsWorker, objectsWorker, riskWorker],
  ...[
    analyticsWorker,
    settlementsWorker,
    segmentsWorker,
    recommendationsWorker,
    recommendationOutcomesWorker,
    privacyWorker,
    monthsWorker,
  ],
];

await runService(process, {
  name: 'workers',
  variables: [...new Set(workers.flatMap(({ variables }) => variables))],
  async start(context) {
    await Promise.all(workers.map((worker) => worker.start(context)));
  },
});
