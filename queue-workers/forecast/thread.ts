/** What the pool calls in its threads. */
export { computeForecasts as default } from './compute.ts';
