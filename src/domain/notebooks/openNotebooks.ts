/** A notebook that is open in this window. */
export interface OpenNotebook {
  readonly uri: string;
  /** The name of its file without the ending. */
  readonly base: string;
  /** Whether the address stands for the same notebook tomorrow, too, which that of an unsaved one does not. */
  readonly isLasting: boolean;
}

/**
 * The notebook that asks for a kernel, of which only the name is told.
 *
 * Of several with the same name it is the one that has no kernel yet. Where that leaves more than one it is nobody's:
 * better a new session than the variables of another notebook.
 *
 * @param hasKernel - whether a kernel of the notebook is up.
 */
export async function whoAsks(
  base: string,
  open: readonly OpenNotebook[],
  hasKernel: (notebook: OpenNotebook) => Promise<boolean>,
): Promise<OpenNotebook | undefined> {
  const named = open.filter((notebook) => notebook.base === base);
  const served = named.length > 1 ? await Promise.all(named.map(hasKernel)) : [];
  const [first, ...others] = named.filter((_, place) => served[place] !== true);
  return others.length === 0 && first?.isLasting === true ? first : undefined;
}
