import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { ROLES } from '../../platform/tokens/access-token.ts';

export const USER_STATUSES = ['active', 'blocked', 'erased'] as const;
export const RoleName = Type.Unsafe<(typeof ROLES)[number]>(Type.Union(ROLES.map((role) => Type.Literal(role))));
export const StatusName = Type.Unsafe<(typeof USER_STATUSES)[number]>(
  Type.Union(USER_STATUSES.map((status) => Type.Literal(status))),
);
export const Id = Type.String({ pattern: UUID_V7_PATTERN });
export const ById = Type.Object({ id: Id });
export const Reason = Type.Object(
  {
    reason: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z-]{0,39}$', description: 'One word for the journal, such as fraud.' }),
    ),
  },
  { additionalProperties: false },
);
