import { KernelMessage } from '@jupyterlab/services';
import type { Kernel } from '@vscode/jupyter-extension';
import type * as vscode from 'vscode';

import type { NotebookKernel } from './notebookKernel';
import { languageOf } from './remoteKernel';

type Output = ReturnType<Kernel['executeCode']> extends AsyncIterable<infer T> ? T : never;

/** The kernel as other extensions see it. The real extension asks the person before it lets them run code. */
export function toPublicKernel(kernel: NotebookKernel): Kernel {
  return {
    language: languageOf(kernel.remote),
    get status() {
      return kernel.status;
    },
    onDidChangeStatus: kernel.onDidChangeStatus,
    executeCode: (code, token) => execute(kernel, code, token),
  };
}

async function* execute(
  kernel: NotebookKernel,
  code: string,
  token: vscode.CancellationToken,
): AsyncGenerator<Output> {
  const future = kernel.execute(code);
  const outputs: Output[] = [];
  let wake: () => void = () => undefined;
  const progress = { isDone: false };
  future.onIOPub = (message) => {
    const items = toItems(message);
    if (items.length > 0) outputs.push({ items });
    wake();
  };
  const cancelled = token.onCancellationRequested(() => void kernel.interrupt());
  const done = future.done.finally(() => {
    progress.isDone = true;
    wake();
  });
  try {
    for (;;) {
      const next = outputs.shift();
      if (next) yield next;
      else if (progress.isDone) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await done;
  } finally {
    cancelled.dispose();
  }
}

function toItems(message: KernelMessage.IIOPubMessage): Output['items'] {
  if (KernelMessage.isStreamMsg(message)) {
    const { name, text } = message.content;
    return [{ mime: `application/x.notebook.stream.${name}`, data: Buffer.from(text) }];
  }
  if (KernelMessage.isErrorMsg(message)) {
    const { ename: name, evalue, traceback } = message.content;
    const text = JSON.stringify({ name, message: evalue, stack: traceback.join('\n') });
    return [{ mime: 'application/vnd.code.notebook.error', data: Buffer.from(text) }];
  }
  if (!KernelMessage.isDisplayDataMsg(message) && !KernelMessage.isExecuteResultMsg(message)) return [];
  return Object.entries(message.content.data).map(([mime, value]) => {
    if (typeof value !== 'string') return { mime, data: Buffer.from(JSON.stringify(value)) };
    const isBinary = mime.startsWith('image/') && mime !== 'image/svg+xml';
    return { mime, data: Buffer.from(value, isBinary ? 'base64' : 'utf8') };
  });
}
