/** Where a page of the moderators' queue ended, to the microsecond: many may have come to it at the same moment. */
import { isUuidV7 } from '../../contracts/ids.ts';

export interface QueuePlace {
  readonly queuedAtMicros: string;
  readonly id: string;
}

export const encodeQueuePlace = ({ queuedAtMicros, id }: QueuePlace): string => `${queuedAtMicros}.${id}`;

/** Undefined for what is no place in it. */
export function decodeQueuePlace(text: string): QueuePlace | undefined {
  const [queuedAtMicros = '', id = '', ...more] = text.split('.');
  const isPlace = /^\d{1,17}$/.test(queuedAtMicros) && isUuidV7(id) && more.length === 0;
  return isPlace ? { queuedAtMicros, id } : undefined;
}
