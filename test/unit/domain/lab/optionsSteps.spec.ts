import { deepEqual, equal } from 'node:assert/strict';

import { checkAnswer } from '../../../../src/domain/lab/optionsCheck';
import { describeAnswers, stillFits, toKeep, toSteps } from '../../../../src/domain/lab/optionsSteps';
import { toFormBody, type OptionsAnswers } from '../../../../src/protocol/jupyterhub/optionsBody';
import { readOptionsPage, type OptionsForm } from '../../../../src/protocol/jupyterhub/optionsForm';
import { REAL_FORMS, spawnPage } from '../../../fakes/optionsForms';

function formOf(html: string): OptionsForm {
  const page = readOptionsPage(spawnPage(html));
  if (page.kind !== 'form') throw new Error(`It is ${JSON.stringify(page)}`);
  return page.form;
}

function realForm(start: string): OptionsForm {
  return formOf(REAL_FORMS.find(({ of }) => of.startsWith(start))?.html ?? '');
}

/** The steps by the fields that they are about. */
function stepsOf(form: OptionsForm, answers: OptionsAnswers = {}): readonly string[] {
  return toSteps(form, answers).map((step) =>
    step.kind === 'ask' ? step.field.id : `review of ${step.fields.map(({ id }) => id).join(', ')}`,
  );
}

describe('The way through an options form', () => {
  it('asks one by one while the questions are few', () => {
    deepEqual(stepsOf(realForm('BatchSpawner')), ['queue', 'gpus', 'runtime', 'account']);
  });

  it('asks of many the first choice and what has no answer, and has the rest looked over', () => {
    deepEqual(stepsOf(realForm('SlurmFormSpawner')), [
      'reservation',
      'review of account, runtime, nprocs, oversubscribe, gpus, ui, feature',
    ]);
    deepEqual(stepsOf(realForm('SWAN')), [
      'LCG-rel',
      'review of scriptenv, ncores, memory, spark-cluster, use-jupyterlab',
    ]);
  });

  it('follows the answers: options of the profile that was chosen, and what is not in its list', () => {
    const form = realForm('KubeSpawner with options');
    const image = 'profile-option-cpu--image';
    deepEqual(stepsOf(form), ['profile', image, 'profile-option-cpu--mem']);
    deepEqual(stepsOf(form, { profile: ['cpu-gpu'] }), ['profile', 'profile-option-cpu-gpu--image']);
    deepEqual(stepsOf(form, { [image]: ['unlisted-choice'] }), [
      'profile',
      image,
      `${image}--unlisted-choice`,
      'profile-option-cpu--mem',
    ]);
  });

  it('leaves what the page hides to who looks it over', () => {
    deepEqual(stepsOf(realForm('a faculty')), ['partition', 'cpus', 'review of reservation, gres']);
  });

  it('has no step where there is nothing to choose', () => {
    deepEqual(stepsOf(formOf('<p>You get the usual.</p><input type="hidden" name="a" value="b">')), []);
  });
});

describe('Remembered answers', () => {
  const form = realForm('WrapSpawner');

  it('are taken again while the form offers them', () => {
    deepEqual(stillFits(form, { profile: ['lab1'], gone: ['x'] }), { profile: ['lab1'] });
  });

  it('are asked anew when something of them is not on offer any more, or an answer is missing', () => {
    const asked = realForm('BatchSpawner');
    deepEqual(
      [stillFits(form, { profile: ['gone'] }), stillFits(form, {}), stillFits(asked, { queue: ['compute'] })],
      [undefined, undefined, undefined],
    );
    deepEqual(stillFits(asked, { account: ['abc'] }), { account: ['abc'] });
  });

  it('hold what was asked and nothing secret', () => {
    const course = realForm('a course');
    const kept = toKeep(course, { pat: ['a secret'], mail: ['a@b.example'] });
    deepEqual([kept['pat'], kept['mail']], [undefined, ['a@b.example']]);
    const kube = realForm('KubeSpawner with options');
    deepEqual(Object.keys(toKeep(kube, { profile: ['cpu-gpu'] })), [
      'profile',
      'profile-option-cpu-gpu--image',
    ]);
  });

  it('are told in short', () => {
    const words = describeAnswers(realForm('BatchSpawner'), { queue: ['gpu-shared'], account: ['abc'] });
    equal(words, 'shared GPU node, Number of GPUs (only for shared): 1, Account: abc');
    const slurm = describeAnswers(realForm('SlurmFormSpawner'), {});
    equal(slurm, 'def-ada, Time (hours): 1.0, Number of cores: 1, JupyterLab'); // of no reservation nothing is said
    equal(describeAnswers(realForm('a course'), { pat: ['a secret'] }).includes('secret'), false);
  });

  it('are told without "Other…" where what was entered for it says more', () => {
    const image = 'profile-option-cpu--image';
    const kube = realForm('KubeSpawner with options');
    const other = {
      profile: ['cpu'],
      [image]: ['unlisted-choice'],
      [`${image}--unlisted-choice`]: ['me/it:1'],
    };
    deepEqual(
      [describeAnswers(kube, other), describeAnswers(kube, { profile: ['cpu'], [image]: ['minimal'] })],
      ['Small, Custom image: me/it:1, 8 GB', 'Small, Minimal, 8 GB'],
    );
  });
});

describe('An answer', () => {
  const check = (html: string, ...values: string[]): string | undefined => {
    const [field] = formOf(html).fields;
    return field && checkAnswer(field, values);
  };

  it('has to be a number within its bounds and on its steps', () => {
    const hours = '<input name="h" type="number" min="0.25" max="5" step="0.25" required>';
    deepEqual(
      ['', 'x', '0', '6', '0.3', '0.75', '5'].map((value) => check(hours, value)),
      [
        'The hub wants an answer to this.',
        'Enter a number.',
        'Enter a number from 0.25 to 5.',
        'Enter a number from 0.25 to 5.',
        'Enter a number in steps of 0.25 from 0.25.',
        undefined,
        undefined,
      ],
    );
    equal(check('<input name="n" type="number">', '1.5'), 'Enter a whole number.');
    equal(check('<input name="n" type="number" step="any">', '1.5'), undefined);
  });

  it('has to match the pattern of the hub as a whole, and is told how', () => {
    const time = '<input name="t" pattern="[0-9]{2}:[0-9]{2}" title="hh:mm" aria-label="Time">';
    deepEqual(
      [check(time, '10:30'), check(time, '10:30:00'), check(time, '')],
      [undefined, 'The hub wants this in another form: hh:mm.', undefined],
    );
  });

  it('is left to the hub where its pattern is none, or takes for ever', () => {
    equal(check('<input name="t" pattern="(">', 'x'), undefined);
    equal(check(`<input name="t" pattern="(a+)+b">`, 'a'.repeat(40)), undefined);
  });

  it('has to be one of those on offer', () => {
    const queue = '<select name="q" required><option value="">…</option><option>a</option></select>';
    deepEqual([check(queue), check(queue, ''), check(queue, 'a')], ['Choose one.', 'Choose one.', undefined]);
  });

  it('has the shape of its kind, and no more characters than it may', () => {
    deepEqual(
      [
        check('<input name="d" type="date">', '1.9.2026'),
        check('<input name="u" type="url">', 'example'),
        check('<input name="m" type="email">', 'a'),
        check('<input name="x" maxlength="3">', 'abcd'),
        check('<input name="c" type="checkbox" required>'),
      ],
      [
        'Enter a date, such as 2026-08-21.',
        'Enter a whole address, such as https://example.org/data.',
        'Enter an e-mail address.',
        'At most 3 characters will do.',
        'The hub wants a yes to this.',
      ],
    );
  });
});

describe('What cannot be shown here', () => {
  const kindOf = (html: string): unknown => {
    const page = readOptionsPage(html);
    return page.kind === 'unsupported' ? [page.reason, page.label] : page.kind;
  };

  it('is a form that a script makes or fills, and one that wants a file', () => {
    const none: OptionsAnswers = {};
    deepEqual(
      [
        kindOf(spawnPage('<div id="form"></div><script>window.profileList = [];</script>')),
        kindOf(spawnPage('<label>Image <select name="image"></select></label><script>fill()</script>')),
        kindOf(spawnPage('<label>Key <input type="file" name="key" required></label>')),
        kindOf(spawnPage('<fancy-picker></fancy-picker>')),
        toFormBody(formOf('<script>1</script><input name="a" value="b">'), none),
      ],
      [['script', ''], ['script', 'Image'], ['file', 'Key'], ['script', ''], [['a', 'b']]],
    );
  });

  it('is a page without a form for options, such as one to sign in', () => {
    const login =
      '<form action="/hub/login?next=%2Fhub%2Fspawn" method="post"><input name="username"></form>';
    deepEqual([kindOf(login), kindOf(''), kindOf('<form id="spawn_form"')], ['none', 'none', 'none']);
    equal(kindOf('<form action="/jupyter/hub/spawn/ada" method="POST"><input name="a"></form>'), 'form');
  });

  it('comes with what the hub says of it', () => {
    const page = readOptionsPage(spawnPage('<input name="a">', 'No &lt;allocation&gt; left'));
    equal(page.kind === 'form' && page.form.message, 'No <allocation> left');
  });
});
