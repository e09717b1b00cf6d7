import assert from 'node:assert/strict';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import type { Desk } from '../../src/domain/desk';
import { Desks } from '../../src/domain/desks';
import type { LabChoice } from '../../src/domain/lab/labMenu';
import { ChoiceMemory } from '../../src/vscode/lab/choiceMemory';
import { LabFlows } from '../../src/vscode/lab/labFlows';
import { Messages } from '../../src/vscode/messages';
import { accountsOn } from '../fakes/accounts';
import { eventStream, FakeRsp } from '../fakes/fakeRsp';
import { JumpingClock } from '../fakes/jumpingClock';
import { CHOICE } from '../fakes/labs';
import { MapMemory } from '../fakes/mapMemory';
import { sampleAccount, sampleSite } from '../fakes/samples';
import { Dialogs } from './dialogs';

describe('Starting a lab', () => {
  const START = 'POST /nb/hub/api/users/vrubin/server';
  const STOP = 'DELETE /nb/hub/api/users/vrubin/server';
  /** As the sample form offers it. */
  const USUAL: LabChoice = {
    imageReference: 'reg/lab:w_2026_28@sha256:e1',
    imageName: 'Weekly 2026_28',
    isPrepulled: false,
    size: 'large',
    sizeName: 'Large',
    isDebug: false,
    resetsEnvironment: false,
  };
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;
  let memory: ChoiceMemory;
  let messages: Messages;
  let flows: LabFlows;
  let dialogs: Dialogs;

  beforeEach(async () => {
    const clock = new JumpingClock();
    rsp = await FakeRsp.start({ clock });
    rsp.answer(
      'GET /nb/hub/api/users/vrubin/server/progress',
      eventStream({ progress: 100, ready: true, url: '/nb/user/vrubin/' }),
    );
    accounts = accountsOn();
    desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), clock, silentLog);
    const account = sampleAccount({
      site: sampleSite(rsp.baseUrl.origin),
      token: new Secret(rsp.token),
      scopes: ['exec:notebook', 'read:tap', 'read:image'],
    });
    await accounts.save(account);
    desk = desks.of(account.id);
    memory = new ChoiceMemory(new MapMemory());
    messages = new Messages(silentLog, accounts);
    flows = new LabFlows(memory, messages);
    dialogs = new Dialogs();
  });

  afterEach(async () => {
    dialogs.dispose();
    messages.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  const started = (): number => rsp.server.lines.filter((line) => line === START).length;

  it('as usual takes no question at all', async () => {
    await memory.keep(desk.account.id, USUAL);
    const outcome = await flows.startUsual(desk);
    assert.deepEqual(
      [outcome, started(), dialogs.seen.length, desk.lab.state.kind],
      ['running', 1, 0, 'running'],
    );
  });

  it('as usual asks, and says why, when there is no usual one or the site does not offer it any more', async () => {
    const why: string[] = [];
    for (const last of [undefined, { ...USUAL, size: 'huge', sizeName: 'Huge' }]) {
      if (last) await memory.keep(desk.account.id, last);
      const outcome = flows.startUsual(desk);
      const picker = await dialogs.next();
      why.push(picker.placeholder);
      picker.leave();
      assert.equal(await outcome, 'left');
    }
    assert.deepEqual(
      [why, started()],
      [
        [
          'There is no usual lab yet: choose one, and it will be',
          'Weekly 2026_28, Huge is not on offer any more: choose another',
        ],
        0,
      ],
    );
  });

  it('again with another size begins at the sizes, from where Back leads to the images', async () => {
    await memory.keep(desk.account.id, USUAL);
    const outcome = flows.start(desk, { keepsImage: true, resetsEnvironment: true });
    const sizes = await dialogs.next();
    const seen = [sizes.title, sizes.items.some(({ label }) => label.includes('Reset user environment: on'))];
    sizes.back();
    const images = await dialogs.next();
    images.leave();
    assert.deepEqual(
      [await outcome, seen, images.placeholder],
      [
        'left',
        ['Start a Lab on example: Weekly 2026_28', true],
        'Choose an image, or type a part of its name',
      ],
    );
  });

  it('again with another size or image does not begin with what failed', async () => {
    await memory.keep(desk.account.id, CHOICE);
    const another = flows.start(desk, { keepsImage: true });
    const sizes = await dialogs.next();
    const sizeInFocus = sizes.activeItems.length;
    sizes.back();
    const images = await dialogs.next();
    images.leave();
    const fast = flows.start(desk, { onlyFast: true });
    const fastImages = await dialogs.next();
    fastImages.leave();
    const offersUsual = [images, fastImages].map(({ items }) =>
      items.some(({ description }) => description === 'start right away'),
    );
    assert.deepEqual(
      [await another, await fast, sizeInFocus, offersUsual],
      ['left', 'left', 0, [false, false]],
    );
  });

  it('with a fast image offers those alone', async () => {
    const outcome = flows.start(desk, { onlyFast: true });
    const picker = await dialogs.next();
    const names = picker.items.map(({ label }) => label).join('\n');
    picker.leave();
    assert.deepEqual(
      [await outcome, names.includes('Weekly 2026_30'), names.includes('Weekly 2026_28')],
      ['left', true, false],
    );
  });

  it('joins a lab that runs without asking or starting anything', async () => {
    rsp.lab = rsp.readyLab;
    assert.deepEqual(
      [await flows.startUsual(desk), await flows.start(desk), started(), dialogs.seen.length],
      ['running', 'running', 0, 0],
    );
  });

  const runUsual = (): void => {
    rsp.lab = rsp.readyLab;
    const options = { size: USUAL.size, image: USUAL.imageReference };
    rsp.answer('GET /nublado/spawner/v1/user-status', { json: { status: 'running', options } });
  };

  it('in place of one that runs asks, stops and starts once, however often it is asked for', async () => {
    runUsual();
    dialogs.answers = ['Restart Lab', 'Restart Lab'];
    const outcomes = await Promise.all([flows.restart(desk, 'same'), flows.restart(desk, 'same')]);
    const stopped = rsp.server.lines.filter((line) => line === STOP).length;
    assert.deepEqual(
      [outcomes, dialogs.said.map((words) => words.split('\n')[0]), stopped, started()],
      [['running', 'running'], ['Restart Lab on example: Weekly 2026_28, Large?'], 1, 1],
    );
  });

  it('in place of one that runs says what went wrong with its site’s name, and is free to be tried again', async () => {
    runUsual();
    dialogs.answers = ['Restart Lab'];
    rsp.answer(STOP, { status: 503 });
    const told = new Promise<void>((resolve) => {
      dialogs.onSay = () => {
        if (dialogs.said.length === 2) resolve();
      };
    });
    const failed = await flows.restart(desk, 'same');
    await told;
    rsp.answer(STOP, () => {
      rsp.lab = undefined;
      return { status: 204 };
    });
    dialogs.answers = ['Restart Lab'];
    const again = await flows.restart(desk, 'same');
    assert.deepEqual(
      [failed, dialogs.said[1]?.startsWith(`${desk.account.site.host} has a problem of its own`), again],
      ['failed', true, 'running'],
    );
  });

  it('that fails says why, with the ways on', async () => {
    await memory.keep(desk.account.id, USUAL);
    rsp.answer(
      'GET /nb/hub/api/users/vrubin/server/progress',
      eventStream(
        { progress: 40, message: '[info] 0/12 nodes are available: 12 Insufficient cpu.' },
        { progress: 100, failed: true, message: 'Spawn failed: Lab spawn timed out after 600.0' },
      ),
    );
    const shown = new Promise<readonly string[]>((resolve) => (dialogs.onSay = resolve));
    const outcome = await flows.startUsual(desk);
    assert.deepEqual(
      [outcome, dialogs.said, await shown],
      [
        'failed',
        [
          'example had no machine with room for your lab in time. A smaller size may find one; else try again later.',
        ],
        ['Choose Another Size…', 'Show Events'],
      ],
    );
  });
});
