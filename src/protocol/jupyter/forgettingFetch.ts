import type { LabFetch } from './labFetch';

/** Something that is kept for the clients of a kernel. */
export interface KeptForKernel {
  forget(kernelId: string): void;
}

/**
 * A kernel that is started anew, or ended, gets nothing that was meant for the one before, and no cell of it is waited
 * for: whoever restarts it has given them up.
 */
export function forgettingFetch(fetch: LabFetch, kept: readonly KeptForKernel[]): LabFetch {
  return (input, options = {}) => {
    const isAddress = typeof input === 'string' || input instanceof URL;
    const { pathname } = new URL(isAddress ? input : input.url);
    const method = options.method ?? (isAddress ? undefined : input.method) ?? 'GET';
    const [, kernelId, restart] = /\/api\/kernels\/([^/]+)(\/restart)?$/.exec(pathname) ?? [];
    const isNew = method.toUpperCase() === (restart === undefined ? 'DELETE' : 'POST');
    if (kernelId !== undefined && isNew) for (const each of kept) each.forget(kernelId);
    return fetch(input, options);
  };
}
