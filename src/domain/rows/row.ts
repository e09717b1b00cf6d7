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
