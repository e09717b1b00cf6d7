import type { Clock } from '../../common/clock';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desks } from '../../domain/desks';
import type { SignInFlow } from '../auth/signInFlow';
import type { ChoiceMemory } from '../lab/choiceMemory';
import type { LabFlows } from '../lab/labFlows';
import type { Messages } from '../messages';
import type { JupyterSide } from './register';

export interface JupyterParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: () => Promise<LabFlows>;
  readonly signInFlow: () => Promise<SignInFlow>;
  readonly messages: Messages;
  readonly memory: Pick<ChoiceMemory, 'last'>;
  readonly clock: Clock;
}

/** Loads what the Jupyter extension deals with; nobody needs it before a notebook is open. */
export async function loadJupyterSide(parts: JupyterParts): Promise<JupyterSide> {
  const [{ StartConsent }, { RspServerProvider }] = await Promise.all([
    import('./startConsent'),
    import('./serverProvider'),
  ]);
  const { desks, flows, clock } = parts;
  const consent = new StartConsent(flows, desks, clock);
  return { consent, provider: new RspServerProvider({ ...parts, consent }) };
}
