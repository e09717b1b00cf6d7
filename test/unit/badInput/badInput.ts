import type { LabState } from '../../../src/domain/lab/labState';
import type { ProblemKind } from '../../../src/domain/problems/problem';
import type { Scene } from '../../fakes/scene';

/** Something bad that a person or a server gives, and what has to come of it. */
export interface BadInput {
  readonly input: string;
  /** Undefined when it is overcome without a word. */
  readonly problem: ProblemKind | undefined;
  /** How the lab stands afterwards. */
  readonly lab: LabState['kind'];
  /** Whether it says the same as another input, because nobody here can tell the two apart. */
  readonly isTwin?: boolean;
  readonly act: (scene: Scene) => Promise<unknown>;
}
