/** Latencies as they cross from generators: hdr-histogram-js in text. */
import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { joinHistograms } from '../in-rounds.ts';

export function decodeHistograms(encoded: readonly string[]): Histogram {
  return joinHistograms(encoded.map((text) => decodeFromCompressedBase64(text)));
}
