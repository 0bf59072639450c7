import type { EdgeMessageOf } from '../../contracts/line/messages.ts';
import type { Room } from '../waiting-room/room.ts';

export function welcomeOf(room: Room, challenge: string | undefined): EdgeMessageOf<'welcome'> {
  const { drop } = room;
  return {
    t: 'welcome',
    drop: {
      id: drop.id,
      title: drop.title,
      state: room.state(),
      startsAt: drop.startsAt,
      endsAt: drop.endsAt,
      skus: drop.skus.map(({ sku, title, price }) => ({ sku, title, price, currency: drop.currency })),
      commit: drop.commit,
    },
    ...(challenge === undefined ? {} : { challenge }),
  };
}
