/** What a language model has to do otherwise, in a sentence for the model. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
