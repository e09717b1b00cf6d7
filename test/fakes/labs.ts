import type { Log } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import { Asker } from '../../src/domain/accounts/asker';
import { TokenDoubt } from '../../src/domain/accounts/tokenDoubt';
import { Lab } from '../../src/domain/lab/lab';
import type { ImageChoice } from '../../src/domain/lab/labMenu';
import type { LabState } from '../../src/domain/lab/labState';
import { ProblemError } from '../../src/domain/problems/problems';
import type { FakeRsp } from './fakeRsp';
import { JumpingClock } from './jumpingClock';
import { sampleAccount, sampleSite } from './samples';

export const CHOICE: ImageChoice = {
  imageReference: 'reg/lab:w_2026_30@sha256:b1',
  imageName: 'Weekly 2026_30',
  isPrepulled: true,
  size: 'large',
  sizeName: 'Large',
  isDebug: false,
  resetsEnvironment: false,
};

/** A lab of the person of a fake RSP, with what it went through. */
export interface WatchedLab {
  readonly lab: Lab;
  readonly clock: JumpingClock;
  /** The kinds of its states, one after the other, without repetitions. */
  readonly kinds: LabState['kind'][];
}

/** @param clock - the one that the site's tokens go by, where their lives matter. */
export function labAt(rsp: FakeRsp, log: Log, clock = new JumpingClock()): WatchedLab {
  const { baseUrl, hubUrl, controllerUrl, gafaelfawrUrl, username } = rsp;
  const site = { ...sampleSite(baseUrl.href, 'example'), hubUrl, controllerUrl, gafaelfawrUrl };
  const account = sampleAccount({ site, username, token: new Secret(rsp.token) });
  const protocol = rsp.protocol(log);
  const link = protocol.link(site, username, () => account.token);
  const doubt = new TokenDoubt({ refuse: () => undefined }, () => Promise.resolve(protocol), clock, log);
  const lab = new Lab(new Asker(() => account, doubt, clock), () => Promise.resolve(link), clock, log);
  const kinds: LabState['kind'][] = [];
  lab.onDidChange(({ kind }) => {
    if (kinds.at(-1) !== kind) kinds.push(kind);
  });
  return { lab, clock, kinds };
}

/** How some work ended: its value, the problem that it is, or any other error. */
export async function problemOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return (await work()) ?? 'done';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.kind;
    return error instanceof Error ? error.name : error;
  }
}
