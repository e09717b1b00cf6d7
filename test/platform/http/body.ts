import { text } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { type ErrorDetail, sendErrors } from './answers';

/** A body that a schema accepts, or what is wrong with it, one entry for each thing. */
export type CheckedBody<T> =
  | { readonly kind: 'good'; readonly data: T }
  | { readonly kind: 'wrong'; readonly details: readonly ErrorDetail[] };

export function checkJson<Schema extends z.ZodType>(
  raw: string,
  schema: Schema,
): CheckedBody<z.output<Schema>> {
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    const loc = ['body', 0];
    return {
      kind: 'wrong',
      details: [{ type: 'json_invalid', loc, msg: 'JSON decode error', input: {} }],
    };
  }
  const checked = schema.safeParse(body);
  if (checked.success) return { kind: 'good', data: checked.data };
  const details = checked.error.issues.map((issue): ErrorDetail => {
    const loc = ['body', ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    return { type: issue.code, loc, msg: issue.message, input: issue.input ?? null };
  });
  return { kind: 'wrong', details };
}

/**
 * The JSON body that a schema accepts. Otherwise the answer (422, one entry for each thing that is wrong) has
 * been sent, and there is nothing left to do.
 */
export async function readJson<Schema extends z.ZodType>(
  message: IncomingMessage,
  response: ServerResponse,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const checked = checkJson(await text(message), schema);
  if (checked.kind === 'good') return checked.data;
  sendErrors(response, 422, ...checked.details);
  return undefined;
}

export async function readForm(message: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(message));
}
