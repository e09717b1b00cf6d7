import { startScene, type Scene } from '../fakes/scene';
import { LAB_INPUT } from './badInput/labInput';
import { SIGN_IN_INPUT } from './badInput/signInInput';
import { DEEDS, type Deeds } from './canary/deeds';
import { CANARY_MARK, CANARY_TOKEN, FAULTS, type Faults } from './canary/faults';
import { capturePrints, leaksOf } from './canary/look';

export interface CanaryResult {
  /** How many times something was made to go wrong. */
  readonly provoked: number;
  /** Where a secret was seen that should not be there, in words; never the secret itself. */
  readonly leaks: readonly string[];
}

/**
 * Hands out secrets with a mark in them, makes everything go wrong in every way, and looks for the mark.
 *
 * It may be in secret storage and in headers of requests to the site itself, and nowhere else: no log line, message,
 * cause, dump, JSON, sentence, row, address or body of a request, nothing printed, nothing sent to another host.
 */
export async function runCanary(deeds: Deeds = DEEDS, faults: Faults = FAULTS): Promise<CanaryResult> {
  const leaks = new Set<string>();
  let provoked = 0;
  const look = async (what: string, scene: Scene, act: (scene: Scene) => Promise<unknown>): Promise<void> => {
    const outcome = await act(scene).catch((error: unknown) => error);
    for (const place of leaksOf(scene, outcome)) leaks.add(`${what}: ${place}`);
  };
  const prints = capturePrints();
  try {
    for (const { input, act } of [...SIGN_IN_INPUT, ...LAB_INPUT]) {
      await withScene((scene) => look(input, scene, act));
      provoked++;
    }
    for (const [deed, act] of Object.entries(deeds)) {
      await withScene(async (scene) => {
        await arrange(scene, true);
        await look(`${deed}, without a fault`, scene, act);
        for (const [fault, answer] of Object.entries(faults)) {
          for (const when of ['from the first request on', 'when signed in'] as const) {
            await arrange(scene, when === 'when signed in');
            scene.rsp.answer('*', answer(scene));
            await look(`${deed}, ${fault}, ${when}`, scene, act);
            provoked++;
          }
        }
      });
    }
  } finally {
    prints.stop();
  }
  for (const place of prints.leaks()) leaks.add(place);
  return { provoked, leaks: [...leaks] };
}

async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await startScene({ token: CANARY_TOKEN, mark: CANARY_MARK });
  scene.clock.factor = 200; // waiting for a lab that never comes takes three questions
  try {
    await work(scene);
  } finally {
    await scene.stop();
  }
}

/** All is well, and everybody has forgotten the sign-in or has one. */
async function arrange({ rsp, desk, link }: Scene, isSignedIn: boolean): Promise<void> {
  rsp.heal();
  rsp.hub.forgetEverybody();
  rsp.lab = rsp.readyLab;
  if (!isSignedIn) return;
  const { signal } = new AbortController();
  await desk.lab.enter(signal);
  await link.connection.enterLab(rsp.labAddress, signal);
  await link.connection.hub({ method: 'GET', path: 'hub/api' }, signal);
}
