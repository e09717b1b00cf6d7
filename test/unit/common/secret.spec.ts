import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret } from '../../../src/common/secret';

describe('Secret', () => {
  it('hides its value in text, JSON and inspection, also inside other objects, and reveals it when asked', () => {
    const secret = new Secret('the value');
    assert.deepEqual(
      [
        String(secret),
        secret.toString(),
        JSON.stringify({ secret }),
        inspect(secret),
        inspect({ deep: [{ secret }] }, { depth: 10, showHidden: true }),
        inspect(Object.entries({ secret })),
        secret.reveal(),
      ],
      [
        '[secret]',
        '[secret]',
        '{"secret":"[secret]"}',
        '[secret]',
        '{ deep: [ { secret: [secret] }, [length]: 1 ] }',
        "[ [ 'secret', [secret] ] ]",
        'the value',
      ],
    );
  });

  it('equals another one with the same value', () => {
    const one = new Secret('a');
    assert.deepEqual([one.equals(new Secret('a')), one.equals(new Secret('b'))], [true, false]);
  });

  it('has no property that could be copied or listed', () => {
    assert.deepEqual([Object.keys(new Secret('a')), Object.assign({}, new Secret('a'))], [[], {}]);
  });
});
