/**
 * Where the time of an order went, step by step, over all processes: told by OTLP to whatever collects traces. The trace of
 * an order has the order's own id (128 bits, like a trace id), so that no step has to hand a context to the next one, and
 * who knows the order finds its trace. What is told is a step that is over; nothing is kept open.
 */

export interface Step {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Of few, known values: never a name, an address or a token. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  readonly failed?: boolean;
}

export interface ServedRequest extends Step {
  /** As it came from the client, if it did (W3C Trace Context). */
  readonly traceparent: string | undefined;
}

export interface Tracing {
  /** Whether this order is one of those that are told about: every process answers alike. */
  follows(orderId: string): boolean;
  /** The first step of an order; the others hang on it. */
  begin(orderId: string, name: string, step: Step): void;
  step(orderId: string, name: string, step: Step): void;
  /** A call of a client: told where the client's trace is, otherwise of as many as of orders. */
  request(name: string, request: ServedRequest): void;
  close(): Promise<void>;
}

export const NO_TRACING: Tracing = {
  follows: () => false,
  begin: () => undefined,
  step: () => undefined,
  request: () => undefined,
  close: async () => undefined,
};

const RANDOM_DIGITS = 8;
const RANDOM_VALUES = 2 ** 32;

/** By the random end of the id: the same everywhere, without asking anybody. */
export function isFollowed(orderId: string, oneIn: number): boolean {
  return Number.parseInt(orderId.slice(-RANDOM_DIGITS), 16) < RANDOM_VALUES / oneIn;
}

/** Of the trace of an order, and of its first step. */
export function traceOf(orderId: string): { readonly traceId: string; readonly spanId: string } {
  const traceId = orderId.replaceAll('-', '').toLowerCase();
  return { traceId, spanId: traceId.slice(16) };
}

const TRACEPARENT = /^00-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})$/;
const NONE = /^0+$/;

/** Undefined for what is none, and for one that its client does not follow itself. */
export function readTraceparent(header: string | undefined) {
  const { traceId = '', spanId = '', flags = '' } = TRACEPARENT.exec(header ?? '')?.groups ?? {};
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  return !isSampled || NONE.test(traceId) || NONE.test(spanId) ? undefined : { traceId, spanId };
}
