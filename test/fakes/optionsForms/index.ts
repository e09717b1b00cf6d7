import { BATCH_FORMS } from './batchForms';
import { CLUSTER_FORMS } from './clusterForms';
import type { RealForm } from './realForm';
import { SIMPLE_FORMS } from './simpleForms';

export { spawnPage, toLines, type RealForm } from './realForm';

/** Forms of twenty kinds of hubs, written after their public documentation. */
export const REAL_FORMS: readonly RealForm[] = [...SIMPLE_FORMS, ...CLUSTER_FORMS, ...BATCH_FORMS];
