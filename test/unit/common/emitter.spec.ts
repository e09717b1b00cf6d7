import assert from 'node:assert/strict';
import { Emitter } from '../../../src/common/emitter';

describe('Emitter', () => {
  it('tells listeners in the order they subscribed, the same function once for each subscription', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const twice = (value: string): void => void heard.push(`twice ${value}`);
    emitter.event(twice);
    emitter.event((value) => void heard.push(`between ${value}`));
    emitter.event(twice);
    emitter.fire('a');
    assert.deepEqual(heard, ['twice a', 'between a', 'twice a']);
  });

  it('ends only the subscription that is released', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const listener = (value: string): void => void heard.push(value);
    const first = emitter.event(listener);
    emitter.event(listener);
    first.dispose();
    first.dispose();
    emitter.fire('a');
    assert.deepEqual(heard, ['a']);
  });

  it('tells those who subscribed before the event, not during it, and nobody after its end', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    emitter.event((value) => {
      heard.push(`first ${value}`);
      emitter.event((later) => void heard.push(`late ${later}`));
    });
    emitter.fire('a');
    emitter.dispose();
    emitter.fire('b');
    assert.deepEqual(heard, ['first a']);
  });
});
