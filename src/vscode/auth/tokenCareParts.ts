import { hostname } from 'node:os';
import type { Clock } from '../../common/clock';
import { lazy } from '../../common/lazy';
import type { Log } from '../../common/log';
import type { Owned } from '../../common/owned';
import type { Accounts } from '../../domain/accounts/accounts';
import type { MemoryPort } from '../../domain/accounts/memory';
import { RetiredTokens } from '../../domain/accounts/retiredTokens';
import { RetirementWatch } from '../../domain/accounts/retirementWatch';
import type { Desks } from '../../domain/desks';
import type { Protocol } from '../../protocol';
import { openExpiryWarnings } from './expiryWarnings';
import type { RenewFlow } from './renewFlow';

/** What looking after tokens takes: their owners, their labs, and what was done about them before. */
export interface TokenCareParts {
  readonly protocol: () => Promise<Protocol>;
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly memory: MemoryPort;
  readonly clock: Clock;
  readonly log: Log;
}

/** Begins to watch; what renews is loaded when it is wanted. */
export function openTokenCare(parts: TokenCareParts, owned: Owned): () => Promise<RenewFlow> {
  const { protocol, accounts, desks, memory, clock, log } = parts;
  const retired = new RetiredTokens(memory);
  const renewal = lazy(async () => {
    const [{ Renewal }, { TokenFamily }] = await Promise.all([
      import('../../domain/accounts/renewal'),
      import('../../domain/accounts/tokenFamily'),
    ]);
    const family = new TokenFamily(protocol, (accountId) => desks.of(accountId).lab);
    const computerName = hostname().split('.')[0] ?? '';
    return new Renewal({ protocol, accounts, family, retired, computerName, clock, log });
  });
  owned.add(openExpiryWarnings(accounts, memory, clock, log));
  owned.add(new RetirementWatch(desks.onDidChange, retired, renewal, log));
  return lazy(async () => new (await import('./renewFlow')).RenewFlow(await renewal(), accounts));
}
