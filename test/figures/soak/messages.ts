/** What the process that works is told. */
export type Order =
  | { readonly kind: 'cycles'; readonly count: number }
  | { readonly kind: 'work' }
  | { readonly kind: 'enough' };

/** What it tells of itself. */
export type Word =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'done'; readonly violations: readonly string[]; readonly remarks: readonly string[] };
