import { runCanary } from '../unit/canaryRun';
import type { MeasureOptions } from './figure';

/** Places where a secret surfaced that should be nowhere; nothing provoked would prove nothing. */
export async function measureCanary({ say }: MeasureOptions): Promise<number> {
  const { provoked, leaks } = await runCanary();
  say(`${provoked} failures provoked`);
  for (const leak of leaks) say(leak);
  if (provoked === 0) throw new Error('No failure was provoked, so the canary proves nothing.');
  return leaks.length;
}
