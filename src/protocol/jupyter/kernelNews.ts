import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import type { Connection } from '../connection/connection';
import type { RequestFailure } from '../http/failures';

/** A kernel was reached, could not be reached, or was ended or started anew from here. */
export type KernelNews = { readonly kernelId: string } & (
  | { readonly kind: 'reached'; readonly labStartedAt: string }
  | { readonly kind: 'missed'; readonly failure: RequestFailure }
  | { readonly kind: 'ended' }
);

/** Tells what becomes of the kernels that a person uses. */
export class KernelNewsDesk {
  readonly #connection: Pick<Connection, 'enteredLab'>;
  readonly #log: Log;
  readonly #didHappen = new Emitter<KernelNews>();

  readonly onDidHappen: Event<KernelNews> = this.#didHappen.event;

  constructor(connection: Pick<Connection, 'enteredLab'>, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  /** To be called with each socket that has opened, or with the reason why it has not. */
  opened(url: URL, failure: RequestFailure | undefined): void {
    if (failure) this.#log.warn(`The connection to a kernel did not open: ${failure.message}`);
    const [, kernelId] = /\/api\/kernels\/([^/]+)\/channels$/.exec(url.pathname) ?? [];
    if (kernelId === undefined) return; // there are sockets to other things
    const labStartedAt = this.#connection.enteredLab?.startedAt ?? '';
    this.#didHappen.fire(
      failure ? { kind: 'missed', kernelId, failure } : { kind: 'reached', kernelId, labStartedAt },
    );
  }

  forget(kernelId: string): void {
    this.#didHappen.fire({ kind: 'ended', kernelId });
  }
}
