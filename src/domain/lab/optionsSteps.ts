import { defaultAnswer, answerOf, isAsked, type OptionsAnswers } from '../../protocol/jupyterhub/optionsBody';
import type { OptionsField, OptionsForm } from '../../protocol/jupyterhub/optionsForm';
import { checkAnswer } from './optionsCheck';

/** A part of the way through a form. */
export type OptionsStep =
  | { readonly kind: 'ask'; readonly field: OptionsField }
  /** All that has an answer already and may be changed; nothing has to be. */
  | { readonly kind: 'review'; readonly fields: readonly OptionsField[] };

/** Whoever is asked more than this one by one would rather see all at once. */
const MOST_ASKED = 5;
const MOST_WORDS = 4;
const LONGEST_WORD = 40;
/** Answers that say nothing without their question. */
const NOTHING = /^(?:none|no|default|-*)$/i;

/**
 * The way through a form as the answers so far have it, to be taken anew after each: the questions one by one while they
 * are few, otherwise the first choice and what has no answer yet, and the rest to look over at the end.
 */
export function toSteps(form: OptionsForm, answers: OptionsAnswers): readonly OptionsStep[] {
  const fields = fieldsAsked(form, answers);
  const plain = fields.filter(({ isTucked }) => !isTucked);
  const first = plain.find(({ kind }) => kind === 'choice');
  const needed = (field: OptionsField): boolean => checkAnswer(field, defaultAnswer(field)) !== undefined;
  const asked =
    plain.length <= MOST_ASKED ? plain : plain.filter((field) => field === first || needed(field));
  const rest = fields.filter((field) => !asked.includes(field));
  return [
    ...asked.map((field) => ({ kind: 'ask', field }) as const),
    ...(rest.length > 0 ? [{ kind: 'review', fields: rest } as const] : []),
  ];
}

/** The fields that matter with these answers. */
export function fieldsAsked(form: OptionsForm, answers: OptionsAnswers): readonly OptionsField[] {
  return form.fields.filter((field) => isAsked(form, field, answers));
}

/** Whether every question has an answer that will do. */
export function isComplete(form: OptionsForm, answers: OptionsAnswers): boolean {
  return fieldsAsked(form, answers).every(
    (field) => field.isTucked || checkAnswer(field, answerOf(field, answers)) === undefined,
  );
}

/**
 * Remembered answers as the form takes them now; undefined when it offers something of them no more, or has questions that
 * they do not answer.
 */
export function stillFits(form: OptionsForm, last: OptionsAnswers | undefined): OptionsAnswers | undefined {
  if (!last) return undefined;
  const known = new Map(form.fields.map((field) => [field.id, field]));
  const kept = Object.entries(last).filter(([id]) => known.has(id));
  const answers = Object.fromEntries(kept);
  return kept.length > 0 && isComplete(form, answers) ? answers : undefined;
}

/** What may be remembered of the answers: what was asked and is not secret. */
export function toKeep(form: OptionsForm, answers: OptionsAnswers): OptionsAnswers {
  const fields = fieldsAsked(form, answers).filter(
    (field) => !(field.kind === 'text' && field.type === 'secret'),
  );
  return Object.fromEntries(fields.map((field) => [field.id, answerOf(field, answers)]));
}

/** An answer as people read it; empty when there is none. */
export function answerWords(field: OptionsField, values: readonly string[]): string {
  if (field.kind === 'switch') return values.length > 0 ? 'yes' : 'no';
  if (field.kind === 'text' && field.type === 'secret') return values.join('') === '' ? '' : '•••';
  if (field.kind !== 'choice' && field.kind !== 'choices') return shortened(values.join(', '));
  const labels = values.map(
    (value) => field.choices.find((choice) => choice.value === value)?.label ?? value,
  );
  return shortened(labels.join(', '));
}

/** The answers in short, such as `GPU node, Memory (GB): 8`. */
export function describeAnswers(form: OptionsForm, answers: OptionsAnswers): string {
  const fields = fieldsAsked(form, answers);
  const words = fields.flatMap((field) => {
    const values = answerOf(field, answers);
    const answer = answerWords(field, values);
    if (answer === '' || field.isTucked || isSaidByText(field, values, fields)) return [];
    if (field.kind === 'choice') return NOTHING.test(answer) ? [] : [answer];
    const isAsItComes = values.join('\n') === defaultAnswer(field).join('\n');
    return isAsItComes && field.kind !== 'number' ? [] : [`${field.label}: ${answer}`];
  });
  return [...words.slice(0, MOST_WORDS), ...(words.length > MOST_WORDS ? ['…'] : [])].join(', ');
}

/** "Other…" says nothing beside what was entered for it. */
function isSaidByText(
  { id }: OptionsField,
  values: readonly string[],
  asked: readonly OptionsField[],
): boolean {
  const [only, ...more] = asked.filter(({ condition }) => condition?.fieldId === id);
  return (
    more.length === 0 && only?.kind === 'text' && only.isRequired && values.join() === only.condition?.value
  );
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_WORD ? `${line.slice(0, LONGEST_WORD)}…` : line;
}
