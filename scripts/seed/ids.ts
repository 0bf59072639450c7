/** A UUIDv7 that is the same on every machine and at every time, so that seeding again meets what is there. */
export function seedId(kind: SeedKind, number: number): string {
  return `${TIME}-${KINDS[kind]}-8000-${number.toString(16).padStart(12, '0')}`;
}

export type SeedKind = keyof typeof KINDS;

/** 2025-11-01T00:00:00Z. */
const TIME = '019a3cb6-bc00';
const KINDS = {
  user: '7001',
  category: '7002',
  brand: '7003',
  product: '7004',
  variant: '7005',
  warehouse: '7006',
  movement: '7007',
  drop: '7008',
  method: '7009',
  'top-up': '700a',
  synonym: '700b',
} as const;
