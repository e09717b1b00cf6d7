import { byNewest, readImageTag, type ImageKind, type ImageTag } from './imageTags';
import type { LabMenu } from './labMenu';

/** An image of the menu with what its name tells. */
export interface KnownImage {
  readonly image: LabMenu['images'][number];
  readonly tag: ImageTag;
  /** Whether every node holds it, be it under another name. */
  readonly startsFast: boolean;
  /** What sets it apart, such as "latest weekly". */
  readonly note: string | undefined;
}

/** Images that belong together, newest first where they have a date or number. */
export interface ImageGroup {
  /** Stays the same as long as there is such a group. */
  readonly id: string;
  /** Such as "Weeklies". */
  readonly label: string;
  readonly images: readonly KnownImage[];
  /** The same images by year, month, version or cycle, when there are too many to look through; else empty. */
  readonly parts: readonly Omit<ImageGroup, 'parts'>[];
}

/** All images of a menu, each in one group; there is no empty group. */
export interface GroupedImages {
  /** Where people most often find what they want. */
  readonly main: readonly ImageGroup[];
  /** All the rest, thousands perhaps, put in order when it is first asked for. */
  readonly others: () => readonly ImageGroup[];
}

/** As many as fit on a screen. */
const MANY = 25;
const LATEST_OF: readonly ImageKind[] = ['release', 'weekly', 'daily'];
const KINDS: readonly (readonly [id: ImageKind, label: string])[] = [
  ['release', 'Releases'],
  ['weekly', 'Weeklies'],
  ['daily', 'Dailies'],
  ['candidate', 'Release candidates'],
  ['telescope', 'Telescope'],
  ['experimental', 'Experimental'],
  ['alias', 'Other names'],
  ['unknown', 'Other images'],
];

/**
 * The images of a menu in the order in which people look for them: the recommended one, the latest of their kind, the
 * others that start fast, and then all the rest by kind.
 */
export function groupImages(menu: Pick<LabMenu, 'images'>): GroupedImages {
  const left = new Set(know(menu.images));
  const take = (taken: readonly KnownImage[]): readonly KnownImage[] => {
    for (const image of taken) left.delete(image);
    return taken;
  };
  const main = [
    toGroup('recommended', 'Recommended', take(recommendedOf(left))),
    toGroup('latest', 'Latest', take(latestOf(left)).map(withNote)),
    toGroup('prepulled', 'Start fast', take([...left].filter(({ image }) => image.isPrepulled))),
  ];
  let others: readonly ImageGroup[] | undefined;
  return { main: main.filter(isFilled), others: () => (others ??= groupByKind(left).filter(isFilled)) };
}

function groupByKind(all: Iterable<KnownImage>): readonly ImageGroup[] {
  const byKind = new Map<ImageKind, KnownImage[]>(KINDS.map(([kind]) => [kind, []]));
  for (const image of all) byKind.get(kindOf(image.tag))?.push(image);
  return KINDS.map(([kind, label]) => {
    const images = (byKind.get(kind) ?? []).sort((one, other) => byNewest(one.tag, other.tag));
    return { ...toGroup(kind, label, images), parts: images.length > MANY ? split(kind, images) : [] };
  });
}

function know(images: LabMenu['images']): readonly KnownImage[] {
  const fast = new Set(
    images.flatMap((image) => (image.isPrepulled ? (digestOf(image.reference) ?? []) : [])),
  );
  return images.map((image) => {
    const digest = digestOf(image.reference);
    return {
      image,
      tag: readImageTag(image.reference, image.name),
      startsFast: image.isPrepulled || (digest !== undefined && fast.has(digest)),
      note: undefined,
    };
  });
}

function digestOf(reference: string): string | undefined {
  return reference.split('@')[1];
}

/** The site lists what it recommends first; what other clusters or cycles recommend may stand further down. */
function recommendedOf(all: ReadonlySet<KnownImage>): readonly KnownImage[] {
  for (const image of all) if (image.tag.kind === 'recommended') return [image];
  return [];
}

function kindOf({ kind }: ImageTag): ImageKind {
  return kind === 'recommended' ? 'alias' : kind;
}

/** The newest of each kind that has a newest, for every computer rather than for one architecture. */
function latestOf(all: ReadonlySet<KnownImage>): readonly KnownImage[] {
  const latest = new Map<ImageKind, KnownImage>();
  for (const image of all) {
    const { kind, architecture } = image.tag;
    if (architecture !== undefined) continue;
    const before = latest.get(kind);
    if (!before || byNewest(image.tag, before.tag) < 0) latest.set(kind, image);
  }
  return LATEST_OF.flatMap((kind) => latest.get(kind) ?? []);
}

function withNote(latest: KnownImage): KnownImage {
  return { ...latest, note: `latest ${latest.tag.kind}` };
}

function toGroup(id: string, label: string, images: readonly KnownImage[]): ImageGroup {
  return { id, label, images, parts: [] };
}

function isFilled({ images }: ImageGroup): boolean {
  return images.length > 0;
}

/** By what divides images of this kind; those that it does not divide come last. */
function split(kind: ImageKind, images: readonly KnownImage[]): ImageGroup['parts'] {
  const parts = new Map<string, KnownImage[]>();
  for (const image of images) {
    const label = partOf(kind, image.tag);
    const part = parts.get(label);
    if (part) part.push(image);
    else parts.set(label, [image]);
  }
  if (parts.size < 2) return [];
  return [...parts].map(([label, of]) => ({ id: `${kind}/${label}`, label, images: of }));
}

function partOf(kind: ImageKind, { numbers: [first], dateMs, cycle }: ImageTag): string {
  if (kind === 'telescope' && cycle !== undefined) return `Cycle ${String(cycle).padStart(4, '0')}`;
  if (kind === 'release' || kind === 'candidate') return `Version ${first ?? 0}`;
  if (dateMs === undefined) return 'Without a date';
  const day = new Date(dateMs).toISOString();
  return kind === 'daily' ? day.slice(0, 7) : day.slice(0, 4);
}
