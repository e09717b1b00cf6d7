import assert from 'node:assert/strict';
import type { Editor } from './driver';
import { filesHolding, formsOf } from './secretSearch';

export interface Secrets {
  /** What nobody else may see: secret halves of tokens, cookies, XSRF values, passwords. */
  readonly secrets: Iterable<string>;
  /** What is public of them and stands in the log, to see that the search finds what is there. */
  readonly publicParts: readonly string[];
  /** Folders that were open in the editor. */
  readonly workspaces: readonly string[];
  /** Addresses that servers were asked for, beside those that the windows themselves have asked for. */
  readonly addresses?: readonly string[];
}

/**
 * None of the secrets is in a file that the editor wrote (all logs at trace level among them), in what it keeps in the
 * browser, or in an address that was asked for.
 */
export async function assertSecretsKept(
  driver: Editor,
  { secrets, publicParts, workspaces, addresses = [] }: Secrets,
): Promise<void> {
  const all = [...new Set(secrets)];
  assert.notEqual(all.length, 0, 'there was no secret that could be found');
  const changed = await filesHolding(all, [driver.extensionsFolder], driver.startedMs);
  const written = await filesHolding(all, [driver.userFolder, ...workspaces]);
  assert.deepEqual([...written, ...changed], []);
  const inBrowser = await driver.browserStorage();
  const forms = all.flatMap(formsOf);
  assert.deepEqual(
    forms.filter((form) => inBrowser.includes(form)),
    [],
  );
  assert.deepEqual(
    [...driver.addresses, ...addresses].filter((address) => forms.some((form) => address.includes(form))),
    [],
  );
  assert.notDeepEqual(await filesHolding(publicParts, [driver.logsFolder]), []);
  assert.ok(inBrowser.includes('secret://'), 'the secret storage was not looked at');
}
