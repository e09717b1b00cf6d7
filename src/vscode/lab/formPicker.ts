import * as vscode from 'vscode';
import { checkAnswer } from '../../domain/lab/optionsCheck';
import {
  answerWords,
  describeAnswers,
  isComplete,
  stillFits,
  toSteps,
  type OptionsStep,
} from '../../domain/lab/optionsSteps';
import { answerOf, defaultAnswer, type OptionsAnswers } from '../../protocol/jupyterhub/optionsBody';
import type { OptionsField, OptionsForm } from '../../protocol/jupyterhub/optionsForm';
import { enter, pick, pickSeveral, type Answer } from '../quickInput';

type Values = readonly string[];

export interface FormHints {
  readonly title: string;
  /** What was answered last time. */
  readonly last?: OptionsAnswers | undefined;
}

interface Place {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack: boolean;
}

interface ValueItem extends vscode.QuickPickItem {
  readonly values?: Values;
}

interface ReviewItem extends vscode.QuickPickItem {
  readonly field?: OptionsField;
  readonly starts?: true;
}

/** Stands for the end of a line where there is only one. */
const LINE_END = ' ⏎ ';

/** Asks for the options of a server as the hub's own form does, step by step. */
export async function pickOptions(form: OptionsForm, hints: FormHints): Promise<Answer<OptionsAnswers>> {
  const last = stillFits(form, hints.last);
  let answers: OptionsAnswers = last ?? {};
  const hasIntro = last !== undefined || toSteps(form, answers).length === 0;
  for (let at = hasIntro ? -1 : 0; ;) {
    const steps = toSteps(form, answers);
    const step = steps[at];
    const place = placeOf(hints, at, steps.length, hasIntro);
    if (at < 0) {
      const intro = await pickIntro(form, answers, steps.length, place);
      if (intro.kind !== 'chosen') return intro;
      if (intro.value) return { kind: 'chosen', value: answers };
    } else if (!step) return { kind: 'chosen', value: answers };
    else {
      const answer = await take(form, step, answers, place);
      if (answer.kind === 'left') return answer;
      if (answer.kind === 'back') {
        if (at === 0 && !hasIntro) return answer;
        at -= 1;
        continue;
      }
      answers = answer.value;
    }
    at += 1;
  }
}

function placeOf({ title }: FormHints, at: number, steps: number, hasIntro: boolean): Place {
  const before = hasIntro ? 1 : 0;
  const totalSteps = steps + before;
  return {
    title,
    canGoBack: true,
    ...(totalSteps > 1 && { step: at + 1 + before, totalSteps }), // "1/1" tells nobody anything
  };
}

/** What was answered last time, or that there is nothing to answer, in one click. */
async function pickIntro(
  form: OptionsForm,
  answers: OptionsAnswers,
  steps: number,
  place: Place,
): Promise<Answer<boolean>> {
  const name = describeAnswers(form, answers);
  const start: ReviewItem = { label: `$(history) ${name || 'Start it'}`, starts: true };
  const items: readonly ReviewItem[] =
    steps === 0
      ? [{ label: '$(rocket) Start it', description: 'there is nothing to choose', starts: true }]
      : [
          { ...start, description: 'as last time, start right away' },
          { label: '$(list-selection) Choose anew…', description: 'with these answers to begin with' },
        ];
  const placeholder = form.message || 'Start with these, or choose anew';
  const answer = await pick<ReviewItem>({ ...place, placeholder, items });
  return answer.kind === 'chosen' ? { kind: 'chosen', value: answer.value.starts === true } : answer;
}

async function take(
  form: OptionsForm,
  step: OptionsStep,
  answers: OptionsAnswers,
  place: Place,
): Promise<Answer<OptionsAnswers>> {
  if (step.kind === 'review') return review(form, step.fields, answers, place);
  const { field } = step;
  const told = { ...place, title: titleOf(field, place) };
  const answer = await ask(
    field,
    answerOf(field, answers),
    told,
    (place.step ?? 1) === 1 ? form.message : '',
  );
  return answer.kind === 'chosen'
    ? { kind: 'chosen', value: { ...answers, [field.id]: answer.value } }
    : answer;
}

/** What is asked stands first: a long name of a hub is cut off at its end. */
function titleOf({ group, label }: OptionsField, { title }: Place): string {
  return `${group ? `${group}: ` : ''}${label} · ${title}`;
}

/** Everything that has an answer already, to start with or to change. */
async function review(
  form: OptionsForm,
  fields: readonly OptionsField[],
  before: OptionsAnswers,
  place: Place,
): Promise<Answer<OptionsAnswers>> {
  let answers = before;
  for (;;) {
    const answer = await pick<ReviewItem>({
      ...place,
      placeholder: 'Start with these, or choose what to change',
      items: reviewItems(form, fields, answers),
    });
    if (answer.kind !== 'chosen') return answer;
    const { field, starts } = answer.value;
    if (starts) return { kind: 'chosen', value: answers };
    if (!field) continue;
    const told = { ...place, title: titleOf(field, place), canGoBack: true };
    const changed = await ask(field, answerOf(field, answers), told, '');
    if (changed.kind === 'left') return changed;
    if (changed.kind === 'chosen') answers = { ...answers, [field.id]: changed.value };
  }
}

function reviewItems(
  form: OptionsForm,
  fields: readonly OptionsField[],
  answers: OptionsAnswers,
): readonly ReviewItem[] {
  const start: readonly ReviewItem[] = isComplete(form, answers)
    ? [{ label: '$(rocket) Start', description: describeAnswers(form, answers), starts: true }]
    : [];
  let group = '';
  const rows = fields.flatMap((field): readonly ReviewItem[] => {
    const heading = field.isTucked ? 'More' : field.group || 'Options';
    const isNew = heading !== group;
    group = heading;
    const values = answerOf(field, answers);
    const wrong = field.isTucked ? undefined : checkAnswer(field, values);
    return [
      ...(isNew ? [separator(heading)] : []),
      {
        label: `${wrong === undefined ? '' : '$(warning) '}${field.label}`,
        description: wrong ?? (answerWords(field, values) || 'nothing'),
        detail: field.description,
        field,
      },
    ];
  });
  return [...start, ...rows];
}

function ask(field: OptionsField, now: Values, place: Place, message: string): Promise<Answer<Values>> {
  switch (field.kind) {
    case 'choice':
    case 'switch':
      return askOne(field, now, place, message);
    case 'choices':
      return askSeveral(field, now, place);
    case 'number':
    case 'text':
      return askText(field, now, place);
  }
}

async function askOne(
  field: Extract<OptionsField, { kind: 'choice' | 'switch' }>,
  now: Values,
  place: Place,
  message: string,
): Promise<Answer<Values>> {
  const items: readonly ValueItem[] = field.kind === 'choice' ? grouped(field) : yesOrNo(field);
  const hint = field.kind === 'choice' ? 'Choose one, or type a part of its name' : 'Yes or no?';
  const placeholder = message || field.description || hint;
  const isNow = ({ values }: ValueItem): boolean => values?.join('\n') === now.join('\n');
  const active = items.find((item) => item.values !== undefined && isNow(item));
  const answer = await pick<ValueItem>({ ...place, placeholder, items, active });
  return answer.kind === 'chosen' ? { kind: 'chosen', value: answer.value.values ?? now } : answer;
}

async function askSeveral(
  field: Extract<OptionsField, { kind: 'choices' }>,
  now: Values,
  place: Place,
): Promise<Answer<Values>> {
  const items = grouped(field);
  for (;;) {
    const placeholder = field.description || 'Choose as many as you like';
    const selected = items.filter(({ values }) => values?.every((value) => now.includes(value)));
    const answer = await pickSeveral<ValueItem>({ ...place, placeholder, items, selected });
    if (answer.kind !== 'chosen') return answer;
    const values = answer.value.flatMap((item) => item.values ?? []);
    if (checkAnswer(field, values) === undefined) return { kind: 'chosen', value: values };
  }
}

function askText(
  field: Extract<OptionsField, { kind: 'number' | 'text' }>,
  [now = '']: Values,
  place: Place,
): Promise<Answer<Values>> {
  const hasLines = field.kind === 'text' && field.type === 'lines';
  const toValue = (typed: string): string =>
    hasLines ? typed.replaceAll(LINE_END, '\n').replaceAll('⏎', '\n') : typed;
  const problemIn = (typed: string): string | undefined => checkAnswer(field, [toValue(typed)]);
  return enter<Values>({
    ...place,
    prompt: capitalised([field.description, ...hintsFor(field)].filter(Boolean).join(' · ')),
    placeholder: field.kind === 'text' ? field.placeholder : '',
    value: hasLines ? now.replace(/\r?\n/g, LINE_END) : now,
    isSecret: field.kind === 'text' && field.type === 'secret',
    problemIn,
    check: (typed) => {
      const sentence = problemIn(typed);
      return Promise.resolve(sentence === undefined ? { value: [toValue(typed)] } : { sentence });
    },
  });
}

function hintsFor(field: Extract<OptionsField, { kind: 'number' | 'text' }>): readonly string[] {
  if (field.kind === 'text') {
    const { suggestions, type, isRequired } = field;
    return [
      isRequired ? 'needed' : 'may stay empty',
      ...(type === 'lines' ? ['⏎ begins a new line'] : []),
      ...(suggestions.length > 0 ? [`such as ${suggestions.slice(0, 3).join(', ')}`] : []),
    ];
  }
  const { min, max } = field;
  if (min !== undefined && max !== undefined) return [`from ${min} to ${max}`];
  return [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
}

function yesOrNo(field: Extract<OptionsField, { kind: 'switch' }>): readonly ValueItem[] {
  const answers = [
    { label: 'Yes', values: [field.value] },
    ...(field.isRequired ? [] : [{ label: 'No', values: [] }]),
  ];
  const usual = defaultAnswer(field).length;
  return answers.map((item) => ({ ...item, description: item.values.length === usual ? 'default' : '' }));
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function grouped(field: Extract<OptionsField, { kind: 'choice' | 'choices' }>): readonly ValueItem[] {
  const defaults = defaultAnswer(field);
  let group = '';
  return field.choices.flatMap(({ value, label, description, group: its }): readonly ValueItem[] => {
    const isNew = its !== group;
    group = its;
    const note = defaults.includes(value) ? 'default' : '';
    const item = { label, description: note, detail: description, values: [value] };
    return isNew ? [separator(its), item] : [item];
  });
}

function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
