/** GET /v1/drops/{id}: the drop as it is published. */
import { isUuidV7 } from '../../contracts/ids.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { HttpHandler } from '../transport/server.ts';
import { problem } from '../transport/server.ts';

export function describeDrop(drops: Pick<Drops, 'find'>): HttpHandler {
  return async ([dropId = '']) => {
    const drop = isUuidV7(dropId) ? await drops.find(dropId) : undefined;
    return drop === undefined ? problem('DROP_NOT_FOUND') : { status: 200, body: drop };
  };
}
