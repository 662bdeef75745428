// The built program as a person runs it, `node dist/main.js doctor`, in a folder with a team file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The lines of each kind, without their mark: `Slack token  Slack does not …`. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly unchecked: readonly string[];
}

export interface Given {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly teamFile?: string;
  readonly dotEnv?: { readonly text: string; readonly mode: number };
}

export function readSheet(out: string): Omit<Told, 'code' | 'err'> {
  const marked = (mark: string) =>
    out.split('\n').flatMap((line) => (line.startsWith(`  ${mark} `) ? [line.slice(4)] : []));
  return { out, problems: marked('✗'), warnings: marked('!'), unchecked: marked('·') };
}

export async function runDoctor({ environment, teamFile, dotEnv }: Given): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'purser-doctor-'));
  try {
    if (teamFile !== undefined) await writeFile(join(folder, 'team.yaml'), teamFile);
    if (dotEnv !== undefined) {
      await writeFile(join(folder, '.env'), dotEnv.text, { mode: dotEnv.mode });
    }
    const child = spawn(process.execPath, [program, 'doctor'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, err: said.err, ...readSheet(said.out) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
