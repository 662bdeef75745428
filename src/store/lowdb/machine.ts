// What a lock in a folder can know of the machine it is on, to tell "this machine was started again"
// from "another machine". A host name proves nothing: a pod of a StatefulSet keeps its name on every
// node, and compose has `hostname:`. Nor does /etc/machine-id alone: images carry one, the same for
// all their containers (https://github.com/debuerreotype/docker-debian-artifacts/issues/151, read
// 2026-11-21). So the disk is asked too: the files of a local one belong to one kernel at a time.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { sha256 } from '../chain.ts';

export interface Machine {
  readonly host: string;
  /** The same in all containers of one kernel, and another after every start of the machine. */
  readonly boot: string;
  /** The same after every start of the machine; undefined where there is none. */
  readonly id: string | undefined;
  /** False where it is not certain. */
  isLocalDisk(folder: string): Promise<boolean>;
}

export async function readMachine(): Promise<Machine> {
  return { host: hostname(), boot: await readBoot(), id: await readId(), isLocalDisk };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where it cannot be told, one that equals no other: a lock is then never taken for a dead one. */
async function readBoot(): Promise<string> {
  try {
    const text =
      process.platform === 'darwin'
        ? (await promisify(execFile)('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'])).stdout
        : await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const boot = text.trim();
    return uuid.test(boot) ? boot : randomUUID();
  } catch {
    return randomUUID();
  }
}

/** Hashed, because it is not meant to leave the machine, and a data folder may be copied. */
async function readId(): Promise<string | undefined> {
  try {
    const text = (await readFile('/etc/machine-id', 'utf8')).trim();
    // While a machine is installed it says "uninitialized", or nothing.
    return /^[0-9a-f]{32}$/.test(text) ? sha256(`purser ${text}`) : undefined;
  } catch {
    return undefined;
  }
}

/** ext4, XFS, Btrfs, F2FS, ZFS. https://man7.org/linux/man-pages/man2/statfs.2.html */
const localTypes = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1]);

async function isLocalDisk(folder: string): Promise<boolean> {
  // Elsewhere the numbers mean other things.
  return process.platform === 'linux' && localTypes.has((await statfs(folder)).type >>> 0);
}
