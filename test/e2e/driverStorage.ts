import type { Page } from 'playwright-core';

/** Runs in the page: all records of all databases and both simple storages, bytes as the text they hold. */
const SCRIPT = `(async () => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const toText = (value) =>
    ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? new TextDecoder().decode(value) : JSON.stringify(value);
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
      keys.forEach((key, index) => found.push(name + '/' + storeName + '/' + key + ': ' + toText(values[index])));
    }
    database.close();
  }
  return found.join('\\n');
})()`;

/** What the page's origin keeps in the browser. */
export function readBrowserStorage(page: Page): Promise<string> {
  return page.evaluate<string>(SCRIPT);
}
