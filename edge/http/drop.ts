/** GET /v1/drops/{id}: the drop as it is published. */
import { isUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import { type HttpAnswer, type HttpHandler, problem } from '../transport/server.ts';

/** An answer is given again for as long as an edge's copy of a drop may be old: a crowd asks all at once. */
export function describeDrop(options: { readonly drops: Pick<Drops, 'find'>; readonly clock: Clock }): HttpHandler {
  const { drops, clock } = options;
  const answers = new Map<string, { readonly untilMs: number; readonly answer: Promise<HttpAnswer> }>();

  async function find(dropId: string): Promise<HttpAnswer> {
    const drop = await drops.find(dropId);
    return drop === undefined ? problem('DROP_NOT_FOUND') : { status: 200, body: drop };
  }

  return async ([dropId = '']) => {
    if (!isUuidV7(dropId)) return problem('DROP_NOT_FOUND');
    const known = answers.get(dropId);
    if (known !== undefined && clock.now() < known.untilMs) return await known.answer;
    if (answers.size >= LIMITS.dropCacheEntries) answers.clear();
    const answer = find(dropId);
    answers.set(dropId, { untilMs: clock.now() + INTERVALS.dropRefreshMs, answer });
    answer.catch(() => answers.delete(dropId));
    return await answer;
  };
}
