import { createContext, Script } from 'node:vm';
import type { NumberField, OptionsField, TextField } from '../../protocol/jupyterhub/optionsForm';

/** A hub's own pattern may take for ever; whether the text will do is for the hub to say then. */
const PATTERN_WITHIN_MS = 50;
/** Numbers that people write down are this exact. */
const ROUNDING = 1e-9;

const SHAPES: Readonly<
  Partial<Record<TextField['type'], { readonly shape: RegExp; readonly words: string }>>
> = {
  email: { shape: /^[^\s@]+@[^\s@]+$/, words: 'Enter an e-mail address.' },
  url: {
    shape: /^[a-z][a-z0-9+.-]*:\S+$/i,
    words: 'Enter a whole address, such as https://example.org/data.',
  },
  date: { shape: /^\d{4}-\d{2}-\d{2}$/, words: 'Enter a date, such as 2026-08-21.' },
  time: { shape: /^\d{2}:\d{2}(?::\d{2})?$/, words: 'Enter a time, such as 17:30.' },
  'datetime-local': {
    shape: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/,
    words: 'Enter date and time, such as 2026-08-21T17:30.',
  },
  month: { shape: /^\d{4}-\d{2}$/, words: 'Enter a month, such as 2026-08.' },
  week: { shape: /^\d{4}-W\d{2}$/, words: 'Enter a week, such as 2026-W34.' },
};

/** Why an answer will not do, as a browser would say it; undefined when it will. */
export function checkAnswer(field: OptionsField, values: readonly string[]): string | undefined {
  const [value = ''] = values;
  switch (field.kind) {
    case 'choice':
      return field.choices.some((choice) => choice.value === value) && values.length === 1
        ? undefined
        : 'Choose one.';
    case 'choices': {
      const offered = new Set(field.choices.map((choice) => choice.value));
      if (values.some((each) => !offered.has(each))) return 'Choose from what is offered.';
      return field.isRequired && values.length === 0 ? 'Choose at least one.' : undefined;
    }
    case 'switch':
      return field.isRequired && values.length === 0 ? 'The hub wants a yes to this.' : undefined;
    case 'number':
      return value === '' ? missing(field) : checkNumber(field, value);
    case 'text':
      return value === '' ? missing(field) : checkText(field, value);
  }
}

function missing({ isRequired }: OptionsField): string | undefined {
  return isRequired ? 'The hub wants an answer to this.' : undefined;
}

function checkNumber({ min, max, step }: NumberField, value: string): string | undefined {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return 'Enter a number.';
  if ((min !== undefined && number < min) || (max !== undefined && number > max)) return rangeWords(min, max);
  if (step === undefined) return undefined;
  const steps = (number - (min ?? 0)) / step;
  const isOnStep = Math.abs(steps - Math.round(steps)) < ROUNDING * Math.max(1, Math.abs(steps));
  if (isOnStep) return undefined;
  if (step === 1 && Number.isInteger(min ?? 0)) return 'Enter a whole number.';
  return `Enter a number in steps of ${step}${min === undefined ? '' : ` from ${min}`}.`;
}

function rangeWords(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `Enter a number of at most ${max ?? ''}.`;
  return max === undefined ? `Enter a number of at least ${min}.` : `Enter a number from ${min} to ${max}.`;
}

function checkText(field: TextField, value: string): string | undefined {
  const { type, minLength, maxLength, pattern, description } = field;
  if (maxLength !== undefined && value.length > maxLength) return `At most ${maxLength} characters will do.`;
  if (minLength !== undefined && value.length < minLength)
    return `At least ${minLength} characters are needed.`;
  const known = SHAPES[type];
  if (known && !known.shape.test(value)) return known.words;
  if (pattern === undefined || type === 'lines' || matches(pattern, value)) return undefined;
  return `The hub wants this in another form${description === '' ? '' : `: ${description}`}.`;
}

/** Whether the whole text has this form; one that cannot be read, or cannot be decided in time, rules nothing out. */
function matches(pattern: string, value: string): boolean {
  try {
    const context = createContext({ pattern, value });
    const script = new Script('new RegExp(`^(?:${pattern})$`, "v").test(value)');
    return script.runInContext(context, { timeout: PATTERN_WITHIN_MS }) !== false;
  } catch {
    return true;
  }
}
