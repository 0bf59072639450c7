/** Whether more of a figure is better, by its name: the one place that a comparison judges by. */

export type Direction = 'more' | 'less' | 'neutral';

/** `metrics.claimsPerSecond`: the group of the report, then the name in it. */
export type FigurePath = string;

/** Where the name alone would mislead, or says nothing. Without the word `bare`. */
const BY_NAME: Readonly<Record<string, Direction>> = {
  /** What the run was given, not what it made of it. */
  burstFactor: 'neutral',
  sockets: 'neutral',
  /** The one ratio of two of our own figures: the storm's ÷ the calm's. */
  stormOfCalmP99: 'less',
  /** In `core` the product's own call runs in the generator: what it costs there is ours. */
  generatorUsPerClaim: 'less',
  /** Of the machine: it explains a change, and is none of ours. */
  fsyncMs: 'neutral',
  /** How long the shoppers waited is how many of them there were. */
  etaWaitP50Ms: 'neutral',
  etaWithin: 'more',
  etaWithinLikely: 'more',
  etaShoppersLikely: 'neutral',
  mostWaitingAtHalf: 'less',
  etaEarly: 'less',
  etaLate: 'less',
  etaWidthOfWaitP50: 'less',
};

/** In this order: the first that fits decides. */
const BY_PATTERN: readonly (readonly [RegExp, Direction])[] = [
  // What the noise is measured by.
  [/^spread$|Spread$/, 'neutral'],
  // What was given, not what was made of it.
  [/arrivalsPerSecond$/i, 'neutral'],
  // What others would have built: they are measured beside us, and are none of ours.
  [/^(tutorial|update|skipLocked)[A-Z]/, 'neutral'],
  // What the load costs that is made here, and what somebody waited for: it explains a figure, and is none.
  [/^(busiest)?generator|Waits(For|On|$)|UnderWay$/i, 'neutral'],
  // Cores in use say where the work is done, not whether it is done well.
  [/Cores$|Cpu$/, 'neutral'],
  [/PerSecond(?![a-z])/, 'more'],
  [/PerCoreSecond$|PlacesKept$/, 'more'],
  [/(Ms|Us|Seconds|Minutes)(?![a-z])/, 'less'],
  [/^bytes(Per|$)|Bytes(Per|$)/, 'less'],
  // Of what an audit counts, one is too many: it fails the run.
  [/(oversold|lost|duplicated|untold|stranded)$/i, 'neutral'],
  // How often something happened depends on how long the run was.
  [
    /^(edges|claimed|joined|admitted|orders|returns|cutAndBack|charged[A-Z]\w*)$|(sockets|retries|shoppers|calls|moves|again|jumps|units|count|claims|orders|claimed|paid|rounds|busy|told|lies|measured)$/i,
    'neutral',
  ],
];

/** `undefined` for a name that nobody has said anything about: it is told and not judged, and the tests name it. */
export function directionOf(path: FigurePath): Direction | undefined {
  const [group = '', ...rest] = path.split('.');
  const full = rest.join('.');
  // Every other ratio is made so that less is worse: ours ÷ bare of a speed, bare ÷ ours of a time.
  if (group === 'ratios') return BY_NAME[full] ?? 'more';
  if (group !== 'metrics' && group !== 'limits') return 'neutral';
  const name = withoutBare(full);
  return BY_NAME[name] ?? BY_PATTERN.find(([pattern]) => pattern.test(name))?.[1];
}

/** The bare part of a figure: `metrics.claimsPerSecond` is measured beside `limits.bareClaimsPerSecond`. */
export function bareOf(path: FigurePath): FigurePath | undefined {
  const name = /^metrics\.(.+)$/.exec(path)?.[1];
  return name === undefined ? undefined : `limits.bare${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function withoutBare(name: string): string {
  const bare = /^bare([A-Z].*)$/.exec(name)?.[1];
  return bare === undefined ? name : `${bare.charAt(0).toLowerCase()}${bare.slice(1)}`;
}
