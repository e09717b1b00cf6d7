import type { Clock } from '../common/clock';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { Account } from './accounts/account';
import { Asker } from './accounts/asker';
import type { TokenDoubt } from './accounts/tokenDoubt';
import { Lab, type LabPlace } from './lab/lab';
import { LabInside } from './lab/labInside';
import { Overview } from './overview';

/** What belongs to one server of an account while that is signed in. */
export interface Desk extends Disposable {
  /** The account as it is now, standing for this server; a new token replaces it. */
  readonly account: Account;
  /** The desk of the account's default server, which is also that of the account as such. */
  readonly main: Desk;
  readonly lab: Lab;
  readonly inside: LabInside;
  readonly overview: Overview;
}

/** What every desk is made with. */
export interface DeskParts {
  readonly protocol: () => Promise<Protocol>;
  readonly doubt: Pick<TokenDoubt, 'judge'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a desk has to do with the others of its account. */
export interface DeskPlace extends LabPlace {
  /** The desk of the account's default server; undefined when this is it. */
  readonly main?: Desk | undefined;
}

/**
 * Sets up a desk; no server is asked before somebody wants something.
 *
 * @param account - asked anew each time.
 */
export function openDesk(
  account: () => Account,
  { protocol, doubt, clock, log }: DeskParts,
  { main, ...place }: DeskPlace = {},
): Desk {
  const owned = new Owned();
  const { site, username, server } = account();
  const asker = owned.add(new Asker(account, doubt, clock));
  const link = lazy(async () => {
    const wanted = server && (await import('./servers/wantedServer')).toWanted(account(), () => lab.isAgreed);
    const made = (await protocol()).link(site, username, () => asker.token(), wanted);
    owned.add({ dispose: () => made.close() });
    return made;
  });
  const lab = owned.add(new Lab(asker, link, clock, log, place));
  const inside = new LabInside(lab, asker, link);
  const overview = owned.add(new Overview(asker, lab, inside, protocol, clock, main?.overview));
  const desk: Desk = {
    get account() {
      return account();
    },
    get main() {
      return main ?? desk;
    },
    lab,
    inside,
    overview,
    dispose: () => owned.dispose(),
  };
  return desk;
}
