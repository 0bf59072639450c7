/** What is asked of figures: whose, from when to when, in which steps. */
import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { edgesOf, isTimeZone, type Step } from '../../commerce/figures/buckets.ts';
import { NO_ID } from '../../contracts/figure-rows.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';

export const tags = ['analytics'];
export const FOR_SELLERS = { access: sellers('analytics') };
export const refusals = { 400: Problem, 401: Problem, 403: Problem };
export const exact = { additionalProperties: false } as const;

const DAY_MS = 24 * 3_600_000;
const time = (description: string) => Type.Integer({ minimum: 0, maximum: 4_102_444_800_000, description });

export const ScopeShape = {
  merchantId: Type.Optional(
    Type.String({ pattern: UUID_V7_PATTERN, description: 'For an admin: one merchant. Without it, the whole store.' }),
  ),
};
export const SpanShape = {
  ...ScopeShape,
  from: Type.Optional(time('Epoch milliseconds; a day before `to` unless it is said.')),
  to: Type.Optional(time('Epoch milliseconds; now unless it is said.')),
};
export const SpanQuery = Type.Object(SpanShape, exact);

export const SeriesQuery = Type.Object(
  {
    ...SpanShape,
    step: Type.Union([Type.Literal('minute'), Type.Literal('hour'), Type.Literal('day')], {
      default: 'hour',
      description: `Buckets; no more than ${LIMITS.analyticsBuckets} of them.`,
    }),
    timezone: Type.String({
      ...{ default: 'UTC', maxLength: 64 },
      description: 'Of days, such as Europe/Vienna. Minutes and hours are those of UTC.',
    }),
  },
  exact,
);

export const count = (description?: string) => Type.Integer(description === undefined ? {} : { description });
export const minor = (description: string) => Type.Integer({ description: `${description} In minor units.` });

/** Whose figures: the caller's own, or for an admin those of the store or of the merchant that is named. */
export function scopeOf(request: FastifyRequest, { merchantId }: { readonly merchantId?: string }): string {
  const { role, userId } = callerOf(request);
  if (role === 'admin') return merchantId ?? NO_ID;
  if (merchantId !== undefined && merchantId !== userId) throw new Refusal('FORBIDDEN');
  return userId;
}

export function spanOf(clock: Clock, { from, to }: { readonly from?: number; readonly to?: number }) {
  const untilMs = to ?? clock.now();
  const fromMs = from ?? Math.max(0, untilMs - DAY_MS);
  if (fromMs >= untilMs) throw new Refusal('INVALID', { detail: '`from` has to be before `to`.' });
  return { fromMs, untilMs };
}

export function bucketsOf(clock: Clock, query: Static<typeof SeriesQuery>): readonly number[] {
  const { step, timezone } = query;
  if (!isTimeZone(timezone)) throw new Refusal('INVALID', { detail: 'There is no such time zone.' });
  const edges = edgesOf(spanOf(clock, query), step satisfies Step, timezone);
  if (edges === undefined) {
    const detail = `More than ${LIMITS.analyticsBuckets} buckets: ask for less time, or larger steps.`;
    throw new Refusal('INVALID', { detail });
  }
  return edges;
}
