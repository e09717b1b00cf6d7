// Without `node:` these names lead to the copies that the editor hands to each extension.
import http from 'http';
import https from 'https';

/**
 * VS Code hands each extension copies of `http` and `https` whose requests take the editor's way out, whatever
 * connection they bring along. What is asked and opened here has one way out of its own, which follows the same
 * settings: so in the copies of this extension, and in no others, Node's own functions are put back.
 *
 * @see createHttpPatch, https://github.com/microsoft/vscode-proxy-agent
 */
export function useNodesOwnRequests(): void {
  for (const [name, copy] of Object.entries({ http, https })) {
    const original: unknown = Reflect.get(copy, '__vscodeOriginal');
    const isOwnCopy = process.getBuiltinModule(name) !== copy;
    if (!isOwnCopy || typeof original !== 'object' || !original) continue;
    const own: Readonly<Record<string, unknown>> = { ...original };
    Object.assign(copy, { request: own['request'], get: own['get'] });
  }
}
