import { deepEqual, notDeepEqual } from 'node:assert/strict';
import { Faults, WELL, type FaultActions, type FaultValues } from '../../platform/faults';
import { makeTrouble } from './faults';

describe('Random faults', () => {
  const nothing = (): void => undefined;
  const actions: FaultActions = {
    revokeToken: nothing,
    killLab: () => Promise.resolve(),
    restartHub: () => Promise.resolve(),
    staleCookies: nothing,
    plantOrphan: nothing,
    releaseSpawn: nothing,
    releaseStop: nothing,
    cutSockets: () => 0,
  };

  async function trouble(
    seed: number,
  ): Promise<{ readonly told: readonly string[]; readonly faults: Faults }> {
    const faults = new Faults(actions);
    const told: string[] = [];
    const say = (line: string): void => void told.push(line);
    const wait = (): Promise<void> => Promise.resolve();
    await makeTrouble(faults, () => told.length === 50, { seed, username: 'vrubin', wait, say });
    return { told, faults };
  }

  it('are the same ones in the same order for the same seed, and others for another', async () => {
    const [one, same, other] = [await trouble(7), await trouble(7), await trouble(8)];
    deepEqual(one.told, same.told);
    notDeepEqual(one.told, other.told);
  });

  it('are all over in the end', async () => {
    const { faults } = await trouble(9);
    const names = Object.keys(WELL) as (keyof FaultValues)[];
    deepEqual(
      names.map((name) => faults.get(name)),
      names.map((name) => WELL[name]),
    );
  });
});
