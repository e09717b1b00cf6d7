import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { GivenTrouble } from '../../src/domain/accounts/givenTrouble';
import type { OutOfReach } from '../../src/domain/rows/reach';
import { AUTH_PROVIDER, COMMANDS, CONTEXT, SERVER_COMMANDS, SETTINGS, VIEW } from '../../src/vscode/ids';
import { manifest, ROOT } from './manifestFile';

describe('the manifest', () => {
  const { contributes } = manifest;
  const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
  const declared = contributes.commands.map(({ command }) => command);

  it('declares the commands that the code registers, each once, with a title and a category', () => {
    assert.deepEqual(sorted(declared), sorted([...Object.values(COMMANDS), ...SERVER_COMMANDS.keys()]));
  });

  it('tells commands apart by title', () => {
    const titles = contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    assert.deepEqual(
      [new Set(titles).size, new Set(contributes.commands.map((each) => each.category)).size],
      [titles.length, 1],
    );
  });

  it('declares the settings that the code reads, with a default that is one of their values', () => {
    const { properties } = contributes.configuration;
    const odd = Object.values(properties).filter(
      (property) =>
        property.enum !== undefined &&
        (!property.enum.includes(property.default) ||
          property.enum.length !== property.markdownEnumDescriptions?.length),
    );
    assert.deepEqual([sorted(Object.keys(properties)), odd], [sorted(Object.values(SETTINGS)), []]);
  });

  it('describes settings in Markdown, and leaves none of them to a repository', () => {
    const { properties } = contributes.configuration;
    const odd = Object.entries(properties).filter(
      ([, { scope, markdownDescription }]) =>
        !['application', 'machine'].includes(scope) || !markdownDescription.endsWith('.'),
    );
    assert.deepEqual(odd, []);
  });

  it('declares the view and the way to sign in that the code provides', () => {
    assert.deepEqual(
      [
        Object.values(contributes.views)
          .flat()
          .map(({ id }) => id),
        [...new Set(contributes.viewsWelcome.map(({ view }) => view))],
        contributes.authentication.map(({ id }) => id),
        Object.keys(contributes.views),
      ],
      [[VIEW], [VIEW], [AUTH_PROVIDER], contributes.viewsContainers.activitybar.map(({ id }) => id)],
    );
  });

  it('has in its menus only commands that exist, and in its welcome only links that do', () => {
    const inMenus = Object.values(contributes.menus)
      .flat()
      .map(({ command }) => command);
    const inWelcome = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:([^)?]+)/g)].map(([, id = '']) => id),
    );
    const inKeys = contributes.keybindings.map(({ command }) => command);
    const ofEditor = [
      'workbench.action.openSettings',
      'workbench.action.openWalkthrough',
      'workbench.extensions.installExtension',
      'runCommands',
    ];
    assert.deepEqual(
      [...inMenus, ...inWelcome, ...inKeys].filter((id) => ![...declared, ...ofEditor].includes(id)),
      [],
    );
  });

  it('welcomes whoever sees an empty view, whatever the reason', () => {
    const reasons: { readonly [key: string]: readonly string[] } = {
      [CONTEXT.unreachable]: ['network', 'certificate', 'site'] satisfies readonly OutOfReach[],
      [CONTEXT.givenTrouble]: ['file', 'site', 'token'] satisfies readonly GivenTrouble[],
    };
    const whens = contributes.viewsWelcome.map(({ when = '' }) => when);
    const missing = Object.entries(reasons).flatMap(([key, values]) =>
      values.filter((value) => !whens.some((when) => when.endsWith(` && ${key} == ${value}`))),
    );
    assert.deepEqual(
      [
        missing,
        whens.includes(`!${CONTEXT.signedIn} && !${CONTEXT.givenTrouble}`),
        whens.includes(CONTEXT.jupyterMissing),
      ],
      [[], true, true],
    );
  });

  it('has icons that exist', () => {
    const icons = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.commands.flatMap(({ icon }) => icon ?? []),
    ];
    const odd = icons.filter((icon) => !/^\$\([a-z-]+\)$/.test(icon) && !existsSync(path.join(ROOT, icon)));
    assert.deepEqual(odd, []);
  });

  it('wakes the extension without waiting for a command of its own', () => {
    assert.deepEqual(sorted(manifest.activationEvents), ['onNotebook:jupyter-notebook', 'onStartupFinished']);
  });
});
