/** How a wish to have a lab ended. */
export type StartOutcome = 'running' | 'left' | 'failed';
