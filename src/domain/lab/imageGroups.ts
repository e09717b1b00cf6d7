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
  /** Whether people most often find here what they want. */
  readonly isMain: boolean;
  readonly images: readonly KnownImage[];
  /** The same images by year, month, version or cycle, when there are too many to look through; else empty. */
  readonly parts: readonly Omit<ImageGroup, 'parts' | 'isMain'>[];
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
 * The images of a menu in the order in which people look for them, each in one group: the recommended one, the latest
 * of their kind, the others that start fast, and then all the rest by kind. There is no empty group.
 */
export function groupImages(menu: Pick<LabMenu, 'images'>): readonly ImageGroup[] {
  const left = new Set(know(menu.images));
  const take = (wanted: (image: KnownImage) => boolean): readonly KnownImage[] => {
    const taken = [...left].filter(wanted);
    for (const image of taken) left.delete(image);
    return taken;
  };
  const groups = [
    main('recommended', 'Recommended', takeRecommended(left)),
    main('latest', 'Latest', takeLatest(left)),
    main(
      'prepulled',
      'Start fast',
      take(({ image }) => image.isPrepulled),
    ),
    ...KINDS.map(([id, label]): ImageGroup => {
      const images = take(({ tag }) => kindOf(tag) === id).toSorted((one, other) =>
        byNewest(one.tag, other.tag),
      );
      return { id, label, isMain: false, images, parts: images.length > MANY ? split(id, images) : [] };
    }),
  ];
  return groups.filter(({ images }) => images.length > 0);
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
function takeRecommended(left: Set<KnownImage>): readonly KnownImage[] {
  const recommended = [...left].find(({ tag }) => tag.kind === 'recommended');
  if (!recommended) return [];
  left.delete(recommended);
  return [recommended];
}

function kindOf({ kind }: ImageTag): ImageKind {
  return kind === 'recommended' ? 'alias' : kind;
}

/** Takes the newest of each kind that has a newest, for every computer rather than for one architecture. */
function takeLatest(left: Set<KnownImage>): readonly KnownImage[] {
  return LATEST_OF.flatMap((kind) => {
    const [latest] = [...left]
      .filter(({ tag }) => tag.kind === kind && tag.architecture === undefined)
      .sort((one, other) => byNewest(one.tag, other.tag));
    if (!latest) return [];
    left.delete(latest);
    return [{ ...latest, note: `latest ${kind}` }];
  });
}

function main(id: string, label: string, images: readonly KnownImage[]): ImageGroup {
  return { id, label, isMain: true, images, parts: [] };
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
