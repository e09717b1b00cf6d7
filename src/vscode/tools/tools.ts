import * as vscode from 'vscode';
import { z } from 'zod';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desk } from '../../domain/desk';
import { hasPart, traitsOf } from '../../domain/personality/traits';
import type { Desks } from '../../domain/desks';
import { cullLimitsOf } from '../../domain/lab/cullClock';
import { choiceName, type LabChoice } from '../../domain/lab/labMenu';
import { ProblemError, toProblemError } from '../../domain/problems/problems';
import { accountFacts } from '../../domain/tools/accountFacts';
import { wantedLab, type LabWanted } from '../../domain/tools/labChoice';
import { imageFacts, kernelFacts, labFacts, serverFacts } from '../../domain/tools/labFacts';
import { ToolError } from '../../domain/tools/toolError';
import { whichServer, whoseAccount, type Whose } from '../../domain/tools/whose';
import { isCancellation, withSignal } from '../cancellation';
import type { LabFlows } from '../lab/labFlows';
import { readLabLimits } from '../settings';
import { TOOLS, type ToolName } from './names';

const InputSchema = z.object({
  site: z.string().optional(),
  server: z.string().optional(),
  username: z.string().optional(),
  search: z.string().optional(),
  image: z.string().optional(),
  size: z.string().optional(),
});
interface Input extends Whose, LabWanted {
  readonly search?: string | undefined;
  /** One of the account's servers, for what is only read. */
  readonly server?: string | undefined;
}

export interface ToolParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: () => Promise<LabFlows>;
}

/**
 * What language models may learn of accounts and labs, and the one thing that they may do: start a lab, after the
 * person has said yes to image and size.
 *
 * What goes wrong is thrown as a sentence, which the model reads.
 */
export class Tools {
  readonly #parts: ToolParts;

  constructor(parts: ToolParts) {
    this.#parts = parts;
  }

  async invoke(
    name: ToolName,
    given: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const input = readInput(given);
    const answer = await this.#asking(input, token, (desk, signal) =>
      this.#answer(name, desk, input, signal),
    );
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(JSON.stringify(answer, null, 1)),
    ]);
  }

  /** Says what is about to be done; a lab is started only after a yes. */
  async prepare(
    name: ToolName,
    given: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.PreparedToolInvocation> {
    if (name !== TOOLS.startLab) return {};
    const input = readInput(given);
    return this.#asking(input, token, async (desk, signal) => {
      const { site } = desk.account;
      const choice = await this.#chosen(desk, input, signal);
      const { labNoun } = traitsOf(site);
      return {
        invocationMessage: `Starting your ${labNoun} on ${site.name}`,
        confirmationMessages: {
          title: `Start your ${labNoun} on ${site.name}?`,
          message: `${choiceName(choice)}. It uses ${hasPart(site, 'quotas') ? 'your quota' : 'what the hub gives it'} until you stop it or the site removes it.`,
        },
      };
    });
  }

  async #answer(name: ToolName, desk: Desk, input: Input, signal: AbortSignal): Promise<object> {
    const { account, lab, overview } = desk;
    switch (name) {
      case TOOLS.account: {
        await overview.lookAtUser(signal);
        const { user, rateLimits } = overview.facts;
        if (user.kind !== 'known') throw new ProblemError(user.kind === 'problem' ? user.problem : UNKNOWN);
        return accountFacts(account, user.value, rateLimits ?? new Map());
      }
      case TOOLS.lab: {
        await lab.refresh(signal); // the hub tells of all servers at once
        const [limits, nowMs] = [cullLimitsOf(account.site.host, readLabLimits()), Date.now()];
        const all = this.#parts.desks.ofAccount(account.id);
        return {
          ...labFacts(this.#server(desk, input).overview.facts, limits, nowMs),
          ...(all.length > 1 && { servers: all.map((each) => serverFacts(each.overview.facts)) }),
        };
      }
      case TOOLS.images:
        return imageFacts(account, await lab.lookUpMenu(signal), input.search);
      case TOOLS.kernels: {
        await lab.refresh(signal);
        const { account: whose, inside } = this.#server(desk, input);
        return kernelFacts(whose, await inside.fetchSessions(signal));
      }
      case TOOLS.startLab:
        return this.#start(desk, input, signal);
    }
  }

  /** The server that is meant, of those that the hub has just told of. */
  #server({ account }: Desk, { server }: Input): Desk {
    return whichServer(this.#parts.desks.ofAccount(account.id), server);
  }

  /** The person sees how it comes up, and may leave the wait; nobody else can. */
  async #start(desk: Desk, input: Input, signal: AbortSignal): Promise<object> {
    const { kind } = await desk.lab.refresh(signal);
    if (kind !== 'running' && kind !== 'starting') {
      const choice = await this.#chosen(desk, input, signal);
      const outcome = await (await this.#parts.flows()).startChosen(desk, choice);
      if (outcome === 'left')
        return { started: false, why: 'The person did not wait for it, or took it back.' };
    }
    return labFacts(desk.overview.facts, cullLimitsOf(desk.account.site.host, readLabLimits()), Date.now());
  }

  async #chosen(desk: Desk, input: Input, signal: AbortSignal): Promise<LabChoice> {
    const menu = await desk.lab.lookUpMenu(signal);
    return wantedLab(menu, input, (await this.#parts.flows()).last(desk), desk.account.site);
  }

  async #asking<T>(
    input: Input,
    token: vscode.CancellationToken,
    work: (desk: Desk, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { accounts, desks } = this.#parts;
    const account = whoseAccount(await accounts.load(), accounts.absence, input);
    try {
      return await withSignal(token, (signal) => work(desks.of(account.id), signal));
    } catch (error) {
      const isSaid = isCancellation(error) || error instanceof ToolError;
      throw isSaid ? error : toProblemError(error, account.site);
    }
  }
}

const UNKNOWN = { kind: 'unexpected' } as const;

/** A model may leave anything out, or give more than is asked for. */
function readInput(given: unknown): Input {
  const parsed = InputSchema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new ToolError(`The input is not as described: ${names || 'all of it'} must be text.`);
}
