import { tagOf } from './labMenu';

/**
 * What an image is. Images for the telescope are releases, weeklies or dailies that were built for one cycle of its
 * control software; aliases are names that move from image to image, the recommended one among them.
 */
export type ImageKind =
  | 'recommended'
  | 'release'
  | 'candidate'
  | 'weekly'
  | 'daily'
  | 'experimental'
  | 'telescope'
  | 'alias'
  | 'unknown';

/** What the name of an image tells. */
export interface ImageTag {
  readonly tag: string;
  readonly kind: ImageKind;
  /** Version of a release (`[30, 0, 10]`), year and week, or year, month and day; empty for all others. */
  readonly numbers: readonly number[];
  /** The day of a daily, the Thursday of a weekly, since weeklies are built on Thursdays; midnight UTC. */
  readonly dateMs: number | undefined;
  /** Number of a release candidate. */
  readonly candidate: number | undefined;
  /** Cycle of the telescope's control software, and the build within. */
  readonly cycle: number | undefined;
  readonly cycleBuild: number | undefined;
  /** Build of what the platform adds to the image. */
  readonly rspBuild: number | undefined;
  readonly extra: string | undefined;
  readonly architecture: string | undefined;
}

const DAY_MS = 86_400_000;
const AFTER =
  '(?:_c(?<cycle>\\d+)\\.(?<cycleBuild>\\d+))?(?:_rsp(?<rspBuild>\\d+))?(?:_(?<extra>.+?))?(?:-(?<architecture>[a-z0-9]+))?$';
/**
 * In the order in which the site itself tries them: a candidate would else be a release with something extra. What a tag
 * has to start with spares thousands of images most of the patterns.
 */
const PATTERNS: readonly (readonly [kind: ImageKind, pattern: RegExp, start: string])[] = [
  ['candidate', new RegExp(`^r(?<a>\\d+)_(?<b>\\d+)_(?<c>\\d+)_rc(?<candidate>\\d+)${AFTER}`), 'r'],
  ['release', new RegExp(`^r(?<a>\\d+)_(?<b>\\d+)_(?<c>\\d+)${AFTER}`), 'r'],
  ['release', /^r(?<a>\d\d)(?<b>\d)$/, 'r'],
  ['weekly', new RegExp(`^w_(?<a>\\d{4})_(?<b>\\d+)${AFTER}`), 'w_'],
  ['daily', new RegExp(`^d_(?<a>\\d{4})_(?<b>\\d+)_(?<c>\\d+)${AFTER}`), 'd_'],
  ['unknown', /^.*?(?:_c(?<cycle>\d+))?(?:-(?<architecture>[a-z0-9]+))?$/, ''],
];
const RECOMMENDED = /^recommended(?![a-z0-9])/i;
const LATEST = /^latest(?![a-z0-9])/i;
/** A description such as "Latest Weekly (Weekly 2026_30)": the name of an alias, and what it stands for. */
const ALIAS_NAME = /^[^(]+ \((?:Release|Weekly|Daily|Experimental)\b/;

/**
 * Tells what an image is from its tag, and from its description in the lab form where the tag does not say.
 *
 * @see `RSPImageTag`, https://sqr-059.lsst.io
 */
export function readImageTag(reference: string, name: string): ImageTag {
  const tag = tagOf(reference);
  const read = readTag(tag);
  if (read.kind !== 'unknown') return read;
  if (RECOMMENDED.test(tag) || RECOMMENDED.test(name)) return { ...read, kind: 'recommended' };
  if (LATEST.test(tag) || ALIAS_NAME.test(name)) return { ...read, kind: 'alias' };
  return { ...readTag(toTag(name)), tag };
}

function readTag(tag: string): ImageTag {
  if (tag.startsWith('exp_') && tag.length > 4)
    return { ...readTag(tag.slice(4)), tag, kind: 'experimental' };
  for (const [kind, pattern, start] of PATTERNS) {
    const groups = tag.startsWith(start) ? pattern.exec(tag)?.groups : undefined;
    if (!groups) continue;
    const numbers = [groups['a'], groups['b'], groups['c']].flatMap((part) => part ?? []).map(Number);
    const dateMs = dateOf(kind, numbers);
    if (dateMs !== undefined && Number.isNaN(dateMs)) continue;
    const cycle = toNumber(groups['cycle']);
    return {
      tag,
      kind: cycle !== undefined && kind !== 'unknown' ? 'telescope' : kind,
      numbers,
      dateMs,
      candidate: toNumber(groups['candidate']),
      cycle,
      cycleBuild: toNumber(groups['cycleBuild']),
      rspBuild: toNumber(groups['rspBuild']),
      extra: groups['extra'],
      architecture: groups['architecture'],
    };
  }
  return { ...NOTHING, tag };
}

const NOTHING: Omit<ImageTag, 'tag'> = {
  kind: 'unknown',
  numbers: [],
  dateMs: undefined,
  candidate: undefined,
  cycle: undefined,
  cycleBuild: undefined,
  rspBuild: undefined,
  extra: undefined,
  architecture: undefined,
};

/** `NaN` for a day or week that the calendar does not have; undefined for what has no date. */
function dateOf(kind: ImageKind, [year = 0, second = 0, day = 0]: readonly number[]): number | undefined {
  if (kind === 'daily') {
    const date = new Date(Date.UTC(year, second - 1, day));
    return date.getUTCMonth() === second - 1 && date.getUTCDate() === day ? date.getTime() : NaN;
  }
  if (kind !== 'weekly') return undefined;
  // The first week of a year is that of 4 January; a Thursday always lies in the year of its week.
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  const thursday = fourth + (3 - weekday + (second - 1) * 7) * DAY_MS;
  return new Date(thursday).getUTCFullYear() === year ? thursday : NaN;
}

/** The tag that a description such as "Release r30.0.10" or "Weekly 2026_30" was made of. */
function toTag(name: string): string {
  const [, kind = '', what = ''] = /^(Release Candidate|Release|Weekly|Daily) ([\w.-]+)/.exec(name) ?? [];
  if (kind.startsWith('Release')) return what.replace(/[.-]/g, '_');
  return kind === 'Weekly' ? `w_${what}` : kind === 'Daily' ? `d_${what}` : '';
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

/** Sorts newest first; what has a date goes before what has none, and an image for all computers before special ones. */
export function byNewest(one: ImageTag, other: ImageTag): number {
  return (
    descending(one.dateMs, other.dateMs) ||
    descending(one.numbers[0], other.numbers[0]) ||
    descending(one.numbers[1], other.numbers[1]) ||
    descending(one.numbers[2], other.numbers[2]) ||
    descending(one.candidate, other.candidate) ||
    descending(one.cycle, other.cycle) ||
    descending(one.cycleBuild, other.cycleBuild) ||
    descending(one.rspBuild, other.rspBuild) ||
    -compare(one.extra ?? '', other.extra ?? '') ||
    compare(one.architecture ?? '', other.architecture ?? '') ||
    compare(one.tag, other.tag)
  );
}

function descending(one = -1, other = -1): number {
  return other - one;
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
