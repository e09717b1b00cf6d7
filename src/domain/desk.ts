import type { Clock } from '../common/clock';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { Account } from './accounts/account';
import { Asker } from './accounts/asker';
import type { TokenDoubt } from './accounts/tokenDoubt';
import { Lab } from './lab/lab';
import { LabInside } from './lab/labInside';
import { Overview } from './overview';

/** What belongs to one account while it is signed in. */
export interface Desk extends Disposable {
  /** The account as it is now; a new token replaces it. */
  readonly account: Account;
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

/**
 * Sets up a desk; no server is asked before somebody wants something.
 *
 * @param account - asked anew each time.
 */
export function openDesk(account: () => Account, { protocol, doubt, clock, log }: DeskParts): Desk {
  const owned = new Owned();
  const { site, username } = account();
  const asker = owned.add(new Asker(account, doubt, clock));
  const link = lazy(async () => {
    const made = (await protocol()).link(site, username, () => asker.token());
    owned.add({ dispose: () => made.close() });
    return made;
  });
  const lab = owned.add(new Lab(asker, link, clock, log));
  const inside = new LabInside(lab, asker, link);
  const overview = owned.add(new Overview(asker, lab, inside, protocol, clock));
  return {
    get account() {
      return account();
    },
    lab,
    inside,
    overview,
    dispose: () => owned.dispose(),
  };
}
