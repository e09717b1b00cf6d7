/** The value that a JSON text stands for, or undefined when it is no JSON; whoever asks says what that means. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON itself has no undefined, so it cannot be mistaken for a value
  }
}
