/** Groups of shoppers, in numbers only. */
import Type from 'typebox';
import { NO_ID } from '../../contracts/figure-rows.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { areSegmentRules, SEGMENTS, SegmentRules, USUAL_SEGMENT_RULES } from '../../contracts/segments.ts';
import { countSegments, findCohorts, findRules, writeRules } from '../../db/queries/segments/segments.ts';
import { exact, FOR_SELLERS, refusals, ScopeShape, scopeOf } from '../analytics/forms.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';

const tags = ['segments'];
const config = { access: onlyFor('admin') };
const nullable = (schema: Type.TInteger) => Type.Union([schema, Type.Null()]);
const Counts = (description: string) =>
  Type.Object({
    computedAt: nullable(Type.Integer({ description: 'Null where it was never done.' })),
    shoppers: nullable(Type.Integer({ description: `Who has bought. ${description}` })),
    segments: Type.Array(
      Type.Object({
        segment: Type.String({ description: SEGMENTS.join(', ') }),
        shoppers: nullable(Type.Integer({ description })),
      }),
    ),
  });

export function adminSegmentsRoutes(app: StoreApp, services: StoreServices): void {
  const { database, nextId } = services;
  app.get(
    '/admin/segments',
    {
      config,
      schema: {
        summary: 'How many shoppers are in each group, and the thresholds of the groups',
        tags,
        response: {
          200: Type.Object({ ...Counts('Registered shoppers.').properties, rules: SegmentRules }),
          ...refusals,
        },
      },
    },
    async () => {
      const [counts, rules] = await Promise.all([countSegments(database, NO_ID), findRules(database)]);
      return { ...shown(counts, 0), rules: areSegmentRules(rules) ? rules : USUAL_SEGMENT_RULES };
    },
  );
  app.put(
    '/admin/segments/rules',
    {
      config,
      schema: {
        summary: 'Other thresholds, from the next night on',
        ...{ tags, body: SegmentRules, response: { 200: SegmentRules, ...refusals } },
      },
    },
    async (request) => {
      const { body: rules } = request;
      if (rules.lapsedDays <= rules.lapsingDays) {
        throw new Refusal('INVALID', { detail: 'lapsedDays has to be more than lapsingDays.' });
      }
      const caller = callerOf(request);
      const act = { action: 'segments.ruled', subjectKind: 'segments', subjectId: 'rules', detail: rules };
      await actPrivileged(services, caller, act, (client) =>
        writeRules(client, { id: nextId(), rules, setBy: caller.userId }),
      );
      return rules;
    },
  );
}

export function sellerSegmentsRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/segments',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'How many of the merchant’s shoppers are in each group, by what they bought of them',
        tags,
        querystring: Type.Object(ScopeShape, exact),
        response: { 200: Counts(`Null where it is fewer than ${LIMITS.segmentShoppersLeast}.`), ...refusals },
      },
    },
    async (request) =>
      shown(await countSegments(database, scopeOf(request, request.query)), LIMITS.segmentShoppersLeast),
  );
}

export function cohortsRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/seller/analytics/cohorts',
    {
      config: FOR_SELLERS,
      schema: {
        summary: 'Of those who bought first in one month, how many bought in which other',
        description: `Registered shoppers; computed at night. Rows of fewer than ${LIMITS.segmentShoppersLeast} first buyers are left out.`,
        tags: ['analytics'],
        querystring: Type.Object(
          { ...ScopeShape, months: Type.Integer({ minimum: 1, maximum: LIMITS.cohortMonths, default: 12 }) },
          exact,
        ),
        response: {
          200: Type.Object({
            cohorts: Type.Array(
              Type.Object({
                firstMonth: Type.String(),
                shoppers: Type.Integer(),
                months: Type.Array(
                  Type.Object({ month: Type.String(), shoppers: Type.Integer(), orders: Type.Integer() }),
                ),
              }),
            ),
          }),
          ...refusals,
        },
      },
    },
    async (request) => {
      const now = new Date(clock.now());
      const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - request.query.months + 1, 1));
      const rows = await findCohorts(database, scopeOf(request, request.query), first.toISOString().slice(0, 10));
      const firstMonths = [...new Set(rows.map(({ firstMonth }) => firstMonth))];
      const cohorts = firstMonths.map((firstMonth) => {
        const months = rows.filter((row) => row.firstMonth === firstMonth);
        const shoppers = months.find(({ month }) => month === firstMonth)?.shoppers ?? 0;
        return { firstMonth, shoppers, months: months.map(({ firstMonth: _, ...row }) => row) };
      });
      return { cohorts: cohorts.filter(({ shoppers }) => shoppers >= LIMITS.segmentShoppersLeast) };
    },
  );
}

function shown({ computedAtMs, shoppers, segments }: Awaited<ReturnType<typeof countSegments>>, least: number) {
  const told = (count: number) => (count < least ? null : count);
  return {
    computedAt: computedAtMs,
    shoppers: told(shoppers),
    segments: SEGMENTS.map((segment) => ({ segment, shoppers: told(segments[segment] ?? 0) })),
  };
}

export const SEGMENT_ROUTES = [adminSegmentsRoutes, sellerSegmentsRoute, cohortsRoute] as const;
