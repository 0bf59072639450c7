/** A stand-in for Stripe, for development and tests: its API, its test cards, its webhooks, and faults to order. */
import { join, resolve } from 'node:path';
import { ConfigError } from '../../../platform/config/load.ts';
import { runService } from '../../../platform/service.ts';
import { startGateway } from './server.ts';

await runService(process, {
  name: 'gateway',
  variables: [
    'DATA_DIR',
    'LOCAL_GATEWAY_HOST',
    'LOCAL_GATEWAY_PORT',
    'LOCAL_GATEWAY_WEBHOOK_URL',
    'PAYMENT_API_KEY',
    'PAYMENT_WEBHOOK_SECRET',
  ],
  start: async ({ config, log, clock, onStop }) => {
    if (config.NODE_ENV === 'production') {
      const message =
        'The local gateway takes no real money: in production, set PAYMENT_API_URL to a payment provider.';
      throw new ConfigError([{ variable: 'NODE_ENV', message }]);
    }
    const gateway = await startGateway({
      host: config.LOCAL_GATEWAY_HOST,
      port: config.LOCAL_GATEWAY_PORT,
      apiKey: config.PAYMENT_API_KEY,
      webhookUrl: config.LOCAL_GATEWAY_WEBHOOK_URL,
      webhookSecret: config.PAYMENT_WEBHOOK_SECRET,
      dataDir: join(resolve(config.DATA_DIR), 'gateway'),
      log,
      clock,
    });
    onStop('gateway', () => gateway.close());
    return { addresses: { gateway: gateway.url } };
  },
});
