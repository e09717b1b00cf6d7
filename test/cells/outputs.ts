import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** The notebook with a cell for each way in which something is shown. */
export const OUTPUTS = path.join(__dirname, 'outputs.ipynb');

const NotebookSchema = z.object({
  cells: z.array(z.object({ id: z.string(), cell_type: z.string(), source: z.array(z.string()) })),
});

/** Code of the cells of {@link OUTPUTS}, by their ids, in their order. */
export async function readCells(): Promise<ReadonlyMap<string, string>> {
  const { cells } = NotebookSchema.parse(JSON.parse(await readFile(OUTPUTS, 'utf8')));
  const code = cells.filter(({ cell_type: type }) => type === 'code');
  return new Map(code.map(({ id, source }) => [id, source.join('')]));
}
