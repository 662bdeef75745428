// Where Purser runs: the version of Node, and who else may read the file with its secrets.
import { stat } from 'node:fs/promises';
import type { Finding } from '../bots/types.ts';
import { fine, problem, warning } from './findings.ts';

export interface Machine {
  /** `20.18.1` */
  readonly nodeVersion: string;
  /** Of the variables, which may be there or not. */
  readonly envFile: string;
}

/** package.json says the same to npm. */
export const nodeVersionMin = '20.18.1';

export async function examineMachine({ nodeVersion, envFile }: Machine): Promise<Finding[]> {
  return [examineNode(nodeVersion), ...(await examineEnvFile(envFile))];
}

function examineNode(version: string): Finding {
  if (isAtLeast(version, nodeVersionMin)) return fine('Node', `Version ${version}.`);
  return problem('Node', `Version ${version} is too old: install ${nodeVersionMin} or newer.`);
}

function isAtLeast(version: string, floor: string): boolean {
  const [given, wanted] = [version, floor].map((text) => text.split('.').map(Number));
  for (const [index, least] of (wanted ?? []).entries()) {
    const part = given?.[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** A group may be meant, as that of a service is; everybody is not. */
const othersMask = 0o007;

async function examineEnvFile(path: string): Promise<Finding[]> {
  const found = await stat(path).catch(() => undefined);
  // Windows has no such permissions, and says that all are there.
  if (found === undefined || process.platform === 'win32') return [];
  const mode = (found.mode & 0o777).toString(8);
  if ((found.mode & othersMask) === 0) {
    return [fine(path, `Others on this machine cannot read it (mode ${mode}).`)];
  }
  const text = `Everybody on this machine may read the secrets in it (mode ${mode}): run “chmod 600 ${path}”.`;
  return [warning(path, text)];
}
