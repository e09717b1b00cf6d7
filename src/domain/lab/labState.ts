import { redact } from '../../common/redact';
import type { LabAddress } from '../../protocol/connection/connection';
import type { UserStatus } from '../../protocol/nublado/schemas';
import type { Problem } from '../problems/problem';

/** One thing that happened while a lab came up. */
export interface SpawnStep {
  readonly percent: number;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** What is known about a person's lab; replaced whole at each change. */
export type LabState =
  | { readonly kind: 'unknown'; readonly problem?: Problem | undefined }
  /** `isWithdrawn` for one of somebody else, who does not share it any more. */
  | { readonly kind: 'none'; readonly isWithdrawn?: true }
  | { readonly kind: 'starting'; readonly sinceMs: number; readonly steps: readonly SpawnStep[] }
  | {
      readonly kind: 'running';
      readonly address: LabAddress;
      readonly details: UserStatus | undefined;
      /** When the hub last heard of activity, in ISO form; it decides when an idle lab is removed. */
      readonly lastActivityAt?: string;
    }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly steps: readonly SpawnStep[] };

/** Whether it is somebody else's, who does not share it any more. */
export function isWithdrawn(state: LabState): boolean {
  return state.kind === 'none' && state.isWithdrawn === true;
}

/** The hub passes the controller's events on with their severity in front; secrets in its words are blotted out. */
export function toSpawnStep(percent: number, message: string): SpawnStep {
  const parts = /^\[(info|warning|error|unknown)\]\s*(.*)$/s.exec(message);
  const severity = parts?.[1] === 'warning' || parts?.[1] === 'error' ? parts[1] : 'info';
  const words = redact(parts?.[2] ?? message).trim();
  return { percent: Math.min(100, Math.max(0, percent)), severity, message: words };
}
