import { createOutgoingKeys } from '../../platform/outgoing/outgoing.ts';

/** Where a recipient gets no more reminders; nowhere without a secret to sign it with. */
export function unsubscribeLinks(config: { readonly OUTGOING_SECRET: string; readonly STORE_PUBLIC_URL: string }) {
  const keys = createOutgoingKeys(config.OUTGOING_SECRET);
  const base = `${config.STORE_PUBLIC_URL.replace(/\/+$/, '')}/api/v1/unsubscribe`;
  return (userId: string): string | undefined => {
    const token = keys?.unsubscribeToken({ userId, kind: 'reminder' });
    return token === undefined ? undefined : `${base}?token=${token}`;
  };
}
