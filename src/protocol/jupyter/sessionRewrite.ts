import { z } from 'zod';
import { tryJson } from '../../common/json';

const AskedSessionSchema = z.looseObject({ type: z.string(), path: z.string(), name: z.string().optional() });

/** A request for a session as the lab has to see it, and what the client thinks it asked for. */
export interface RewrittenSession {
  readonly body: string;
  readonly name?: string | undefined;
  readonly type: string;
}

/**
 * Turns a request for a `notebook` session into one for a `console`.
 *
 * A lab with jupyter-server-documents ties a `notebook` session to a document that it opens in the lab, where the
 * person's local notebook does not exist. A console has a kernel and nothing else; its path keeps notebooks apart.
 *
 * @returns undefined when the text asks for something that needs no change.
 */
export function toConsoleSession(body: string): RewrittenSession | undefined {
  const parsed = AskedSessionSchema.safeParse(tryJson(body));
  if (!parsed.success || parsed.data.type === 'console') return undefined;
  const { name, type, ...rest } = parsed.data;
  return { body: JSON.stringify({ ...rest, type: 'console' }), name: name ?? lastPart(rest.path), type };
}

const AskedTypeSchema = z.looseObject({ type: z.string() });

/**
 * Takes the type out of a change of a session, which stays the console that it was made as.
 *
 * @returns undefined when the text asks for no other type.
 */
export function toPatchOfSameType(body: string): RewrittenSession | undefined {
  const parsed = AskedTypeSchema.safeParse(tryJson(body));
  if (!parsed.success || parsed.data.type === 'console') return undefined;
  const { type, ...rest } = parsed.data;
  return { body: JSON.stringify(rest), type };
}

const SessionModelSchema = z.looseObject({
  path: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
});

/**
 * Gives sessions without a name the last part of their path, since clients take a session without a name for broken.
 *
 * @returns the text of one session or a list of sessions; any other text unchanged.
 */
export function withSessionNames(text: string, asked?: Pick<RewrittenSession, 'name' | 'type'>): string {
  const value = tryJson(text);
  const named = (model: unknown): unknown => {
    const parsed = SessionModelSchema.safeParse(model);
    if (!parsed.success) return model;
    return {
      ...parsed.data,
      name: asked?.name ?? (parsed.data.name || lastPart(parsed.data.path)),
      type: asked?.type ?? parsed.data.type,
    };
  };
  if (Array.isArray(value)) return JSON.stringify(value.map(named));
  return typeof value === 'object' && value !== null ? JSON.stringify(named(value)) : text;
}

function lastPart(path: string): string {
  return path.split('/').at(-1) ?? path;
}
