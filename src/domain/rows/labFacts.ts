import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { StartOptions } from '../../protocol/jupyterhub/client';
import type { Account } from '../accounts/account';
import type { CullLimits } from '../lab/cullClock';
import type { LabChoice, LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import type { Known } from './row';

/** What is known of a lab and of what is around it. */
export interface LabFacts {
  readonly account: Pick<Account, 'site' | 'server'>;
  readonly lab: LabState;
  /** Whether the account has other servers beside it. */
  readonly isOneOfSeveral?: boolean;
  readonly sessions: Known<readonly RunningSession[]>;
  readonly vitals: Known<LabVitals | undefined>;
  readonly abnormalStart: Known<AbnormalStart | undefined>;
  readonly menu: Known<LabMenu>;
  readonly limits: CullLimits;
  /** What the hub says that it was started with. */
  readonly startedWith?: StartOptions | undefined;
  /** What was started last time from here. */
  readonly usual?: LabChoice | undefined;
  /** Until when it is kept busy from this window. */
  readonly keptBusyUntilMs?: number | undefined;
}
