import { describeSize, tagOf, type LabMenu } from '../lab/labMenu';
import { part, type Known, type Row } from './row';

/** The images and sizes on offer, those that start fast first. */
export function imagesRow(accountId: string, menu: Known<LabMenu>): Row {
  const id = `${accountId}/images`;
  return { id, label: 'Images', icon: 'layers', children: part(id, menu, (offer) => imageRows(id, offer)) };
}

function imageRows(id: string, menu: LabMenu): readonly Row[] {
  const toRow = (image: LabMenu['images'][number]): Row => ({
    id: `${id}/${image.reference}`,
    label: image.name,
    detail: tagOf(image.reference),
    tooltip: `${image.reference}\n\n${image.isPrepulled ? 'Starts fast: every node has it.' : 'Starts slowly: a node has to fetch it first.'}`,
    icon: image.isPrepulled ? 'zap' : 'cloud-download',
    context: 'rsp.image',
    imageReference: image.reference,
  });
  const others = menu.images.filter((image) => !image.isPrepulled);
  const sizes = menu.sizes.map((size) => ({
    id: `${id}/sizes/${size.value}`,
    label: size.name,
    detail: describeSize(size),
    icon: 'server',
  }));
  return [
    ...menu.images.filter((image) => image.isPrepulled).map(toRow),
    ...(others.length > 0
      ? [
          {
            id: `${id}/others`,
            label: 'Other images',
            detail: `${others.length}, slower start`,
            icon: 'archive',
            children: others.map(toRow),
          },
        ]
      : []),
    { id: `${id}/sizes`, label: 'Sizes', icon: 'server', children: sizes },
  ];
}
