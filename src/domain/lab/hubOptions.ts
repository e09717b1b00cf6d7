import { redact } from '../../common/redact';
import { tryJson } from '../../common/json';
import type { StartOptions } from '../../protocol/jupyterhub/client';
import { withoutLinks } from '../plainWords';
import type { FormChoice, LabChoice } from './labMenu';

const MOST_WORDS = 3;
const LONGEST_WORD = 40;

/** The choice that a hub remembers, to make it again; undefined where it remembers none. */
export function toFormChoice(options: StartOptions | undefined): FormChoice | undefined {
  return options && { kind: 'form', name: nameOf(options), options };
}

/**
 * What a server was started with last. The hub's own memory is newer than ours, which knows better words for the same.
 *
 * @param kept - what was started last from here.
 */
export function lastFormChoice(
  startedWith: StartOptions | undefined,
  kept: LabChoice | undefined,
): FormChoice | undefined {
  const mine = kept?.kind === 'form' ? kept : undefined;
  const remembered = toFormChoice(startedWith);
  const isSame = mine && JSON.stringify(mine.options) === JSON.stringify(remembered?.options);
  return isSame ? mine : (remembered ?? mine);
}

/** What a server was started with, each option by the hub's own name for it; what says nothing to anybody is left out. */
export function optionFacts(options: StartOptions): readonly (readonly [option: string, words: string])[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const words = wordsOf(value).join(', ');
    return words === '' ? [] : [[plainWords(name), words] as const];
  });
}

/** What tells one start from another, in the hub's own words, such as `gpu, 4`. */
function nameOf(options: StartOptions): string {
  const words = Object.values(options).flatMap(wordsOf);
  return [...new Set(words)].slice(0, MOST_WORDS).join(', ');
}

/** Hubs keep what a form holds as lists, and some of them JSON in these. */
function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'object' && value !== null) return titleIn(value);
  if (typeof value !== 'string' || value.trim() === '') return [];
  const inner = value.startsWith('{') ? tryJson(value) : undefined;
  if (typeof inner === 'object' && inner !== null) return titleIn(inner);
  return [plainWords(value)];
}

function plainWords(text: string): string {
  const plain = withoutLinks(redact(text)).replace(/\s+/g, ' ').trim();
  return plain.length > LONGEST_WORD ? `${plain.slice(0, LONGEST_WORD)}…` : plain;
}

function titleIn(value: object): readonly string[] {
  const known = new Map<string, unknown>(Object.entries(value));
  return wordsOf(known.get('display_name') ?? known.get('name'));
}
