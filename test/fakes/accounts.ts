import type { Log } from '../../src/common/log';
import { Accounts } from '../../src/domain/accounts/accounts';
import { AccountStore, type SecretPort } from '../../src/domain/accounts/accountStore';
import { GivenAccounts } from '../../src/domain/accounts/givenAccounts';
import { MemorySecrets } from './memorySecrets';
import { RecordingLog } from './recordingLog';

/** The accounts of one window whose secrets are kept in `secrets`; no token lies ready. */
export function accountsOn(
  secrets: SecretPort = new MemorySecrets(),
  log: Log = new RecordingLog(),
): Accounts {
  return new Accounts(new AccountStore(secrets, log), new GivenAccounts());
}
