import type { ImageTag } from './imageTags';

const KINDS: Readonly<Record<ImageTag['kind'], string | undefined>> = {
  recommended: 'recommended',
  release: 'release',
  candidate: 'release candidate',
  weekly: 'weekly',
  daily: 'daily',
  experimental: 'experimental',
  telescope: 'for the telescope',
  alias: 'another name of an image',
  unknown: undefined,
};

/** Kept, since to make one takes longer than to use it, and there may be thousands of images. */
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** A name in two parts, of which the first tells most. */
export interface ImageName {
  /** Such as `Release r30.0.10`. */
  readonly main: string;
  /** Such as `RSP Build 2991` or `SAL Cycle 0044, Build 003`. */
  readonly more: string | undefined;
}

/** What an image is, where there is little room: `Release r30.0.10` for "Recommended (Release r30.0.10 (RSP Build 2991))". */
export function splitImageName(name: string): ImageName {
  const inner = /^(?:Recommended|Latest [\w ]+?) \((.+)\)$/.exec(name)?.[1] ?? name;
  const [, main = inner, more] = /^([^(]+?) \(([^()]+)\)$/.exec(inner) ?? [];
  return { main, more };
}

/** The first part of a name. */
export function shortImageName(name: string): string {
  return splitImageName(name).main;
}

/** Such as `weekly of 23 Jul 2026`; undefined when the name of the image does not tell. */
export function imageKindWords({ kind, dateMs }: ImageTag): string | undefined {
  const words = KINDS[kind];
  if (words === undefined || dateMs === undefined) return words;
  return `${words} of ${DAY.format(dateMs)}`;
}
