import { text } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { type ErrorDetail, sendErrors } from './answers';

/**
 * The JSON body that a schema accepts. Otherwise the answer (422, one entry for each thing that is wrong) has
 * been sent, and there is nothing left to do.
 */
export async function readJson<Schema extends z.ZodType>(
  message: IncomingMessage,
  response: ServerResponse,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const raw = await text(message);
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    sendErrors(response, 422, {
      type: 'json_invalid',
      loc: ['body', 0],
      msg: 'JSON decode error',
      input: {},
    });
    return undefined;
  }
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  const details = checked.error.issues.map((issue): ErrorDetail => {
    const loc = ['body', ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    return { type: issue.code, loc, msg: issue.message, input: issue.input ?? null };
  });
  sendErrors(response, 422, ...details);
  return undefined;
}

export async function readForm(message: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(message));
}
