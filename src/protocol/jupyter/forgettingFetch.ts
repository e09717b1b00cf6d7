import type { LabFetch } from './labFetch';
import type { UnsentFrames } from './unsentFrames';

/**
 * A kernel that is started anew, or ended, gets nothing that was meant for the one before: whoever restarts it has given
 * up what was waiting.
 */
export function forgettingFetch(fetch: LabFetch, unsent: UnsentFrames): LabFetch {
  return (input, options = {}) => {
    const isAddress = typeof input === 'string' || input instanceof URL;
    const { pathname } = new URL(isAddress ? input : input.url);
    const method = options.method ?? (isAddress ? undefined : input.method) ?? 'GET';
    const [, kernelId, restart] = /\/api\/kernels\/([^/]+)(\/restart)?$/.exec(pathname) ?? [];
    const isNew = method.toUpperCase() === (restart === undefined ? 'DELETE' : 'POST');
    if (kernelId !== undefined && isNew) unsent.forget(kernelId);
    return fetch(input, options);
  };
}
