import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/common/clock';
import type { Account } from '../../../../src/domain/accounts/account';
import { GivenAccounts } from '../../../../src/domain/accounts/givenAccounts';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import { deferred, settle } from '../../../fakes/deferred';
import { ACCESS_TOKEN, FILE, GivenScene, STILL, told } from '../../../fakes/givenScene';
import { OTHER_TOKEN, sampleAccount, TOKEN } from '../../../fakes/samples';

describe('tokens that lie ready, when something is wrong,', () => {
  let scene: GivenScene;
  beforeEach(async () => {
    scene = await GivenScene.start();
  });
  afterEach(() => scene.stop());

  it('are asked about again at growing intervals until their site can be reached, and told of once', async () => {
    scene.rsp.answer('GET /repertoire/discovery', { status: 503 }, 9);
    scene.lie(scene.at(ACCESS_TOKEN));
    const signedIn = new Promise<readonly Account[]>((resolve) => scene.given.onDidChange(resolve));
    await scene.given.look();
    const meanwhile = scene.sentences;
    const arrived = told(await signedIn);
    assert.deepEqual(
      [meanwhile, arrived, scene.sentences, scene.clock.waitsMs, scene.log.at('warn')],
      [
        [
          `The token in ACCESS_TOKEN is not used. ${scene.rsp.baseUrl.host} has a problem of its own (status 503). Your token is fine; try again in a few minutes.`,
        ],
        ['vrubin from ACCESS_TOKEN'],
        [],
        [5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000),
        [`warn: ${meanwhile[0]}`],
      ],
    );
  });

  it('keep the token that lay there before while the site cannot be asked about the new one', async () => {
    const window = scene.open(STILL);
    const place = scene.at(FILE);
    scene.lie(place);
    await window.given.look();
    scene.rsp.answer('GET /repertoire/discovery', { status: 502 });
    place.text = scene.make('hleavitt');
    await window.given.look();
    assert.deepEqual(told(window.given.current), ['vrubin from ~/token']);
  });

  it('are asked about no more once the window is closed', async () => {
    const waiting = deferred<AbortSignal>();
    const patient: Clock = {
      nowMs: () => 0,
      wait: (_, signal) => {
        waiting.resolve(signal);
        return new Promise<void>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('over'))),
        );
      },
    };
    scene.rsp.answer('GET /repertoire/discovery', { status: 503 });
    scene.lie(scene.at(ACCESS_TOKEN));
    const window = scene.open(patient);
    await window.given.look();
    const signal = await waiting.promise;
    window.accounts.dispose();
    await settle();
    assert.deepEqual(
      [signal.aborted, scene.places.isEnded, scene.asked('/repertoire/discovery'), scene.log.at('error')],
      [true, true, 1, []],
    );
  });

  it('are not sent again when their site does not know them', async () => {
    scene.lie(scene.at(ACCESS_TOKEN, OTHER_TOKEN));
    await scene.given.look();
    await scene.changed();
    assert.deepEqual(
      [scene.given.current, scene.sentences, scene.clock.waitsMs, scene.log.at('warn').length],
      [
        [],
        [
          'The token in ACCESS_TOKEN is not used: local does not know it. It has expired, was revoked, or belongs to another site. Put a new one there.',
        ],
        [],
        1,
      ],
    );
  });

  it('are sent nowhere when no site is named, and a command says which setting is missing', async () => {
    scene.lie({ origin: ACCESS_TOKEN, text: TOKEN });
    await scene.look();
    assert.deepEqual(
      [sentenceOf(scene.accounts.absence), scene.rsp.server.seen.length],
      [
        'A token lies in ACCESS_TOKEN, but no site is named for it, so it was not sent anywhere. Set rsp.tokenSite to the address of its site, data.lsst.cloud for instance.',
        0,
      ],
    );
  });

  it('are sent nowhere when the site is none, or would be asked in the clear', async () => {
    scene.lie(
      { origin: ACCESS_TOKEN, text: TOKEN, siteAddress: 'two words' },
      { origin: FILE, text: OTHER_TOKEN, siteAddress: 'http://data.example' },
    );
    await scene.given.look();
    assert.deepEqual(
      [scene.sentences, scene.clock.waitsMs],
      [
        [
          'The token in ACCESS_TOKEN is not used: two words is not the address of a site. Set rsp.tokenSite to a host such as data.lsst.cloud.',
          'The token in ~/token is not used. data.example was given with http, over which a token could be read on the way. Use its https address.',
        ],
        [],
      ],
    );
  });

  it('are told from other text by place only, never by what it says', async () => {
    scene.lie(scene.at(ACCESS_TOKEN, 'ghp_somethingElse'), scene.at(FILE, `${TOKEN}x`));
    await scene.given.look();
    const shape =
      'is no token of a Rubin Science Platform, which begins with gt- and has 48 characters. Nothing was sent.';
    assert.deepEqual(
      [
        scene.sentences,
        scene.rsp.server.seen.length,
        scene.log.lines.some((line) => /ghp_|0123456789/.test(line)),
      ],
      [[`What lies in ACCESS_TOKEN ${shape}`, `What lies in ~/token ${shape}`], 0, false],
    );
  });

  it("leave another product's variable alone where no site is named", async () => {
    scene.lie({ origin: ACCESS_TOKEN, text: 'ghp_somethingElse' });
    await scene.look();
    assert.deepEqual([scene.given.problems, scene.accounts.absence], [[], { kind: 'notSignedIn' }]);
  });

  it('are missed where the settings name a file', async () => {
    const unreadable = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const found: (readonly string[])[] = [];
    for (const text of [undefined, ' \n', unreadable]) {
      scene.lie({ ...scene.at(FILE), text, isExpected: true });
      await scene.given.look();
      found.push(scene.sentences);
    }
    assert.deepEqual(found, [
      ['The setting rsp.tokenFile names ~/token, which does not exist.'],
      ['The setting rsp.tokenFile names ~/token, which is empty. Put a token into it.'],
      [
        'The file ~/token could not be read as a token. Check that it is a small text file that you may read.',
      ],
    ]);
  });

  it('are missed where the settings name a site, and there is none anywhere', async () => {
    scene.places.namedSite = 'data.example';
    scene.lie({ ...scene.at(ACCESS_TOKEN), text: undefined });
    await scene.look();
    assert.equal(scene.accounts.absence.kind, 'tokenNowhere');
  });

  it('are not missed by whoever is signed in', async () => {
    scene.lie({ ...scene.at(FILE), text: undefined, isExpected: true });
    await scene.given.look();
    await scene.accounts.save(sampleAccount());
    assert.deepEqual([scene.given.problems.length, scene.accounts.absence], [1, { kind: 'notSignedIn' }]);
  });

  it('are waited for by whoever asks for the accounts first', async () => {
    scene.lie(scene.at(ACCESS_TOKEN));
    assert.deepEqual(told(await scene.open(STILL).accounts.load()), ['vrubin from ACCESS_TOKEN']);
  });

  it('are not waited for long: whoever asks goes on, and hears of them when they are there', async () => {
    const held = deferred();
    scene.rsp.answer(
      'GET /repertoire/discovery',
      async () => {
        await held.promise;
        return { status: 503 };
      },
      1,
    );
    scene.lie(scene.at(ACCESS_TOKEN));
    const signedIn = new Promise<readonly Account[]>((resolve) => scene.accounts.onDidChange(resolve));
    const atFirst = told(await scene.accounts.load());
    const waitedMs = [...scene.clock.waitsMs];
    held.resolve();
    assert.deepEqual([atFirst, waitedMs, told(await signedIn)], [[], [3000], ['vrubin from ACCESS_TOKEN']]);
  });

  it('need no secret storage', async () => {
    scene.lie(scene.at(ACCESS_TOKEN));
    await scene.given.look();
    scene.secrets.failure = new Error('no keyring');
    const found = told(await scene.accounts.load());
    await scene.accounts.remove(scene.idOf('vrubin'));
    assert.deepEqual([found, scene.given.current], [['vrubin from ACCESS_TOKEN'], []]);
  });

  it('cost nothing where there are none: no protocol is loaded, no site is asked', async () => {
    const idle = new GivenAccounts({
      places: () => Promise.resolve(scene.places),
      protocol: () => Promise.reject(new Error('loaded')),
      memory: scene.memory,
      clock: scene.clock,
      log: scene.log,
    });
    scene.lie({ ...scene.at(ACCESS_TOKEN), text: undefined });
    await idle.look();
    idle.dispose();
    assert.deepEqual([idle.problems, scene.log.lines], [[], []]);
  });
});
