import type { OutlineControl, OutlineOption } from '../html/outlineShape';
import type { FieldStart, NumberField, OptionsChoice, OptionsField, TextField } from './optionsShape';

const TYPES: ReadonlyMap<string, TextField['type']> = new Map([
  ['textarea', 'lines'],
  ['password', 'secret'],
  ['email', 'email'],
  ['url', 'url'],
  ['date', 'date'],
  ['time', 'time'],
  ['datetime-local', 'datetime-local'],
  ['month', 'month'],
  ['week', 'week'],
]);
const SLIDER = { min: 0, max: 100 };

/** A selection, of one or of several, with what browsers have selected when the page is loaded. */
export function readChoice({ attributes, options }: OutlineControl, base: FieldStart): OptionsField {
  const offered = options.filter(({ isDisabled }) => !isDisabled);
  const isPlaceholder = ({ value }: OutlineOption): boolean => base.isRequired && value === '';
  const choices = distinct(offered.filter((option) => !isPlaceholder(option)).map(toChoice));
  const selected = options.filter(({ isSelected }) => isSelected);
  if (attributes.has('multiple')) {
    const chosen = selected.filter(({ isDisabled }) => !isDisabled).map(({ value }) => value);
    return { ...base, kind: 'choices', choices, chosen: [...new Set(chosen)] };
  }
  const size = Number(attributes.get('size') ?? 1);
  const [first] = offered;
  const shown = selected.at(-1) ?? (size > 1 ? undefined : first);
  const isAnswer = shown && !shown.isDisabled && !isPlaceholder(shown);
  return { ...base, kind: 'choice', choices, chosen: isAnswer ? shown.value : undefined };
}

function toChoice({ value, label, group, hint }: OutlineOption): OptionsChoice {
  const image = readImage(value);
  return {
    value,
    label: label || image?.name || value,
    description: hint || (image?.description ?? ''),
    group,
  };
}

/** Values of some hubs are JSON texts that tell more than what stands beside them. */
export function readImage(
  value: string,
): { readonly name: string; readonly description: string } | undefined {
  if (!value.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const entries = new Map<string, unknown>(Object.entries(parsed));
    const textOf = (key: string): string => {
      const text = entries.get(key);
      return typeof text === 'string' ? text : '';
    };
    const name = textOf('display_name') || textOf('name');
    return name === '' ? undefined : { name, description: textOf('description') };
  } catch {
    return undefined; // something else that begins like it
  }
}

function distinct(choices: readonly OptionsChoice[]): readonly OptionsChoice[] {
  return [...new Map(choices.toReversed().map((choice) => [choice.value, choice])).values()].reverse();
}

/** What is typed, or moved along a line. */
export function readTyped(
  { attributes, content }: OutlineControl,
  type: string,
  base: FieldStart,
  suggestions: ReadonlyMap<string, readonly string[]>,
): NumberField | TextField {
  const value = attributes.get('value') ?? '';
  if (type === 'number' || type === 'range') return readNumber(attributes, type === 'range', value, base);
  return {
    ...base,
    kind: 'text',
    type: TYPES.get(type) ?? 'plain',
    value: type === 'textarea' ? content.replace(/^\r?\n/, '') : value.replace(/[\r\n]/g, ''),
    placeholder: attributes.get('placeholder') ?? '',
    pattern: attributes.get('pattern') ?? undefined,
    minLength: toCount(attributes.get('minlength')),
    maxLength: toCount(attributes.get('maxlength')),
    suggestions: suggestions.get(attributes.get('list') ?? '') ?? [],
  };
}

function readNumber(
  attributes: ReadonlyMap<string, string>,
  isSlider: boolean,
  written: string,
  base: FieldStart,
): NumberField {
  const min = toNumber(attributes.get('min')) ?? (isSlider ? SLIDER.min : undefined);
  const max = toNumber(attributes.get('max')) ?? (isSlider ? SLIDER.max : undefined);
  const wanted = toNumber(attributes.get('step'));
  const step =
    attributes.get('step')?.toLowerCase() === 'any' ? undefined : wanted && wanted > 0 ? wanted : 1;
  const given = toNumber(written);
  const value = given === undefined ? '' : written.trim();
  if (!isSlider) return { ...base, kind: 'number', value, min, max, step };
  // A slider always stands somewhere.
  const [low, high] = [min ?? SLIDER.min, Math.max(min ?? SLIDER.min, max ?? SLIDER.max)];
  const stands = given === undefined ? low + (high - low) / 2 : Math.min(Math.max(given, low), high);
  return { ...base, kind: 'number', value: String(stands), min: low, max: high, step };
}

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*-?\d*\.?\d+(?:e[-+]?\d+)?\s*$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
