import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import { RateLimitStore } from '../../../../src/protocol/http/rateLimits';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { OTHER_TOKEN, TOKEN } from '../../../fakes/samples';

const KEY = 'abcdefghijklmnopqrstuv';
const GOOD = {
  'x-ratelimit-resource': 'tap',
  'x-ratelimit-limit': '35',
  'x-ratelimit-remaining': '31',
  'x-ratelimit-reset': '1787313600',
};

describe('what sites say of the use of quotas', () => {
  let store: RateLimitStore;
  const note = (headers: Readonly<Record<string, string>>, token = TOKEN): void =>
    store.note(`Bearer ${token}`, (name) => headers[name]);
  beforeEach(() => {
    store = new RateLimitStore();
  });

  it('is remembered for each token and service, the newest of it', () => {
    note(GOOD);
    note({ ...GOOD, 'x-ratelimit-resource': 'sia' }, OTHER_TOKEN);
    const before = store.of(KEY);
    note({ ...GOOD, 'x-ratelimit-remaining': '30' });
    assert.deepEqual(
      [[...before], [...store.of('vutsrqponmlkjihgfedcba').keys()], [...store.of('nobody')]],
      [[['tap', { limit: 35, remaining: 30, resetsAtMs: 1_787_313_600_000 }]], ['sia'], []],
    );
  });

  it('is left alone where it is odd, or an answer to somebody without a token', () => {
    for (const name of Object.keys(GOOD)) {
      note(Object.fromEntries(Object.entries(GOOD).filter(([each]) => each !== name)));
      if (name !== 'x-ratelimit-resource')
        for (const odd of ['', '-1', '1.5', 'many', '9'.repeat(40)]) note({ ...GOOD, [name]: odd });
    }
    note({ ...GOOD, 'x-ratelimit-resource': 'x'.repeat(101) });
    for (const header of [undefined, 'Basic YTpi', 'Bearer '])
      store.note(header, (name) => new Map(Object.entries(GOOD)).get(name));
    assert.deepEqual([...store.of(KEY)], []);
  });

  it('is forgotten, the oldest first, before it becomes too much', () => {
    for (let place = 0; place < 60; place++) note({ ...GOOD, 'x-ratelimit-resource': `s${place}` });
    const services = [...store.of(KEY).keys()];
    for (let place = 0; place < 20; place++) store.of(`other${place}`);
    assert.deepEqual(
      [services.length, services[0], services.at(-1), store.of(KEY).size],
      [50, 's10', 's59', 0],
    );
  });

  it('is taken from any answer as it passes', async () => {
    const rsp = await FakeRsp.start();
    try {
      const protocol = rsp.protocol();
      const token = new Secret(rsp.token);
      rsp.answer(`GET ${rsp.user()}`, { headers: GOOD, json: { name: rsp.username, servers: {} } });
      await protocol.link(rsp, rsp.username, () => token).hub.fetchUser(never);
      assert.equal(protocol.rateLimits(KEY).get('tap')?.remaining, 31);
    } finally {
      await rsp.stop();
    }
  });
});
