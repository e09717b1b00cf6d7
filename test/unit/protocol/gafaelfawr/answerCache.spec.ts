import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret } from '../../../../src/common/secret';
import { AnswerCache } from '../../../../src/protocol/gafaelfawr/answerCache';
import { deferred, never, settle, type Deferred } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { TOKEN } from '../../../fakes/samples';

const MINUTE_MS = 60_000;

describe('what is remembered about a token', () => {
  const token = new Secret(TOKEN);
  let clock: JumpingClock;
  let cache: AnswerCache<number>;
  let asked: (Deferred<number> & { readonly signal: AbortSignal })[];

  beforeEach(() => {
    clock = new JumpingClock();
    cache = new AnswerCache(clock);
    asked = [];
  });

  const ask = (signal: AbortSignal): Promise<number> => {
    const question = deferred<number>();
    asked.push({ ...question, signal });
    return question.promise;
  };
  const get = (isFresh = false, who = token, signal = never) => cache.get(who, ask, signal, { isFresh });
  /** Asks, and answers with the number of the question if there is one. */
  const answered = async (isFresh = false, who = token): Promise<number> => {
    const answer = get(isFresh, who);
    asked.at(-1)?.resolve(asked.length);
    return answer;
  };
  const tokenNo = (no: number, secret = 'S'): Secret =>
    new Secret(`gt-${String(no).padStart(22, 'k')}.${secret.repeat(22)}`);

  it('is given out for five minutes, counted from the question', async () => {
    const first = get();
    clock.advance(MINUTE_MS);
    asked.at(0)?.resolve(1);
    assert.equal(await first, 1);
    clock.advance(4 * MINUTE_MS - 1);
    assert.equal(await answered(), 1);
    clock.advance(1);
    assert.equal(await answered(), 2);
  });

  it('is not trusted when the clock has been set back', async () => {
    await answered();
    clock.advance(-1);
    assert.equal(await answered(), 2);
  });

  it('is replaced by a fresh answer', async () => {
    await answered();
    assert.deepEqual([await answered(true), await answered()], [2, 2]);
  });

  it('is asked for once by all who want it at the same time', async () => {
    const answers = [get(), get(), get()];
    asked.at(0)?.resolve(7);
    assert.deepEqual([await Promise.all(answers), asked.length], [[7, 7, 7], 1]);
  });

  it('is asked for anew by who wants it fresh, whatever is on its way, and the newest question wins', async () => {
    const old = get();
    const fresh = get(true);
    const alsoFresh = get(true);
    const whatever = get();
    asked.at(1)?.resolve(2);
    assert.deepEqual(await Promise.all([fresh, alsoFresh, whatever]), [2, 2, 2]);
    asked.at(0)?.resolve(1);
    assert.deepEqual([await old, await answered(), asked.length], [1, 2, 2]);
  });

  it('is never a failure', async () => {
    const answers = [get(), get()];
    asked.at(0)?.reject(new Error('no'));
    for (const answer of answers) await assert.rejects(answer, { message: 'no' });
    assert.equal(await answered(), 2);
  });

  it('is forgotten on demand, and what is on its way then is not kept', async () => {
    await answered();
    cache.forget('abcdefghijklmnopqrstuv');
    const onItsWay = get();
    cache.forget('abcdefghijklmnopqrstuv');
    asked.at(1)?.resolve(2);
    assert.deepEqual([await onItsWay, await answered()], [2, 3]);
  });

  it('is for nobody who has only the public part right', async () => {
    await answered(false, tokenNo(1, 'S'));
    assert.equal(await answered(false, tokenNo(1, 'T')), 2);
  });

  it('is about the newest 32 tokens only', async () => {
    for (let no = 1; no <= 33; no++) await answered(false, tokenNo(no));
    assert.deepEqual([await answered(false, tokenNo(33)), asked.length], [33, 33]);
    assert.equal(await answered(false, tokenNo(1)), 34);
  });

  it('is still on its way while anybody waits, and given up when the last has left', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const answers = [get(false, token, one.signal), get(false, token, two.signal)];
    one.abort();
    await assert.rejects(answers[0] ?? Promise.resolve(), { name: 'AbortError' });
    assert.equal(asked.at(0)?.signal.aborted, false);
    two.abort();
    await assert.rejects(answers[1] ?? Promise.resolve(), { name: 'AbortError' });
    assert.equal(asked.at(0)?.signal.aborted, true);
    const later = get();
    asked.at(0)?.reject(new Error('given up'));
    await settle();
    asked.at(1)?.resolve(2);
    assert.deepEqual([await later, await answered()], [2, 2]);
  });

  it('is not asked for by who has left already', async () => {
    await assert.rejects(get(false, token, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(asked.length, 0);
  });

  it('shows no secret when it is printed', async () => {
    await answered();
    const secret = TOKEN.split('.')[1] ?? '';
    assert.equal(inspect(cache, { depth: 9, showHidden: true }).includes(secret), false);
  });
});
