import { addressOf, methodOf, type LabFetch } from './clientCall';

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
    const { pathname } = addressOf(input);
    const [, kernelId, restart] = /\/api\/kernels\/([^/]+)(\/restart)?$/.exec(pathname) ?? [];
    const isNew = methodOf(input, options) === (restart === undefined ? 'DELETE' : 'POST');
    if (kernelId !== undefined && isNew) for (const each of kept) each.forget(kernelId);
    return fetch(input, options);
  };
}
