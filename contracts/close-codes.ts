/**
 * Why the edge closes a socket. 4000–4099: come back after a while, the place is kept.
 * 4100–4199: coming back with the same request will not help.
 */
export const CLOSE = {
  DRAINING: 4000,
  RATE_LIMITED: 4001,
  SLOW_READER: 4002,
  IDLE: 4003,
  INTERNAL: 4004,
  BUSY: 4005,
  BAD_MESSAGE: 4100,
  TOO_LARGE: 4101,
  UNAUTHENTICATED: 4102,
  DROP_NOT_FOUND: 4103,
  UNKNOWN_REGION: 4104,
  ENDED: 4105,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

export function mayReconnect(code: number): boolean {
  return code < 4100;
}
