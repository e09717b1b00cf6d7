import { Belongings } from '../demo/belongings';
import { DEFAULTS, HubPerson } from '../platform/hubs/hubPerson';
import { startPlainHub, type PlainHub } from '../platform/hubs/plainHub';
import { median, type MeasureOptions } from './figure';
import { tapHub } from './tap';

const SAMPLES = 5;
const USERNAME = 'ada';
const never = new AbortController().signal;

/**
 * What JupyterHub for VS Code by Microsoft asks for on the same way, counted in its source: `resolveJupyterServerImpl` of
 * jupyterIntegration.ts, and what that calls in authenticator.ts, validator.ts and jupyterHubApi.ts.
 */
const PEER = {
  warm: "Microsoft's JupyterHub extension: 9 to 11 (the user's model 6 times: to check the token, the connection, the server, the token again, for the server's address, and for that again; kernels, sessions and kernel specs 3 to 5).",
  cold: "Microsoft's JupyterHub extension: 11 to 13 and one more for each second of the start, which it gives up after 10 (as for a running server, the start, and the user's model each second).",
};

/** A start in a fresh window, from the wish to the server that is handed over. */
export function measureHubColdRequests({ say }: MeasureOptions): Promise<number> {
  return withHub(async (hub) => {
    const asked = await visit(hub, async ({ lab }) => {
      await lab.start(DEFAULTS, never);
      await lab.enter(never);
    });
    say(asked.join(', '));
    say(PEER.cold);
    return asked.length;
  });
}

/** Joining a server that runs, in a fresh window and once more. */
export function measureHubWarmRequests({ say }: MeasureOptions): Promise<number> {
  return withHub(async (hub) => {
    await visit(hub, ({ lab }) => lab.start(DEFAULTS, never));
    const counts: number[] = [];
    await visit(hub, async ({ lab, asked }) => {
      for (let round = 0; round < 2; round++) {
        const before = asked().length;
        await lab.enter(never);
        counts.push(asked().length - before);
      }
    });
    say(`In a fresh window ${counts[0]}, once more ${counts[1]}.`);
    say(PEER.warm);
    return Math.max(...counts);
  });
}

/** From the hub's ready event to the state that is drawn, with the clock of this process. */
export function measureHubReadyLatency({ samples = SAMPLES, say }: MeasureOptions): Promise<number> {
  return withHub(async (hub) => {
    const tap = await tapHub(hub.url.origin);
    try {
      const all: number[] = [];
      const person = new HubPerson();
      const account = await person.enterWith(tap.url, await hub.tokenOf(USERNAME));
      const { lab } = person.deskOf(account);
      for (let sample = 0; sample < samples; sample++) {
        let runningAtMs: number | undefined;
        const listening = lab.onDidChange(({ kind }) => {
          if (kind === 'running') runningAtMs ??= performance.now();
        });
        await lab.start(DEFAULTS, never);
        listening.dispose();
        if (tap.readyAtMs === undefined || runningAtMs === undefined)
          throw new Error('The server runs, but the hub has not said that it is ready.');
        all.push(runningAtMs - tap.readyAtMs);
        await lab.stop(never);
      }
      await person.leave();
      say(`Each start: ${all.map((ms) => ms.toFixed(1)).join(', ')} ms.`);
      return Number(median(all).toFixed(1));
    } finally {
      await tap.stop();
    }
  });
}

/** Somebody with a window that has just been opened; what it asked servers for. */
async function visit(
  hub: PlainHub,
  work: (at: {
    readonly lab: ReturnType<HubPerson['deskOf']>['lab'];
    readonly asked: () => readonly string[];
  }) => Promise<void>,
): Promise<readonly string[]> {
  const person = new HubPerson();
  try {
    const account = await person.enterWith(hub.url.href, await hub.tokenOf(USERNAME));
    const mark = person.log.lines.length;
    await work({ lab: person.deskOf(account).lab, asked: () => person.asked(mark) });
    return person.asked(mark);
  } finally {
    await person.leave();
  }
}

/** The server behind it says yes to everything: what is counted is between the hub and us. */
async function withHub(work: (hub: PlainHub) => Promise<number>): Promise<number> {
  const belongings = new Belongings();
  try {
    const options = { startSeconds: 1, slowSpawnSeconds: 0 };
    return await work(belongings.add(await startPlainHub(options)));
  } finally {
    await belongings.stop();
  }
}
