/** The only file that knows web-push: encrypts for one browser (RFC 8291) and says who we are (RFC 8292). We send it. */
import webPush from 'web-push';
import type { DuePush } from '../../db/queries/push/deliveries.ts';
import type { Call } from '../../platform/outgoing/poster.ts';
import type { Vapid } from '../../platform/outgoing/vapid.ts';

export interface Sealing {
  readonly vapid: Vapid;
  /** How whoever runs a push service can reach us: `mailto:…`. */
  readonly subject: string;
}

export function sealPush({ vapid, subject }: Sealing, push: DuePush, nowMs: number): Call {
  const keys = { p256dh: push.p256dh, auth: push.auth };
  const { headers, body } = webPush.generateRequestDetails({ endpoint: push.endpoint, keys }, push.body, {
    vapidDetails: { subject, ...vapid },
    TTL: Math.max(0, Math.floor((push.untilMs - nowMs) / 1_000)),
    urgency: push.template === 'drop-reminder' || push.template === 'payment-action' ? 'high' : 'normal',
  });
  const named = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return {
    url: push.endpoint,
    headers: Object.fromEntries(named.map(([name, value]) => [name.toLowerCase(), String(value)])),
    body,
  };
}
