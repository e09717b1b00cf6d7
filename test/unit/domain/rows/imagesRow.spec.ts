import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { imagesRow } from '../../../../src/domain/rows/imagesRow';
import { spokenOf, type Row } from '../../../../src/domain/rows/row';
import { plainTextOf } from '../../../../src/domain/rows/tip';

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
      '  star-full recommended',
      '  cloud-download w_2026_30: latest weekly',
      '  zap d_2026_08_20: latest daily',
      '  zap d_2026_08_19',
      '  archive Weeklies: 1',
      '    cloud-download w_2026_29',
      '  archive Experimental: 1',
      '    cloud-download exp_a',
      '  server Sizes',
      '    server Small: 1 CPU, 4 GiB memory',
    ]);
  });

  it('puts what an image is first, and what sets it apart next to it, so that a narrow view cuts neither', () => {
    const named = (tag: string, name: string): LabMenu['images'][number] => ({ ...image(tag, true), name });
    const row = rowsOf(
      menuOf([
        named('recommended@sha256:0123456789abcdef0123', 'Recommended (Release r30.0.10)'),
        named('w_2026_30', 'Latest Weekly (Weekly 2026_30)'),
        named('r29_2_0_rsp2697', 'Release r29.2.0 (RSP Build 2697)'),
        named('w_2026_29_c0044.003', 'Weekly 2026_29 (SAL Cycle 0044, Build 003)'),
      ]),
    );
    const [recommended, , , telescope] = row.children ?? [];
    assert.deepEqual(drawn(row).slice(1, 5), [
      '  star-full Release r30.0.10: recommended',
      '  zap Release r29.2.0: latest release, RSP Build 2697',
      '  zap Weekly 2026_30: latest weekly',
      '  zap Weekly 2026_29: SAL Cycle 0044, Build 003',
    ]);
    assert.deepEqual(
      recommended && [spokenOf(recommended), recommended.tip && plainTextOf(recommended.tip)],
      [
        'Release r30.0.10: recommended, starts fast',
        [
          'Release r30.0.10',
          'Kind: recommended',
          'Start: fast, every node has it',
          'Tag: recommended',
          'Reference: reg/lab:recommended',
          'Digest: sha256:0123456789ab…',
        ].join('\n'),
      ],
    );
    assert.ok(telescope?.tip && plainTextOf(telescope.tip).includes('Kind: for the telescope of '));
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
