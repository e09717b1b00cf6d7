import type { Clock } from '../../common/clock';
import type { HubPages } from '../../protocol/jupyterhub/hubPages';
import type { Lab } from './lab';

/** The hub is asked this often while a person chooses in their browser. */
const ELSEWHERE_POLL_MS = 3000;

/** Looks at the pages of the hub, or sends one of them back, for somebody who chooses a new lab there. */
export function atPages<T>(lab: Lab, work: (pages: HubPages) => Promise<T>, signal: AbortSignal): Promise<T> {
  return lab.ask(({ pages }) => {
    if (!pages) throw new Error('This site tells what there is to choose in another way.');
    return work(pages);
  }, signal);
}

/** Waits until somebody has started the lab in another place, such as on the hub's page. */
export async function untilStartedElsewhere(lab: Lab, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { kind } = await lab.refresh(signal);
    if (kind === 'starting' || kind === 'running') return;
    await clock.wait(ELSEWHERE_POLL_MS, signal);
  }
}
