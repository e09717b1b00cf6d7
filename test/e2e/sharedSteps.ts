import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULTS, HubPerson } from '../platform/hubs/hubPerson';
import type { PlainHub } from '../platform/hubs/plainHub';
import type { Editor } from './driver';
import { lookAs } from './driverLooks';
import { notebookOf } from './notebookFile';
import { VIEW } from './signInSteps';

const WHOSE = 'import os\nprint("runs as", os.environ["JUPYTERHUB_USER"])';
const never = new AbortController().signal;

/** Somebody else at the hub, whose server runs. */
export interface Neighbour {
  stopServer(): Promise<void>;
  stop(): Promise<void>;
}

/** Lets somebody else start their default server as the hub likes it. */
export async function startNeighbour(hub: PlainHub, username: string): Promise<Neighbour> {
  await hub.serveForm('', username);
  const person = new HubPerson();
  const account = await person.enterWith(hub.url.href, await hub.tokenOf(username));
  const { lab } = person.deskOf(account);
  await lab.start(DEFAULTS, never);
  return {
    stopServer: () => lab.stop(never),
    stop: () => person.leave(),
  };
}

/** What a person reads on the way to somebody else's server. */
export interface Read {
  readonly told: string;
  readonly menu: readonly string[];
  readonly question: { readonly message: string; readonly detail: string };
}

/** From the row of a server that somebody shared to the kernel picker, which opens for the notebook in front. */
export async function joinFromRow(driver: Editor, owner: string): Promise<Read> {
  const { workbench, page, quickInput } = driver;
  const row = `${owner}, running`;
  await lookAgain(driver, 'Shared with you');
  await workbench.expandTreeRow(VIEW, 'Shared with you');
  await driver.screenshot('shared-server');
  const told = await workbench.treeRowHover(VIEW, row);
  await driver.screenshot('shared-server-hover');
  const menu = await workbench.treeRowMenu(VIEW, row);
  await driver.screenshot('shared-server-menu');
  await driver.pick('Use in Notebooks…');
  const question = await workbench.dialog();
  await lookAs(page, 'hc');
  await driver.screenshot('shared-server-question-hc');
  await lookAs(page, 'light');
  await workbench.clickDialogButton('Use Server');
  await quickInput.widget.waitFor();
  return { told, menu, question };
}

/** Writes a notebook whose cell tells as whom it runs. */
export function writeWhose(workspace: string, notebook: string): Promise<void> {
  return writeFile(path.join(workspace, notebook), notebookOf(WHOSE));
}

/** Asks for everything that the side bar shows, and waits until a row says this. */
export async function lookAgain({ workbench }: Editor, row: string | RegExp): Promise<void> {
  await workbench.viewAction(VIEW, 'Refresh');
  await workbench.waitForTreeRow(VIEW, row);
}
