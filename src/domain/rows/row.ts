import type { Problem } from '../problems/problem';
import { sentenceOf } from '../problems/sentences';

/** One line of the tree as plain data; `id` stays the same across refreshes. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly tooltip?: string | undefined;
  /** Takes the place of the tooltip where there is more to say; a server's own words are shown, never run. */
  readonly markdown?: string | undefined;
  /** A codicon's name. */
  readonly icon?: string | undefined;
  /** What the editor's menus look at to offer actions. */
  readonly context?: string | undefined;
  readonly isOpen?: boolean | undefined;
  readonly children?: readonly Row[] | undefined;
  /** The image reference to start from, for rows of images. */
  readonly imageReference?: string | undefined;
  /** The kernel to interrupt, restart or shut down, for rows of kernels. */
  readonly kernel?: { readonly id: string; readonly sessionId: string } | undefined;
  /** The page that the row stands for. */
  readonly url?: string | undefined;
  /** The scopes to ask for, for rows of features that the token does not allow. */
  readonly scopes?: readonly string[] | undefined;
}

/** A part of what is known, or why it is not. */
export type Known<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'loading' };

/** A row for one fact; none when it is not known. */
export function fact(
  parent: string,
  label: string,
  value: string | number | undefined,
  tooltip?: string,
): readonly Row[] {
  if (value === undefined || value === '') return [];
  return [
    {
      id: `${parent}/${label}`,
      label,
      detail: String(value),
      tooltip: tooltip ?? String(value),
      context: 'rsp.fact',
    },
  ];
}

/** The rows of a part, or one row that says why there are none. */
export function part<T>(id: string, known: Known<T>, toPart: (value: T) => readonly Row[]): readonly Row[] {
  if (known.kind === 'problem') return [problemRow(id, known.problem)];
  return known.kind === 'known'
    ? toPart(known.value)
    : [{ id: `${id}/loading`, label: 'Loading…', icon: 'loading~spin' }];
}

/** A row that says in one sentence what is wrong. */
export function problemRow(parent: string, problem: Problem): Row {
  const sentence = sentenceOf(problem);
  return {
    id: `${parent}/problem`,
    label: sentence,
    tooltip: sentence,
    icon: 'warning',
    context: 'rsp.problem',
  };
}

/** What the icon alone would say, for who does not see it; trouble comes first. */
const TROUBLE_ICONS: Readonly<Record<string, string>> = { warning: 'Warning', error: 'Failed' };
const SPOKEN_ICONS: Readonly<Record<string, string>> = {
  'star-full': 'recommended',
  zap: 'starts fast',
  'cloud-download': 'starts slowly',
};

/** The row as a screen reader says it. */
export function spokenOf({ label, detail, icon = '' }: Row): string {
  const words = detail === undefined ? label : `${label}: ${detail}`;
  const says = (word: string | undefined): word is string =>
    word !== undefined && !words.toLowerCase().includes(word.toLowerCase());
  const [trouble, spoken] = [TROUBLE_ICONS[icon], SPOKEN_ICONS[icon]];
  return `${says(trouble) ? `${trouble}: ` : ''}${words}${says(spoken) ? `, ${spoken}` : ''}`;
}

/** What copying a row gives: an address or reference, the value of a fact, else all that it says. */
export function textOf({ label, detail, tooltip, context, url, imageReference }: Row): string {
  const reference = url ?? imageReference;
  if (reference !== undefined) return reference;
  if (context === 'rsp.fact' && detail !== undefined) return detail;
  if (context === 'rsp.problem') return tooltip ?? label;
  return detail === undefined ? label : `${label}: ${detail}`;
}
