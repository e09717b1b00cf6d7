import type { Account } from './accounts/account';
import { describeLife } from './accounts/tokenLife';
import { tagOf } from './lab/labMenu';
import type { LabState } from './lab/labState';
import { sentenceOf } from './problems/sentences';

/** What the status bar says. */
export interface Status {
  /** With the editor's icon syntax. */
  readonly text: string;
  /** The same in full words. */
  readonly tooltip: string;
}

interface AccountLab {
  readonly account: Account;
  readonly lab: LabState;
}

/** One line for all labs: the one that says most stands for the others. Undefined when there is nothing to say. */
export function statusOf(labs: readonly AccountLab[], nowMs: number): Status | undefined {
  const order: readonly LabState['kind'][] = ['failed', 'starting', 'stopping', 'running', 'none'];
  for (const kind of order) {
    const found = labs.find(({ lab }) => lab.kind === kind);
    if (!found) continue;
    const { text, tooltip } = toStatus(found);
    return { text, tooltip: [tooltip, tokenSentence(found.account, nowMs)].join('\n') };
  }
  return undefined;
}

function tokenSentence({ isRefused, tokenExpires }: Account, nowMs: number): string {
  return isRefused ? 'Token: not accepted any more' : `Token: ${describeLife(tokenExpires, nowMs)}`;
}

function toStatus({ account, lab }: AccountLab): Status {
  const { name, host } = account.site;
  switch (lab.kind) {
    case 'running': {
      const { details } = lab;
      const image = details?.imageReference ? ` ${tagOf(details.imageReference)}` : '';
      const size = details?.size ? `, ${details.size}` : '';
      return {
        text: `$(vm-running) ${host}${image}${size}`,
        tooltip: `Your lab on ${name} is running${image}${size}`,
      };
    }
    case 'starting': {
      const percent = lab.steps.at(-1)?.percent ?? 0;
      return {
        text: `$(loading~spin) ${host} ${percent} %`,
        tooltip: `Your lab on ${name} is starting, ${percent} %`,
      };
    }
    case 'stopping':
      return { text: `$(loading~spin) ${host} stopping`, tooltip: `Your lab on ${name} is stopping` };
    case 'failed':
      return { text: `$(error) ${host}`, tooltip: sentenceOf(lab.problem) };
    case 'none':
      return { text: `$(vm-outline) ${host}`, tooltip: `Your lab on ${name} is not running` };
    case 'unknown':
      return { text: `$(question) ${host}`, tooltip: `Your lab on ${name}: not known` };
  }
}
