import type { LabMenu } from '../../src/domain/lab/labMenu';
import type { LabState } from '../../src/domain/lab/labState';
import type { AccountFacts } from '../../src/domain/rows/accountRows';
import { TokenInfoSchema, UserInfoSchema } from '../../src/protocol/gafaelfawr/schemas';
import type { RunningSession } from '../../src/protocol/jupyter/sessions';
import { readLabForm } from '../../src/protocol/nublado/labForm';
import { DiscoverySchema } from '../../src/protocol/repertoire/schemas';
import { labFormHtml, sampleAccount } from './samples';

const GIB = 1024 ** 3;

/** The moment at which the facts are looked at. */
export const FACTS_AT_MS = Date.UTC(2026, 7, 21, 12);

export const runningLab: Extract<LabState, { kind: 'running' }> = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
  details: {
    status: 'running',
    size: 'large',
    imageReference: 'reg/lab:w_2026_30@sha256:1',
    isDebug: true,
    hasResetEnvironment: false,
    limits: { cpuCores: 4, memoryBytes: 16 * GIB },
  },
};

export const busySession: RunningSession = {
  id: 's1',
  name: 'a.ipynb',
  kernelId: 'k1',
  kernelName: 'lsst',
  state: 'busy',
  connections: 1,
  lastActivityMs: FACTS_AT_MS - 3_600_000,
};

/** What is known of an account whose lab runs; every part may be replaced. */
export function sampleFacts(changes: Partial<AccountFacts> = {}): AccountFacts {
  return {
    account: sampleAccount({ tokenExpires: new Date(FACTS_AT_MS + 5 * 86_400_000) }),
    user: {
      kind: 'known',
      value: {
        userInfo: UserInfoSchema.parse({
          username: 'vrubin',
          name: 'Vera Rubin',
          uid: 0,
          groups: [{ name: 'g' }],
        }),
        tokenInfo: TokenInfoSchema.parse({
          token: 'key',
          username: 'vrubin',
          token_type: 'user',
          scopes: [],
        }),
      },
    },
    lab: runningLab,
    sessions: { kind: 'known', value: [busySession] },
    menu: { kind: 'known', value: readLabForm(labFormHtml()) as LabMenu },
    vitals: {
      kind: 'known',
      value: { memoryBytes: 2 * GIB, memoryLimitBytes: 16 * GIB, cpuCores: 0.25, cpuLimitCores: 4 },
    },
    abnormalStart: { kind: 'known', value: undefined },
    discovery: { kind: 'known', value: DiscoverySchema.parse({}) },
    broadcasts: { kind: 'loading' },
    ...changes,
  };
}
