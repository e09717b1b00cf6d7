import type { Faults } from '../../platform/platform';

/** One thing that goes wrong while somebody works, and how long it takes to be over. */
interface Trouble {
  readonly name: string;
  /** Does it; what lasts is ended by what it gives back. */
  begin(faults: Faults, username: string): Promise<(() => void) | undefined>;
  readonly isLasting?: boolean;
}

const once = (name: string, act: (faults: Faults, username: string) => unknown): Trouble => ({
  name,
  begin: async (faults, username) => {
    await act(faults, username);
    return undefined;
  },
});
const lasting = (name: string, act: (faults: Faults, username: string) => void): Trouble => ({
  name,
  isLasting: true,
  begin: (faults, username) => {
    act(faults, username);
    return Promise.resolve(() => faults.clear());
  },
});
const lab = (username: string): string => `/nb/user/${username}`;

/** What laptops, proxies, hubs and networks do to somebody in a day; the lab itself stays. */
const TROUBLES: readonly Trouble[] = [
  once('sockets cut', (faults, username) => faults.actions.cutSockets(lab(username))),
  once('sockets cut', (faults, username) => faults.actions.cutSockets(lab(username))),
  once('XSRF values stale', ({ actions }) => actions.staleCookies('xsrf')),
  once('hub cookies stale', ({ actions }) => actions.staleCookies('hub')),
  once('lab cookies stale and sockets cut', ({ actions }, username) => {
    actions.staleCookies('lab');
    actions.cutSockets(lab(username));
  }),
  once('all cookies stale', ({ actions }) => actions.staleCookies('all')),
  once('hub restarted', ({ actions }) => actions.restartHub()),
  once('hub restarted, cookies forgotten', ({ actions }) => actions.restartHub({ forgetCookies: true })),
  lasting('hub down', (faults) => faults.set('hubDown', true)),
  lasting('502 on the way to the lab', (faults, username) => {
    faults.set('gatewayErrors', [{ path: lab(username), status: 502 }]);
    faults.actions.cutSockets(lab(username));
  }),
  lasting('503 on the way to the lab', (faults, username) => {
    faults.set('gatewayErrors', [{ path: lab(username), status: 503 }]);
    faults.actions.cutSockets(lab(username));
  }),
  lasting('connections closed without an answer', (faults, username) => {
    faults.set('hangUp', [{ path: lab(username) }]);
    faults.actions.cutSockets(lab(username));
  }),
  lasting('no answers', (faults, username) => {
    faults.set('noAnswer', [{ path: lab(username) }]);
    faults.actions.cutSockets(lab(username));
  }),
];

/** Numbers from 0 to 1 that a seed decides. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface TroubleOptions {
  readonly seed: number;
  readonly username: string;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

const REST_MS = { least: 3000, most: 12_000 };
const LAST_MS = { least: 500, most: 6000 };

/** One trouble after the other until nobody wants any more; all is well afterwards. */
export async function makeTrouble(
  faults: Faults,
  isOver: () => boolean,
  { seed, username, wait, say }: TroubleOptions,
): Promise<number> {
  const random = randomFrom(seed);
  const within = ({ least, most }: typeof REST_MS): number => least + random() * (most - least);
  let troubles = 0;
  for (;;) {
    await wait(within(REST_MS));
    if (isOver()) return troubles;
    const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)];
    if (!trouble) continue;
    troubles++;
    const lastMs = within(LAST_MS);
    say(trouble.isLasting ? `${trouble.name} for ${Math.round(lastMs)} ms` : trouble.name);
    const end = await trouble.begin(faults, username);
    if (!end) continue;
    await wait(lastMs);
    end();
  }
}
