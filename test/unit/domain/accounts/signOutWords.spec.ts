import assert from 'node:assert/strict';
import {
  signOutExtras,
  signOutSentences,
  type SignOutFacts,
} from '../../../../src/domain/accounts/signOutWords';
import type { LabState } from '../../../../src/domain/lab/labState';
import type { RunningSession } from '../../../../src/protocol/jupyter/sessions';
import { sampleAccount } from '../../../fakes/samples';

const NOW_MS = Date.UTC(2026, 7, 1);
const RUNNING: LabState = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '' },
  details: {
    status: 'running',
    size: 'large',
    imageReference: 'reg/lab:w_2026_30@sha256:b1',
    isDebug: false,
    hasResetEnvironment: false,
    limits: undefined,
  },
};
const session = (name: string): RunningSession => ({
  id: name,
  name,
  kernelId: name,
  kernelName: 'lsst',
  state: 'idle',
  connections: undefined,
  lastActivityMs: undefined,
});

function facts(changes: Partial<SignOutFacts> = {}): SignOutFacts {
  return {
    account: sampleAccount(),
    lab: { kind: 'none' },
    sessions: undefined,
    isLabsParent: false,
    ...changes,
  };
}

describe('what a sign-out says', () => {
  const said = (changes: Partial<SignOutFacts>): readonly string[] =>
    signOutSentences(facts(changes), NOW_MS);

  it('is what it does, and that the token stays valid', () => {
    const account = sampleAccount({ tokenExpires: new Date(NOW_MS + 90 * 86_400_000) });
    assert.deepEqual(said({ account }), [
      'The token is removed from this computer.',
      'Notebooks lose their connection to the lab; they find it again after the next sign-in.',
      'At example the token stays valid for 90 days unless it is revoked.',
    ]);
  });

  it('is that a lab goes on, with its image, its size and the notebooks that hold its kernels', () => {
    const sessions = [session('first.ipynb'), session('second.ipynb')];
    assert.deepEqual(
      [
        said({ lab: RUNNING, sessions })[2],
        said({ lab: RUNNING })[2],
        said({ lab: { kind: 'starting', sinceMs: 0, steps: [] } })[2],
      ],
      [
        'Your lab (w_2026_30, large) goes on, with the kernels of first.ipynb, second.ipynb.',
        'Your lab (w_2026_30, large) goes on.',
        'Your lab (starting) goes on.',
      ],
    );
  });

  it('is that a token that lies ready stays where it is', () => {
    const first = (origin: Parameters<typeof sampleAccount>[0]): string | undefined =>
      said({ account: sampleAccount(origin) })[0];
    assert.deepEqual(
      [
        first({ origin: { kind: 'environment', variable: 'ACCESS_TOKEN' } }),
        first({ origin: { kind: 'file', path: '/etc/token' } }),
      ],
      [
        'The token stays in the environment variable ACCESS_TOKEN; VS Code sets it aside until another takes its place.',
        'The token stays in the file /etc/token; VS Code sets it aside until another takes its place.',
      ],
    );
  });

  it('is what has become of the token: refused, over, or without end', () => {
    const last = (changes: Parameters<typeof sampleAccount>[0]): string | undefined =>
      said({ account: sampleAccount(changes) }).at(-1);
    assert.deepEqual(
      [last({ isRefused: true }), last({ tokenExpires: new Date(NOW_MS - 1) }), last({})],
      [
        'At example the token is not valid any more.',
        'At example the token has expired.',
        'At example the token stays valid until it is revoked.',
      ],
    );
  });
});

describe('what a sign-out offers', () => {
  const mayRevoke = sampleAccount({ scopes: ['exec:notebook', 'user:token'] });

  it('is to stop a lab that runs, naming what is lost', () => {
    const [stop] = signOutExtras(facts({ lab: RUNNING, sessions: [session('first.ipynb')] }));
    assert.deepEqual(
      [stop?.does, stop?.description, stop?.detail],
      ['stopLab', 'w_2026_30, large', 'Stopping it loses the variables of first.ipynb; files are kept.'],
    );
  });

  it('is to revoke the token, saying what becomes of a lab that was started with it', () => {
    const detail = (isLabsParent: boolean | undefined): string | undefined =>
      signOutExtras(facts({ account: mayRevoke, isLabsParent })).find(({ does }) => does === 'revoke')
        ?.detail;
    assert.deepEqual(
      [detail(true), detail(undefined), detail(false)],
      [
        'Revoked, the token ends everywhere it is used, and your lab that was started with it loses its access to data.',
        'Revoked, the token ends everywhere it is used, and a lab that was started with it loses its access to data.',
        'Revoked, the token ends everywhere it is used.',
      ],
    );
  });

  it('is the token page where the token may not revoke itself, and nothing where there is no page either', () => {
    const without = { ...sampleAccount().site, tokensUrl: undefined };
    const offered = (account: SignOutFacts['account']) =>
      signOutExtras(facts({ account })).map(({ does }) => does);
    assert.deepEqual(
      [offered(sampleAccount()), offered(sampleAccount({ site: without }))],
      [['openTokenPage'], []],
    );
  });

  it('names every server that goes on, and offers to stop them all', () => {
    const gpu = { ...sampleAccount(), server: { name: 'gpu', label: 'gpu' } };
    const others = [
      { account: gpu, lab: { ...RUNNING, details: undefined }, sessions: [session('b.ipynb')] },
    ];
    const all = facts({ lab: { ...RUNNING, details: undefined }, sessions: [session('a.ipynb')], others });
    const [stop] = signOutExtras(all);
    const [alone] = signOutExtras(facts({ others }));
    assert.deepEqual(
      [
        signOutSentences(all, NOW_MS).slice(2, 4),
        [stop?.button, stop?.label, stop?.description, stop?.detail],
        [alone?.button, alone?.detail],
      ],
      [
        [
          'Your lab goes on, with the kernels of a.ipynb.',
          'Your server gpu goes on, with the kernels of b.ipynb.',
        ],
        [
          'Stop Servers',
          'Stop your 2 servers',
          'default, gpu',
          'Stopping them loses the variables of a.ipynb, b.ipynb; files are kept.',
        ],
        ['Stop Lab', 'Stopping it loses the variables of b.ipynb; files are kept.'],
      ],
    );
  });
});
