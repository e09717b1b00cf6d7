import { groupImages, type ImageGroup, type KnownImage } from '../lab/imageGroups';
import { describeSize, tagOf, type LabMenu } from '../lab/labMenu';
import { part, type Known, type Row } from './row';

/** The images and sizes on offer: what people mostly want at once, all others in groups. */
export function imagesRow(accountId: string, menu: Known<LabMenu>): Row {
  const id = `${accountId}/images`;
  return { id, label: 'Images', icon: 'layers', children: part(id, menu, (offer) => imageRows(id, offer)) };
}

/** A menu may hold thousands of images and stays for as long as nothing is asked anew, while the tree is drawn often. */
const drawn = new WeakMap<LabMenu, { readonly id: string; readonly rows: readonly Row[] }>();

function imageRows(id: string, menu: LabMenu): readonly Row[] {
  const before = drawn.get(menu);
  if (before?.id === id) return before.rows;
  const groups = groupImages(menu);
  const rows = [
    ...groups.flatMap((group) =>
      group.isMain ? group.images.map((image) => toRow(id, image, group.id)) : [groupRow(id, group)],
    ),
    sizesRow(id, menu),
  ];
  drawn.set(menu, { id, rows });
  return rows;
}

function groupRow(id: string, { id: groupId, label, images, parts }: ImageGroup): Row {
  const ofPart = (part: ImageGroup['parts'][number], icon: string, children: readonly Row[]): Row => ({
    id: `${id}/groups/${part.id}`,
    label: part.label,
    detail: String(part.images.length),
    tooltip: part.images.length === 1 ? '1 image' : `${part.images.length} images`,
    icon,
    children,
  });
  const imagesOf = (of: readonly KnownImage[]): readonly Row[] =>
    of.map((image) => toRow(id, image, groupId));
  return ofPart(
    { id: groupId, label, images },
    'archive',
    parts.length > 0 ? parts.map((part) => ofPart(part, 'folder', imagesOf(part.images))) : imagesOf(images),
  );
}

function toRow(id: string, { image, note, startsFast }: KnownImage, groupId: string): Row {
  const tag = tagOf(image.reference);
  return {
    id: `${id}/${image.reference}`,
    label: image.name,
    detail: note === undefined ? tag : `${tag}, ${note}`,
    tooltip: `${image.reference}\n\n${startsFast ? 'Starts fast: every node has it.' : 'Starts slowly: a node has to fetch it first.'}`,
    icon: groupId === 'recommended' ? 'star-full' : startsFast ? 'zap' : 'cloud-download',
    context: 'rsp.image',
    imageReference: image.reference,
  };
}

function sizesRow(id: string, { sizes }: LabMenu): Row {
  return {
    id: `${id}/sizes`,
    label: 'Sizes',
    icon: 'server',
    children: sizes.map((size) => ({
      id: `${id}/sizes/${size.value}`,
      label: size.name,
      detail: describeSize(size),
      icon: 'server',
    })),
  };
}
