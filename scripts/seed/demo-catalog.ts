import { type SeedKind, seedId } from './ids.ts';

/** What the demo shop sells. Prices are minor units of CURRENCY; stock is per warehouse in the order of WAREHOUSES. */
export const CURRENCY = 'USD';

const numbered = <T extends object>(kind: SeedKind, rows: readonly T[]): (T & { id: string })[] =>
  rows.map((row, index) => ({ id: seedId(kind, index + 1), ...row }));

export const CATEGORIES = numbered('category', [
  { slug: 'clothing', name: 'Clothing', parent: null },
  { slug: 'shirts', name: 'Shirts', parent: 'clothing' },
  { slug: 'shoes', name: 'Shoes', parent: 'clothing' },
  { slug: 'home', name: 'Home', parent: null },
  { slug: 'lamps', name: 'Lamps', parent: 'home' },
  { slug: 'kitchen', name: 'Kitchen', parent: 'home' },
]);

export const BRANDS = numbered('brand', [
  { slug: 'harbour-and-pine', name: 'Harbour & Pine' },
  { slug: 'tallow-street', name: 'Tallow Street' },
]);

export const WAREHOUSES = numbered('warehouse', [
  { code: 'reno', name: 'Reno, Nevada', country: 'US', latitude: 39.53, longitude: -119.81 },
  { code: 'venlo', name: 'Venlo, Limburg', country: 'NL', latitude: 51.37, longitude: 6.17 },
]);

export const PRODUCTS = numbered('product', [
  {
    slug: 'first-light-tee',
    title: 'First Light tee',
    description: 'Heavy organic cotton with a one-colour print of the harbour at dawn. Numbered inside the collar.',
    category: 'shirts',
    brand: 'harbour-and-pine',
    tags: ['limited', 'organic cotton'],
  },
  {
    slug: 'everyday-oxford-shirt',
    title: 'Everyday oxford shirt',
    description: 'A button-down shirt of brushed oxford cloth that needs no iron on a weekday.',
    category: 'shirts',
    brand: 'tallow-street',
    tags: ['cotton'],
  },
  {
    slug: 'ridge-trail-shoe',
    title: 'Ridge trail shoe',
    description: 'A light shoe for wet paths: woven upper, rubber sole with 4 mm lugs.',
    category: 'shoes',
    brand: 'harbour-and-pine',
    tags: ['outdoor'],
  },
  {
    slug: 'pendant-lamp-ash',
    title: 'Pendant lamp, ash',
    description: 'Steam-bent ash around a warm white bulb; two metres of textile cable.',
    category: 'lamps',
    brand: 'tallow-street',
    tags: ['wood'],
  },
  {
    slug: 'stoneware-mug',
    title: 'Stoneware mug',
    description: 'Thrown in small batches, glazed by hand, 350 ml. Safe in the dishwasher.',
    category: 'kitchen',
    brand: 'tallow-street',
    tags: ['handmade'],
  },
]);

/** The item of the demo drop. It is sold nowhere else, so its stock is what the drop gives away. */
export const DROP_SKU = 'HP-FIRST-LIGHT-TEE';
export const DROP_PRICE_MINOR = 4_900;

export const VARIANTS = numbered('variant', [
  {
    product: 'first-light-tee',
    sku: DROP_SKU,
    title: '',
    attributes: { color: 'off-white' },
    price: DROP_PRICE_MINOR,
    stock: [500, 500],
  },
  {
    product: 'everyday-oxford-shirt',
    sku: 'TS-OXFORD-WHITE-M',
    title: 'White, M',
    attributes: { color: 'white', size: 'M' },
    price: 5_900,
    stock: [120, 80],
  },
  {
    product: 'everyday-oxford-shirt',
    sku: 'TS-OXFORD-WHITE-L',
    title: 'White, L',
    attributes: { color: 'white', size: 'L' },
    price: 5_900,
    stock: [90, 60],
  },
  {
    product: 'everyday-oxford-shirt',
    sku: 'TS-OXFORD-BLUE-M',
    title: 'Blue, M',
    attributes: { color: 'blue', size: 'M' },
    price: 5_900,
    stock: [0, 40],
  },
  {
    product: 'ridge-trail-shoe',
    sku: 'HP-RIDGE-41',
    title: '41',
    attributes: { size: '41' },
    price: 12_900,
    stock: [25, 30],
  },
  {
    product: 'ridge-trail-shoe',
    sku: 'HP-RIDGE-43',
    title: '43',
    attributes: { size: '43' },
    price: 12_900,
    stock: [18, 0],
  },
  {
    product: 'pendant-lamp-ash',
    sku: 'TS-PENDANT-ASH',
    title: '',
    attributes: { material: 'ash' },
    price: 18_500,
    stock: [14, 22],
  },
  {
    product: 'stoneware-mug',
    sku: 'TS-MUG-SAND',
    title: 'Sand',
    attributes: { color: 'sand' },
    price: 2_200,
    stock: [300, 240],
  },
  {
    product: 'stoneware-mug',
    sku: 'TS-MUG-INDIGO',
    title: 'Indigo',
    attributes: { color: 'indigo' },
    price: 2_200,
    stock: [150, 5],
  },
]);
