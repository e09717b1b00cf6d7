import { groupImages, type ImageGroup, type KnownImage } from '../lab/imageGroups';
import { imageKindWords, splitImageName } from '../lab/imageNames';
import { describeSize, tagOf, type LabMenu } from '../lab/labMenu';
import { part, type Known, type Row } from './row';
import { tip } from './tip';
import { counted } from './words';

/** The images and sizes on offer: what people mostly want at once, all others in groups. */
export function imagesRow(accountId: string, menu: Known<LabMenu>): Row {
  const id = `${accountId}/images`;
  const count = menu.kind === 'known' ? counted(menu.value.images.length, 'image') : undefined;
  return {
    id,
    label: 'Images',
    spoken: count && `Images: ${count} on offer`,
    tip: tip(
      'Images on offer',
      ...(count === undefined ? [] : [`${count}, the one that the site recommends first.`]),
    ),
    icon: 'layers',
    context: menu.kind === 'known' ? 'rsp.images' : 'rsp.section',
    children: part(id, menu, (offer) => imageRows(id, offer)),
  };
}

/** A menu may hold thousands of images and stays for as long as nothing is asked anew, while the tree is drawn often. */
const drawn = new WeakMap<LabMenu, { readonly id: string; readonly rows: readonly Row[] }>();

function imageRows(id: string, menu: LabMenu): readonly Row[] {
  const before = drawn.get(menu);
  if (before?.id === id) return before.rows;
  const { main, others } = groupImages(menu);
  const rows = [
    ...main.flatMap((group) => group.images.map((image) => toRow(id, image, group.id))),
    ...others().map((group) => groupRow(id, group)),
    sizesRow(id, menu),
  ];
  drawn.set(menu, { id, rows });
  return rows;
}

function groupRow(id: string, { id: groupId, label, images, parts }: ImageGroup): Row {
  const ofPart = (part: ImageGroup['parts'][number], icon: string, children: readonly Row[]): Row => {
    const count = counted(part.images.length, 'image');
    return {
      id: `${id}/groups/${part.id}`,
      label: part.label,
      detail: String(part.images.length),
      spoken: `${part.label}: ${count}`,
      tip: tip(part.label, count),
      icon,
      context: 'rsp.section',
      children,
    };
  };
  const imagesOf = (of: readonly KnownImage[]): readonly Row[] =>
    of.map((image) => toRow(id, image, groupId));
  return ofPart(
    { id: groupId, label, images },
    'archive',
    parts.length > 0 ? parts.map((part) => ofPart(part, 'folder', imagesOf(part.images))) : imagesOf(images),
  );
}

function toRow(id: string, { image, tag, note, startsFast }: KnownImage, groupId: string): Row {
  const { main: label, more } = splitImageName(image.name);
  const shortTag = tagOf(image.reference);
  const isRecommended = groupId === 'recommended';
  const details = [isRecommended ? 'recommended' : note, more];
  const known = [...new Set(details)].filter((detail) => detail !== undefined && detail !== label);
  const shown = known.length > 0 ? known.join(', ') : shortTag === label ? undefined : shortTag;
  const [reference, digest] = image.reference.split('@');
  const kinds = new Set([isRecommended ? 'recommended' : undefined, note, imageKindWords(tag)]);
  return {
    id: `${id}/${image.reference}`,
    label,
    detail: shown,
    spoken: [
      shown === undefined ? label : `${label}: ${shown}`,
      startsFast ? 'starts fast' : 'starts slowly',
    ].join(', '),
    tip: tip(more === undefined ? label : `${label} (${more})`, [
      ['Kind', [...kinds].filter((kind) => kind !== undefined).join(', ')],
      ['Start', startsFast ? 'fast, every node has it' : 'slow, a node has to fetch it first'],
      ['Tag', shortTag],
      ['Reference', reference],
      ['Digest', digest && shortDigest(digest)],
    ]),
    icon: isRecommended ? 'star-full' : startsFast ? 'zap' : 'cloud-download',
    context: 'rsp.image',
    imageReference: image.reference,
  };
}

/** As much of it as tells images apart. */
export function shortDigest(digest: string): string {
  const [algorithm, hex = ''] = digest.split(':');
  return hex.length > 12 ? `${algorithm}:${hex.slice(0, 12)}…` : digest;
}

function sizesRow(id: string, { sizes, defaultSize }: LabMenu): Row {
  return {
    id: `${id}/sizes`,
    label: 'Sizes',
    spoken: `${counted(sizes.length, 'size')} of labs`,
    tip: tip(
      'Sizes of labs',
      sizes.map((size) => [size.name, describeSize(size)] as const),
    ),
    icon: 'server',
    context: 'rsp.section',
    children: sizes.map((size) => ({
      id: `${id}/sizes/${size.value}`,
      label: size.name,
      detail: describeSize(size),
      tip: tip(
        `Size ${size.name}`,
        describeSize(size),
        ...(size.value === defaultSize ? ['What the site proposes.'] : []),
      ),
      icon: 'server',
      context: 'rsp.fact',
    })),
  };
}
