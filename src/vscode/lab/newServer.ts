import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import type { NamedServer } from '../../domain/accounts/account';
import { makeServer, problemInName } from '../../domain/servers/newServer';
import { enter } from '../quickInput';
import type { LabFlows } from './labFlows';

/**
 * Asks for the name of one more server and starts it as any other; a name that there is already leads to that server.
 *
 * @returns the desk of the server if it runs.
 */
export async function startNewServer(
  desks: Desks,
  flows: Pick<LabFlows, 'start'>,
  { main }: Desk,
): Promise<Desk | undefined> {
  const named = await askName(desks, main);
  if (!named) return undefined;
  const start = async (desk: Desk): Promise<Desk | undefined> =>
    (await flows.start(desk)) === 'running' ? desk : undefined;
  return desks.withServer(main, named, start);
}

async function askName(desks: Desks, main: Desk): Promise<NamedServer | undefined> {
  const { site, id } = main.account;
  const known = (is: (server: NamedServer) => boolean): NamedServer | undefined =>
    desks
      .ofAccount(id)
      .flatMap(({ account: { server } }) => (server ? [server] : []))
      .find(is);
  const answer = await enter<NamedServer>({
    title: `New Named Server on ${site.name}`,
    prompt:
      'It runs beside your other servers; each notebook chooses one of them. How to start it is asked next.',
    placeholder: 'Name, such as gpu or long run',
    problemIn: (value) => (value.trim() === '' ? undefined : problemInName(value.trim())),
    check: async (value, signal) => {
      const label = value.trim();
      const sentence = problemInName(label);
      if (sentence !== undefined) return { sentence };
      try {
        const meant = known((server) => server.label === label || server.name === label);
        if (meant) return { value: meant };
        const made = await makeServer(main, label, signal);
        const taken = known((server) => server.name === made.name && server.label !== label);
        return taken ? { sentence: takenWords(taken) } : { value: made };
      } catch (error) {
        return { sentence: sentenceOf(toProblem(error, site)) };
      }
    },
  });
  return answer.kind === 'chosen' ? answer.value : undefined;
}

/** Hubs from 6.0 on make a plain name of what somebody calls a server, and know the server by that alone. */
function takenWords({ name, label }: NamedServer): string {
  return `The hub goes by plain letters, digits and hyphens, and would take this for your server ${label} (${name}). Enter another name, or ${label} to start that server.`;
}
