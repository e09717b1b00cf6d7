import assert from 'node:assert/strict';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { TOKEN } from '../../../fakes/samples';

const SECRET = TOKEN.split('.')[1] ?? TOKEN;
const LONGEST_WAIT_MS = 86_400_000;

/** What somebody who asked got: a value, or a failure that is checked to be one of ours. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<{ readonly value?: T }> {
  try {
    return { value: await work() };
  } catch (error) {
    assertTyped(error);
    return {};
  }
}

export function assertTyped(error: unknown): asserts error is RequestFailure {
  assert.ok(error instanceof RequestFailure, `failed untyped: ${String(error)}`);
  const { message, retryAfterMs, request } = error;
  assert.ok(/^[A-Z]+ \/\S* failed: \w+( \(\w+\))?$/.test(message), `says ${message}`);
  assert.ok(!`${message} ${request}`.includes(SECRET), 'shows the secret');
  assertWait(retryAfterMs);
}

/** A wait that a timer can keep. */
export function assertWait(ms: number | undefined): void {
  assert.ok(ms === undefined || (ms >= 0 && ms <= LONGEST_WAIT_MS), `waits for ${ms}`);
}
