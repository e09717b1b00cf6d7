import { RequestFailure } from '../../protocol/http/failures';
import { isServerName } from '../../protocol/jupyterhub/serverNames';
import { wordsOfHub } from '../lab/spawnFailure';
import type { Desk } from '../desk';
import { ProblemError } from '../problems/problems';
import type { NamedServer } from '../accounts/account';

/** What is wrong with the name for a new server, as far as that can be told without asking the hub. */
export function problemInName(label: string): string | undefined {
  if (label === '') return 'Give it a name.';
  return isServerName(label) ? undefined : 'A name has no slash in it, and is more than a point or two.';
}

/**
 * A server for this name, to be started; hubs that have none with names, or no more for this person, say so here.
 *
 * @throws `ProblemError` `serverRefused` with the hub's words.
 */
export async function makeServer({ main }: Desk, label: string, signal: AbortSignal): Promise<NamedServer> {
  const { site } = main.account;
  return main.lab.ask(async ({ hub }) => {
    try {
      return { name: await hub.makeServer(label, signal), label };
    } catch (error) {
      const words =
        error instanceof RequestFailure && error.kind === 'refused' ? error.serverText : undefined;
      if (words === undefined) throw error;
      throw new ProblemError({ kind: 'serverRefused', siteName: site.name, words: wordsOfHub(words) }, error);
    }
  }, signal);
}
