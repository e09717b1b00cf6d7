import type { Event } from '../../common/emitter';
import type { Disposable } from '../../common/owned';
import type { GivenOrigin } from './account';

/** Somewhere on this computer where a token may lie. */
export interface TokenPlace {
  readonly origin: GivenOrigin;
  /** The site that the token is for, as the person or the lab wrote it; undefined when nobody did. */
  readonly siteAddress: string | undefined;
  /** The person named this place themselves: nothing there is a mistake to be told. */
  readonly isExpected: boolean;
  /** What lies here is made for something else, and is good for notebooks only by chance. */
  readonly isForOthers?: boolean;
  /**
   * What lies there now, undefined when nothing does.
   *
   * @throws when it is there and cannot be read.
   */
  read(): Promise<string | undefined>;
}

/** The places to look at, and when to look again. */
export interface TokenPlaces extends Disposable {
  /** The most important first. */
  readonly current: readonly TokenPlace[];
  /** The site that the person named for tokens: that there is none anywhere is a mistake to be told. */
  readonly namedSite: string | undefined;
  /** Fires when there are other places, or something else lies at one of them. */
  readonly onDidChange: Event<void>;
}
