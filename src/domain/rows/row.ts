import type { OfKind } from '../personality/traits';
import type { Problem } from '../problems/problem';
import { sentenceOf } from '../problems/sentences';
import { plainTextOf, tip, type Tip } from './tip';

/** One line of the tree as plain data; `id` stays the same across refreshes. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** All that there is to say, for who rests on the row; a side bar is narrow. */
  readonly tip?: Tip | undefined;
  /** What a screen reader says, where label and detail are not enough. */
  readonly spoken?: string | undefined;
  /** A codicon's name. */
  readonly icon?: string | undefined;
  /** What the editor's menus look at to offer actions. */
  readonly context?: string | undefined;
  readonly isOpen?: boolean | undefined;
  readonly children?: readonly Row[] | undefined;
  /** The account that commands are for from here on; the one of the row above unless given. */
  readonly accountId?: string | undefined;
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
  ...more: Tip['blocks']
): readonly Row[] {
  if (value === undefined || value === '') return [];
  const detail = String(value);
  return [{ id: `${parent}/${label}`, label, detail, tip: tip(label, detail, ...more), context: 'rsp.fact' }];
}

/** A row that says there are none; it can be copied as a fact can. */
export function noneRow(parent: string): Row {
  return { id: `${parent}/none`, label: 'none', context: 'rsp.fact' };
}

/** The rows of a part, or one row that says why there are none. */
export function part<T>(
  id: string,
  known: Known<T>,
  toPart: (value: T) => readonly Row[],
  site?: OfKind,
): readonly Row[] {
  if (known.kind === 'problem') return [problemRow(id, known.problem, site)];
  return known.kind === 'known'
    ? toPart(known.value)
    : [{ id: `${id}/loading`, label: 'Loading…', icon: 'loading~spin' }];
}

/** A row that says in one sentence what is wrong. */
export function problemRow(parent: string, problem: Problem, site?: OfKind): Row {
  return troubleRow(`${parent}/problem`, sentenceOf(problem, site));
}

/** @param sentences - what is wrong, and then what can be done about it. */
export function troubleRow(id: string, sentences: string, ...more: Tip['blocks']): Row {
  const [, first = sentences, rest = ''] = /^(.+?[.!?])\s+(.+)$/s.exec(sentences) ?? [];
  return {
    id,
    label: sentences,
    tip: tip(first, rest, ...more),
    icon: 'warning',
    context: 'rsp.problem',
  };
}

/** A fact that could not be asked for; why is told to who rests on it. */
export function unknownRow(id: string, label: string, problem: Problem, site?: OfKind): Row {
  return { ...troubleRow(id, sentenceOf(problem, site)), label, detail: 'not known' };
}

/** What the icon alone would say, for who does not see it; trouble comes first. */
const TROUBLE_ICONS: Readonly<Record<string, string>> = { warning: 'Warning', error: 'Failed' };

/** The row as a screen reader says it. */
export function spokenOf({ label, detail, spoken, icon = '' }: Row): string {
  const words = spoken ?? (detail === undefined ? label : `${label}: ${detail}`);
  const trouble = TROUBLE_ICONS[icon];
  const says = trouble === undefined || words.toLowerCase().includes(trouble.toLowerCase());
  return says ? words : `${trouble}: ${words}`;
}

/**
 * What copying a row gives: an address or reference, the value of a fact, else all that it says, with the facts below it.
 */
export function textOf(row: Row): string {
  const { detail, context, url, imageReference } = row;
  const reference = url ?? imageReference;
  if (reference !== undefined) return reference;
  if (row.tip && (context === 'rsp.problem' || context === 'rsp.broadcast')) return plainTextOf(row.tip);
  const facts = (row.children ?? []).filter((child) => child.context === 'rsp.fact');
  if (context === 'rsp.fact' && detail !== undefined && facts.length === 0) return detail;
  return [row, ...facts].map(lineOf).join('\n');
}

function lineOf({ label, detail }: Row): string {
  return detail === undefined ? label : `${label}: ${detail}`;
}
