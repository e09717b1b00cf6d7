import assert from 'node:assert/strict';
import type { LabState } from '../../../../src/domain/lab/labState';
import { toRows } from '../../../../src/domain/rows/accountRows';
import { sharedRows } from '../../../../src/domain/rows/sharedRows';
import { accountAt } from '../../../../src/domain/servers/namedServer';
import { toShared } from '../../../../src/domain/servers/sharedWords';
import { toHubSite } from '../../../../src/domain/sites/site';
import { SharesSchema } from '../../../../src/protocol/jupyterhub/schemas';
import { sampleFacts } from '../../../fakes/accountFacts';
import { sampleAccount } from '../../../fakes/samples';

describe('servers that others shared', () => {
  const account = sampleAccount({ site: toHubSite(new URL('https://hub.example/jupyter/')) });
  const told = (...servers: readonly object[]) => {
    const { items } = SharesSchema.parse({ items: servers.map((server) => ({ server })) });
    return sharedRows(account, items).map(({ children = [] }) =>
      children.map(({ label, detail, url, context }) => [label, detail, url, context]),
    );
  };
  const user = { name: 'bob' };

  it('lead to their pages while they run, and can be used by notebooks then', () => {
    assert.deepEqual(
      told(
        { name: 'gpu', url: '/jupyter/user/bob/gpu/', ready: true, user },
        { name: '', url: 'https://bob.hub.example/jupyter/user/bob/', ready: true, user },
        { name: 'old', url: '/jupyter/user/bob/old/', ready: false, user },
      ),
      [
        [
          ['gpu', 'bob, running', 'https://hub.example/jupyter/user/bob/gpu/', 'rsp.shared.offer'],
          ['Default server', 'bob, running', 'https://bob.hub.example/jupyter/user/bob/', 'rsp.shared.offer'],
          ['old', 'bob, not running', undefined, 'rsp.fact'],
        ],
      ],
    );
  });

  it('are left out when nobody could ask for them', () => {
    const url = '/jupyter/user/bob/';
    const names = ['a/b', '..', 'half of \ud83d'];
    const odd = names.flatMap((name) => [
      { name, url, user },
      { name: 'gpu', url, user: { name } },
    ]);
    assert.deepEqual(told(...odd, { name: 'ü 🔭', url, user }), [
      [['ü 🔭', 'bob, not running', undefined, 'rsp.fact']],
    ]);
  });

  it('lead nowhere when their address is that of no page', () => {
    const [rows] = told(
      { name: 'a', url: 'javascript:alert(1)', ready: true, user },
      { name: 'b', url: 'http://[', ready: true, user },
    );
    assert.deepEqual(
      rows?.map(([, , url, context]) => [url, context]),
      [
        [undefined, 'rsp.fact'],
        [undefined, 'rsp.fact'],
      ],
    );
  });

  it('are drawn as labs once notebooks may use them, with their page and no deed of the person’s own labs', () => {
    const { items } = SharesSchema.parse({
      items: [{ server: { name: 'gpu', url: '/jupyter/user/bob/gpu/', ready: true, user } }],
    });
    const at = accountAt(account, toShared({ owner: 'bob', name: 'gpu' }));
    const rows = [true, false].flatMap((isAgreed) =>
      (['running', 'none'] as const).flatMap((kind) => {
        const lab: LabState =
          kind === 'none'
            ? { kind, isWithdrawn: true }
            : { kind, address: { url: new URL('https://hub.example/'), startedAt: '?' }, details: undefined };
        const facts = { ...sampleFacts({ account }), account: at, lab, isAgreed };
        const row = toRows({ ...sampleFacts({ account }), shared: items }, 0, {}, [facts]);
        return (row.children ?? []).filter(({ label }) => label === 'Shared with you');
      }),
    );
    assert.deepEqual(
      rows.map(({ children = [] }) =>
        children.map(({ label, detail, context, url }) => [label, detail, context, url]),
      ),
      [
        [['gpu', 'bob, running', 'rsp.shared.running', 'https://hub.example/jupyter/user/bob/gpu/']],
        [['gpu', 'bob, not shared any more', 'rsp.shared.none', undefined]],
        ...Array<unknown>(2).fill([
          ['gpu', 'bob, running', 'rsp.shared.offer', 'https://hub.example/jupyter/user/bob/gpu/'],
        ]),
      ],
    );
  });

  it('take no place where there are none', () => {
    assert.deepEqual([told(), sharedRows(account)], [[], []]);
  });
});
