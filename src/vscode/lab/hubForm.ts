import * as vscode from 'vscode';
import { redact } from '../../common/redact';
import { Secret } from '../../common/secret';
import type { Desk } from '../../domain/desk';
import { atPages } from '../../domain/lab/hubPages';
import type { FormChoice } from '../../domain/lab/labMenu';
import { withoutLinks } from '../../domain/plainWords';
import { toProblem } from '../../domain/problems/problems';
import { sentenceOf } from '../../domain/problems/sentences';
import { describeAnswers, toKeep } from '../../domain/lab/optionsSteps';
import type { HubPages, SpawnPage } from '../../protocol/jupyterhub/hubPages';
import { toFormBody } from '../../protocol/jupyterhub/optionsBody';
import type { OptionsPage } from '../../protocol/jupyterhub/optionsForm';
import { enter, type Answer } from '../quickInput';
import { pickOptions } from './formPicker';

/** What was answered in the hub's form, and what that is called. */
export type Answered = Required<Pick<FormChoice, 'name' | 'answers'>>;

/** What came of choosing: a lab that starts, nothing, or that only the hub's page will do. */
export type Chosen = { readonly answered: Answered | undefined } | 'left' | 'back' | 'inBrowser';

interface Looking {
  looking<T>(desk: Desk, work: () => Promise<T>): Thenable<T>;
}

const never = new AbortController().signal;

/**
 * Shows the hub's form for a new lab with the editor's own pickers, and sends it back as a browser would. A hub that opens
 * its pages to a password alone is given it, for as long as the window is open.
 */
export async function chooseHere(parts: Looking, desk: Desk, last: FormChoice | undefined): Promise<Chosen> {
  const ask = <T>(work: (pages: HubPages) => Promise<T>): Thenable<T> =>
    parts.looking(desk, () => atPages(desk.main.lab, work, never)); // signed in to once for all servers
  const name = desk.account.server?.name ?? '';
  let found: SpawnPage = await ask((pages) => pages.openSpawnPage(name, never));
  if (found.kind === 'closed') {
    if (!(await ask((pages) => pages.takesPassword(never))))
      return tellBrowser(desk, 'the hub opens it to browsers alone');
    const signedIn = await signIn(desk);
    if (signedIn !== 'chosen') return signedIn;
    found = await ask((pages) => pages.openSpawnPage(name, never));
  }
  let answers = last?.answers;
  let answered: Answered | undefined;
  for (;;) {
    if (found.kind === 'closed') return tellBrowser(desk, 'the hub does not open it to you here');
    if (found.kind !== 'options') return { answered };
    const { page } = found;
    if (page.kind !== 'form') return tellBrowser(desk, obstacleWords(page));
    const { form } = page;
    if (form.message !== '') void vscode.window.showWarningMessage(`The hub says: ${shown(form.message)}`);
    if (form.leftOut.length > 0)
      void vscode.window.showInformationMessage(
        `Left out, as no file is sent from here: ${shown(form.leftOut.join(', '))}.`,
      );
    const chosen = await pickOptions(form, {
      title: `Start Your Server on ${desk.account.site.name}`,
      last: answers,
    });
    if (chosen.kind !== 'chosen') return chosen.kind;
    const given = chosen.value;
    answers = given;
    answered = { name: describeAnswers(form, given), answers: toKeep(form, given) };
    found = await ask((pages) => pages.submit(name, toFormBody(form, given), never));
  }
}

function obstacleWords(page: Exclude<OptionsPage, { kind: 'form' }>): string {
  if (page.kind === 'none') return 'there is none that can be read here';
  const label = page.label === '' ? '' : ` (${shown(page.label)})`;
  return page.reason === 'file' ? `it wants a file${label}` : `it is made by a script${label}`;
}

/** What cannot be chosen here can be chosen there. */
async function tellBrowser({ account: { site } }: Desk, why: string): Promise<Chosen> {
  const open = "Open the Hub's Page";
  const answer = await vscode.window.showInformationMessage(
    `The form of ${site.name} can be filled in only in the browser: ${why}. Your server is joined here when it comes up.`,
    open,
  );
  return answer === open ? 'inBrowser' : 'left';
}

async function signIn({ account: { site, username }, main: { lab } }: Desk): Promise<Answer<true>['kind']> {
  const answer = await enter<true>({
    title: `Password · Start Your Server on ${site.name}`,
    prompt: `The hub shows its choices only to people who have signed in. The password of ${username} is sent to the hub, and kept nowhere.`,
    placeholder: 'Password',
    isSecret: true,
    canGoBack: true,
    check: async (value, signal) => {
      try {
        const isIn = await atPages(lab, (pages) => pages.signIn(new Secret(value), signal), signal);
        return isIn ? { value: true } : { sentence: 'The hub does not take this password.' };
      } catch (error) {
        return { sentence: sentenceOf(toProblem(error, site)) };
      }
    },
  });
  return answer.kind;
}

/** Words of the hub in a notification, where the editor would make links of them. */
function shown(words: string): string {
  return withoutLinks(redact(words));
}
