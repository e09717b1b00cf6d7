import assert from 'node:assert/strict';
import {
  describeSize,
  sameAgain,
  stillOffered,
  tagOf,
  toChoice,
  toStartOptions,
  type LabMenu,
} from '../../../../src/domain/lab/labMenu';
import { readLabForm } from '../../../../src/protocol/nublado/labForm';
import { labFormHtml } from '../../../fakes/samples';

describe('the choice of a lab', () => {
  const menu = readLabForm(labFormHtml()) as LabMenu;
  const [image, , slow] = menu.images;
  const [size] = menu.sizes;
  assert.ok(image && slow && size);
  const choice = toChoice(image, size);

  it('is found again for a lab that runs, by the digest where the name has moved on', () => {
    const details = (imageReference: string | undefined, sizeName = 'large') => ({
      status: 'running' as const,
      size: sizeName,
      imageReference,
      isDebug: true,
      hasResetEnvironment: false,
      limits: undefined,
    });
    const found = [
      details('reg/lab:w_2026_30@sha256:b1'),
      details('other/name:r30_0_10@sha256:a1'),
      details('reg/lab:gone@sha256:0'),
      details('reg/lab:w_2026_30@sha256:b1', 'custom'),
      details(undefined),
    ].map((running) => sameAgain(running, menu));
    assert.deepEqual(
      found.map((again) => again && [again.imageName, again.size, again.isDebug, again.resetsEnvironment]),
      [
        ['Latest Weekly (Weekly 2026_30)', 'large', true, false],
        ['Recommended (Release r30.0.10)', 'large', true, false],
        undefined,
        undefined,
        undefined,
      ],
    );
  });

  it('becomes the fields of the form, in the way of its image', () => {
    assert.deepEqual(
      [toStartOptions(choice), toStartOptions(toChoice(slow, size))],
      [
        { image_list: 'reg/lab:recommended@sha256:a1', size: 'small' },
        {
          image_list: 'use_image_from_dropdown',
          image_dropdown: 'reg/lab:w_2026_28@sha256:e1',
          size: 'small',
        },
      ],
    );
  });

  it('asks for debug logs and a reset only when chosen', () => {
    const fields = toStartOptions({ ...choice, isDebug: true, resetsEnvironment: true });
    assert.deepEqual([fields['enable_debug'], fields['reset_user_env']], ['true', 'true']);
  });

  it('is offered again as the menu has it now, without the reset', () => {
    const last = {
      ...choice,
      imageName: 'An old name',
      isPrepulled: false,
      isDebug: true,
      resetsEnvironment: true,
    };
    assert.deepEqual(stillOffered(last, menu), { ...choice, isDebug: true, resetsEnvironment: false });
  });

  it('is not offered again when image or size are gone, or nothing was chosen', () => {
    const gone = [
      undefined,
      { ...choice, imageReference: 'reg/lab:gone' },
      { ...choice, size: 'gargantuan' },
    ].map((last) => stillOffered(last, menu));
    assert.deepEqual(gone, [undefined, undefined, undefined]);
  });

  it('is told by tag and size', () => {
    assert.deepEqual(
      [
        ['reg.example:5000/lab:w_2026_30@sha256:b1', 'reg/lab:r30', 'reg.example:5000/lab', 'lab'].map(tagOf),
        menu.sizes.map(describeSize),
        describeSize({ value: 'x', name: 'x', cpuCores: undefined, memoryGib: 4 }),
      ],
      [
        ['w_2026_30', 'r30', 'reg.example:5000/lab', 'lab'],
        ['1 CPU, 4 GiB memory', '4 CPU, 16 GiB memory'],
        '',
      ],
    );
  });
});
