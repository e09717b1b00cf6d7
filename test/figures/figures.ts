import { measureActivation } from './activation';
import { measureCanary } from './canary';
import { measureEntryChunk } from './entryChunk';
import { measureFaults, measureTraps } from './faults';
import type { Figure } from './figure';
import { measureGafaelfawrFuzz } from './gafaelfawrFuzz';
import { measureHubColdRequests, measureHubReadyLatency, measureHubWarmRequests } from './hub';
import { measureIdleHidden, measureIdleVisible } from './idle';
import { measureFuzz, measureParse } from './labForm';
import { measureMessageLatency, measureMessageThroughput } from './messages';
import { measureOptionForms } from './optionForms';
import { measurePicker } from './picker';
import { measureOverhead } from './overhead/measure';
import { measureProtocolFuzz } from './protocolFuzz';
import { measureReadyLatency } from './readyLatency';
import { measureSignInClicks } from './signInClicks';
import { measureSoak } from './soak/measure';
import { measureStall } from './stall/measure';
import { measureColdHops, measureColdRequests, measureWarmRequests } from './requests';

const ON_BOTH =
  'in the log of the local platform with a real hub and a real lab; the worse of with and without subdomains';

/** Every figure; a new one is an entry here and what measures it in a file of its own. */
export const FIGURES: readonly Figure[] = [
  {
    name: 'requests-cold',
    unit: 'requests',
    limit: 3,
    how: `requests that our code issues from picking a running lab in a fresh window to handing it over, ${ON_BOTH}`,
    measure: measureColdRequests,
  },
  {
    name: 'requests-cold-hops',
    unit: 'requests',
    limit: 6,
    how: `as requests-cold, with every redirect that is followed counted too`,
    measure: measureColdHops,
  },
  {
    name: 'requests-warm',
    unit: 'requests',
    limit: 1,
    how: `as requests-cold-hops, picked again in the same window`,
    measure: measureWarmRequests,
  },
  {
    name: 'entry-chunk',
    unit: 'bytes',
    limit: 60 * 1024,
    how: 'size of dist/extension.js and of every chunk that it requires at once, built anew',
    measure: measureEntryChunk,
  },
  {
    name: 'activation',
    unit: 'ratio',
    limit: 0.1,
    how: 'time to evaluate the built entry over that of one bundle of undici, zod, ws and @jupyterlab/services, medians of fresh Node.js processes in turn',
    measure: measureActivation,
  },
  {
    name: 'canary',
    unit: 'count',
    limit: 0,
    how: 'places where a marked token, cookie or XSRF value surfaced while every failure was provoked',
    measure: measureCanary,
  },
  {
    name: 'sign-in-clicks',
    unit: 'count',
    limit: 4,
    how: 'clicks and keys, beside exactly one paste, from the open Accounts menu of a real VS Code to signed in, the token made on its page',
    measure: measureSignInClicks,
  },
  {
    name: 'parse-5000',
    unit: 'ms',
    limit: 50,
    how: 'processor time to read a lab form with 5,000 images, median of several in one process, the first included',
    measure: measureParse,
  },
  {
    name: 'fuzz-lab-form',
    unit: 'count',
    limit: 0,
    how: 'rounds with something wrong among 100,000 generated and mutated lab forms: misread, unsound, an error or too slow',
    measure: measureFuzz,
  },
  {
    name: 'picker-5000',
    unit: 'ms',
    limit: 200,
    how: 'inside VS Code, from asking for the picker with 5,000 images until its first entry was accepted, median of several',
    measure: measurePicker,
  },
  {
    name: 'idle-hidden',
    unit: 'requests',
    limit: 0,
    how: 'requests that reach the local platform in 10 minutes (--minutes for another number) from a real VS Code with somebody signed in and a lab running, our view hidden and no notebook open',
    measure: measureIdleHidden,
  },
  {
    name: 'idle-visible',
    unit: 'requests',
    limit: 2,
    how: 'as idle-hidden with our view visible: requests a minute on average, after the first minute',
    measure: measureIdleVisible,
  },
  {
    name: 'ready-latency',
    unit: 'ms',
    limit: 50,
    how: "from the hub's ready event, as the hub sends it, to the state running as the tree and the picker draw it (the tree within 150 ms after that, so that news in bursts are drawn once), median of several starts on the local platform",
    measure: measureReadyLatency,
  },
  {
    name: 'hub-requests-cold',
    unit: 'requests',
    limit: 3,
    how: 'at a plain JupyterHub: requests that our code issues from saying that a server shall start, in a fresh window that knows nothing of it, to handing the running server over',
    measure: measureHubColdRequests,
  },
  {
    name: 'hub-requests-warm',
    unit: 'requests',
    limit: 1,
    how: 'as hub-requests-cold, from picking a server that runs to handing it over; the worse of a fresh window and the same one again',
    measure: measureHubWarmRequests,
  },
  {
    name: 'hub-ready-latency',
    unit: 'ms',
    limit: 50,
    how: "at a plain JupyterHub: from the hub's ready event, as the hub sends it, to the state running, median of several starts",
    measure: measureHubReadyLatency,
  },
  {
    name: 'fuzz-gafaelfawr',
    unit: 'count',
    limit: 0,
    how: 'answers of the sign-in service, of 100,000 generated ones (--samples for another number), that end in neither a typed result nor a typed failure in good time',
    measure: measureGafaelfawrFuzz,
  },
  {
    name: 'fuzz-protocol',
    unit: 'count',
    limit: 0,
    how: 'rounds of 1,000 inputs with something wrong among 1,000,000 (--samples for another number, --seed to see one again) generated event streams, cookies, redirects, Retry-After headers, kernel frames, user models, discovery documents and options forms: neither a typed result nor a typed failure, endless or greedy',
    measure: measureProtocolFuzz,
  },
  {
    name: 'overhead-vs-nublado-client',
    unit: 'ratio',
    limit: 0.5,
    how: 'time from a lab that is ready to the answer of a first cell, through what the Jupyter extension is handed but without its library, over that of rubin-nublado-client, both less the time of the bare requests and without the loading of kernels; medians of ten rounds in turn (--samples for another number) with one lab, each in a process of its own',
    measure: measureOverhead,
  },
  {
    name: 'soak',
    unit: 'count',
    limit: 0,
    how: 'what goes wrong in 1,000 cycles of connecting, running a cell and disconnecting (--samples for another number), and in an hour of cells under random faults (--minutes, --seed): a cell not run exactly once by the count of its kernel, a wrong state, a secret in the log, anything held more than before, 20 MiB of heap; whoever names one of the two gets only that',
    measure: measureSoak,
  },
  {
    name: 'traps',
    unit: 'count',
    limit: 25,
    isMoreBetter: true,
    how: 'facts about real sites that are easily got wrong, of which each claim is a test that passes against the real hub, lab and kernels; the whole table goes to the standard error output',
    measure: measureTraps,
  },
  {
    name: 'faults',
    unit: 'count',
    limit: 17,
    isMoreBetter: true,
    how: 'failures that people meet, counted as traps are; both together run the tests once',
    measure: measureFaults,
  },
  {
    name: 'option-forms',
    unit: 'count',
    limit: 20,
    isMoreBetter: true,
    how: 'of 20 different forms for the options of a server, written after the public documentation of spawners and centres, those that have the fields that people see and give the right options to the spawner of a real JupyterHub',
    measure: measureOptionForms,
  },
  {
    name: 'message-latency',
    unit: 'ratio',
    limit: 1.05,
    how: 'time from the sending of a cell to its reply through our socket class over that through a bare one of ws, both open to the same server in another process and taking turns with every cell; median of the ratios of 21 pairs of fresh sockets (--samples for another number), each that of the medians of 1,000 cells',
    measure: measureMessageLatency,
  },
  {
    name: 'message-throughput',
    unit: 'ratio',
    limit: 1.05,
    how: 'as message-latency, for 100 MB before the replies of ten cells of each socket, half of it in small pieces and half in large ones; each ratio that of the medians of ten cells',
    measure: measureMessageThroughput,
  },
  {
    name: 'flood-stall',
    unit: 'ratio',
    limit: 1.5,
    how: 'longest time for which the event loop of a process of its own did not turn while a cell of a real kernel wrote 100 MB, through our socket class over that through a bare one of ws, both of the same kernel and in turn; median of nine pairs (--samples for another number)',
    measure: measureStall,
  },
];

/**
 * The figures of these names.
 *
 * @throws a sentence that lists the names there are.
 */
export function chooseFigures(names: readonly string[]): readonly Figure[] {
  return names.map((name) => {
    const figure = FIGURES.find((known) => known.name === name);
    if (figure) return figure;
    const known = FIGURES.map((each) => each.name).join(', ');
    throw new Error(`There is no figure ${name}. The figures are ${known}.`);
  });
}
