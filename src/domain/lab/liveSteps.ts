import { redact } from '../../common/redact';
import type { NubladoClient } from '../../protocol/nublado/client';
import type { LabEvent, UserStatus } from '../../protocol/nublado/schemas';
import type { SpawnStep } from './labState';

/** The hub leaves this much for what comes after the controller's part. */
const MOST_PERCENT = 75;

/** What a lab is in the eyes of the controller while there is nothing to tell of its next start. */
const OVER: readonly UserStatus['status'][] = ['terminating', 'terminated', 'failed'];

/**
 * The steps of the start that is under way, as the controller tells them.
 *
 * Until it begins with a start, its stream repeats what was last: a stop, or a start that failed.
 *
 * @throws Error while it has not begun; `RequestFailure`
 */
export async function* stepsOfStart(
  nublado: Pick<NubladoClient, 'fetchUserStatus' | 'watchLabEvents'>,
  username: string,
  signal: AbortSignal,
): AsyncGenerator<SpawnStep> {
  const lab = await nublado.fetchUserStatus(signal);
  if (!lab || OVER.includes(lab.status)) throw new Error('the controller has not begun with it');
  yield* liveSteps(nublado.watchLabEvents(username, signal));
}

/**
 * What the controller told of a start that was over before anybody could listen to it.
 *
 * @returns nothing when it knows of no failure.
 * @throws `RequestFailure`
 */
export async function stepsOfFailure(
  nublado: Pick<NubladoClient, 'fetchUserStatus' | 'watchLabEvents'>,
  username: string,
  signal: AbortSignal,
): Promise<readonly SpawnStep[]> {
  const lab = await nublado.fetchUserStatus(signal);
  if (lab?.status !== 'failed') return [];
  const steps: SpawnStep[] = [];
  for await (const step of liveSteps(nublado.watchLabEvents(username, signal))) steps.push(step);
  return steps;
}

/** The controller's events as steps; an event without a percentage has that of the one before. Secrets in the words are blotted out. */
export async function* liveSteps(events: AsyncIterable<LabEvent>): AsyncGenerator<SpawnStep> {
  let percent = 0;
  for await (const event of events) {
    percent = Math.min(MOST_PERCENT, event.percent ?? percent);
    const severity =
      event.type === 'error' || event.type === 'failed'
        ? 'error'
        : event.type === 'warning'
          ? 'warning'
          : 'info';
    yield { percent, severity, message: redact(event.message).trim() };
  }
}
