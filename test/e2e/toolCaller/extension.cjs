const vscode = require('vscode');

/** As an agent would, on behalf of somebody who talks to it. */
async function startLab() {
  const token = new vscode.CancellationTokenSource().token;
  const input = { username: 'vrubin', size: 'small' };
  const invocation = { input, toolInvocationToken: undefined };
  try {
    const { content } = await vscode.lm.invokeTool('rsp_start_lab', invocation, token);
    const { lab } = JSON.parse(content[0].value);
    void vscode.window.showInformationMessage(`The tool says: the lab is ${lab.state}`);
  } catch (error) {
    void vscode.window.showInformationMessage(`The tool was not used: ${error.message}`);
  }
}

module.exports = {
  activate: (context) => {
    context.subscriptions.push(vscode.commands.registerCommand('toolCaller.startLab', startLab));
  },
};
