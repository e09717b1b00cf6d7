import type { FormFields } from '../connection/connection';
import type { OptionsField, OptionsForm } from './optionsForm';

/** What is answered for each field, by its id; nothing in it is an answer as well. */
export type OptionsAnswers = Readonly<Record<string, readonly string[]>>;

/** What a field comes with, as a browser has it when the page is loaded. */
export function defaultAnswer(field: OptionsField): readonly string[] {
  if (field.kind === 'choice') return field.chosen === undefined ? [] : [field.chosen];
  if (field.kind === 'choices') return field.chosen;
  if (field.kind === 'switch') return field.isOn ? [field.value] : [];
  return [field.value];
}

export function answerOf(field: OptionsField, answers: OptionsAnswers): readonly string[] {
  return (Object.hasOwn(answers, field.id) ? answers[field.id] : undefined) ?? defaultAnswer(field);
}

/** Whether a field is asked, which may depend on what was answered to others. */
export function isAsked(form: OptionsForm, field: OptionsField, answers: OptionsAnswers): boolean {
  const { condition } = field;
  if (!condition) return true;
  const owner = form.fields.find(({ id }) => id === condition.fieldId);
  return !owner || (isAsked(form, owner, answers) && answerOf(owner, answers).includes(condition.value));
}

/**
 * The body of a post to `hub/spawn`, as a browser would send it: fields that are out of sight as they come, and a field for
 * what is not in a list in place of the list.
 */
export function toFormBody(form: OptionsForm, answers: OptionsAnswers): FormFields {
  const replaced = new Set(
    form.fields.flatMap((field) =>
      field.condition?.otherwise === 'instead' && isAsked(form, field, answers)
        ? [field.condition.fieldId]
        : [],
    ),
  );
  const sent = form.fields.flatMap((field) => {
    if (replaced.has(field.id)) return [];
    const asked = isAsked(form, field, answers);
    if (!asked && field.condition?.otherwise === 'instead') return [];
    const values = asked ? answerOf(field, answers) : defaultAnswer(field);
    return values.map((value) => [field.name, toWire(field, value)] as const);
  });
  return [...form.hidden, ...sent];
}

/** Lines end with two characters on the wire. */
function toWire(field: OptionsField, value: string): string {
  return field.kind === 'text' && field.type === 'lines' ? value.replace(/\r\n|\r|\n/g, '\r\n') : value;
}

/** Lists by name, which is what JupyterHub makes of a form before a spawner sees it. */
export function toLists(body: FormFields): Readonly<Record<string, readonly string[]>> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of body) {
    const alike = lists.get(name);
    if (alike) alike.push(value);
    else lists.set(name, [value]);
  }
  return Object.fromEntries(lists);
}

/**
 * The options for a hub's API, which hands them to the spawner as they are and never through its reading of the form:
 * known for KubeSpawner, whose API has names of its own, and for everything that takes the lists of a form as they come,
 * as Tapis does. Whether a spawner does cannot be seen from outside, so that a form goes back by its page where that is open.
 *
 * @see https://jupyterhub.readthedocs.io/en/stable/reference/spawners.html#options_from_form
 */
export function toApiOptions(form: OptionsForm, answers: OptionsAnswers): Readonly<Record<string, unknown>> {
  const lists = toLists(toFormBody(form, answers));
  if (form.flavour !== 'kubespawner') return lists;
  const profile = lists['profile']?.[0];
  if (profile === undefined) return {};
  const start = `profile-option-${profile}-`;
  const options = form.fields.flatMap((field) => {
    const value = lists[field.name]?.[0];
    if (value === undefined || !field.condition || !isAsked(form, field, answers)) return [];
    return [[field.name.slice(start.length).replace(/^-/, ''), value] as const];
  });
  return { profile, ...Object.fromEntries(options) };
}
