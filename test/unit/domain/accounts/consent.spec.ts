import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { CheckedToken } from '../../../../src/domain/accounts/account';
import { toConsent, wishedScopes, type Consent } from '../../../../src/domain/accounts/consent';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../../fakes/samples';

const NOW_MS = Date.UTC(2026, 7, 1);
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(NOW_MS + days * DAY_MS);

function checkedToken(
  changes: { scopes?: readonly string[]; username?: string; expires?: Date | undefined } = {},
): CheckedToken {
  const { scopes = ['exec:notebook', 'read:tap', 'read:image'], username = 'vrubin' } = changes;
  const expires = 'expires' in changes ? changes.expires : inDays(90);
  return {
    site: sampleSite(),
    token: new Secret(OTHER_TOKEN),
    tokenInfo: {
      key: OTHER_TOKEN.slice(3, 25),
      username,
      type: 'user',
      scopes: [...scopes],
      created: undefined,
      lastUsed: undefined,
      service: undefined,
      expires,
      name: 'VS Code',
      parent: undefined,
    },
    userInfo: {
      username,
      name: 'Vera Rubin',
      email: undefined,
      uid: undefined,
      gid: undefined,
      groups: [],
      quota: undefined,
    },
  };
}

describe('what a token is asked for', () => {
  it('is what it could do before, what is wished for now, and what every token should allow', () => {
    const account = sampleAccount({ scopes: ['exec:notebook', 'exec:portal'] });
    assert.deepEqual(
      [
        wishedScopes(sampleSite(), {}),
        wishedScopes(sampleSite(), { account, scopes: ['user:token', 'read:tap'] }),
      ],
      [
        ['exec:notebook', 'read:tap', 'read:image'],
        ['exec:notebook', 'exec:portal', 'user:token', 'read:tap', 'read:image'],
      ],
    );
  });

  it('is nothing that a site could not grant, whatever an extension asks for', () => {
    assert.deepEqual(wishedScopes(sampleSite(), { scopes: ['', 'a b', 'a,b', 'odd:scope', 'x"y'] }), [
      'odd:scope',
      'exec:notebook',
      'read:tap',
      'read:image',
    ]);
  });
});

describe('what a person sees of a token before it is kept', () => {
  const choices = (consent: Consent): readonly string[] =>
    consent.choices.map(({ does, label }) => `${does}: ${label}`);
  const facts = (consent: Consent): readonly string[] =>
    consent.facts.map(({ label, detail }) => `${label} | ${detail}`);
  const day = (date: Date): string => date.toLocaleDateString(undefined, { dateStyle: 'long' });

  it('is who it is, until when, what it allows and what it does not', () => {
    const consent = toConsent(checkedToken(), {}, undefined, NOW_MS);
    assert.deepEqual(
      [consent.question, choices(consent), facts(consent)],
      [
        'Is this you?',
        ['accept: Sign in as Vera Rubin (vrubin)'],
        [
          `Lasts 90 days | until ${day(inDays(90))}`,
          'You can start labs and run notebooks | exec:notebook',
          'You can query catalogs from the lab | read:tap',
          'You can read images from the lab | read:image',
          'You cannot reach your home folder over WebDAV | lacks write:files',
          'You cannot renew and revoke tokens from here | lacks user:token',
          'VS Code | token gt-vutsrqponmlkjihgfedcba',
        ],
      ],
    );
  });

  it('names scopes that no feature here needs as they are, and a token without end as such', () => {
    const scopes = ['exec:notebook', 'exec:portal', 'odd:scope'];
    const lines = facts(toConsent(checkedToken({ scopes, expires: undefined }), {}, undefined, NOW_MS));
    assert.deepEqual(
      [lines[0], lines.includes('Also allowed | exec:portal, odd:scope')],
      ['Does not expire | ', true],
    );
  });

  it('is what changes, when a token is renewed', () => {
    const known = sampleAccount({
      tokenExpires: inDays(3),
      scopes: ['exec:notebook', 'read:image', 'exec:portal'],
    });
    const scopes = ['exec:notebook', 'user:token'];
    const consent = toConsent(checkedToken({ scopes }), { account: known }, known, NOW_MS);
    const lines = facts(consent);
    assert.deepEqual(
      [
        consent.question,
        choices(consent),
        lines.filter((line) => /old|new|longer/.test(line.split('|')[1] ?? line)),
      ],
      [
        'Replace the token that you have by this one?',
        ['accept: Use this token for Vera Rubin (vrubin)'],
        [
          `Lasts 90 days | until ${day(inDays(90))}; the old token: 3 days left`,
          'You can renew and revoke tokens from here | user:token, new',
          'You cannot read images from the lab | lacks read:image, which the old token allows',
        ],
      ],
    );
    assert.ok(lines.includes('No longer allowed | exec:portal'));
  });

  it('says so when it is the token that they have already', () => {
    const known = sampleAccount({ token: new Secret(OTHER_TOKEN) });
    const consent = toConsent(checkedToken(), {}, known, NOW_MS);
    assert.equal(consent.question, 'This is the token that you have already');
  });

  it('is what it does not allow of what was asked for, with another token as the obvious way', () => {
    const wish = { scopes: ['user:token', 'odd:scope'] };
    const consent = toConsent(checkedToken(), wish, undefined, NOW_MS);
    assert.deepEqual(
      [consent.question, choices(consent), consent.choices[0]?.detail],
      [
        'This token does not allow you to renew and revoke tokens from here, use odd:scope',
        ['another: Make another token', 'accept: Sign in as Vera Rubin (vrubin) all the same'],
        'On the token page, choose user:token, odd:scope as well.',
      ],
    );
  });

  it('is that it belongs to somebody else than the one whose token was to be renewed', () => {
    const account = sampleAccount({ username: 'hleavitt' });
    const unknown = toConsent(checkedToken(), { account }, undefined, NOW_MS);
    const known = toConsent(checkedToken(), { account }, sampleAccount(), NOW_MS);
    assert.deepEqual(
      [unknown.question, choices(unknown), choices(known)],
      [
        'This token belongs to Vera Rubin (vrubin), not to hleavitt',
        ['another: Use another token', 'accept: Sign in as Vera Rubin (vrubin), too'],
        ['another: Use another token', 'accept: Use it for Vera Rubin (vrubin)'],
      ],
    );
  });
});
