import * as vscode from 'vscode';
import type { Jupyter } from '@vscode/jupyter-extension';
import type { LabFetch } from '../../protocol/jupyter/clientCall';
import type { KernelSocketClass } from '../../protocol/jupyter/kernelSocket';

/** The part of the Jupyter extension's interface that its published types leave out; other extensions rely on it too. */
declare module '@vscode/jupyter-extension' {
  interface JupyterServerConnectionInformation {
    readonly fetch?: LabFetch;
    readonly WebSocket?: KernelSocketClass;
  }
}

export const JUPYTER_EXTENSION = 'ms-toolsai.jupyter';

/** The Jupyter extension's interface, or undefined when it is not installed. */
export async function jupyterApi(): Promise<Jupyter | undefined> {
  const extension = vscode.extensions.getExtension<Jupyter>(JUPYTER_EXTENSION);
  return extension && (extension.isActive ? extension.exports : await extension.activate());
}
