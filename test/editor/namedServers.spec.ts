import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Account } from '../../src/domain/accounts/account';
import type { Desks } from '../../src/domain/desks';
import { serverId } from '../../src/domain/servers/namedServer';
import type { RspServerProvider } from '../../src/vscode/jupyter/serverProvider';
import type { LabFlows } from '../../src/vscode/lab/labFlows';
import type { FakePlainHub } from '../fakes/fakePlainHub';
import type { Dialogs } from './dialogs';
import { HubScene } from './hubScene';

const token = new vscode.CancellationTokenSource().token;
const never = new AbortController().signal;
const NAME = 'ü 100% @me';
const PATH = '/jupyter/user/ada/%C3%BC%20100%25%20@me/';

describe('Servers with names', () => {
  let scene: HubScene;
  let hub: FakePlainHub;
  let desks: Desks;
  let dialogs: Dialogs;
  let flows: LabFlows;
  let provider: RspServerProvider;
  let account: Account;
  let announced: number;

  beforeEach(async () => {
    scene = await HubScene.start((fake) => {
      fake.named = new Map([[NAME, { ready: true, url: PATH, started: '2026-08-21T10:00:00Z' }]]);
    });
    ({ hub, desks, dialogs, flows, provider, account } = scene);
    announced = 0;
    provider.onDidChangeServers(() => announced++);
  });

  afterEach(() => scene.stop());

  const look = (): Promise<unknown> => desks.of(account.id).lab.refresh(never);
  const labels = async (): Promise<readonly string[]> =>
    (await provider.provideJupyterServers()).map(({ label }) => label);

  it('are lent to notebooks one by one, at the address that the hub gives them', async () => {
    await look();
    await look();
    const [, named] = await provider.provideJupyterServers();
    assert.ok(named);
    const { connectionInformation } = await provider.resolveJupyterServer(named, token);
    const baseUrl = connectionInformation?.baseUrl.toString(true) ?? '';
    await connectionInformation?.fetch?.(`${baseUrl}api/kernelspecs`);
    assert.deepEqual(
      [await labels(), named.id, baseUrl, hub.server.lines.at(-1), announced],
      [
        [`ada on ${hub.site.host}`, `${NAME} — ada on ${hub.site.host}`],
        serverId(account.id, NAME),
        new URL(PATH, hub.url).href,
        `GET ${PATH}api/kernelspecs`,
        1,
      ],
    );
  });

  it('begin in the kernel picker with a name, which the hub is asked about before anything is chosen', async () => {
    await look();
    const command = provider.provideCommands().find(({ isNew }) => isNew);
    assert.ok(command);
    const starting = provider.handleCommand(command);
    const name = await dialogs.next();
    name.type('a/b');
    const wrong = name.validationMessage;
    name.type(' gpu ');
    name.accept();
    (await dialogs.next()).accept('Start it');
    const server = await starting;
    assert.deepEqual(
      [wrong, server, await labels(), [...(hub.named?.keys() ?? [])]],
      [
        'A name has no slash in it, and is more than a point or two.',
        { id: serverId(account.id, 'gpu'), label: `gpu — ada on ${hub.site.host}` },
        [`ada on ${hub.site.host}`, `gpu — ada on ${hub.site.host}`, `${NAME} — ada on ${hub.site.host}`],
        [NAME, 'gpu'],
      ],
    );
  });

  it('are not on offer in the kernel picker of somebody who has none, which leads to the kernels at once', async () => {
    hub.named = new Map();
    await look();
    const offered = provider.provideCommands().filter(({ isNew }) => isNew);
    assert.deepEqual([offered, (await labels()).length], [[], 1]);
  });

  it('are not begun twice: a name that is there leads to its server', async () => {
    await look();
    const command = provider.provideCommands().find(({ isNew }) => isNew);
    assert.ok(command);
    const before = hub.server.lines.length;
    const starting = provider.handleCommand(command);
    const name = await dialogs.next();
    name.type(NAME);
    name.accept();
    const server = await starting;
    const changing = hub.server.lines.slice(before).filter((line) => !line.startsWith('GET '));
    assert.deepEqual([server?.id, changing], [serverId(account.id, NAME), []]);
  });

  it('are told apart by what the hub makes of their names: one that means another server is said to', async () => {
    hub.version = '6.1.0';
    hub.named = new Map([['long-run', { ready: false, stopped: true, url: PATH, display_name: 'Long run' }]]);
    await look();
    const command = provider.provideCommands().find(({ isNew }) => isNew);
    assert.ok(command);
    const starting = provider.handleCommand(command);
    const name = await dialogs.next();
    name.type('long run!');
    name.accept();
    const refused = await dialogs.verdictOf(name);
    name.type('Longer run');
    name.accept();
    (await dialogs.next()).accept('Start it');
    const server = await starting;
    assert.deepEqual(
      [refused, server?.id, [...hub.named.keys()]],
      [
        'The hub goes by plain letters, digits and hyphens, and would take this for your server Long run (long-run). Enter another name, or Long run to start that server.',
        serverId(account.id, 'longer-run'),
        ['long-run', 'longer-run'],
      ],
    );
  });

  it('are removed after a yes that says what is lost, and leave the list of servers with it', async () => {
    await look();
    const desk = desks.of(serverId(account.id, NAME));
    await flows.remove(desk);
    const refused = await labels();
    dialogs.answers = ['Remove Server'];
    await flows.remove(desk);
    assert.match(dialogs.said[0] ?? '', /^Remove the server ü 100% @me from .+\nIt is stopped first\./);
    assert.deepEqual([refused.length, await labels()], [2, [`ada on ${hub.site.host}`]]);
  });
});
