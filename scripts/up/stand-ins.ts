/** What our processes are told of the stand-ins that run beside them. */
import { PROVIDER_NAMES } from '../../commerce/payments/provider-names.ts';
import type { Environment } from '../../platform/config/load.ts';
import { reachableHost } from './our-process.ts';
import type { Settings, WholeConfig } from './settings.ts';

export function localGatewayUrl(config: Pick<WholeConfig, 'LOCAL_GATEWAY_HOST' | 'LOCAL_GATEWAY_PORT'>): string {
  return `http://${reachableHost(config.LOCAL_GATEWAY_HOST)}:${config.LOCAL_GATEWAY_PORT}`;
}

export function standInVariables({ config, standIns }: Settings, environment: Environment): Record<string, string> {
  const store = `http://${reachableHost(config.STORE_HOST)}:${config.STORE_PORT}`;
  const payments = {
    PAYMENT_API_URL: localGatewayUrl(config),
    LOCAL_GATEWAY_WEBHOOK_URL:
      environment.LOCAL_GATEWAY_WEBHOOK_URL ?? `${store}/api/v1/payments/webhooks/${PROVIDER_NAMES.first}`,
  };
  const mail = { SMTP_URL: `smtp://127.0.0.1:${config.LOCAL_SMTP_PORT}` };
  return { ...(standIns.has('PAYMENT_API_URL') ? payments : {}), ...(standIns.has('SMTP_URL') ? mail : {}) };
}
