import assert from 'node:assert/strict';
import { keyOfToken, toToken } from '../../../../src/protocol/gafaelfawr/token';
import { Secret } from '../../../../src/common/secret';
import { TOKEN } from '../../../fakes/samples';

describe('the shape of a token', () => {
  const accepted: Readonly<Record<string, string>> = {
    bare: TOKEN,
    'with spaces and line ends around it': `\r\n  ${TOKEN}\t\n`,
    'with a scheme in front': `Bearer ${TOKEN}`,
    'with a scheme in other case': `bearer  ${TOKEN}`,
    'in double quotes': `"${TOKEN}"`,
    'in single quotes': `'${TOKEN}'`,
    'in backticks': ` \`${TOKEN}\` `,
    'with dashes and underscores': 'gt-----------------------.______________________',
  };
  for (const [how, text] of Object.entries(accepted)) {
    it(`is taken ${how}`, () => {
      const bare = how.startsWith('with dashes') ? text : TOKEN;
      assert.equal(toToken(text)?.reveal(), bare);
    });
  }

  it('is refused in any other form', () => {
    const refused = [
      '',
      'gt-',
      TOKEN.slice(0, -1),
      TOKEN.replace('a', ''),
      TOKEN.replace('a', 'aa'),
      `${TOKEN}A`,
      TOKEN.replace('gt-', 'gc-'),
      TOKEN.replace('gt-', 'GT-'),
      TOKEN.replace('.', '-'),
      TOKEN.replace('a', '+'),
      TOKEN.replace('a', ' '),
      `${TOKEN} ${TOKEN}`,
      `${TOKEN}\n${TOKEN}`,
      `"${TOKEN}'`,
      `x${TOKEN}`,
      '0123456789abcdef0123456789abcdef',
    ];
    assert.deepEqual(
      refused.filter((text) => toToken(text) !== undefined),
      [],
    );
  });

  it('gives the public key, and nothing of what has no such shape', () => {
    assert.deepEqual(
      [keyOfToken(new Secret(TOKEN)), keyOfToken(new Secret('gt-short.secret'))],
      ['abcdefghijklmnopqrstuv', ''],
    );
  });
});
