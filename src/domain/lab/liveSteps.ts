import { redact } from '../../common/redact';
import type { LabEvent } from '../../protocol/nublado/schemas';
import type { SpawnStep } from './labState';

/** The hub leaves this much for what comes after the controller's part. */
const MOST_PERCENT = 75;

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
