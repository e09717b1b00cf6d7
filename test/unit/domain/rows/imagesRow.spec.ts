import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { imagesRow } from '../../../../src/domain/rows/imagesRow';
import type { Row } from '../../../../src/domain/rows/row';

describe('the row of images', () => {
  const image = (tag: string, isPrepulled = false): LabMenu['images'][number] => ({
    reference: `reg/lab:${tag}`,
    name: tag,
    isPrepulled,
  });
  const menuOf = (images: LabMenu['images']): LabMenu => ({
    kind: 'offer',
    images,
    defaultImage: undefined,
    sizes: [{ value: 'small', name: 'Small', cpuCores: 1, memoryGib: 4 }],
    defaultSize: 'small',
    hasDebugOption: true,
    hasResetOption: true,
  });
  const rowsOf = (menu: LabMenu): Row => imagesRow('a', { kind: 'known', value: menu });
  const drawn = (row: Row, indent = ''): readonly string[] => [
    `${indent}${row.icon ?? ''} ${row.label}${row.detail === undefined ? '' : `: ${row.detail}`}`,
    ...(row.children ?? []).flatMap((child) => drawn(child, `${indent}  `)),
  ];
  const few = [
    image('recommended', true),
    image('w_2026_30'),
    image('d_2026_08_20', true),
    image('d_2026_08_19', true),
    image('w_2026_29'),
    image('exp_a'),
  ];

  it('shows at once what people mostly want, and all others in groups with their number', () => {
    assert.deepEqual(drawn(rowsOf(menuOf(few))), [
      'layers Images',
      '  star-full recommended: recommended',
      '  cloud-download w_2026_30: w_2026_30, latest weekly',
      '  zap d_2026_08_20: d_2026_08_20, latest daily',
      '  zap d_2026_08_19: d_2026_08_19',
      '  archive Weeklies: 1',
      '    cloud-download w_2026_29: w_2026_29',
      '  archive Experimental: 1',
      '    cloud-download exp_a: exp_a',
      '  server Sizes',
      '    server Small: 1 CPU, 4 GiB memory',
    ]);
  });

  it('divides large groups', () => {
    const many = Array.from({ length: 61 }, (_, index) =>
      image(`w_${2026 - (index % 2)}_${(index >> 1) + 1}`),
    );
    const [, weeklies] = rowsOf(menuOf(many)).children ?? [];
    assert.deepEqual(
      [weeklies, ...(weeklies?.children ?? [])].map((row) => [row?.id, row?.label, row?.detail]),
      [
        ['a/images/groups/weekly', 'Weeklies', '60'],
        ['a/images/groups/weekly/2026', '2026', '30'],
        ['a/images/groups/weekly/2025', '2025', '30'],
      ],
    );
  });

  it('has ids that are unique and stay when another image is the latest', () => {
    const ids = (images: LabMenu['images']): readonly string[] => {
      const flat = (row: Row): readonly string[] => [row.id, ...(row.children ?? []).flatMap(flat)];
      return flat(rowsOf(menuOf(images)));
    };
    const before = ids(few);
    const after = ids([...few, image('w_2026_31')]);
    assert.deepEqual(
      [
        new Set(after).size,
        after.filter((id) => !before.includes(id)),
        before.filter((id) => !after.includes(id)),
      ],
      [after.length, ['a/images/reg/lab:w_2026_31'], []],
    );
  });

  it('is made once for as long as the menu stays', () => {
    const menu = menuOf(few);
    assert.equal(rowsOf(menu).children, rowsOf(menu).children);
  });
});
