import assert from 'node:assert/strict';
import { readLabForm, type LabForm } from '../../../../src/protocol/nublado/labForm';
import { labFormHtml, UNAVAILABLE_FORM } from '../../../fakes/samples';

describe('the lab form', () => {
  type Offer = Extract<LabForm, { kind: 'offer' }>;
  const offer = (parts?: Parameters<typeof labFormHtml>[0]): Offer => {
    const form = readLabForm(labFormHtml(parts));
    assert.equal(form?.kind, 'offer');
    return form;
  };
  const radio = (name: string, value: string, label: string, more = ''): string =>
    `<input type="radio" name="${name}" id="${value}" value="${value}" ${more}><label for="${value}">${label}</label>`;

  it('offers pre-pulled images first with the recommended one at the head, then the others, and the sizes', () => {
    assert.deepEqual(offer(), {
      kind: 'offer',
      images: [
        {
          reference: 'reg/lab:recommended@sha256:a1',
          name: 'Recommended (Release r30.0.10)',
          isPrepulled: true,
        },
        {
          reference: 'reg/lab:w_2026_30@sha256:b1',
          name: 'Latest Weekly (Weekly 2026_30)',
          isPrepulled: true,
        },
        { reference: 'reg/lab:w_2026_28@sha256:e1', name: 'Weekly 2026_28', isPrepulled: false },
      ],
      defaultImage: 'reg/lab:recommended@sha256:a1',
      sizes: [
        { value: 'small', name: 'Small', cpuCores: 1, memoryGib: 4 },
        { value: 'large', name: 'Large', cpuCores: 4, memoryGib: 16 },
      ],
      defaultSize: 'large',
      hasDebugOption: true,
      hasResetOption: true,
    });
  });

  it('never offers the radio button that stands for the drop-down list, nor takes it for the default', () => {
    const menu = radio('image_list', 'use_image_from_dropdown', 'Select uncached image:', 'checked');
    const { images, defaultImage } = offer({ menu });
    assert.deepEqual(
      [images.map(({ reference }) => reference), defaultImage],
      [['reg/lab:w_2026_28@sha256:e1'], undefined],
    );
  });

  it('lists an image once, also when the drop-down list repeats it without its digest', () => {
    const dropdown = [
      '<option value="reg/lab:w_2026_30@sha256:b1">Again</option>',
      '<option value="reg/lab:recommended">Again</option>',
      '<option value="reg/lab:recommended@sha256:zz">Same tag, other digest</option>',
      '<option value="">Choose…</option>',
    ].join('');
    assert.deepEqual(
      offer({ dropdown })
        .images.slice(2)
        .map(({ reference }) => reference),
      ['reg/lab:recommended@sha256:zz'],
    );
  });

  it('takes the first size when the default is above the quota and left out', () => {
    const sizes = radio('size', 'small', 'Small (1.0 CPU, 4Gi RAM)') + radio('size', 'medium', 'Medium');
    assert.equal(offer({ sizes }).defaultSize, 'small');
  });

  it('reads what sizes hold, and keeps what does not fit as a name', () => {
    const sizes = [
      radio('size', 'fine', 'Fine (0.5 CPU, 512Mi RAM)'),
      radio('size', 'huge', 'Huge\n  (8 CPU,  64GiB RAM)'),
      radio('size', 'colossal', 'Colossal (32.0 CPU, 1Ti RAM)'),
      radio('size', 'odd', 'Odd (many CPU)'),
      '<input type="radio" name="size" value="bare">',
    ].join('');
    assert.deepEqual(offer({ sizes }).sizes, [
      { value: 'fine', name: 'Fine', cpuCores: 0.5, memoryGib: 0.5 },
      { value: 'huge', name: 'Huge', cpuCores: 8, memoryGib: 64 },
      { value: 'colossal', name: 'Colossal', cpuCores: 32, memoryGib: 1024 },
      { value: 'odd', name: 'Odd (many CPU)', cpuCores: undefined, memoryGib: undefined },
      { value: 'bare', name: 'bare', cpuCores: undefined, memoryGib: undefined },
    ]);
  });

  it('decodes entities in names and values, and takes markup in them for text', () => {
    const dropdown = '<option value="reg/lab:a&amp;b">blue &amp; red &lt;draft&gt; &#39;x&#39;</option>';
    assert.deepEqual(offer({ dropdown }).images.at(-1), {
      reference: 'reg/lab:a&b',
      name: "blue & red <draft> 'x'",
      isPrepulled: false,
    });
  });

  it('names an image without a text after its reference', () => {
    assert.equal(
      offer({ dropdown: '<option value="reg/lab:x"> </option>' }).images.at(-1)?.name,
      'reg/lab:x',
    );
  });

  it('holds hundreds of images in their order', () => {
    const references = Array.from({ length: 400 }, (_, index) => `reg/lab:d_${index}`);
    const dropdown = references
      .map((reference) => `<option value="${reference}">${reference}</option>`)
      .join('');
    const { images } = offer({ dropdown });
    assert.deepEqual(
      images.slice(2).map(({ reference }) => reference),
      references,
    );
  });

  it('knows when there is no debug and no reset option', () => {
    const { hasDebugOption, hasResetOption } = offer({ options: '' });
    assert.deepEqual([hasDebugOption, hasResetOption], [false, false]);
  });

  it('is found within the page of the hub', () => {
    const page = `<!DOCTYPE html><html><body><form action="/nb/hub/spawn?_xsrf=x">${labFormHtml()}</form></body></html>`;
    assert.deepEqual(readLabForm(page), offer());
  });

  it('is unavailable when it says so and offers nothing', () => {
    assert.deepEqual(readLabForm(UNAVAILABLE_FORM), { kind: 'unavailable' });
  });

  it('is none when it is anything else', () => {
    const others = [
      '',
      'plain',
      '<html><h1>502 Bad Gateway</h1></html>',
      '{"images": []}',
      '<input name="size">',
    ];
    assert.deepEqual(others.map(readLabForm), Array(5).fill(undefined));
  });

  it('is none for any broken piece of itself, and never an error', () => {
    const html = labFormHtml();
    const pieces = Array.from({ length: html.length }, (_, end) => readLabForm(html.slice(0, end)));
    assert.deepEqual(
      pieces.filter((piece) => piece !== undefined && piece.kind !== 'offer'),
      [],
    );
  });

  it('does not mind order, quotes, case and white space of what it reads', () => {
    const menu = `<INPUT checked id=image1 VALUE = ' reg/lab:recommended@sha256:a1 '
      NAME='image_list' type=radio><LABEL FOR=image1>
        Recommended
        (Release r30.0.10)
      </LABEL>`;
    const dropdown = `<option selected value=reg/lab:w_2026_28>Weekly 2026_28<option value='reg/lab:d_2026_08_20'>\n Daily</select>`;
    const { images, defaultImage } = offer({ menu, dropdown });
    assert.deepEqual(
      [images, defaultImage],
      [
        [
          {
            reference: 'reg/lab:recommended@sha256:a1',
            name: 'Recommended (Release r30.0.10)',
            isPrepulled: true,
          },
          { reference: 'reg/lab:w_2026_28', name: 'Weekly 2026_28', isPrepulled: false },
          { reference: 'reg/lab:d_2026_08_20', name: 'Daily', isPrepulled: false },
        ],
        'reg/lab:recommended@sha256:a1',
      ],
    );
  });

  it('reads a form of the drop-down list alone, with its default', () => {
    const menu = radio('image_list', 'use_image_from_dropdown', 'Select uncached image:', 'checked');
    const dropdown =
      '<option value="reg/lab:w_2026_28">A</option><option value="reg/lab:w_2026_27" selected>B</option>';
    const { images, defaultImage } = offer({ menu, dropdown });
    assert.deepEqual(
      [images.map(({ isPrepulled }) => isPrepulled), defaultImage],
      [[false, false], 'reg/lab:w_2026_27'],
    );
  });

  it('reads a form with one size and no default', () => {
    const { sizes, defaultSize } = offer({ sizes: radio('size', 'tiny', 'Tiny (0.25 CPU, 768Mi RAM)') });
    assert.deepEqual(
      [sizes, defaultSize],
      [[{ value: 'tiny', name: 'Tiny', cpuCores: 0.25, memoryGib: 0.75 }], 'tiny'],
    );
  });

  it('leaves alone what it does not know, and what cannot be chosen', () => {
    const options = `<input type="checkbox" name="enable_debug" value="true">
      <input type="checkbox" name="reset_user_env" value="true">
      <input type="hidden" name="gpu" value="none"><select name="partition"><option value="long">Long</option></select>
      <input type="radio" name="size" id="huge" value="huge" disabled><label for="huge">Huge</label>
      <new-element name="size" value="x">?</new-element><input type="radio" name="size">`;
    assert.deepEqual(offer({ options }), offer());
  });

  it('offers references and sizes once, under their first name', () => {
    const menu = radio('image_list', 'reg/lab:a', 'First') + radio('image_list', 'reg/lab:a', 'Second');
    const sizes = radio('size', 'small', 'Small') + radio('size', 'small', 'Small again');
    const form = offer({ menu, sizes, dropdown: '<option value="reg/lab:a">Third</option>' });
    assert.deepEqual(
      [form.images.map(({ name }) => name), form.sizes.map(({ name }) => name)],
      [['First'], ['Small']],
    );
  });

  it('is none when it offers sizes but no image, or images but no size', () => {
    const forms = [
      labFormHtml({ menu: '', dropdown: '' }),
      labFormHtml({ sizes: '<input type="radio" name="size" value="">' }),
    ];
    assert.deepEqual(forms.map(readLabForm), [undefined, undefined]);
  });

  it('keeps tags of telescopes, experiments and other names as they are', () => {
    const tags = [
      'w_2026_30_c0044.003',
      'exp_w_2026_30_nosudo',
      'latest_weekly',
      'ticket-dm-54321',
      'r30_0_10_rsp2991-arm64',
    ];
    const dropdown = tags
      .map((tag) => `<option value="reg.example:5000/a/lab:${tag}">${tag}</option>`)
      .join('');
    assert.deepEqual(
      offer({ menu: '', dropdown }).images.map(({ reference, name }) => [reference, name]),
      tags.map((tag) => [`reg.example:5000/a/lab:${tag}`, tag]),
    );
  });
});
