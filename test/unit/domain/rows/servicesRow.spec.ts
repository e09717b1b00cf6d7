import assert from 'node:assert/strict';
import type { Row } from '../../../../src/domain/rows/row';
import { datasetsRow, servicesRow } from '../../../../src/domain/rows/servicesRow';
import { DiscoverySchema } from '../../../../src/protocol/repertoire/schemas';

describe('services and data sets of a site', () => {
  const discovery = (wire: object) => ({ kind: 'known', value: DiscoverySchema.parse(wire) }) as const;
  const told = (row: Row | undefined) => (row?.children ?? []).map(({ label, url }) => [label, url]);

  it('are called what people call them, and lead to their pages', () => {
    const row = servicesRow(
      'a',
      discovery({
        services: {
          ui: {
            portal: { url: 'https://data.example/portal/app/' },
            logout: { url: 'https://data.example/logout' },
            'made-later': { url: 'https://data.example/later' },
          },
        },
      }),
    );
    assert.deepEqual(told(row), [
      ['Portal', 'https://data.example/portal/app/'],
      ['made-later', 'https://data.example/later'],
    ]);
  });

  it('are listed with description, documentation and the addresses of each data set', () => {
    const row = datasetsRow(
      'a',
      discovery({
        datasets: {
          dp1: {
            description: 'Data Preview 1',
            docs_url: 'https://dp1.example/',
            services: { tap: { url: 'https://data.example/api/tap' } },
          },
          bare: {},
        },
      }),
    );
    assert.deepEqual(
      row.children?.map((each) => [each.label, each.detail, told(each)]),
      [
        [
          'dp1',
          'Data Preview 1',
          [
            ['Documentation', 'https://dp1.example/'],
            ['Catalogs (TAP)', 'https://data.example/api/tap'],
          ],
        ],
        ['bare', undefined, []],
      ],
    );
  });

  it('leave out what is no address of a page', () => {
    const row = datasetsRow(
      'a',
      discovery({
        datasets: {
          odd: {
            docs_url: 'javascript:alert(1)',
            services: { tap: { url: 'file:///etc/passwd' }, sia: { url: 'nowhere' } },
          },
        },
      }),
    );
    assert.deepEqual(told(row.children?.[0]), []);
  });

  it('say that there are none, that they are asked for, or why they are not known', () => {
    const problem = { kind: 'noAnswer', host: 'data.example' } as const;
    assert.deepEqual(
      [discovery({}), { kind: 'loading' } as const, { kind: 'problem', problem } as const].map(
        (known) => servicesRow('a', known).children?.[0]?.label,
      ),
      [
        'none',
        'Loading…',
        'data.example did not answer in time. Check your network and try again in a minute.',
      ],
    );
  });
});
