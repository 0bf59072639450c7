import Type from 'typebox';
import { FairnessReport } from '../../contracts/draw/fairness.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { findSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { findFairness } from '../../db/queries/find-fairness.ts';
import { checkPassLog, type PassLogReport } from '../../reservation-core/pass-log.ts';
import { readLine } from '../../reservation-core/sale-view.ts';
import { reportOf } from '../fairness/report.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { SaleCore, StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';

const Count = Type.Integer({ minimum: 0 });
const orNull = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const Worst = (what: string) => orNull(Type.Object({ at: Type.Integer(), count: Count }), what);

const Line = Type.Object({
  lanes: Type.Array(Type.Object({ name: Type.String(), weight: Count, waiting: Count, entrants: Count })),
  joined: Count,
  active: Count,
  totals: Type.Object({
    ...{ called: Count, skipped: Count, picked: Count, noShows: Count, lapsed: Count, left: Count, done: Count },
  }),
});

const Caps = Type.Object({
  ok: Type.Boolean({ description: 'The caps were kept, and the whole log is there to prove it.' }),
  caps: Type.Object({ perSecond: Count, maxActive: Count }),
  worstSecond: Worst('The second in which most were called, by its end.'),
  worstMoment: Worst('When most passes were live.'),
  breaches: Type.Array(Type.Object({ rule: Type.String(), times: Count, detail: Type.String() })),
  gaps: Type.Array(Type.String()),
});

const Answer = Type.Object({
  dropId: Type.String(),
  mode: Type.String(),
  draw: orNull(FairnessReport, 'What everybody may know of the draw; null in fifo mode.'),
  line: orNull(Line, 'Null while it cannot be read.'),
  caps: orNull(Caps, 'Null where the log of passes is too long to be read here: npm run passes reads it.'),
});

export function sellerFairnessRoute(app: StoreApp, services: StoreServices): void {
  const { database, sale } = services;
  app.get(
    '/seller/drops/:id/fairness',
    {
      config: { access: sellers('drops') },
      schema: {
        summary: 'How fair a drop was: its draw, its lanes, and whether the caps were kept',
        tags: ['seller drops'],
        params: ById,
        response: { 200: Answer, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const own = await findSellerDrop(database, request.params.id, merchantOf(callerOf(request)));
      if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
      const drop = publishedDefinition(own.drop);
      if (drop === undefined) return refuse(reply, 'DROP_STATE', 'A draft has no line and no draw.');
      const draw = await findFairness(database, drop.id);
      const line = sale === undefined ? undefined : await readLine(sale, drop).catch(() => undefined);
      const weights = new Map(drop.lanes.map(({ name, weight }) => [name, weight]));
      return {
        ...{ dropId: drop.id, mode: drop.mode, draw: draw === undefined ? null : reportOf(drop.id, draw) },
        line:
          line === undefined
            ? null
            : {
                ...{ joined: line.joined, active: line.active, totals: { ...line.totals } },
                lanes: line.lanes.map((lane) => ({ ...lane, weight: weights.get(lane.name) ?? 1 })),
              },
        caps: sale === undefined ? null : await capsOf(sale, drop.id, drop.admission).catch(() => null),
      };
    },
  );
}

async function capsOf(sale: SaleCore, dropId: string, caps: { perSecond: number; maxActive: number }) {
  const length = await sale.shards.home.redis.xlen(sale.keys.line(dropId).passLog);
  return length > LIMITS.passLogShown ? null : capsAnswer(await checkPassLog(sale, dropId, caps));
}

function capsAnswer({ caps, worstSecond, worstMoment, breaches, gaps }: PassLogReport) {
  return {
    ok: breaches.length === 0 && gaps.length === 0,
    caps: { ...caps },
    worstSecond: worstSecond === undefined ? null : { at: worstSecond.atMs, count: worstSecond.called },
    worstMoment: worstMoment === undefined ? null : { at: worstMoment.atMs, count: worstMoment.live },
    breaches: breaches.map(({ rule, times, detail }) => ({ rule, times, detail })),
    gaps: [...gaps],
  };
}
