import assert from 'node:assert/strict';
import { accountLabel, sessionLabel } from '../../../../src/domain/accounts/account';
import { ACCESS_TOKEN, FILE, GivenScene, NUBLADO_TOKEN, told } from '../../../fakes/givenScene';
import { sampleAccount, TOKEN } from '../../../fakes/samples';

const KEY = 'abcdefghijklmnopqrstuv';

describe('tokens that lie ready', () => {
  let scene: GivenScene;
  beforeEach(async () => {
    scene = await GivenScene.start();
  });
  afterEach(() => scene.stop());

  it('sign in whom they speak for, with what their site says about them', async () => {
    scene.lie(scene.at(ACCESS_TOKEN));
    await scene.look();
    const [account] = scene.accounts.current;
    assert.ok(account);
    assert.deepEqual(
      [account.id, account.tokenKey, account.scopes, account.site.hubUrl.href, account.token.reveal()],
      [scene.idOf('vrubin'), KEY, ['exec:notebook', 'read:tap'], scene.rsp.hubUrl.href, TOKEN],
    );
  });

  it('are kept nowhere, and named in the log by the public part only', async () => {
    scene.lie(scene.at(ACCESS_TOKEN), scene.at(FILE, scene.make('hleavitt')));
    await scene.look();
    assert.deepEqual(
      [
        scene.accounts.current.length,
        scene.secrets.values.size,
        scene.memory.values.size,
        scene.log.lines.some((line) => line.includes(`gt-${KEY} from ACCESS_TOKEN`)),
        scene.log.lines.some((line) => line.includes(TOKEN.slice(26))),
      ],
      [2, 0, 0, true, false],
    );
  });

  it('are named in the Accounts menu by where they lie, and nowhere else', () => {
    const labels = [ACCESS_TOKEN, FILE, { kind: 'stored' } as const].map((origin) => {
      const account = sampleAccount({ origin });
      return [sessionLabel(account), accountLabel(account)];
    });
    assert.deepEqual(labels, [
      ['vrubin on data.example (from ACCESS_TOKEN)', 'vrubin on data.example'],
      ['vrubin on data.example (from ~/token)', 'vrubin on data.example'],
      ['vrubin on data.example', 'vrubin on data.example'],
    ]);
  });

  it('are forgiven spaces, line ends, quotes and a Bearer', async () => {
    scene.lie(scene.at(FILE, `  Bearer "${TOKEN}"\r\n`));
    await scene.given.look();
    assert.deepEqual(told(scene.given.current), ['vrubin from ~/token']);
  });

  it('count once when the same one lies at several places, which is asked about once', async () => {
    scene.lie(scene.at(ACCESS_TOKEN), scene.at(NUBLADO_TOKEN), scene.at(FILE));
    await scene.given.look();
    assert.deepEqual(
      [told(scene.given.current), scene.asked('/auth/api/v1/token-info')],
      [['vrubin from ACCESS_TOKEN'], 1],
    );
  });

  it('make one account of one person, and several of several', async () => {
    scene.lie(
      scene.at(FILE),
      scene.at(ACCESS_TOKEN, scene.make('vrubin')),
      scene.at(NUBLADO_TOKEN, scene.make('hleavitt')),
    );
    await scene.look();
    assert.deepEqual(told(scene.accounts.current), ['hleavitt from NUBLADO_TOKEN', 'vrubin from ~/token']);
  });

  it('stand in for another of the same person that the site refuses later', async () => {
    scene.lie(scene.at(FILE), scene.at(ACCESS_TOKEN, scene.make('vrubin')));
    await scene.look();
    const [first] = scene.accounts.current;
    assert.ok(first);
    scene.accounts.refuse(first);
    assert.deepEqual(told(scene.accounts.current), ['vrubin from ACCESS_TOKEN']);
  });

  it('work for robots and services, whatever kind they are and whatever they may do', async () => {
    scene.lie(
      scene.at(FILE, scene.make('bot-nightly', { tokenType: 'service' })),
      scene.at(ACCESS_TOKEN, scene.make('vrubin', { tokenType: 'notebook' })),
      scene.at(NUBLADO_TOKEN, scene.make('bot-mobu', { scopes: [] })),
    );
    await scene.given.look();
    assert.deepEqual(told(scene.given.current), [
      'bot-nightly from ~/token',
      'vrubin from ACCESS_TOKEN',
      'bot-mobu from NUBLADO_TOKEN',
    ]);
  });

  it('are replaced when something else lies there: the same person keeps their account, another gets their own', async () => {
    const place = scene.at(FILE);
    scene.lie(place);
    await scene.look();
    const second = scene.make('vrubin');
    place.text = second;
    await scene.changed();
    const [sameId, token] = [scene.accounts.current[0]?.id, scene.accounts.current[0]?.token.reveal()];
    place.text = scene.make('hleavitt');
    await scene.changed();
    assert.deepEqual(
      [sameId, token, told(scene.accounts.current)],
      [scene.idOf('vrubin'), second, ['hleavitt from ~/token']],
    );
  });

  it('sign nobody out who is still there, and are not asked about again, when something else changes', async () => {
    scene.lie(scene.at(ACCESS_TOKEN), { ...scene.at(FILE), text: undefined });
    await scene.given.look();
    const [before] = scene.given.current;
    await scene.changed();
    assert.deepEqual([scene.given.current[0] === before, scene.asked('/auth/api/v1/token-info')], [true, 1]);
  });

  it('sign out whose token is gone', async () => {
    const place = scene.at(FILE);
    scene.lie(place);
    await scene.look();
    place.text = undefined;
    await scene.changed();
    assert.deepEqual(
      [scene.accounts.current, scene.log.lines.at(-1)],
      [[], `info: The token gt-${KEY} of vrubin on ${scene.rsp.baseUrl.host} is gone from ~/token`],
    );
  });

  it('are set aside with all others of the person who signs out, in later windows, too', async () => {
    scene.lie(
      scene.at(FILE),
      scene.at(ACCESS_TOKEN, scene.make('vrubin')),
      scene.at(NUBLADO_TOKEN, scene.make('hleavitt')),
    );
    await scene.look();
    await scene.accounts.remove(scene.idOf('vrubin'));
    await scene.changed();
    const later = scene.open();
    await later.given.look();
    const remembered = JSON.stringify([...scene.memory.values]);
    assert.deepEqual(
      [
        told(scene.accounts.current),
        told(later.given.current),
        scene.given.problems,
        remembered.includes(KEY),
        remembered.includes(TOKEN.slice(26)),
        scene.log.lines.some((line) => line.includes(`gt-${KEY} in ~/token is set aside until another`)),
      ],
      [['hleavitt from NUBLADO_TOKEN'], ['hleavitt from NUBLADO_TOKEN'], [], true, false, true],
    );
  });

  it('come back when another takes the place of the one set aside', async () => {
    const place = scene.at(FILE);
    scene.lie(place);
    await scene.look();
    await scene.accounts.remove(scene.idOf('vrubin'));
    place.text = scene.make('vrubin');
    await scene.changed();
    assert.deepEqual(told(scene.accounts.current), ['vrubin from ~/token']);
  });

  it('do not sign in again somebody who signs out of a pasted token', async () => {
    scene.lie(scene.at(FILE));
    await scene.look();
    const [found] = scene.accounts.current;
    assert.ok(found);
    await scene.accounts.save({ ...found, origin: { kind: 'stored' } });
    await scene.accounts.remove(found.id);
    assert.deepEqual([scene.accounts.current, scene.secrets.values.size], [[], 0]);
  });
});
