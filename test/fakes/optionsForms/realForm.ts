import type { OptionsAnswers } from '../../../src/protocol/jupyterhub/optionsBody';
import type { OptionsField, OptionsForm } from '../../../src/protocol/jupyterhub/optionsForm';

/** A form as hubs of its kind serve it, with what people would have to see of it. */
export interface RealForm {
  /** Which hubs have such a form. */
  readonly of: string;
  readonly html: string;
  /** A line for each field, as {@link toLine} writes it. */
  readonly fields: readonly string[];
  /** What somebody answers; what is left out stays as it comes. */
  readonly answers: OptionsAnswers;
  /** What the spawner has to be started with after that. */
  readonly received: Readonly<Record<string, unknown>>;
}

/** The page of a hub around a form, as JupyterHub 5 writes it. */
export function spawnPage(formHtml: string, message = ''): string {
  const error = message === '' ? '' : `<p class="spawn-error-msg alert alert-danger">Error: ${message}</p>`;
  return `<!DOCTYPE html><html><head><title>JupyterHub</title><script>window.jhdata = {"a": "<form>"};</script></head><body>
    <nav><form action="/hub/search" method="get"><input name="q"></form></nav>
    <div class="container"><h1>Server Options</h1>${error}
      <form enctype="multipart/form-data" id="spawn_form" action="/hub/spawn?_xsrf=abc" method="post" role="form">
        ${formHtml}
        <br><div class="feedback-container"><button type="submit" class="btn form-control">Start</button></div>
      </form>
    </div><form><input name="after"></form></body></html>`;
}

/** What people would see of a form, in lines. */
export function toLines({ fields, hidden, leftOut, flavour }: OptionsForm): readonly string[] {
  return [
    ...(flavour === 'plain' ? [] : [`form of ${flavour}`]),
    ...hidden.map(([name, value]) => `${name}: kept "${value}"`),
    ...leftOut.map((label) => `left out: ${label}`),
    ...fields.map(toLine),
  ];
}

/** Such as `queue: choice "Queue" in "Job" [short*, long] – which nodes`. */
export function toLine(field: OptionsField): string {
  const { id, kind, label, group, description, isRequired, isTucked, condition } = field;
  return [
    `${id}: ${kind} "${label}"`,
    group === '' ? '' : `in "${group}"`,
    isRequired ? 'required' : '',
    isTucked ? 'tucked' : '',
    condition ? `if ${condition.fieldId}=${condition.value}` : '',
    content(field),
    description === '' ? '' : `– ${description}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function content(field: OptionsField): string {
  switch (field.kind) {
    case 'choice':
    case 'choices': {
      const chosen = [field.chosen ?? []].flat();
      const told = field.choices.map(({ value, label, group, description }) =>
        [
          group === '' ? '' : `${group}/`,
          label === value ? value : `${value}=${label}`,
          chosen.includes(value) ? '*' : '',
          description === '' ? '' : ` (${description})`,
        ].join(''),
      );
      return `[${told.join(', ')}]`;
    }
    case 'switch':
      return `${field.value} ${field.isOn ? 'on' : 'off'}`;
    case 'number':
      return `${field.value || 'none'} of ${field.min ?? ''}..${field.max ?? ''} by ${field.step ?? 'any'}`;
    case 'text':
      return [
        field.type === 'plain' ? '' : field.type,
        JSON.stringify(field.value),
        field.pattern === undefined ? '' : `like ${field.pattern}`,
        field.maxLength === undefined ? '' : `up to ${field.maxLength}`,
        field.suggestions.length === 0 ? '' : `or ${field.suggestions.join('|')}`,
      ]
        .filter(Boolean)
        .join(' ');
  }
}
