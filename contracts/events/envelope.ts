/** What every event has around its data. A topic's data has a version; old versions decode for ever. */
import Type, { type TSchema } from 'typebox';
import { UUID_V7_PATTERN } from '../ids.ts';
import type { Topic } from '../topics.ts';

export const uuid = () => Type.String({ pattern: UUID_V7_PATTERN });
export const epochMs = () => Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1 });
export const units = () => Type.Integer({ minimum: 1 });
export const minor = () => Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });

export function eventSchema<const T extends Topic, const V extends number, D extends TSchema>(
  topic: T,
  version: V,
  data: D,
) {
  return Type.Object(
    {
      type: Type.Literal(topic),
      v: Type.Literal(version),
      /** The same for every delivery of the same event: consumers deduplicate by it. */
      id: uuid(),
      at: epochMs(),
      data,
    },
    { additionalProperties: false, $id: `dropgate/${topic}/v${version}` },
  );
}
