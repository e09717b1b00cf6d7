import assert from 'node:assert/strict';
import type { LabState } from '../../src/domain/lab/labState';
import { COMMANDS, CONTEXT, SERVER_COMMANDS, VIEW } from '../../src/vscode/ids';
import { contextsOfRows, manifest } from './manifestFile';

describe('the menus of the manifest', () => {
  const { contributes } = manifest;
  const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
  const declared = contributes.commands.map(({ command }) => command);

  /** What the menu of such a row has in it, in the order of the manifest. */
  const rowCommands = (context: string): readonly string[] =>
    (contributes.menus['view/item/context'] ?? [])
      .filter(({ group = '' }) => !group.startsWith('inline'))
      .filter(({ when = '' }) => {
        const [, pattern] = /viewItem =~ \/(.+?)\/(?= |$)/.exec(when) ?? [];
        return pattern === undefined ? when.endsWith(`== ${context}`) : new RegExp(pattern).test(context);
      })
      .map(({ command }) => command);

  it('asks only for a context that the code sets, a view that it has and rows that it shows', () => {
    const conditions = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.keybindings.map(({ when }) => when),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
    ].filter((when) => when !== undefined);
    const words = new Set(conditions.flatMap((when) => when.match(/rsp\.[a-zA-Z.]+/g) ?? []));
    const rows = new Set(
      conditions.flatMap((when) => [...when.matchAll(/viewItem == (\S+)/g)].map(([, id = '']) => id)),
    );
    const known = new Set<string>([...Object.values(CONTEXT), VIEW, ...rows]);
    const contexts = contextsOfRows();
    assert.deepEqual(
      [[...words].filter((word) => !known.has(word)), [...rows].filter((row) => !contexts.has(row))],
      [[], []],
    );
  });

  it('fits each row of the lab to a menu of its own', () => {
    const patterns = Object.values(contributes.menus)
      .flat()
      .flatMap(({ when = '' }) => [...when.matchAll(/viewItem =~ \/(.+?)\/(?= |$)/g)])
      .map(([, pattern = '']) => new RegExp(pattern));
    const rows = [...contextsOfRows()].filter((context) => context.startsWith('rsp.lab.'));
    const unmatched = patterns.filter(
      (pattern) => ![...contextsOfRows()].some((context) => pattern.test(context)),
    );
    assert.deepEqual(
      [rows.filter((row) => !patterns.some((pattern) => pattern.test(row))), unmatched, rows.length],
      [[], [], 24],
    );
  });

  it('lets every command about a lab be used exactly where some lab fits it', () => {
    const enabled = new Map(contributes.commands.map(({ command, enablement }) => [command, enablement]));
    const { mayStartLab, mayStopLab, mayRestartLab, hasUsualLab, keptBusy, signedIn } = CONTEXT;
    const fit: readonly (readonly [command: string, enablement: string])[] = [
      [COMMANDS.startLab, mayStartLab],
      [COMMANDS.startUsualLab, `${mayStartLab} && ${hasUsualLab}`],
      [COMMANDS.startLabFromImage, mayStartLab],
      [COMMANDS.findImage, signedIn],
      [COMMANDS.stopLab, mayStopLab],
      [COMMANDS.restartLab, mayRestartLab],
      [COMMANDS.restartLabOther, mayRestartLab],
      [COMMANDS.newServer, CONTEXT.mayNameServers],
      [COMMANDS.removeServer, CONTEXT.hasNamedServers],
      [COMMANDS.restartLabReset, signedIn], // after a start that failed it is a start
      [COMMANDS.keepLabBusy, mayStopLab],
      [COMMANDS.letLabRest, keptBusy],
      [COMMANDS.showLabActions, signedIn],
      [COMMANDS.showEvents, signedIn],
      [COMMANDS.openInBrowser, signedIn],
    ];
    assert.deepEqual(
      fit.map(([command]) => [command, enabled.get(command)]),
      fit,
    );
    const labCommands = declared.filter((command) => command.startsWith('rsp.lab.'));
    assert.deepEqual(
      labCommands.filter((command) => !fit.some(([known]) => known === command)),
      [],
    );
  });

  it('speaks of servers at plain hubs, by twins of the commands that speak of labs, in the same places', () => {
    const byId = new Map(contributes.commands.map((each) => [each.command, each]));
    const odd = [...SERVER_COMMANDS].filter(([server, lab]) => {
      const [one, other] = [byId.get(server), byId.get(lab)];
      const isAlike = one?.icon === other?.icon && one?.enablement === other?.enablement;
      return !isAlike || !/\bLab\b/.test(other?.title ?? '') || !/\bServer\b/.test(one?.title ?? '');
    });
    assert.deepEqual(odd, []);
    const contexts = [...contextsOfRows()].filter((context) => context.startsWith('rsp.lab.'));
    for (const context of contexts) {
      const isPlain = context.includes('.plain');
      const ids = rowCommands(context);
      assert.deepEqual(
        ids.filter((id) => (isPlain ? wordsOf(id).includes('Lab') : SERVER_COMMANDS.has(id))),
        [],
        context,
      );
      const same = ids.map((id) => SERVER_COMMANDS.get(id) ?? id);
      const absent = [COMMANDS.restartLabReset, COMMANDS.removeServer];
      const elsewhere = rowCommands(context.replace(/\.plain(\.named)?/, ''));
      assert.deepEqual(
        same.filter((id) => !absent.some((each) => each === id)),
        elsewhere.filter((id) => !absent.some((each) => each === id)),
        context,
      );
    }
    function wordsOf(id: string): readonly string[] {
      return (byId.get(id)?.title ?? '').split(/\W/);
    }
  });

  it('has nothing in the palette of an account at a plain hub that only others have, and each deed once', () => {
    const hidden = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === '!rsp.atHub');
    const shown = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'rsp.atHub');
    const ofRsp = [COMMANDS.restartLabReset, COMMANDS.findImage, COMMANDS.openPortal, COMMANDS.openSupport];
    assert.deepEqual(
      [sorted(hidden.map(({ command }) => command)), sorted(shown.map(({ command }) => command))],
      [sorted([...SERVER_COMMANDS.values(), ...ofRsp]), sorted([...SERVER_COMMANDS.keys()])],
    );
  });

  it('has in the toolbar of notebooks one button, for whatever state the lab is in', () => {
    const kinds: readonly LabState['kind'][] = [
      'unknown',
      'none',
      'starting',
      'running',
      'stopping',
      'failed',
    ];
    const items = contributes.menus['notebook/toolbar'] ?? [];
    const [here, atHub] = [
      `${CONTEXT.signedIn} && !${CONTEXT.atHub} `,
      `${CONTEXT.signedIn} && ${CONTEXT.atHub} `,
    ];
    const shown = (place: string): readonly (readonly string[])[] =>
      kinds.map((kind) =>
        items
          .filter(({ when = '' }) => when.includes(place))
          .filter(({ when = '' }) => new RegExp(/rsp\.lab =~ \/(.+?)\/$/.exec(when)?.[1] ?? '^$').test(kind))
          .map(({ command }) => SERVER_COMMANDS.get(command) ?? command),
      );
    const [start, actions] = [[COMMANDS.startLab], [COMMANDS.showLabActions]];
    const wanted = [start, start, actions, actions, actions, start];
    assert.deepEqual(
      [
        shown(here),
        shown(atHub),
        items.every(({ when = '' }) =>
          when.includes(`notebookType == jupyter-notebook && ${CONTEXT.signedIn}`),
        ),
      ],
      [wanted, wanted, true],
    );
  });

  it('offers what a row offers with a click by its menu, too, for those who use the keyboard', () => {
    const items = contributes.menus['view/item/context'] ?? [];
    const isInline = ({ group = '' }: { readonly group?: string | undefined }): boolean =>
      group.startsWith('inline');
    const inMenu = items.filter((item) => !isInline(item)).map(({ command }) => command);
    assert.deepEqual(
      items.filter((item) => isInline(item) && !inMenu.includes(item.command)),
      [],
    );
  });
});
