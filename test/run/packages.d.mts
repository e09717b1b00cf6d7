/** Whether `node_modules` holds just what the lock file says; `root` is the project's. */
export function arePackagesCurrent(root: string): boolean;
