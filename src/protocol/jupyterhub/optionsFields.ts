import type { FormOutline, OutlineControl } from '../html/outlineShape';
import { oneLine } from '../html/text';
import type { FieldStart, FieldWords, OptionsChoice, OptionsField, ReadFields } from './optionsShape';
import { readChoice, readTyped } from './optionsTyped';

/** Longer text before a control tells about it rather than names it. */
const LONGEST_LABEL = 80;

/** The fields of a form, the way that browsers take its controls for fields. */
export function readFields({ controls, suggestions }: FormOutline): ReadFields {
  const fields = new FieldList();
  const hidden: (readonly [string, string])[] = [];
  const leftOut: string[] = [];
  for (const control of controls) {
    const { tag, attributes, isDisabled } = control;
    const name = attributes.get('name') ?? attributes.get('data-name');
    if (name === undefined || name === '' || isDisabled) continue;
    const type = tag === 'input' ? (attributes.get('type') ?? 'text').trim().toLowerCase() : tag;
    const value = attributes.get('value') ?? '';
    if (type === 'hidden') hidden.push([name, value]);
    else if (type === 'file') leftOut.push(toWords(control, name).label);
    else if (type === 'radio') fields.addRadio(control, name);
    else if (type === 'checkbox') fields.addCheckbox(control, name);
    else if (type === 'button' || type === 'submit') fields.addButton(control, name);
    else if (type === 'reset' || type === 'image') continue;
    else if (type === 'select') fields.add(control, name, (base) => readChoice(control, base));
    else fields.add(control, name, (base) => readTyped(control, type, base, suggestions));
  }
  return { fields: fields.all, hidden, leftOut };
}

/** Alternatives, or boxes, of one name; they are one field, wherever they stand. */
interface Several {
  readonly start: FieldStart;
  readonly choices: OptionsChoice[];
  readonly chosen: string[];
  isRequired: boolean;
  isTucked: boolean;
}

class FieldList {
  readonly #all: (() => OptionsField)[] = [];
  readonly #ids = new Map<string, number>();
  readonly #alternatives = new Map<string, Several>();
  readonly #boxes = new Map<string, Several>();

  get all(): readonly OptionsField[] {
    return this.#all.map((toField) => toField());
  }

  add(control: OutlineControl, name: string, toField: (start: FieldStart) => OptionsField): void {
    const field = toField(this.#start(control, name, toWords(control, name)));
    this.#all.push(() => field);
  }

  addRadio(control: OutlineControl, name: string): void {
    const value = control.attributes.get('value') ?? 'on';
    const { attributes, before, heading, legend } = control;
    const isAsked = /[:?]\s*$/.test(before);
    const text = attributes.has('aria-label') ? undefined : toLabel(before);
    const label = firstOf([legend, isAsked ? toLabel(before) : '', heading, text]);
    this.#addAlternative(control, name, label, { value, ...toChoiceWords(control, value), group: '' });
  }

  /** What is sent is the button that was pressed. */
  addButton(control: OutlineControl, name: string): void {
    const value = control.attributes.get('value') ?? '';
    const label = (control.tag === 'button' ? control.content : value) || value || name;
    const group = firstOf([control.legend, control.heading]);
    this.#addAlternative(control, name, group, { value, label, description: '', group: '' });
  }

  addCheckbox(control: OutlineControl, name: string): void {
    const value = control.attributes.get('value') ?? 'on';
    const words = toChoiceWords(control, value, name);
    this.#take(this.#boxes, control, name, { value, ...words, group: '' }, words, toBoxes);
  }

  #addAlternative(
    control: OutlineControl,
    name: string,
    label: string | undefined,
    choice: OptionsChoice,
  ): void {
    const words = { label: label ?? humanized(name), description: '' };
    this.#take(this.#alternatives, control, name, choice, words, toAlternatives);
  }

  #take(
    known: Map<string, Several>,
    control: OutlineControl,
    name: string,
    choice: OptionsChoice,
    words: FieldWords,
    toField: (several: Several) => OptionsField,
  ): void {
    const several = known.get(name) ?? {
      start: this.#start(control, name, words),
      choices: [],
      chosen: [],
      isRequired: false,
      isTucked: true,
    };
    several.choices.push(choice);
    if (control.attributes.has('checked')) several.chosen.push(choice.value);
    several.isRequired ||= control.attributes.has('required');
    several.isTucked &&= control.isHidden;
    if (known.has(name)) return;
    known.set(name, several);
    this.#all.push(() => toField(several));
  }

  #start(control: OutlineControl, name: string, words: FieldWords): FieldStart {
    let number = (this.#ids.get(name) ?? 0) + 1;
    while (number > 1 && this.#ids.has(`${name}#${number}`)) number++;
    this.#ids.set(name, number);
    if (number > 1) this.#ids.set(`${name}#${number}`, 1);
    const group = control.legend || control.heading;
    return {
      id: number === 1 ? name : `${name}#${number}`,
      name,
      ...words,
      group: group === words.label ? '' : group,
      isRequired: control.attributes.has('required'),
      isTucked: control.isHidden,
    };
  }
}

/** Of several that are checked browsers take the last. */
function toAlternatives({ start, choices, chosen, isRequired, isTucked }: Several): OptionsField {
  return { ...start, kind: 'choice', choices, chosen: chosen.at(-1), isRequired, isTucked };
}

function toBoxes({ start, choices, chosen, isTucked }: Several): OptionsField {
  const [only] = choices;
  if (only && choices.length === 1)
    return { ...start, kind: 'switch', value: only.value, isOn: chosen.length > 0, isTucked };
  const label = start.group || humanized(start.name);
  // Each box may have to be checked, which is nothing that the field as a whole can say.
  return {
    ...start,
    kind: 'choices',
    label,
    description: '',
    group: '',
    choices,
    chosen,
    isRequired: false,
    isTucked,
  };
}

/** What people read for a field that they fill in. */
function toWords(
  { attributes, label, before, after, isFollowed, hint, heading }: OutlineControl,
  name: string,
): FieldWords {
  const text = toLabel(before);
  const named = label && [label.strong, label.plain].filter(Boolean).join(' ');
  const chosen = firstOf([
    named && withoutColon(named),
    attributes.get('aria-label'),
    text,
    heading,
    attributes.get('placeholder'),
    attributes.get('title'),
  ]);
  const title = oneLine(attributes.get('title') ?? '');
  const told = [
    label?.hint ?? '',
    text === undefined && !named ? before : '',
    isFollowed || label?.plain.includes(after) ? '' : after,
    hint,
    title === chosen ? '' : title,
  ];
  return { label: chosen ?? humanized(name), description: [...new Set(told.filter(Boolean))].join(' · ') };
}

/** What people read for one of several, of which the text stands behind. */
function toChoiceWords(
  { attributes, label, before, after, hint }: OutlineControl,
  value: string,
  name = value,
): FieldWords {
  const strong = label?.strong ?? '';
  const chosen = firstOf([
    withoutColon(strong),
    label?.plain,
    attributes.get('aria-label'),
    after,
    name === value ? undefined : toLabel(before),
    value === 'on' ? undefined : name === value ? value : undefined,
  ]);
  const told = [
    strong && label ? label.plain : '',
    label?.hint ?? '',
    hint,
    oneLine(attributes.get('title') ?? ''),
  ];
  return {
    label: chosen ?? humanized(name),
    description: [...new Set(told.filter((text) => text !== '' && text !== chosen))].join(' · '),
  };
}

function toLabel(text: string): string | undefined {
  return text.length > LONGEST_LABEL ? undefined : withoutColon(text);
}

function withoutColon(text: string): string {
  return text.replace(/[\s:*]+$/, '').replace(/^[*\s]+/, '');
}

function firstOf(texts: readonly (string | undefined)[]): string | undefined {
  return texts.map((text) => oneLine(text ?? '')).find((text) => text !== '');
}

/** A name as people would write it. */
export function humanized(name: string): string {
  const words = oneLine(
    name
      .replace(/\[\]$/, '')
      .replace(/[_\-.]+/g, ' ')
      .replace(/([a-z])([A-Z])/g, '$1 $2'),
  );
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
