import type { Platform } from '../platform/platform';

export interface Demo {
  readonly platform: Pick<Platform, 'baseUrl' | 'caFile' | 'config' | 'tokenOf'>;
  readonly editorUrl: string;
  readonly controlUrl: string;
  /** Where the Jupyter extension comes from. */
  readonly jupyter: string;
}

const COLUMN = 20;

/** All that somebody needs in order to try the extension. */
export function welcome({ platform, editorUrl, controlUrl, jupyter }: Demo): string {
  const { baseUrl, caFile, config } = platform;
  const [first, ...others] = config.users;
  if (!first) throw new Error('The configuration of the platform names no user.');
  const certificates: readonly [string, string][] =
    caFile === undefined ? [] : [['Its certificates', `${caFile} (VS Code trusts them; your browser asks)`]];
  return [
    '',
    ...rows([
      ['VS Code', editorUrl],
      ['Platform', baseUrl.origin],
      ...certificates,
      [`Token of ${first.username}`, platform.tokenOf(first.username)],
      ['Jupyter extension', jupyter],
    ]),
    '',
    'What to try',
    '  1. Open VS Code at the address above; in the Accounts menu (bottom left) choose "Sign in with Rubin Science Platform".',
    `  2. Enter ${baseUrl.origin} and paste the token.`,
    '  3. Open first-cell.ipynb, then Select Kernel > Rubin Science Platform > Start a lab: choose an image and a size.',
    '  4. Choose the kernel LSST and run the cell: it says who you are, which image you got, and draws a plot.',
    '  5. Look at the view with the telescope in the activity bar, and stop the lab there.',
    '',
    'Other people, who may use other things',
    ...rows(others.map(({ username }) => [`  ${username}`, platform.tokenOf(username)])),
    `  ${'More tokens'.padEnd(COLUMN - 2)}${baseUrl.origin}/settings/tokens/new`,
    '',
    'What can go wrong, for instance the hub being down ({"clear": true} mends it all)',
    `  curl -H 'content-type: application/json' -d '{"set": {"hubDown": true}}' ${controlUrl}`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

function rows(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  return pairs.map(([name, value]) => `${name.padEnd(COLUMN)}${value}`);
}
