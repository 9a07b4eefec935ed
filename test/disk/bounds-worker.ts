// Inspects the files named in a manifest, in a process of its own, and prints what the dearest cost. With
// `memory` it looks before and after each file at what the kernel says of this process. Run by
// bounds-long.test.ts, also under strace.
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, type DiskFormat } from '../../src/disk/inspect.ts';
import { fileReader } from '../../src/disk/reader.ts';

interface Entry {
  readonly file: string;
  readonly declaredFormat: DiskFormat;
}

const [directory = '.', mode] = process.argv.slice(2);
const entries = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Entry[]; // ours

/** Milliseconds of this thread: others may be busy on the same machine. */
function inspectFile({ file, declaredFormat }: Entry): number {
  const fd = openSync(join(directory, file), 'r');
  try {
    const start = process.threadCpuUsage();
    inspect(fileReader(fd, fstatSync(fd).size), { declaredFormat });
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  } finally {
    closeSync(fd);
  }
}

/** Bytes of a line of /proc/self/status. */
const statusBytes = (name: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) *
  1024;

/** Bytes by which the process was larger at its largest than before. */
function grownBy(run: () => void): number {
  if (mode !== 'memory') {
    run();
    return 0;
  }
  globalThis.gc?.();
  writeFileSync('/proc/self/clear_refs', '5'); // forgets the largest size so far
  const before = statusBytes('VmRSS');
  run();
  return statusBytes('VmHWM') - before;
}

for (const entry of entries.slice(0, 30)) inspectFile(entry); // the engine reads the code
process.stdout.write('begin\n');
const slowest = { file: '', ms: 0 };
const largest = { file: '', bytes: 0 };
for (const entry of entries) {
  let ms = 0;
  const bytes = grownBy(() => {
    ms = inspectFile(entry);
  });
  if (ms > slowest.ms) Object.assign(slowest, { file: entry.file, ms });
  if (bytes > largest.bytes) Object.assign(largest, { file: entry.file, bytes });
}
process.stdout.write(`${JSON.stringify({ files: entries.length, slowest, largest })}\n`);
