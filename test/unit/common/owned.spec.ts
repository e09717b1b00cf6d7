import assert from 'node:assert/strict';
import { Owned } from '../../../src/common/owned';

describe('Owned', () => {
  const item = (released: string[], name: string) => ({ dispose: () => void released.push(name) });

  it('releases newest first, and each once, however often it is released', () => {
    const released: string[] = [];
    const owned = new Owned();
    for (const name of ['first', 'second', 'third']) owned.add(item(released, name));
    owned.dispose();
    owned.dispose();
    assert.deepEqual(released, ['third', 'second', 'first']);
  });

  it('releases at once what is added after the end, and hands over what it was given', () => {
    const released: string[] = [];
    const owned = new Owned();
    const before = owned.isEnded;
    owned.dispose();
    const late = item(released, 'late');
    assert.deepEqual(
      [before, owned.add(late) === late, released, owned.isEnded],
      [false, true, ['late'], true],
    );
  });

  it('releases what is added while it ends', () => {
    const released: string[] = [];
    const owned = new Owned();
    owned.add({ dispose: () => void owned.add(item(released, 'added on the way')) });
    owned.dispose();
    assert.deepEqual(released, ['added on the way']);
  });
});
