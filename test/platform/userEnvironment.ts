import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';

/** What of a home can keep a lab from starting well, and under which name it is kept, as RSP does it. */
const SUSPECTS = new Map([
  ['.cache', 'cache'],
  ['.conda', 'conda'],
  ['.config', 'config'],
  ['.eups', 'eups'],
  ['.jupyter', 'jupyter'],
  ['.local', 'local'],
  ['notebooks/.user_setups', 'notebooks/user_setups'],
]);

/** Moves a user's settings and packages aside, into a folder named after the time; nothing is deleted. */
export async function resetUserEnvironment(home: string, now: Date): Promise<void> {
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(home, `.user_env.${stamp}`);
  for (const [from, to] of SUSPECTS) {
    const aside = path.join(folder, to);
    await mkdir(path.dirname(aside), { recursive: true });
    await rename(path.join(home, from), aside).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}
