import assert from 'node:assert/strict';
import { groupImages, type ImageGroup } from '../../../../src/domain/lab/imageGroups';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';

describe('the groups of images', () => {
  const all = (images: LabMenu['images']): readonly ImageGroup[] => {
    const { main, others } = groupImages({ images });
    return [...main, ...others()];
  };
  const image = (tag: string, isPrepulled = false, name = tag): LabMenu['images'][number] => ({
    reference: `reg/lab:${tag}`,
    name,
    isPrepulled,
  });
  const told = (images: LabMenu['images']): readonly unknown[] =>
    all(images).map(({ id, images: of }) => [id, ...of.map(({ tag }) => tag.tag)]);
  const days = (year: number, month: number, count: number): LabMenu['images'] =>
    Array.from({ length: count }, (_, index) =>
      image(`d_${year}_${String(month).padStart(2, '0')}_${String(index + 1).padStart(2, '0')}`),
    );

  it('come in the order in which people look, each image in one of them, newest first', () => {
    const images = [
      image('recommended', true),
      image('w_2026_30', true),
      image('w_2026_29', true),
      image('d_2026_08_19', true),
      image('latest_weekly'),
      image('d_2026_08_20'),
      image('w_2025_10'),
      image('w_2026_28'),
      image('r29_2_0'),
      image('r30_0_9'),
      image('r30_0_10'),
      image('r30_0_11-arm64'),
      image('r31_0_0_rc1'),
      image('w_2026_30_c0043.001'),
      image('w_2026_30_c0044.003'),
      image('exp_random'),
      image('exp_w_2026_30_nosudo'),
      image('recommended_c0044'),
      image('ticket-dm-54321'),
    ];
    assert.deepEqual(told(images), [
      ['recommended', 'recommended'],
      ['latest', 'r30_0_10', 'w_2026_30', 'd_2026_08_20'],
      ['prepulled', 'w_2026_29', 'd_2026_08_19'],
      ['release', 'r30_0_11-arm64', 'r30_0_9', 'r29_2_0'],
      ['weekly', 'w_2026_28', 'w_2025_10'],
      ['candidate', 'r31_0_0_rc1'],
      ['telescope', 'w_2026_30_c0044.003', 'w_2026_30_c0043.001'],
      ['experimental', 'exp_w_2026_30_nosudo', 'exp_random'],
      ['alias', 'recommended_c0044', 'latest_weekly'],
      ['unknown', 'ticket-dm-54321'],
    ]);
  });

  it('tell the latest of each kind apart, and which start fast under another name', () => {
    const images = [
      { ...image('recommended', true), reference: 'reg/lab:recommended@sha256:1' },
      { ...image('r30_0_10'), reference: 'reg/lab:r30_0_10@sha256:1' },
      { ...image('w_2026_30'), reference: 'reg/lab:w_2026_30@sha256:2' },
      image('d_2026_08_20'),
    ];
    assert.deepEqual(
      all(images).flatMap(({ images: of }) =>
        of.map(({ tag, note, startsFast }) => [tag.tag, note, startsFast]),
      ),
      [
        ['recommended', undefined, true],
        ['r30_0_10', 'latest release', true],
        ['w_2026_30', 'latest weekly', false],
        ['d_2026_08_20', 'latest daily', false],
      ],
    );
  });

  it('begin with what is recommended also where nothing is pre-pulled', () => {
    assert.deepEqual(told([image('ticket-a'), image('recommended')]), [
      ['recommended', 'recommended'],
      ['unknown', 'ticket-a'],
    ]);
  });

  it('are divided when there are too many in one', () => {
    const images = [
      ...days(2026, 8, 20),
      ...days(2026, 7, 8),
      ...Array.from({ length: 30 }, (_, index) => image(`w_${2024 + (index % 2)}_${index + 10}`)),
      ...Array.from({ length: 30 }, (_, index) => image(`w_2026_20_c00${40 + (index % 2)}.${index}`)),
      ...Array.from({ length: 30 }, (_, index) => image(`exp_${index % 2 ? 'x' : 'w_2026_20_'}${index}`)),
      ...Array.from({ length: 30 }, (_, index) => image(`r${28 + (index % 2)}_0_${index}`)),
      ...Array.from({ length: 30 }, (_, index) => image(`ticket-${index}`)),
    ];
    const parts = groupImages({ images })
      .others()
      .map(({ id, images: all, parts: of }) => [
        id,
        all.length,
        ...of.map((part) => [part.id, part.images.length]),
      ]);
    assert.deepEqual(parts, [
      ['release', 29, ['release/Version 29', 14], ['release/Version 28', 15]],
      ['weekly', 29, ['weekly/2025', 14], ['weekly/2024', 15]],
      ['daily', 27, ['daily/2026-08', 19], ['daily/2026-07', 8]],
      ['telescope', 30, ['telescope/Cycle 0041', 15], ['telescope/Cycle 0040', 15]],
      ['experimental', 30, ['experimental/2026', 15], ['experimental/Without a date', 15]],
      ['unknown', 30],
    ]);
  });
});
