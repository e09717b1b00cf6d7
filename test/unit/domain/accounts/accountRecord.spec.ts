import assert from 'node:assert/strict';
import { readAccountRecord, toAccountRecord } from '../../../../src/domain/accounts/accountRecord';
import { toHubSite } from '../../../../src/domain/sites/site';
import { sampleAccount, sampleSite } from '../../../fakes/samples';

describe('the record of an account', () => {
  it('gives back the account that was stored, with and without what may be missing', () => {
    const accounts = [
      sampleAccount({ tokenExpires: new Date(Date.UTC(2027, 0, 1)) }),
      sampleAccount({
        fullName: undefined,
        tokenName: undefined,
        site: { ...sampleSite(), tokensUrl: undefined },
      }),
      sampleAccount({ site: toHubSite(new URL('https://hub.example/jupyter/')) }),
    ];
    assert.deepEqual(
      accounts.map(toAccountRecord).map(readAccountRecord),
      accounts.map((account) => ({ account, isOutdated: false })),
    );
  });

  it('is brought up to date from every older version, with nothing lost', () => {
    const { tokenName, ...rest } = JSON.parse(toAccountRecord(sampleAccount())) as Record<string, unknown>;
    const { kind, ...site } = rest['site'] as Record<string, unknown>;
    assert.deepEqual([tokenName, kind], ['VS Code', 'rsp']);
    const older = [
      { ...rest, site, version: 1 },
      { ...rest, site, tokenName, version: 2 },
    ];
    assert.deepEqual(
      older.map((record) => readAccountRecord(JSON.stringify(record))),
      [undefined, 'VS Code'].map((name) => ({
        account: sampleAccount({ tokenName: name }),
        isOutdated: true,
      })),
    );
  });

  it('is none when anything in it is not as it should be', () => {
    const good = JSON.parse(toAccountRecord(sampleAccount())) as Record<string, unknown>;
    const site = good['site'] as object;
    const bad = [
      { ...good, version: 4 },
      { ...good, version: '3' },
      { ...good, site: { ...site, kind: 'hut' } },
      { ...good, version: 2, site: 'data.example' },
      { ...good, version: 1, scopes: undefined },
      { ...good, username: '' },
      { ...good, token: undefined },
      { ...good, scopes: 'exec:notebook' },
      { ...good, tokenExpires: 'soon' },
      { ...good, site: undefined },
      { ...good, site: { ...site, hubUrl: 'nb' } },
    ];
    assert.deepEqual(
      bad.map((record) => readAccountRecord(JSON.stringify(record))),
      bad.map(() => undefined),
    );
  });
});
