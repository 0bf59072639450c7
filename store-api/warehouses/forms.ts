import Type from 'typebox';
import { LINE_PATTERN } from '../auth/forms.ts';
import { refusals } from '../inventory/forms.ts';
import { Slug } from '../products/schemas.ts';

export { limit } from '../inventory/forms.ts';
export { refusals };
export const tags = ['warehouses'];

const exact = { additionalProperties: false } as const;

const fields = {
  code: { ...Slug(), description: 'Short and unique, such as berlin-2: files name warehouses by it.' },
  name: Type.String({ minLength: 1, maxLength: 200, pattern: LINE_PATTERN }),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Parcels leave from the nearest warehouse.' }),
  isActive: Type.Boolean({ description: 'Nothing new is promised from one that is not.' }),
};

export const NewWarehouse = Type.Object({ ...fields, isActive: Type.Optional(fields.isActive) }, exact);
export const WarehouseChange = Type.Partial(Type.Object(fields), { ...exact, minProperties: 1 });
export const Warehouse = Type.Object({
  ...{ id: Type.String(), code: Type.String(), name: Type.String(), country: Type.String() },
  merchantId: Type.Union([Type.String(), Type.Null()], { description: 'Null of one that all merchants share.' }),
  ...{ latitude: Type.Number(), longitude: Type.Number(), isActive: Type.Boolean(), createdAt: Type.Integer() },
});
