import type { KernelSpec, Session } from '@jupyterlab/services';
import { createHash } from 'node:crypto';

import { keyOf, type ServerHandle } from './collections';

/** A kernel that can be picked: one to start from a specification, or one that runs already. */
export type RemoteKernel = {
  readonly id: string;
  readonly label: string;
  readonly server: ServerHandle;
} & (
  | { readonly kind: 'specification'; readonly spec: KernelSpec.ISpecModel }
  | { readonly kind: 'live'; readonly session: Session.IModel }
);

export function toSpecification(spec: KernelSpec.ISpecModel, server: ServerHandle): RemoteKernel {
  const hash = createHash('sha256').update(keyOf(server)).digest('hex');
  const id = [hash, spec.name, ...spec.argv].join('.');
  return { kind: 'specification', id, label: spec.display_name || spec.name, server, spec };
}

export function toLive(
  session: Session.IModel,
  specs: readonly KernelSpec.ISpecModel[],
  server: ServerHandle,
): RemoteKernel | undefined {
  if (!session.kernel) return undefined;
  const { id, name } = session.kernel;
  const label = specs.find((spec) => spec.name === name)?.display_name ?? name;
  return { kind: 'live', id, label, server, session };
}

export function languageOf(kernel: RemoteKernel): string {
  return kernel.kind === 'specification' ? kernel.spec.language : 'python';
}
