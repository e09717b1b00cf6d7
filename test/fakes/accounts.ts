import type { Log } from '../../src/common/log';
import { Accounts } from '../../src/domain/accounts/accounts';
import { AccountStore, type SecretPort } from '../../src/domain/accounts/accountStore';
import { GivenAccounts } from '../../src/domain/accounts/givenAccounts';
import { JumpingClock } from './jumpingClock';
import { MemorySecrets } from './memorySecrets';
import { RecordingLog } from './recordingLog';
import { FakeTokenPlaces } from './tokenPlaces';

/** The accounts of one window whose secrets are kept in `secrets`; no token lies ready. */
export function accountsOn(
  secrets: SecretPort = new MemorySecrets(),
  log: Log = new RecordingLog(),
): Accounts {
  const given = new GivenAccounts({
    places: () => Promise.resolve(new FakeTokenPlaces()),
    protocol: () => Promise.reject(new Error('nobody is to be asked')),
    memory: { get: () => undefined, update: () => Promise.resolve() },
    clock: new JumpingClock(),
    log,
  });
  return new Accounts(new AccountStore(secrets, log), given);
}
