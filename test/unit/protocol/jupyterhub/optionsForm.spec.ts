import { deepEqual, equal } from 'node:assert/strict';

import { toApiOptions, toFormBody, toLists } from '../../../../src/protocol/jupyterhub/optionsBody';
import { readOptionsPage, type OptionsForm } from '../../../../src/protocol/jupyterhub/optionsForm';
import { REAL_FORMS, spawnPage, toLines } from '../../../fakes/optionsForms';

function formOf(html: string): OptionsForm {
  const page = readOptionsPage(spawnPage(html));
  if (page.kind !== 'form') throw new Error(`It is ${JSON.stringify(page)}`);
  return page.form;
}

describe('the form with the options for a server', () => {
  for (const { of, html, fields, answers, received } of REAL_FORMS) {
    it(`of ${of} has the fields that people see, and gives the body that its spawner wants`, () => {
      const form = formOf(html);
      deepEqual(toLines(form), fields);
      const lists = toLists(toFormBody(form, answers));
      deepEqual(form.flavour === 'kubespawner' ? toApiOptions(form, answers) : lists, received);
    });
  }

  it('is of twenty kinds here', () => equal(REAL_FORMS.length, 20));
});
