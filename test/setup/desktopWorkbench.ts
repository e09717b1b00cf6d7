import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { lazy } from '../../src/common/lazy';
import { vscodeServer } from './vscodeServer';

/**
 * The workbench in a browser, with what the desktop does otherwise and we have to test:
 *
 * - **Secrets are shared by all windows.** The desktop keeps them encrypted in its application storage, whose changes
 *   reach every window at once. The browser's workbench has the very same code
 *   (`BaseSecretStorageService` over the application storage) and switches it off, so that each page has secrets of
 *   its own in memory. Here it is switched on again. The application storage of the browser is an IndexedDB that tells
 *   all pages of one profile what changed, and the key of the encryption is where the desktop has it: outside of the
 *   editor, here in the process of the test as there in the keyring. (What a page may bring along as a secret storage of
 *   its own, one that tells no other page of its changes, is left aside.)
 * - **Opening a page asks first**, as for every site that nobody has said to trust. For addresses of this computer,
 *   where our platform is, the workbench would not ask.
 */
const PATCHES: readonly { readonly what: string; readonly from: RegExp; readonly to: string }[] = [
  {
    what: 'the secret storage',
    from: /(?<=constructor\(\w,\w,\w,\w\)\{super\()!0(,\w,\w,\w\)),\w\.options\?\.secretStorageProvider(?=&&\()/g,
    to: '!1$1,!1',
  },
  {
    what: 'the encryption',
    from: /encrypt\((\w)\)\{return Promise\.resolve\(\1\)\}decrypt\((\w)\)\{return Promise\.resolve\(\2\)\}isEncryptionAvailable\(\)\{return Promise\.resolve\(!1\)\}/g,
    to: 'encrypt($1){return keyringEncrypt($1)}decrypt($2){return keyringDecrypt($2)}isEncryptionAvailable(){return Promise.resolve(!0)}',
  },
  {
    what: 'the trust in addresses of this computer',
    from: /[\w$]+\(\w\.authority\)(?=\)return!0;for\(let \w=0;\w<\w\.length;\w\+\+\)if\(\w\[\w\]==="\*")/g,
    to: '!1',
  },
];

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes every workbench that is opened in this context behave as the desktop's. Call it before the first page.
 *
 * @throws when a place to change is not there exactly once, as after a change of VS Code's version.
 */
export async function asOnDesktop(context: BrowserContext): Promise<void> {
  const keyring = new Keyring();
  await context.exposeFunction('keyringEncrypt', (text: string) => keyring.encrypt(text));
  await context.exposeFunction('keyringDecrypt', (text: string) => keyring.decrypt(text));
  const body = await patchedWorkbench();
  await context.route('**/workbench/workbench.js', (route) =>
    route.fulfill({ contentType: 'text/javascript; charset=utf-8', body }),
  );
}

const patchedWorkbench = lazy(async () => {
  const { serverMain } = await vscodeServer();
  const file = path.join(path.dirname(serverMain), 'vs', 'code', 'browser', 'workbench', 'workbench.js');
  return patch(await readFile(file, 'utf8'));
});

function patch(source: string): string {
  return PATCHES.reduce((text, { what, from, to }) => {
    const places = text.match(from)?.length ?? 0;
    if (places !== 1)
      throw new Error(
        `The workbench is another than the one that is known here: ${what} was found ${places} times.`,
      );
    return text.replace(from, to);
  }, source);
}

/** What the keyring of the operating system is to the desktop: it has the key, and the editor has not. */
class Keyring {
  readonly #key = randomBytes(32);

  encrypt(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
  }

  decrypt(text: string): string {
    const bytes = Buffer.from(text, 'base64');
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  }
}
