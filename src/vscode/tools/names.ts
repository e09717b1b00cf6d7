/** The tools for language models, as `package.json` describes them; a test compares the two. */
export const TOOLS = {
  account: 'rsp_account',
  lab: 'rsp_lab',
  images: 'rsp_images',
  kernels: 'rsp_kernels',
  startLab: 'rsp_start_lab',
} as const;

export type ToolName = (typeof TOOLS)[keyof typeof TOOLS];
