import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Connection } from '../connection/connection';
import type { RequestFailure } from '../http/failures';
import type { KernelWork } from './kernelWork';
import type { UnansweredCells } from './unansweredCells';
import type { UnsentFrames } from './unsentFrames';
import type { SocketWayOut } from './wire';

/** What is known of a person's kernels beyond each single socket. */
export interface KernelSights {
  readonly unsent: UnsentFrames;
  readonly unanswered: UnansweredCells;
  /** Told how each opening went: with the failure, or without one. */
  opened(url: URL, failure: RequestFailure | undefined): void;
}

/** What kernel sockets of one sign-in share. */
export interface SocketParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
  readonly work: KernelWork;
  readonly ended: AbortSignal;
  readonly wayOut: SocketWayOut;
  readonly sights: KernelSights;
}
