/** Pylance's name for an import that it cannot follow. */
const RULE = 'reportMissingImports';
const OFF = 'none';
/** Around the name of a package stands what the person's language puts there: `"lsst"`, `« lsst »`, `“lsst”`, nothing. */
const LAB_PACKAGE = /(?<![\w.])lsst(?!\w)/;

/** What a language server finds wrong. */
export interface Finding {
  readonly source?: string | undefined;
  readonly code?: unknown;
  readonly message: string;
}

/** Whether Pylance misses a package that the lab has and other computers have not. */
export function isOfLab({ source, code, message }: Finding): boolean {
  const rule = typeof code === 'object' && code !== null && 'value' in code ? code.value : code;
  return source === 'Pylance' && rule === RULE && LAB_PACKAGE.test(message);
}

/** Severities of Pylance's rules by name, as `python.analysis.diagnosticSeverityOverrides` has them. */
export type Severities = Readonly<Record<string, unknown>>;

export function isSilenced(severities: Severities): boolean {
  return severities[RULE] === OFF;
}

export function silenced(severities: Severities): Severities {
  return { ...severities, [RULE]: OFF };
}

/**
 * As it was before it was silenced; undefined when there is nothing left to be set.
 *
 * @param before - what was set then; what was set for other rules since stays.
 */
export function restored(severities: Severities, before: Severities): Severities | undefined {
  const others = Object.entries(severities).filter(([rule]) => rule !== RULE);
  const entries = Object.hasOwn(before, RULE) ? [...others, [RULE, before[RULE]] as const] : others;
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
