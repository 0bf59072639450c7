/** What the made-up catalog is made of. Adding at the end of a list changes every product: the queries of search-quality too. */
import { BEAUTY } from './departments/beauty.ts';
import { CULTURE } from './departments/culture.ts';
import { ELECTRONICS } from './departments/electronics.ts';
import { FAMILY } from './departments/family.ts';
import { FASHION } from './departments/fashion.ts';
import { GARDEN } from './departments/garden.ts';
import { HOME } from './departments/home.ts';
import type { Department } from './departments/leaf.ts';
import { OUTDOOR } from './departments/outdoor.ts';

export type { Department, Leaf } from './departments/leaf.ts';

export const DEPARTMENTS: readonly Department[] = [
  FASHION,
  HOME,
  ELECTRONICS,
  OUTDOOR,
  FAMILY,
  GARDEN,
  BEAUTY,
  CULTURE,
];

const words = (text: string) => text.split(' ');

export const ADJECTIVES = words(
  'compact foldable classic lightweight handmade waterproof minimalist vintage modern rugged slim portable premium organic ergonomic insulated adjustable breathable durable elegant',
);
export const COLORS = words('black white navy olive sand terracotta grey burgundy mustard teal rose ivory');
export const COLLECTIONS = words(
  'Aurora Fjord Solstice Meridian Tundra Saffron Harbor Juniper Cobalt Zephyr Marlow Kestrel Larkspur Onyx Pavilion Quarry Rowan Sierra Thistle Umbra Vesper Willow Yarrow Zenith Alder Brume Cinder Delta Ember Fable Grove Haven Indigo Jasper Kelp Lumen Mistral Nimbus Orchard Prairie',
);
export const BRAND_STARTS = words(
  'Nor Vel Kas Bry Tol Mar Esk Fen Hal Jor Lin Ost Per Quil Ros Sol Tam Ulv Wex Yar Zan Cal Dun Elm Gri Hov Ika Kor',
);
export const BRAND_MIDDLES = words('a e i o an en in or ar el');
export const BRAND_ENDS = words('vik dal mer ton by sund ford lund wick more');

/** What shoppers call what the catalog calls otherwise. */
export const SYNONYMS: readonly (readonly string[])[] = [
  ['sofa', 'couch', 'settee'],
  ['sneakers', 'trainers'],
  ['trousers', 'pants'],
  ['bicycle', 'push bike'],
  ['laptop', 'notebook computer'],
  ['smartphone', 'mobile phone', 'cell phone'],
  ['stroller', 'pram', 'buggy'],
  ['sweater', 'jumper'],
  ['headlamp', 'head torch'],
  ['jewellery', 'jewelry'],
];
