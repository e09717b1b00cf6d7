import assert from 'node:assert/strict';
import { parse } from 'node-html-parser';
import type { Front } from '../front';
import { ask, startTestFront, toJson, TOKENS } from './support';

const SPAWNER = '/nublado/spawner/v1';
const LAB_SITE = 'us-central1-docker.pkg.dev/rubin-shared/sciplat/sciplat-lab';

describe("the controller's lab form", () => {
  let front: Front;
  before(async () => {
    front = await startTestFront();
  });
  after(() => front.stop());
  afterEach(() => {
    front.faults.clear();
  });
  const get = (route: string, token: string = TOKENS.vrubin) => ask(front, { path: SPAWNER + route, token });

  it('offers menu, dropdown, sizes and options in the structure of the original', async () => {
    const answer = await get('/lab-form/vrubin');
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    const form = parse(answer.body);
    assert.equal(form.querySelector('form'), null);
    const radios = form.querySelectorAll('input[name=image_list]').map((radio) => {
      const id = radio.getAttribute('id') ?? '';
      const label = form.querySelector(`label[for=${id}]`)?.text.trim();
      return [id, radio.getAttribute('value')?.split('@')[0], label, radio.hasAttribute('checked')];
    });
    assert.deepEqual(radios, [
      ['image1', `${LAB_SITE}:recommended`, 'Recommended (Release r30.0.10 (RSP Build 2991))', true],
      ['image2', `${LAB_SITE}:w_2026_30`, 'Weekly 2026_30', false],
      ['image3', `${LAB_SITE}:w_2026_29`, 'Weekly 2026_29', false],
      ['image4', `${LAB_SITE}:d_2026_08_20`, 'Daily 2026_08_20', false],
      ['use_image_from_dropdown', 'use_image_from_dropdown', 'Select uncached image (slower start):', false],
    ]);
    const options = form.querySelectorAll('select[name=image_dropdown] > option');
    assert.equal(options.length, 13);
    const last = options.at(-1);
    assert.deepEqual(
      [last?.getAttribute('value'), last?.text],
      [`${LAB_SITE}:ticket-dm-54321`, 'ticket-dm-54321 (blue & red <draft>)'],
    );
    const boxes = form.querySelectorAll('input[type=checkbox]');
    assert.deepEqual(
      boxes.map((box) => [box.id, box.getAttribute('name'), box.getAttribute('value')]),
      [
        ['enable_debug', 'enable_debug', 'true'],
        ['reset_user_env', 'reset_user_env', 'true'],
      ],
    );
  });

  const sizes = async (username: string, token: string) => {
    const form = parse((await get(`/lab-form/${username}`, token)).body);
    return form.querySelectorAll('input[name=size]').map((radio) => {
      const id = radio.getAttribute('id') ?? '';
      const label = form.querySelector(`label[for=${id}]`)?.text.trim() ?? '';
      return `${label}${radio.hasAttribute('checked') ? ' *' : ''}`;
    });
  };

  it('leaves out sizes beyond the quota and falls back to the first', async () => {
    const small = 'Small (1.0 CPU, 4Gi RAM)';
    const [medium, large] = ['Medium (2.0 CPU, 8Gi RAM)', 'Large (4.0 CPU, 16Gi RAM)'];
    assert.deepEqual(await sizes('vrubin', TOKENS.vrubin), [small, medium, `${large} *`]);
    assert.deepEqual(await sizes('hleavitt', TOKENS.hleavitt), [`${small} *`]);
    const huge = 'Huge (8.0 CPU, 32Gi RAM)';
    assert.deepEqual(await sizes('jbell', TOKENS.jbell), [small, medium, `${large} *`, huge]);
  });

  it('is a page without inputs, with status 200, where no lab can be had', async () => {
    const unavailable = await get('/lab-form/cpayne', TOKENS.cpayne);
    assert.equal(unavailable.status, 200);
    assert.match(unavailable.body, /<h2>Notebooks unavailable<\/h2>/);
    assert.doesNotMatch(unavailable.body, /<input/);
    front.faults.set('labFormUnavailable', true);
    assert.equal((await get('/lab-form/vrubin')).body, unavailable.body);
  });

  it('is only for oneself', async () => {
    const answer = await get('/lab-form/hleavitt');
    const detail = [{ msg: 'Permission denied', type: 'permission_denied' }];
    assert.deepEqual([answer.status, toJson(answer)], [403, { detail }]);
  });
});
