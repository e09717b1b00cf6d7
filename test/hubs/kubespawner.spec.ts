import { deepEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';

import { toFormBody } from '../../src/protocol/jupyterhub/optionsBody';
import { readOptionsPage, type OptionsForm } from '../../src/protocol/jupyterhub/optionsForm';
import { CLUSTER_FORMS } from '../fakes/optionsForms/clusterForms';
import { type RealForm, toLines } from '../fakes/optionsForms/realForm';
import { PYTHON_FILES } from '../platform/supervised';
import { hubPython } from '../setup/pythonEnv';

const TIMEOUT_MS = 900_000;
const ToldSchema = z.object({ html: z.string(), options: z.unknown() });

const CHOICES = {
  display_name: 'Image',
  unlisted_choice: {
    enabled: true,
    display_name: 'Custom image',
    display_name_in_choices: 'Other...',
    validation_regex: '^.+:.+$',
    validation_message: 'Must be a publicly available image, name:tag',
  },
  choices: { minimal: { display_name: 'Minimal', default: true } },
};
const MEMORY = {
  display_name: 'Memory',
  choices: { m4: { display_name: '4 GB' }, m8: { display_name: '8 GB', default: true } },
};
const TORCH = { display_name: 'Image', choices: { torch: { display_name: 'PyTorch', default: true } } };

/** What a hub would have in its configuration to serve the forms that every run looks at. */
const PROFILES: Readonly<Record<string, readonly object[]>> = {
  'KubeSpawner with a list of profiles': [
    {
      slug: 'minimal',
      display_name: 'Minimal environment',
      description: 'To avoid too much bells & whistles: Python.',
      default: true,
    },
    { slug: 'datascience', display_name: 'Datascience environment', description: 'Python, R, and Julia.' },
    { slug: 'spark', display_name: 'Spark environment' },
  ],
  'KubeSpawner with options in its profiles, and a choice that is not in the list': [
    { slug: 'cpu', display_name: 'Small', default: true, profile_options: { image: CHOICES, mem: MEMORY } },
    { slug: 'cpu-gpu', display_name: 'GPU', profile_options: { image: TORCH } },
  ],
};

describe('The form of KubeSpawner itself', function () {
  this.timeout(TIMEOUT_MS);

  for (const [of, profiles] of Object.entries(PROFILES)) {
    it(`has the fields, and takes the answers, that every run counts on: ${of}`, async () => {
      const real = CLUSTER_FORMS.find((form) => form.of === of);
      const { html } = await ask(profiles, {});
      const form = formIn(html);
      const { options } = await ask(profiles, byName(form, real));
      deepEqual([toLines(form), options], [real?.fields, real?.received]);
    });
  }
});

function formIn(html: string): OptionsForm {
  const page = readOptionsPage(`<form id="spawn_form" method="post">${html}</form>`);
  if (page.kind !== 'form') throw new Error(`No form, but ${JSON.stringify(page)}`);
  return page.form;
}

/** As a hub hands over what was posted: all values of a name. */
function byName(form: OptionsForm, real: RealForm | undefined): Readonly<Record<string, readonly string[]>> {
  const all = new Map<string, string[]>();
  for (const [name, value] of toFormBody(form, real?.answers ?? {}))
    all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(all);
}

async function ask(profiles: readonly object[], answers: object): Promise<z.output<typeof ToldSchema>> {
  const python = await hubPython('5.4');
  const script = path.join(PYTHON_FILES, 'hubs', 'kube_form.py');
  return new Promise((resolve, reject) => {
    const child = execFile(python, [script], (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(ToldSchema.parse(JSON.parse(stdout)));
    });
    child.stdin?.end(JSON.stringify({ profiles, answers }));
  });
}
