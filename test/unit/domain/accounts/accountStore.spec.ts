import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { Account } from '../../../../src/domain/accounts/account';
import { AccountStore } from '../../../../src/domain/accounts/accountStore';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { deferred, settle } from '../../../fakes/deferred';
import { MemorySecrets } from '../../../fakes/memorySecrets';
import { RecordingLog } from '../../../fakes/recordingLog';
import { OTHER_TOKEN, sampleAccount, sampleSite, TOKEN } from '../../../fakes/samples';

describe('the accounts that are signed in', () => {
  let secrets: MemorySecrets;
  let log: RecordingLog;
  const opened: AccountStore[] = [];
  const open = (): AccountStore => {
    const store = new AccountStore(secrets, log);
    opened.push(store);
    return store;
  };
  beforeEach(() => {
    secrets = new MemorySecrets();
    log = new RecordingLog();
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.dispose();
  });

  const KEY = 'rsp.account.data.example#vrubin';
  const vera = sampleAccount({ tokenExpires: new Date(Date.UTC(2027, 0, 1)) });
  const henrietta = sampleAccount({ username: 'hleavitt', fullName: undefined });
  const ids = (accounts: readonly Account[]): readonly string[] => accounts.map(({ id }) => id);

  it('are there again in another window, whole, with the token in secret storage alone', async () => {
    await open().save(vera);
    const [read] = await open().load();
    assert.deepEqual([read, read?.token.reveal(), [...secrets.values.keys()]], [vera, TOKEN, [KEY]]);
  });

  it('stay as they are, with a sentence, when secret storage takes nothing', async () => {
    const store = open();
    await store.save(vera);
    secrets.failure = new Error('locked');
    const kinds = await Promise.all(
      [store.save(henrietta), store.remove(vera.id)].map((work) =>
        work.then(
          () => 'done',
          (error: unknown) => (error instanceof ProblemError ? error.problem.kind : error),
        ),
      ),
    );
    assert.deepEqual([kinds, store.current], [['secretStorage', 'secretStorage'], [vera]]);
  });

  it('are nobody when nothing is stored, and other secrets are not looked at', async () => {
    secrets.values.set('somebody.else', 'not JSON');
    assert.deepEqual([await open().load(), log.lines], [[], []]);
  });

  it('stay in one order, whoever signs in first', async () => {
    const store = open();
    await store.save(vera);
    await store.save(henrietta);
    assert.deepEqual(ids(store.current), ['data.example#hleavitt', 'data.example#vrubin']);
  });

  it('have one entry for a person at a site, which a new token replaces', async () => {
    const store = open();
    await store.save(vera);
    await store.save({ ...vera, token: new Secret(OTHER_TOKEN) });
    assert.deepEqual(
      [store.current.map(({ token }) => token.reveal()), secrets.values.size],
      [[OTHER_TOKEN], 1],
    );
  });

  it('lose the one that is removed, here and in storage, and say so once', async () => {
    const store = open();
    await store.save(vera);
    const told: (readonly string[])[] = [];
    store.onDidChange((accounts) => void told.push(ids(accounts)));
    await store.remove(vera.id);
    await settle();
    assert.deepEqual(
      [store.current, store.find(vera.id), secrets.values.size, told],
      [[], undefined, 0, [[]]],
    );
  });

  it('follow what another window does, and say each change once', async () => {
    const [here, there] = [open(), open()];
    await here.load();
    const told: (readonly string[])[] = [];
    here.onDidChange((accounts) => void told.push(ids(accounts)));
    await there.save(vera);
    await settle();
    await there.save(vera); // nothing new in it
    await settle();
    await there.remove(vera.id);
    await settle();
    assert.deepEqual(told, [[vera.id], []]);
  });

  it('follow what another window does while they are read for the first time', async () => {
    const here = open();
    const loading = here.load();
    const there = open();
    await there.save(vera);
    await loading;
    await settle();
    assert.deepEqual(ids(here.current), [vera.id]);
  });

  it('never take what was read earlier for newer than what was read later', async () => {
    const [here, there] = [open(), open()];
    await here.load();
    const late = deferred();
    const get = secrets.get.bind(secrets);
    let reads = 0;
    secrets.get = async (key) => {
      const text = await get(key);
      if (++reads === 1) await late.promise;
      return text;
    };
    await there.save(vera);
    await there.save({ ...vera, token: new Secret(OTHER_TOKEN) });
    await settle();
    late.resolve();
    await settle();
    assert.deepEqual(
      here.current.map(({ token }) => token.reveal()),
      [OTHER_TOKEN],
    );
  });

  it('are written anew where an older version wrote them, once', async () => {
    await open().save({ ...vera, tokenName: undefined });
    const text = secrets.values.get(KEY) ?? '';
    secrets.values.set(KEY, text.replace('"version":3', '"version":1'));
    const accounts = await open().load();
    await open().load();
    assert.deepEqual(
      [
        ids(accounts),
        secrets.values.get(KEY),
        log.at('info').filter((line) => /up to date/.test(line)).length,
      ],
      [[vera.id], text, 1],
    );
  });

  it('never write an older one over what another window has stored meanwhile', async () => {
    await open().save({ ...vera, tokenName: undefined });
    const old = (secrets.values.get(KEY) ?? '').replace('"version":2', '"version":1');
    const newer = old.replace(TOKEN, OTHER_TOKEN).replace('"version":1', '"version":2');
    secrets.values.set(KEY, old);
    const get = secrets.get.bind(secrets);
    secrets.get = async (key) => {
      const text = await get(key);
      secrets.values.set(KEY, newer);
      return text;
    };
    await open().load();
    assert.equal(secrets.values.get(KEY), newer);
  });

  it('leave what they cannot read where it is, say so without showing it, and go on with the others', async () => {
    const broken = [
      '{"version":99,"token":"gt-secret"}',
      'no JSON',
      '{}',
      '{"version":1,"username":"x"}',
      '""',
    ];
    broken.forEach((text, index) => secrets.values.set(`rsp.account.broken${index}`, text));
    await open().save(vera);
    const accounts = await open().load();
    await settle();
    const kept = broken.filter((text) => [...secrets.values.values()].includes(text));
    assert.deepEqual(
      [ids(accounts), kept, log.at('warn').length >= 5, log.lines.join().includes('gt-secret')],
      [[vera.id], broken, true, false],
    );
  });

  it('are not nobody when secret storage cannot be read, and are there as soon as it can', async () => {
    await open().save(vera);
    const store = open();
    secrets.failure = new Error('the keyring is locked');
    await assert.rejects(store.load(), { problem: { kind: 'secretStorage' } });
    await assert.rejects(store.load(), { problem: { kind: 'secretStorage' } });
    const whileLocked = [store.current, secrets.values.size];
    secrets.failure = undefined;
    assert.deepEqual([whileLocked, ids(await store.load())], [[[], 1], [vera.id]]);
  });

  it('keep what they know when secret storage fails later', async () => {
    const store = open();
    await store.save(vera);
    secrets.failure = new Error('the keyring is locked');
    await assert.rejects(store.save(henrietta), /keyring/);
    await assert.rejects(store.remove(vera.id), /keyring/);
    await settle();
    assert.deepEqual([ids(store.current), secrets.values.size], [[vera.id], 1]);
  });

  it('read storage once, however many ask at the same time', async () => {
    await open().save(vera);
    let reads = 0;
    const keys = secrets.keys.bind(secrets);
    secrets.keys = () => {
      reads++;
      return keys();
    };
    const store = open();
    await Promise.all([store.load(), store.load(), store.load()]);
    assert.equal(reads, 1);
  });

  it('say nothing after their end', async () => {
    const store = open();
    await store.load();
    let changes = 0;
    store.onDidChange(() => changes++);
    store.dispose();
    await open().save(sampleAccount({ site: sampleSite('https://other.example') }));
    await settle();
    assert.deepEqual([changes, store.current], [0, []]);
  });

  it('are forgotten with everything that was ever kept, what cannot be read included', async () => {
    const store = open();
    await store.save(vera);
    secrets.values.set('rsp.account.other.example#x', 'not JSON');
    secrets.values.set('rsp.older', 'of an older version');
    await store.forgetAll();
    assert.deepEqual([store.current, [...secrets.values.keys()]], [[], []]);
  });

  it('stay when another window writes its list of keys over ours, and are put back into the list', async () => {
    const store = open();
    await store.save(vera);
    const listed = secrets.keys.bind(secrets);
    let isDropped = true;
    secrets.keys = async () => (await listed()).filter((key) => !isDropped || key !== KEY);
    const write = secrets.store.bind(secrets);
    secrets.store = (key, value) => {
      if (key === KEY) isDropped = false;
      return write(key, value);
    };
    await open().save(henrietta);
    await settle();
    const later = open();
    await later.load();
    assert.deepEqual(
      [ids(store.current), ids(later.current)],
      [
        [henrietta.id, vera.id],
        [henrietta.id, vera.id],
      ],
    );
  });
});
