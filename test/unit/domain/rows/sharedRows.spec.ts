import assert from 'node:assert/strict';
import { sharedRows } from '../../../../src/domain/rows/sharedRows';
import { toHubSite } from '../../../../src/domain/sites/site';
import { SharesSchema } from '../../../../src/protocol/jupyterhub/schemas';
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
          ['gpu', 'shared by bob, running', 'https://hub.example/jupyter/user/bob/gpu/', 'rsp.shared.offer'],
          [
            'Default server',
            'shared by bob, running',
            'https://bob.hub.example/jupyter/user/bob/',
            'rsp.shared.offer',
          ],
          ['old', 'shared by bob, not running', undefined, 'rsp.fact'],
        ],
      ],
    );
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

  it('take no place where there are none', () => {
    assert.deepEqual([told(), sharedRows(account)], [[], []]);
  });
});
